"""HTML files: a Confluence space exported as HTML, or any folder of pages."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from kb.content.imports.foreign import Export, Foreign
from kb.content.imports.html import TooDeep, soup_of, words_of
from kb.content.imports.json_files import names_in
from kb.content.imports.plan import read_text
from kb.content.imports.report import Report
from kb.content.problems import ContentError, Problem

_ENDS = (".html", ".htm", ".xhtml")
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_DAY = re.compile(
    r"(?P<m1>[A-Za-z]{3,9})\.? (?P<d1>\d{1,2}), (?P<y1>\d{4})"
    r"|(?P<d2>\d{1,2})\.? (?P<m2>[A-Za-z]{3,9}) (?P<y2>\d{4})"
    r"|(?P<y3>\d{4})-(?P<m3>\d\d)-(?P<d3>\d\d)"
)
_DECORATION = ".toc-macro, .confluence-information-macro-icon, .aui-icon, .expand-icon"
_PLACES = ("main", "article", "#content", "#main", "body")
_AROUND = ("nav", "header", "footer", "aside")  # of a page, not of what it says


def read_confluence(source: Path, lang: str, report: Report) -> Export:
    """Read the folder that Confluence's “Export space → HTML” gives; raises ContentError."""
    pages = {path.name: path for path in _pages(source, report) if path.name != "index.html"}
    articles = [_confluence(path, lang, report) for path in pages.values()]
    found = tuple(one for one in articles if one)
    if not found:
        mend = "name the folder with the exported pages (Name_12345.html) beside its index.html"
        raise ContentError((Problem(source.name, 1, "there is no page of Confluence", mend),))

    def article_of(href: str, article: Foreign) -> str | None:
        name = unquote(urlsplit(href).path).rpartition("/")[2]
        return name if name in pages else None

    return Export(found, article_of, (source,))


def read_pages(source: Path, folders: dict[str, str], report: Report) -> Export:
    """Read HTML files below each language's folder; the same path in two languages is the same
    article. Raises ContentError when there are none."""
    articles: list[Foreign] = []
    keys: dict[Path, str] = {}
    for lang, folder in folders.items():
        root = (source / folder).resolve()
        for path in _pages(root, report):
            keys[path.resolve()] = path.relative_to(root).with_suffix("").as_posix()
            if made := _page(path, root, lang, report):
                articles.append(made)
    if not articles:
        mend = "name the folder with the .html files"
        raise ContentError((Problem(source.name, 1, "there is no page with a text", mend),))

    def article_of(href: str, article: Foreign) -> str | None:
        plain = unquote(urlsplit(href).path)
        if urlsplit(href).scheme or not plain or article.folder is None:
            return None
        return keys.get((article.folder / plain).resolve())

    return Export(tuple(articles), article_of, (source,))


def _pages(root: Path, report: Report) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() not in _ENDS or path.name.startswith("."):
            continue
        if not path.resolve().is_relative_to(root.resolve()):
            report.read += 1
            report.leave_out(path.relative_to(root).as_posix(), "a link out of the folder")
        elif path.is_file():
            yield path


def _soup(path: Path, name: str, report: Report) -> Tag | None:
    text = read_text(path, name, report)
    try:
        return soup_of(text) if text is not None else None
    except TooDeep:
        report.leave_out(name, "its elements are nested deeper than anybody writes")
        return None


def _confluence(path: Path, lang: str, report: Report) -> Foreign | None:
    soup = _soup(path, path.name, report)
    main = soup.find(id="main-content") if soup else None
    if soup is None or not isinstance(main, Tag):
        if soup is not None:
            report.read += 1
            report.leave_out(path.name, "not a page of Confluence: nothing in it is “main-content”")
        return None
    crumbs = [words_of(one) for one in soup.select("#breadcrumbs li")]
    title = soup.find(id="title-text") or soup.find("title")
    space, _, name = words_of(title).partition(" : ") if isinstance(title, Tag) else ("", "", "")
    metadata = soup.find(class_="page-metadata")
    for gone in main.select(_DECORATION):
        gone.decompose()
    for picture in main.select("img[data-linked-resource-default-alias]"):
        words = Path(str(picture["data-linked-resource-default-alias"])).stem.replace("-", " ")
        picture["alt"] = picture.get("alt") or words.replace("_", " ")
    for control in main.select(".expand-control"):
        control.name = "summary"
    return Foreign(
        key=path.name,
        lang=lang,
        title=name or space,
        html=main.decode_contents(),
        category=crumbs[1] if len(crumbs) > 1 else (name or space),
        keywords=names_in([words_of(one) for one in soup.select(".label, #labels-section li")]),
        updated=_modified(words_of(metadata)) if isinstance(metadata, Tag) else None,
        folder=path.parent,
    )


def _page(path: Path, root: Path, lang: str, report: Report) -> Foreign | None:
    name = path.relative_to(root).as_posix()
    soup = _soup(path, name, report)
    if soup is None:
        return None
    main = next((one for place in _PLACES if (one := soup.select_one(place))), soup)
    for gone in main.find_all(_AROUND):
        if "class" not in gone.attrs or gone.name != "aside":
            gone.decompose()
    heading, title = main.find("h1"), soup.find("title")
    named = next((words_of(one) for one in (heading, title) if isinstance(one, Tag)), "")
    if not words_of(main):
        report.read += 1
        report.leave_out(name, "there are no words in it")
        return None
    meta = {
        str(one.get("name", "")).lower(): str(one.get("content", ""))
        for one in soup.find_all("meta")
    }
    return Foreign(
        key=path.relative_to(root).with_suffix("").as_posix(),
        lang=lang,
        title=named,
        html=main.decode_contents(),
        summary=meta.get("description", ""),
        category=path.relative_to(root).parts[0] if path.parent != root else "",
        keywords=names_in(meta.get("keywords", "")),
        folder=path.parent,
    )


def _modified(said: str) -> date | None:
    """The last day in “Created by …, last modified on Feb 20, 2017”, however it is written."""
    for found in reversed(list(_DAY.finditer(said))):
        year, month, day = next(
            (found[f"y{way}"], found[f"m{way}"], found[f"d{way}"])
            for way in range(1, 4)
            if found[f"y{way}"]
        )
        at = _MONTHS.find(month[:3].lower()) // 3 + 1 if month.isalpha() else int(month)
        try:
            return date(int(year), at, int(day))
        except ValueError:
            continue
    return None
