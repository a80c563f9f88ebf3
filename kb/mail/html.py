"""The HTML half of a letter, made from its text: paragraphs, links, nothing from outside."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
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


def paired(
    templates: Environment, folders: Sequence[Path], name: str, said: dict[str, object]
) -> Markup | None:
    """Render the HTML template that stands beside a letter's text, where a site wrote one."""
    if not any(os.path.isfile(f"{folder}/{name}") for folder in folders):
        return None
    return Markup(templates.get_template(name).render(said))  # noqa: S704 # escaped there


def from_text(text: str, link: str, button: str, *, trusted: bool) -> Markup:
    """Turn a letter's text into HTML: paragraphs at empty lines, the line that is nothing but
    `link` a button that says `button`, addresses clickable.

    Unless the text is `trusted`, only addresses of the site itself are: names and titles come
    from strangers, and our letter must not carry their links."""
    home = "/".join(link.split("/")[:3]) + "/"
    parts = [part for part in re.split(r"\n{2,}", text.strip()) if part.strip()]
    blocks = (_block(part, link, button, home, trusted) for part in parts)
    return Markup("\n".join(blocks))  # noqa: S704 # every part of it is escaped below


# Plain texts put together, each part escaped: markupsafe's own format and join take four times as
# long, and every case begins with a letter.


def _block(part: str, link: str, button: str, home: str, trusted: bool) -> str:
    if part.strip() == link:
        return f'<p><a href="{escape(link)}" style="{_BUTTON}">{escape(button)}</a></p>'
    lines = (_linked(line, home, trusted) for line in part.split("\n"))
    return "<p>" + "<br>\n".join(lines) + "</p>"


def _linked(line: str, home: str, trusted: bool) -> str:
    if "://" not in line:
        return str(escape(line))
    done, at = "", 0
    for found in _URL.finditer(line):
        url = found[0].rstrip(_TRAILING)
        if not (trusted or url.startswith(home)):
            continue
        done += str(escape(line[at : found.start()]))
        done += f'<a href="{escape(url)}" style="{_LINK}">{escape(url)}</a>'
        at = found.start() + len(url)
    return done + str(escape(line[at:]))
