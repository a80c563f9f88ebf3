"""A draft of an article from the story of a case: what the customer said, where, and what helped.

The story comes without personal data (`confirmed_words.py`). Customers' and agents' words are plain
text; they are put in so that they mean nothing to the Markdown renderer."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kb.rules.case_search import words_of
from kb.rules.confirmed_words import only_labels
from kb.rules.personal_names import CLOSING
from kb.rules.plain_markdown import as_markdown
from kb.rules.visits import Step

REVIEW_AFTER = timedelta(days=365)
LONGEST_TITLE = 200
MOST_SEARCHES = 5
MOST_KEYWORDS = 8
_SHORTEST_KEYWORD = 4
HEADINGS = {
    "es": ("Problema", "Entorno", "Causa", "Resolución"),
    "en": ("Problem", "Environment", "Cause", "Resolution"),
}
_YET_TO_WRITE = {
    "es": ("Escriba aquí lo que ve el cliente.", "- Producto y versión", "Escriba aquí la causa.",
           "1. Escriba aquí el primer paso."),
    "en": ("Write here what the customer sees.", "- Product and version", "Write here why.",
           "1. Write here the first step."),
}  # fmt: skip
PARTS = ("problem", "environment", "cause", "resolution")
_WITHIN = 3
_PRODUCT = {"es": "Producto", "en": "Product"}

_GREETING = re.compile(
    r"(?:hola|hi|hello|hey|dear|estimad\w+|apreciad\w+|buen[oa]s (?:d[ií]as|tardes|noches)|"
    r"good (?:morning|afternoon|evening))[^.!?\n]{0,60}?[,:.!]?",
    re.IGNORECASE,
)
_STEP = re.compile(r"^(?:\d{1,2}[.)]|[-*•])\s+(?=\S)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CAUSE = re.compile(
    r"\b(?:porque|debid[oa] a|se debe a|la causa|el motivo|because|due to|caused by|the cause|"
    r"the reason)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w-])(?:0[xX][0-9A-Fa-f]{4,16}|(?!KB\d)[A-Z]{1,5}-?\d[0-9A-F]{2,11})(?![\w-])"
    r"|(?<=error )\d{3,6}(?![\w.,:-])|(?<=código )\d{3,6}(?![\w.,:-])"
    r"|(?<=code )\d{3,6}(?![\w.,:-])"
)
_REPLY_MARK = re.compile(r"^(?:(?:re|rv|fw|fwd)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Story:
    """What a case tells of a problem: `said` is the customer's first message, `more` the later
    ones, `answers` the public replies of agents, `system` what the form asked, with its labels."""

    title: str
    lang: str
    said: str
    more: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    system: tuple[tuple[str, str], ...] = ()
    product: str = ""
    version: str = ""
    product_name: str = ""
    looked_for: tuple[Step, ...] = ()

    def texts(self) -> dict[str, str]:
        """Return every text that somebody wrote, by its place."""
        return {
            "title": self.title,
            "said": self.said,
            **{f"system.{n}": text for n, (_, text) in enumerate(self.system)},
            **{f"answer.{n}": text for n, text in enumerate(self.answers)},
            **{f"more.{n}": text for n, text in enumerate(self.more)},
            **{f"search.{n}": step.query for n, step in enumerate(self.looked_for)},
        }

    def with_texts(self, texts: Mapping[str, str]) -> "Story":
        """Return the same story with other texts in the places of `texts()`."""
        system = ((name, texts[f"system.{n}"]) for n, (name, _) in enumerate(self.system))
        looked = (replace(s, query=texts[f"search.{n}"]) for n, s in enumerate(self.looked_for))
        return replace(
            self,
            title=texts["title"],
            said=texts["said"],
            system=tuple(system),
            answers=tuple(texts[f"answer.{n}"] for n in range(len(self.answers))),
            more=tuple(texts[f"more.{n}"] for n in range(len(self.more))),
            looked_for=tuple(looked),
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """An article that is being made: four parts in Markdown, the rest in plain words."""

    title: str
    problem: str
    environment: str
    cause: str
    resolution: str
    error_codes: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    find_with: tuple[str, ...] = ()
    category: str = ""
    owner: str = field(default="", compare=False)


def draft_of(story: Story) -> Draft:
    """Make the draft of a case's story; its parts may be empty, its cause often is."""
    title = " ".join(_REPLY_MARK.sub("", story.title).split())[:LONGEST_TITLE]
    told = [_blocks(_without_frame(answer)) for answer in story.answers]
    blocks = [block for one in told for block in one if not _asks(block)]
    whole = [story.title, story.said, *story.more, *story.answers, *(t for _, t in story.system)]
    draft = Draft(
        title=title,
        problem=as_markdown(_without_frame(story.said)),
        environment="\n".join(_environment(story)),
        cause=as_markdown(_cause(blocks)),
        resolution=_resolution(blocks),
        error_codes=tuple(dict.fromkeys(code for text in whole for code in _CODE.findall(text))),
        products=tuple([_product(story)] if story.product else []),
        find_with=failed_searches(story.looked_for),
    )
    return replace(draft, keywords=_keywords(draft))


def failed_searches(steps: Sequence[Step]) -> tuple[str, ...]:
    """Return the searches that led nowhere, those without any result first."""
    failed = sorted((s for s in steps if not s.article), key=lambda step: step.results > 0)
    words = (" ".join(step.query.split()) for step in failed if "‹" not in step.query)
    return tuple(dict.fromkeys(filter(None, words)))[:MOST_SEARCHES]


def source_of(draft: Draft, lang: str, today: date) -> str:
    """Write the draft as the file of a problem article that is not published yet; an empty part
    says what is to be written there."""
    keys: dict[str, object] = {
        "title": json.dumps(draft.title, ensure_ascii=False),
        "type": "problem",
        "products": _flow(draft.products),
        "audience": "public",
        "status": "draft",
        "error_codes": _flow(draft.error_codes),
        "keywords": _flow(draft.keywords),
        "updated": today.isoformat(),
        "review_by": (today + REVIEW_AFTER).isoformat(),
        "owner": json.dumps(draft.owner, ensure_ascii=False),
    }
    front = "".join(f"{key}: {value}\n" for key, value in keys.items() if value not in ("[]", '""'))
    if draft.find_with:
        lines = (json.dumps(words, ensure_ascii=False) for words in draft.find_with)
        front += "find_with:\n" + "".join(f"  - {{q: {q}, within: {_WITHIN}}}\n" for q in lines)
    spoken = lang if lang in HEADINGS else "en"
    parts = (
        f"## {heading}\n\n{getattr(draft, name).strip() or empty}\n"
        for heading, name, empty in zip(HEADINGS[spoken], PARTS, _YET_TO_WRITE[spoken], strict=True)
    )
    return f"---\n{front}---\n\n" + "\n".join(parts)


def _flow(values: Sequence[str]) -> str:
    return f"[{', '.join(json.dumps(value, ensure_ascii=False) for value in values)}]"


def _without_frame(text: str) -> str:
    """The text without a greeting of its own line and without what closes it."""
    lines = [line.strip() for line in text.splitlines()]
    while lines and (not lines[0] or _GREETING.fullmatch(lines[0])):
        lines.pop(0)
    while lines and (not lines[-1] or CLOSING.fullmatch(lines[-1]) or only_labels(lines[-1])):
        lines.pop()
    return "\n".join(lines)


def _blocks(text: str) -> list[str]:
    """Paragraphs, and every line of a list by itself."""
    blocks: list[str] = []
    fresh = True
    for line in text.splitlines():
        if not line:
            fresh = True
        elif fresh or _STEP.match(line):
            blocks.append(line)
            fresh = False
        else:
            blocks[-1] += f" {line}"
    return blocks


def _asks(block: str) -> bool:
    return block.rstrip().endswith("?")


def _environment(story: Story) -> Iterator[str]:
    if story.product_name:
        name = _PRODUCT.get(story.lang, _PRODUCT["en"])
        yield f"- {name}: {as_markdown(story.product_name)}"
    for name, text in story.system:
        words = "; ".join(filter(None, (line.strip() for line in text.splitlines())))
        if words and not only_labels(words):
            yield f"- {as_markdown(name)}: {as_markdown(words)}"


def _cause(blocks: Sequence[str]) -> str:
    """The first sentence that names a cause."""
    sentences = (one for block in blocks for one in _SENTENCE.split(_STEP.sub("", block)))
    return next((one for one in sentences if _CAUSE.search(one)), "")


def _resolution(blocks: Sequence[str]) -> str:
    """The answers as numbered steps: those that were written as steps, else every paragraph."""
    listed = any(_STEP.match(block) for block in blocks)
    parts: list[str] = []
    number = 0
    for block in blocks:
        is_step = not listed or bool(_STEP.match(block))
        number = number + 1 if is_step else 0
        words = as_markdown(_STEP.sub("", block))
        gap = "\n" if number > 1 else "\n\n"
        parts.append(f"{gap}{number}. {words}" if is_step else f"{gap}{words}")
    return "".join(parts).strip()


def _product(story: Story) -> str:
    return f"{story.product}@{story.version}" if story.version else story.product


def _keywords(draft: Draft) -> tuple[str, ...]:
    """The words of failed searches that the article does not have itself."""
    there = set(words_of(" ".join((draft.title, *(getattr(draft, part) for part in PARTS)))))
    asked = words_of(" ".join(draft.find_with))
    found = (w for w in asked if len(w) >= _SHORTEST_KEYWORD and w not in there and w.isalpha())
    return tuple(found)[:MOST_KEYWORDS]
