"""What our Markdown has beyond the usual: article links, `::: only` blocks, kinder lists."""

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markdown.preprocessors import Preprocessor

from kb.content.markdown.folds import Folds
from kb.content.markdown.lists import Lists

ARTICLE_LINK = r"\[\[\s*(\d{1,9})(?:#([\w-]{1,80}))?\s*(?:\|([^\]\n]{1,300}))?\]\]"
OPENING = re.compile(r"^(?P<indent>\s*):::\s+only\s+(?P<what>\S.*?)\s*$")
CLOSING = re.compile(r"^\s*:::\s*$")
_ITEM = re.compile(r"^(?P<indent>\s*)(?:[-*+]|1[.)])\s+\S")
_ANY_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+")
_NO_PARAGRAPH = re.compile(r"^\s*(?:#|>|\||:::|!!!|===|\x02|$)")
_DEPTH = 8
_STEP = "    "


class ArticleLink(InlineProcessor):
    """`[[1042]]`, `[[1042#cause]]`, `[[1042|text]]`: the title is filled in when it is served."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        link = etree.Element("a")
        anchor = f"#{m[2]}" if m[2] else ""
        link.set("href", f"article:{int(m[1])}{anchor}")
        link.text = (m[3] or "").strip()
        return link, m.start(0), m.end(0)


class Breathe(Preprocessor):
    """Write `::: only …` as the indented box that the library knows, and put an empty line before
    a list that follows a paragraph's line. Runs when fences are already out of the way."""

    def run(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        depth = 0
        for line in lines:
            if depth < _DEPTH and (opening := OPENING.match(line)):
                ranges = " ".join(opening["what"].replace(",", " ").replace('"', "").split())
                indent = _STEP * depth + opening["indent"]
                out += ["", f'{indent}!!! only "{ranges}"', ""]
                depth += 1
            elif CLOSING.match(line):
                out.append("")
                depth = max(0, depth - 1)
            else:
                if _starts_list(out[-1] if out else "", _STEP * depth + line):
                    out.append("")
                out.append(_STEP * depth + line if line.strip() else "")
        return out


def _starts_list(before: str, line: str) -> bool:
    item = _ITEM.match(line)
    if item is None or _NO_PARAGRAPH.match(before) or _ANY_ITEM.match(before):
        return False
    return len(item["indent"]) // 4 == (len(before) - len(before.lstrip())) // 4


class OwnSyntax(Extension):
    """Registers the above."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(Lists(md), "kb-lists", 27)
        md.preprocessors.register(Breathe(md), "kb-breathe", 24)
        md.preprocessors.register(Folds(md), "kb-folds", 23)
        md.inlinePatterns.register(ArticleLink(ARTICLE_LINK, md), "kb-article", 176)
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "kb-break", 102)
