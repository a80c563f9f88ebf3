"""Atom feeds are valid, lasting, polite, and for everybody (R62)."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask

from kb.rules.articles import Article, Audience, Status
from tests.visitor import Visitor

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FEEDS = ["new", "changed", "alerts", "product/backup-server"]
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def flaws(root: ElementTree.Element) -> list[str]:
    """What RFC 4287 asks of a feed and its entries, and this one lacks."""
    found = []

    def exactly_one(parent: ElementTree.Element, *names: str) -> None:
        for name in names:
            here = parent.findall(f"{ATOM}{name}")
            if len(here) != 1 or not (here[0].text or "").strip():
                found.append(f"{parent.tag}: {len(here)} {name}, or an empty one")

    def dates(parent: ElementTree.Element) -> None:
        for name in ("updated", "published"):
            for one in parent.findall(f"{ATOM}{name}"):
                if not DATE.fullmatch(one.text or ""):
                    found.append(f"{one.text} is no date of RFC 3339")
                datetime.fromisoformat(one.text or "")

    def links(parent: ElementTree.Element, *rels: str) -> None:
        here = [(link.get("rel"), link.get("hreflang")) for link in parent.findall(f"{ATOM}link")]
        if len(here) != len(set(here)):
            found.append("two links of one kind")
        if not {rel for rel, _ in here} >= set(rels):
            found.append(f"links {here}, not {rels}")
        for link in parent.findall(f"{ATOM}link"):
            if not (link.get("href") or "").startswith("http"):
                found.append(f"{link.get('href')} is no whole address")

    if root.tag != f"{ATOM}feed":
        found.append(root.tag)
    exactly_one(root, "id", "title", "updated")
    author = root.find(f"{ATOM}author")
    if author is None:
        found.append("nobody wrote it")
    else:
        exactly_one(author, "name")
    dates(root)
    links(root, "self", "alternate")
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        exactly_one(entry, "id", "title", "updated", "published", "summary")
        dates(entry)
        links(entry, "alternate")
        for category in entry.findall(f"{ATOM}category"):
            if not category.get("term"):
                found.append("a category without a term")
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in entries]
    if len(ids) != len(set(ids)):
        found.append("an id twice")
    found += [f"{one} is no tag" for one in ids if not re.match(r"tag:[\w.-]+,\d{4}:\S+$", one)]
    newest = max((entry.findtext(f"{ATOM}updated") or "" for entry in entries), default="")
    if entries and root.findtext(f"{ATOM}updated") != newest:
        found.append("the feed is not as new as its newest entry")
    return found


def read(visitor: Visitor, path: str) -> ElementTree.Element:
    response = visitor.client.get(path)
    assert response.status_code == 200, path
    assert response.content_type == "application/atom+xml; charset=utf-8"
    body = response.get_data()
    assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    return ElementTree.fromstring(body)  # noqa: S314 # our own answer


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_keeps_the_rules_of_atom(visitor: Visitor, lang: str, name: str) -> None:
    root = read(visitor, f"/{lang}/feeds/{name}.atom")
    assert flaws(root) == []
    assert root.get(LANG) == lang
    entries = root.findall(f"{ATOM}entry")
    assert entries
    for entry in entries[:3]:
        href = entry.find(f"{ATOM}link").get("href") or ""  # type: ignore[union-attr]
        assert href.startswith(f"http://localhost/{lang}/kb/")
        page = visitor.get(href.removeprefix("http://localhost"))
        assert (entry.findtext(f"{ATOM}title") or "?") in page.text


def test_the_judge_of_feeds_has_teeth() -> None:
    bad = ElementTree.fromstring(  # noqa: S314 # our own words
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title/><entry><id>7</id>'
        "<updated>23/11/2026</updated></entry></feed>"
    )
    with pytest.raises(ValueError, match="23/11/2026"):
        flaws(bad)
    bad.find(f"{ATOM}entry/{ATOM}updated").text = "2026-11-23T00:00:00Z"  # type: ignore[union-attr]
    assert len(flaws(bad)) >= 6


@pytest.mark.parametrize("name", FEEDS)
def test_who_has_it_gets_no_second_copy(visitor: Visitor, name: str) -> None:
    first = visitor.client.get(f"/es/feeds/{name}.atom")
    assert first.cache_control.public
    assert first.last_modified
    for headers in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = visitor.client.get(f"/es/feeds/{name}.atom", headers=headers)
        assert again.status_code == 304
        assert again.get_data() == b""
        assert again.headers["ETag"] == first.headers["ETag"]
    other = visitor.client.get(f"/es/feeds/{name}.atom", headers={"If-None-Match": 'W/"x"'})
    assert other.status_code == 200


def shelf_of(app: Flask) -> dict[int, Article]:
    found: dict[int, Article] = app.extensions["waypost"].live_site.current().site.articles["es"]
    return found


@pytest.mark.parametrize(
    "changes", [{"audience": Audience.CUSTOMERS}, {"audience": Audience.INTERNAL},
                {"status": Status.DRAFT}, {"status": Status.ARCHIVED}]
)  # fmt: skip
def test_what_is_not_for_all_is_in_no_feed(
    app: Flask, visitor: Visitor, changes: dict[str, Any]
) -> None:
    """Not for agents either: a reader's copy is anybody's."""
    visitor.as_agent()
    shelf = shelf_of(app)
    before = read(visitor, "/es/feeds/changed.atom")
    etag = visitor.client.get("/es/feeds/changed.atom").headers["ETag"]
    entry = before.find(f"{ATOM}entry")
    assert entry is not None
    id_ = int((entry.findtext(f"{ATOM}id") or "").split("/")[1])
    kept = shelf[id_]
    shelf[id_] = replace(kept, **changes)
    try:
        for name in FEEDS:
            text = visitor.client.get(f"/es/feeds/{name}.atom").get_data(as_text=True)
            assert f"article/{id_}/" not in text
        assert visitor.client.get("/es/feeds/changed.atom").headers["ETag"] != etag
    finally:
        shelf[id_] = kept


def test_an_id_stays_when_title_and_address_change(app: Flask, visitor: Visitor) -> None:
    shelf = shelf_of(app)
    ids = [
        e.findtext(f"{ATOM}id") for e in read(visitor, "/es/feeds/new.atom").iter(f"{ATOM}entry")
    ]
    kept = dict(shelf)
    shelf.update({k: replace(a, slug="otra", title="<Otro> & “título”") for k, a in kept.items()})
    try:
        root = read(visitor, "/es/feeds/new.atom")
        assert [e.findtext(f"{ATOM}id") for e in root.iter(f"{ATOM}entry")] == ids
        assert root.findtext(f"{ATOM}entry/{ATOM}title") == "<Otro> & “título”"
    finally:
        shelf.update(kept)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_pages_name_their_feeds(visitor: Visitor, lang: str) -> None:
    link = f'<link rel="alternate" type="application/atom+xml" href="/{lang}/feeds/'
    for path in ("/", "/kb/", "/contact/"):
        assert f'{link}changed.atom"' in visitor.get(f"/{lang}{path}").html
    page = visitor.get(f"/{lang}/products/backup-server")
    assert f'{link}product/backup-server.atom"' in page.html
    assert page.link("Atom") == f"/{lang}/feeds/product/backup-server.atom"


def test_there_are_no_other_feeds(visitor: Visitor) -> None:
    visitor.get("/es/feeds/product/nothing.atom", expect=404)
    visitor.get("/xx/feeds/new.atom", expect=404)
    visitor.get("/es/feeds/all.atom", expect=404)
