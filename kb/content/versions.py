"""An article's text for one version: `::: only` blocks of other versions are left out."""

import re
from collections.abc import Iterator

from kb.rules.products import ProductRange, parse_range

_OPENING = re.compile(r'<div class="only" data-only="(?P<ranges>[^"]*)">')
_DIV = re.compile(r"<(?P<end>/?)div\b")
_CLOSING = "</div>"


def ranges_in(html: str) -> tuple[ProductRange, ...]:
    """Return every range that an `::: only` block of the text names, each once."""
    names = (name for found in _OPENING.finditer(html) for name in found["ranges"].split())
    return tuple(parse_range(name) for name in dict.fromkeys(names))


def for_version(html: str, line: str, version: str) -> str:
    """Return the text without the blocks for other versions of the line.

    Blocks of other lines stay, with their heading; the frame of those that fit goes, since
    everything on the page is for this version now."""
    return "".join(_kept(html, line, version))


def _kept(html: str, line: str, version: str) -> Iterator[str]:
    at = 0
    for opening in _OPENING.finditer(html):
        if opening.start() < at:
            continue  # inside a block that has been dealt with
        end = _end_of(html, opening.end())
        ranges = [parse_range(name) for name in opening["ranges"].split()]
        if all(range_.line != line for range_ in ranges):
            continue
        yield html[at : opening.start()]
        if any(range_.covers(line, version) for range_ in ranges):
            inner = html[opening.end() : end - len(_CLOSING)]
            yield re.sub(r'<p class="only-title">.*?</p>', "", inner, count=1)
        at = end
    yield html[at:]


def _end_of(html: str, at: int) -> int:
    """Return where the `<div>` that was opened before `at` has been closed."""
    depth = 1
    for tag in _DIV.finditer(html, at):
        depth += -1 if tag["end"] else 1
        if depth == 0:
            return tag.start() + len(_CLOSING)
    return len(html)
