"""Authors' Markdown becomes safe HTML.

A rendered text depends on its own source only: links to articles stay `article:1042`, files beside
stay relative, and both are resolved when a page is put together (`assemble.py`). So a changed title
never makes another article stale.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension

from kb.content.article_text import TEXT_LIMIT
from kb.content.markdown.blocks import OwnSyntax
from kb.content.markdown.clean import clean
from kb.content.markdown.code import fence, validate
from kb.content.markdown.scan import SourceHeading, scan
from kb.content.markdown.tree import CUT, ShapeExtension
from kb.content.markdown.words import KCS_PARTS, word
from kb.content.problems import Problem
from kb.content.time_limit import can_limit, time_limit
from kb.rules.articles import Heading
from kb.rules.products import ProductRange

__all__ = [
    "KCS_PARTS",
    "Context",
    "Image",
    "Link",
    "Rendered",
    "SourceHeading",
    "plain_text",
    "render",
    "with_titles",
]

SECONDS = 10.0

_PRIVATE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ue000-\ue00f]")
_TAG = re.compile(r"<(a|img)((?: [\w:-]+=\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r" ([\w:-]+)=\"([^\"]*)\"")
_HEADING = re.compile(r"^<h[1-6][^>]*>.*?</h[1-6]>\s*", re.DOTALL)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|code|del|em|i|img|ins|kbd|mark|s|samp|small|span|strong|su[bp]|u|var)\b[^>]*>"
)
_ANY_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_CELL = re.compile(r"</?t[dh]\b[^>]*>")
_BARE_LINK = re.compile(r'<a href="article:([0-9]+)[^>]*></a>')
_NAMED = re.compile("\ue00e([0-9]+)\ue00f")
_NOTE_MARK = re.compile(r'<a[^>]*class="footnote-(?:back)?ref"[^>]*>[^<]*</a>')


@dataclass(frozen=True, slots=True)
class Context:
    """Whose text it is: its language, and its file and first line for what is reported."""

    lang: str
    path: str = ""
    first_line: int = 1
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Link:
    """An address as written: `article:1042#cause`, a file beside, a page, another site."""

    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as written; `src` is empty when it pointed to another site."""

    src: str
    alt: str
    line: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered text; `parts` are the pieces between its top-level headings."""

    parts: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    text: str = ""
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    only: tuple[tuple[int, ProductRange], ...] = ()
    source_headings: tuple[SourceHeading, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def html(self) -> str:
        return "".join(self.parts)

    @property
    def sections(self) -> dict[str, str]:
        """Each top-level heading's anchor with the HTML below it, subsections included."""
        return sections_of(self.parts)


def render(source: str, context: Context) -> Rendered:
    """Render Markdown; what cannot be rendered (too large, too slow, too deep) is a problem in
    the result, never an exception. The time limit holds in a process's main thread."""
    if len(source) > TEXT_LIMIT:
        size = f"{len(source) // 1024} KB"
        return _failed(
            context, f"this text has {size}; the limit is {TEXT_LIMIT // 1024} KB", "split it"
        )
    source = _PRIVATE.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        if can_limit():
            with time_limit(context.seconds):
                return _render(source, context)
        return _render(source, context)
    except TimeoutError:
        what = f"this text takes longer than {context.seconds:g} s to render"
        return _failed(context, what, "look for very long lines or repeated signs, or split it")
    except RecursionError:
        return _failed(
            context, "this text is nested too deeply", "use fewer levels of quotes or lists"
        )
    except Exception as error:  # the library's own faults on odd input must name the author's file
        _engine.cache_clear()
        return _failed(
            context, f"this text cannot be rendered ({type(error).__name__})", "simplify it"
        )


def _failed(context: Context, what: str, mend: str) -> Rendered:
    return Rendered(problems=(Problem(context.path, context.first_line, what, mend),))


def _render(source: str, context: Context) -> Rendered:
    found = scan(source, context.path, context.first_line)
    md, shape = _engine(context.lang)
    try:
        raw = md.reset().convert(source)
    except BaseException:
        _engine.cache_clear()  # an interrupted engine may be left in any state
        raise
    html = clean(raw)
    links, images = [], []
    for tag, attributes in _TAG.findall(html):
        values = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
        if tag == "img":
            src = values.get("src", "")
            line = found.line_of_link(src or values.get("alt", "") or "![")
            images.append(Image(src, values.get("alt", ""), line))
        elif "href" in values and not values["href"].startswith(("#fn:", "#fnref")):
            links.append(Link(values["href"], found.line_of_link(values["href"])))
    return Rendered(
        parts=tuple(html.split(CUT)),
        headings=shape.shape.headings if shape.shape else (),
        text=plain_text(html.replace(CUT, "")),
        links=tuple(dict.fromkeys(links)),
        images=tuple(images),
        only=tuple(found.only),
        source_headings=tuple(found.headings),
        problems=tuple(found.problems),
    )


@lru_cache(maxsize=4)
def _engine(lang: str) -> tuple[Markdown, ShapeExtension]:
    shape = ShapeExtension(lang)
    fences = [{"name": "*", "class": "code", "format": fence, "validator": validate}]
    md = Markdown(
        extensions=[
            "attr_list",
            "def_list",
            "admonition",
            "sane_lists",
            "abbr",
            FootnoteExtension(BACKLINK_TITLE=word(lang, "back"), SEPARATOR=":"),
            TableExtension(use_align_attribute=True),
            "pymdownx.superfences",
            "pymdownx.tabbed",
            OwnSyntax(),
            shape,
        ],
        extension_configs={
            "pymdownx.superfences": {"custom_fences": fences, "relaxed_headers": True}
        },
        output_format="html",
    )
    return md, shape


def sections_of(parts: tuple[str, ...]) -> dict[str, str]:
    """Return the HTML below each top-level heading by its anchor, without the heading itself."""
    marks = [re.match(r'<h([1-6]) id="([^"]*)"', part) for part in parts]
    sections = {}
    for at, mark in enumerate(marks):
        if mark is None:
            continue
        html = _HEADING.sub("", parts[at], count=1)
        for below, part in zip(marks[at + 1 :], parts[at + 1 :], strict=True):
            if below is None or int(below[1]) <= int(mark[1]):
                break
            html += part
        sections[mark[2]] = html
    return sections


def plain_text(html: str) -> str:
    """Return the words of rendered HTML, a line for each block, for search and summaries.

    A link to an article that has no words of its own is left for `with_titles` to fill in."""
    flat = _CODE.sub(lambda code: code[0].replace("\n", "<br>"), html).replace("\n", " ")
    flat = _BARE_LINK.sub("\ue00e\\1\ue00f", _NOTE_MARK.sub("", flat))
    flat = _ANY_TAG.sub("\n", _CELL.sub(" ", _INLINE.sub("", flat)))
    lines = (" ".join(line.split()) for line in unescape(flat).split("\n"))
    return "\n".join(line for line in lines if line)


def with_titles(text: str, title: Callable[[int], str]) -> str:
    """Return plain text with the titles of the articles that it links to by number alone."""
    return _NAMED.sub(lambda link: title(int(link[1])), text)
