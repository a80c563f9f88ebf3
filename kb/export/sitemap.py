"""sitemap.xml with the languages of each page, and robots.txt that names it."""

from collections.abc import Iterable, Mapping
from datetime import date
from xml.sax.saxutils import quoteattr

from kb.export.places import Places
from kb.export.rewriting import Page

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/'
    'sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_UNLISTED = ("/search", "/exported/away", "/exported/start")
_TOP = "/"


def sitemap(
    places: Places, page: Page, days: Mapping[str, date | None], languages: Iterable[str]
) -> str:
    """Return the sitemap of an export whose address is known."""
    urls = {}
    for address in places.pages:
        target = places.target(address)
        if target is not None and address != _TOP and not address.endswith(_UNLISTED):
            urls[address] = page.address(target)
    entries = [_entry(address, urls, days.get(address), languages) for address in sorted(urls)]
    return f"{_HEAD}{''.join(entries)}</urlset>\n"


def _entry(
    address: str, urls: Mapping[str, str], day: date | None, languages: Iterable[str]
) -> str:
    rest = address[len(address.split("/")[1]) + 1 :]
    found = ((code, urls.get(f"/{code}{rest}")) for code in languages)
    same = {code: url for code, url in found if url}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(url)}/>'
        for code, url in same.items()
        if len(same) > 1
    )
    changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
    return f"<url><loc>{_text(urls[address])}</loc>{changed}{others}</url>\n"


def _text(url: str) -> str:
    return quoteattr(url)[1:-1]


def robots(base: str) -> str:
    """Return a robots.txt that lets everything be read and names the sitemap."""
    return f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n"
