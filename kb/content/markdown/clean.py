"""The allow-list that every rendered text passes: what is not named here does not come out."""

import re

import nh3
from pygments.token import STANDARD_TYPES

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div"),
    *("dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"),
    *("ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong"),
    *("sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
    "var",
}
_ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "details": {"name", "open"},
    "div": {"data-only", "tabindex"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_CLASSES = {
    *("admonition", "admonition-title", "note", "tip", "warning", "danger"),
    *("code", "steps", "env", "tabs", "tab", "only", "table", "right", "center"),
    *("tasks", "task", "done", "task-mark", "footnote", "footnote-ref", "footnote-backref"),
}
_CODE_CLASSES = {name for name in STANDARD_TYPES.values() if name}
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}|fn(ref)?[0-9]*:[\w-]{1,60}")
_NUMBER = re.compile(r"[0-9]{1,4}")
_WORD = re.compile(r"[a-z0-9-]{1,40}")
_ONLY = re.compile(r"[\w.@-]{1,80}( [\w.@-]{1,80}){0,9}")
_ARTICLE = re.compile(r"article:[0-9]{1,9}(#[\w-]{1,80})?")
_OTHER_SITE = re.compile(r"(?i)\s*([a-z][a-z0-9+.-]*:|//|\\)")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Let a value through only in the form that our own rendering gives it."""
    if name == "class":
        return _classes(tag, value)
    if name == "href":
        return None if value.startswith("article:") and not _ARTICLE.fullmatch(value) else value
    if name == "src":
        return None if _OTHER_SITE.match(value) else value
    if name in _FORMS:
        return value if _FORMS[name].fullmatch(value) else None
    return value


def _classes(tag: str, value: str) -> str | None:
    known = _CODE_CLASSES if tag == "span" else set()
    kept = [name for name in value.split() if name in _CLASSES or name in known]
    return " ".join(kept) or None


_FORMS = {
    "id": _ID,
    "width": _NUMBER,
    "height": _NUMBER,
    "start": _NUMBER,
    "colspan": _NUMBER,
    "rowspan": _NUMBER,
    "tabindex": re.compile("0"),
    "open": re.compile("|open"),
    "loading": re.compile("lazy"),
    "scope": re.compile("col|row"),
    "name": _WORD,
    "data-only": _ONLY,
}

_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "style", "template", "noscript", "title", "iframe", "object"},
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    strip_comments=True,
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel", "article"},
)


def clean(html: str) -> str:
    """Return `html` with nothing in it but the allow-listed elements, attributes and addresses."""
    return _CLEANER.clean(html)
