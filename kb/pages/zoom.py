"""Pictures that can be looked at in full: each becomes a link to itself, which a script opens in
the page."""

import re
from html import unescape

SMALLEST = 160
"""Pixels: what is narrower is a sign in a sentence, not a picture to look into."""

_LINK = re.compile(r"(<a\b[^>]*>.*?</a>)", re.DOTALL)
_IMAGE = re.compile(r'<img(?P<attributes>(?: [\w:-]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([\w:-]+)="([^"]*)"')


def zoomable(html: str) -> str:
    """Return the text with its pictures as links to their files; those in a link stay as they
    are."""
    if "<img" not in html:
        return html
    pieces = _LINK.split(html)
    return "".join(
        piece if number % 2 else _IMAGE.sub(_linked, piece) for number, piece in enumerate(pieces)
    )


def first_picture(html: str) -> str:
    """Return the address of the first picture of a text; '' without any."""
    for found in _IMAGE.finditer(html):
        values = dict(_ATTRIBUTE.findall(found["attributes"]))
        if _is_picture(values):
            return unescape(values["src"])
    return ""


def _linked(image: re.Match[str]) -> str:
    values = dict(_ATTRIBUTE.findall(image["attributes"]))
    if not _is_picture(values):
        return image[0]
    lazy = "" if "loading" in values else ' loading="lazy"'
    shown = f"<img{image['attributes']}{lazy}>"
    return f'<a class="zoom" href="{values["src"]}">{shown}</a>'


def _is_picture(values: dict[str, str]) -> bool:
    width = values.get("width", "")
    wide = not width.isdigit() or int(width) >= SMALLEST
    return bool(values.get("src") and values.get("alt", "").strip() and wide)
