"""Exporting a site: every public page through the real application, as files."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import Flask

from kb.actions.live_site import Live
from kb.app import create_app
from kb.export.assets import write_assets
from kb.export.pages import write_pages
from kb.export.places import Places, safe
from kb.export.rewriting import Page
from kb.export.sitemap import robots, sitemap
from kb.pages import exported
from kb.rules.articles import readable_by
from kb.search.portable import portable
from kb.settings import Settings

NO_BASE = "http://waypost.invalid"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """`base_url` is the address the files will have, `live` that of the site itself; '' for not
    known. `offline` makes pages that open from disk."""

    languages: tuple[str, ...]
    base_url: str = ""
    live: str = ""
    offline: bool = False
    now: datetime | None = None


@dataclass(slots=True)
class Exported:
    """What was written: pages, files in all, and their bytes."""

    pages: int = 0
    files: int = 0
    size: int = 0
    revision: str = ""


def export_site(
    settings: Settings, live: Live, folder: Path, options: Options, progress: Progress | None = None
) -> Exported:
    """Write the whole public site into an empty folder."""
    base = options.base_url or options.live or NO_BASE
    app = _application(replace(settings, base_url=base, dev=False), options)
    addresses = _addresses(live, options.languages)
    places = Places(
        pages=_linked(addresses),
        away={lang: f"{lang}/away.html" for lang in options.languages},
        languages=options.languages,
        live=options.live,
        offline=options.offline,
    )
    page = Page(places, options.base_url, base)
    made = Exported(revision=live.site.revision)
    with app.app_context():
        written = write_pages(app, page, folder, addresses, progress)
        if not options.offline:
            _missing_pages(app, page, folder, options.languages)
        _search_indexes(live, places, folder, options)
        _write_sitemap(live, places, page, folder, options)
        write_assets(app, live.site, places, folder)
    made.pages = len(written)
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    made.files, made.size = len(sizes), sum(sizes)
    return made


def _application(settings: Settings, options: Options) -> Flask:
    """The real application, and the pages that only an export has."""
    app = create_app(settings, served=False)
    app.register_blueprint(exported.blueprint)
    app.jinja_env.globals["exporting"] = exported.Exporting(
        options.live, options.offline, options.languages
    )
    if options.now:
        app.config["NOW"] = options.now
    return app


def _addresses(live: Live, languages: Iterable[str]) -> dict[str, str]:
    """Every page by the address it is rendered at, and its file."""
    pages: dict[str, str] = {}
    for lang in languages:
        pages |= _of_language(live, lang)
    first = next(iter(pages)).split("/")[1]
    return {f"/{first}/exported/start": "index.html"} | pages


def _of_language(live: Live, lang: str) -> dict[str, str]:
    site = live.site
    articles = [
        a for a in site.articles[lang].values() if readable_by(a, signed_in=False, agent=False)
    ]
    pages = {
        f"/{lang}/": f"{lang}/index.html",
        f"/{lang}/kb/": f"{lang}/kb/index.html",
        f"/{lang}/troubleshoot/": f"{lang}/troubleshoot/index.html",
        f"/{lang}/exported/search": f"{lang}/search.html",
        f"/{lang}/exported/away": f"{lang}/away.html",
    }
    for category in sorted({article.category for article in articles}):
        name = f"/{lang}/kb/category/{category}"
        pages[name] = f"{lang}/kb/category/{safe(category)}.html"
    for article in articles:
        name = f"{article.id}-{article.slug}"
        pages[f"/{lang}/kb/{name}"] = f"{lang}/kb/{safe(name)}.html"
    for tree, texts in sorted(site.trees.items()):
        if lang in texts:
            name = f"{lang}/troubleshoot/{safe(tree)}.html"
            pages[f"/{lang}/exported/tree/{tree}"] = name
    if site.policy.products:
        pages[f"/{lang}/downloads"] = f"{lang}/downloads.html"
        pages[f"/{lang}/products/"] = f"{lang}/products/index.html"
        for line in sorted(site.policy.products):
            pages[f"/{lang}/products/{line}"] = f"{lang}/products/{safe(line)}.html"
    return pages


def _linked(addresses: dict[str, str]) -> dict[str, str]:
    """The files by the addresses that pages link to, which are those of the site."""
    found = {"/": "index.html"}
    for address, file in addresses.items():
        linked = address.replace("/exported/tree/", "/troubleshoot/")
        linked = (
            f"{linked}/" if linked != address else linked.replace("/exported/search", "/search")
        )
        found[linked] = file
    return found


def _missing_pages(app: Flask, page: Page, folder: Path, languages: Iterable[str]) -> None:
    """404.html for the server, which shows it under any address; one more for each language."""
    client = app.test_client()
    for number, lang in enumerate(languages):
        with app.app_context():
            html = client.get(f"/{lang}/-").get_data(as_text=True)
        text = page.rewritten(html, 0, absolute=True)
        names = [f"{lang}/404.html", *(["404.html"] if number == 0 else [])]
        for name in names:
            (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _search_indexes(live: Live, places: Places, folder: Path, options: Options) -> None:
    """One script for each language: a page opened from disk can load nothing else."""
    for lang in options.languages:
        collection = live.index.collection(lang)
        data = portable(collection) if collection else {"docs": []}
        for document in data["docs"]:
            target = places.target(document["url"])
            document["url"] = places.link(target, 1) if target else ""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        file = folder / "static" / f"search-index-{lang}.js"
        file.parent.mkdir(exist_ok=True)
        script = f"globalThis.waypost = globalThis.waypost ?? {{}};\nwaypost.data = {text};\n"
        file.write_text(script, encoding="utf-8", newline="\n")
        places.assets.pop(f"/static/search-index-{lang}.js", None)


def _write_sitemap(
    live: Live,
    places: Places,
    page: Page,
    folder: Path,
    options: Options,
) -> None:
    """sitemap.xml and robots.txt need whole addresses, so they need the base."""
    if options.offline or not options.base_url:
        return
    days = {
        f"/{lang}/kb/{a.id}-{a.slug}": a.updated
        for lang in options.languages
        for a in live.site.articles[lang].values()
    }
    told = sitemap(places, page, days, options.languages)
    (folder / "sitemap.xml").write_text(told, encoding="utf-8", newline="\n")
    (folder / "robots.txt").write_text(robots(options.base_url), encoding="utf-8", newline="\n")
