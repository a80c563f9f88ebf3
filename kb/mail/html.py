"""The HTML half of a letter, made from its text: paragraphs, links, nothing from outside."""

import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, TemplateNotFound
from markupsafe import Markup, escape

LAYOUT = "layout.html"

_URL = re.compile(r"https?://[^\s<>\"]{1,2000}")
_TRAILING = ".,;:!?)]}'»”"
_LINK = "color:#0b5a68"  # 7.3:1 on white, and mail programs that go dark recolour it themselves
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:6px;background:#0b5a68;color:#ffffff;"
    "text-decoration:none;font-weight:bold"
)


def page(
    templates: Environment, content: Markup, *, lang: str, title: str, brand: str, home: str
) -> str:
    """Put the content of a letter into the layout, which a site may have its own of."""
    return templates.get_template(LAYOUT).render(
        lang=lang, title=title, brand=brand, home=home, content=content
    )


def environment(folders: Sequence[Path]) -> Environment:
    """Return the place of the HTML templates; what they are given is escaped."""
    return Environment(
        loader=FileSystemLoader(folders), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def paired(templates: Environment, names: Sequence[str], said: dict[str, object]) -> Markup | None:
    """Render the HTML template that stands beside a letter's text, where a site wrote one."""
    for name in names:
        try:
            return Markup(templates.get_template(name).render(said))  # noqa: S704 # escaped there
        except TemplateNotFound:
            continue
    return None


def from_text(text: str, link: str, button: str, *, trusted: bool) -> Markup:
    """Turn a letter's text into HTML: paragraphs at empty lines, the line that is nothing but
    `link` a button that says `button`, addresses clickable.

    Unless the text is `trusted`, only addresses of the site itself are: names and titles come
    from strangers, and our letter must not carry their links."""
    home = "/".join(link.split("/")[:3]) + "/"
    parts = [part for part in re.split(r"\n{2,}", text.strip()) if part.strip()]
    return Markup("\n").join(_block(part, link, button, home, trusted) for part in parts)


def _block(part: str, link: str, button: str, home: str, trusted: bool) -> Markup:
    if part.strip() == link:
        return Markup('<p><a href="{}" style="{}">{}</a></p>').format(link, _BUTTON, button)
    lines = [_linked(line, home, trusted) for line in part.split("\n")]
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(lines))


def _linked(line: str, home: str, trusted: bool) -> Markup:
    done, at = Markup(""), 0
    for found in _URL.finditer(line):
        url = found[0].rstrip(_TRAILING)
        if not (trusted or url.startswith(home)):
            continue
        done += escape(line[at : found.start()])
        done += Markup('<a href="{}" style="{}">{}</a>').format(url, _LINK, url)
        at = found.start() + len(url)
    return done + escape(line[at:])
