"""R12: a branch is read under a secret address, and nothing else happens there."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect

from kb.actions.previews import previews, tend_previews
from kb.content.git_remote import SiteRepository
from kb.content.preview_files import PreviewFiles
from kb.pages.preview import OPEN
from kb.rules.previews import PreviewState
from tests.actions.people import NOW
from tests.previewed_branch import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.db.close()


def test_a_link_out_of_the_site_is_never_followed(desk: Desk) -> None:
    built, _ = desk.preview()
    tree = PreviewFiles(desk.settings.var).path(built.id) / "tree"
    there = tree / "articles/setup/5-evil"
    assert there.is_file()
    assert not there.is_symlink()
    assert there.read_text() == "/etc"


def test_all_reading_pages_work_below_the_prefix(desk: Desk) -> None:
    built, url = desk.preview()
    assert built.state is PreviewState.READY, built.problems
    visitor = desk.visitor()
    page = visitor.get(f"{url}/es/kb/1-one")
    assert "Palabras nuevas" in page.text
    assert "Vista previa de «new-words»" in page.text
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "49 code" not in page.html
    assert 'method="post"' not in page.html
    inside = [href for _, href in page.links if href.startswith("/")]
    assert inside
    assert all(href.startswith(f"{url}/") for href in inside)
    assert '&lt;a href="/es/kb/2-two"&gt;' in page.html.replace("&quot;", '"')
    picture = re.search(r'<img[^>]* src="([^"]+)"', page.html)
    assert picture
    assert picture[1].startswith(f"{url}/media/")
    with visitor.client.get(picture[1]) as media:
        assert media.status_code == 200
    found = visitor.get(f"{url}/es/search", q="palabras nuevas")
    assert found.link("Uno").startswith(f"{url}/es/kb/1-one")
    json = visitor.client.get(f"{url}/api/search?q=nuevas&lang=es").get_json()
    assert json["results"][0]["url"].startswith(f"{url}/es/kb/1-one")
    moved = visitor.client.get(f"{url}/es/kb/1-wrong")
    assert (moved.status_code, moved.location) == (301, f"{url}/es/kb/1-one")
    visitor.get(f"{url}/es/troubleshoot/start/when")
    answered = visitor.get(f"{url}/es/troubleshoot/start/when?when=now")
    assert answered.status == 200
    root = visitor.client.get(f"{url}/")
    assert root.location.startswith(f"{url}/")
    for address in ("/es/", "/en/", "/es/kb/", "/es/kb/category/setup", "/theme.css"):
        assert visitor.client.get(url + address).status_code == 200, address


def test_drafts_are_read_and_found_and_internal_articles_only_by_agents(desk: Desk) -> None:
    _, url = desk.preview()
    visitor = desk.visitor()
    assert "Un borrador" in visitor.get(f"{url}/es/kb/3-draft").text
    found = visitor.client.get(f"{url}/api/search?q=borrador&lang=es").get_json()
    assert [hit["id"] for hit in found["results"]][:1] in ([3], ["3"])
    visitor.get(f"{url}/es/kb/4-hidden", expect=404)
    assert "Secreto-Uno" not in visitor.get(f"{url}/es/search", q="contraseña").text
    irene = desk.visitor(as_agent=True)
    assert "Secreto-Uno" in irene.get(f"{url}/es/kb/4-hidden").text
    visitor.get("/es/kb/3-draft", expect=404)
    assert visitor.client.get("/api/search?q=borrador&lang=es").get_json()["total"] == 0


def test_the_live_site_is_not_touched(desk: Desk) -> None:
    head = SiteRepository(desk.root).head
    visitor = desk.visitor()
    before = visitor.get("/es/kb/1-one").html
    _, url = desk.preview()
    inside = visitor.get(f"{url}/es/kb/1-one").html
    assert visitor.get("/es/kb/1-one").html == before
    assert url not in before
    assert inside != before
    assert SiteRepository(desk.root).head == head
    assert SiteRepository(desk.root).edited() == ()


def test_a_preview_of_what_is_live_is_told_apart_from_it(desk: Desk) -> None:
    """The page cache goes by revision and address; a preview's pages must not get into it."""
    _, url = desk.preview("main")
    visitor = desk.visitor()
    assert "Vista previa" in visitor.get(f"{url}/es/kb/1-one").text
    assert "Vista previa" not in visitor.get("/es/kb/1-one").text
    assert "Vista previa" in visitor.get(f"{url}/es/kb/1-one").text


def test_nothing_that_writes_is_there(desk: Desk) -> None:
    _, url = desk.preview("main")
    visitor = desk.visitor(as_agent=True)
    closed = 0
    for rule in desk.app.url_map.iter_rules():
        if rule.endpoint in OPEN or rule.endpoint == "preview.waiting":
            continue
        values = {name: "en" if name == "lang" else "1" for name in rule.arguments}
        try:
            _, address = rule.build({**values, **(rule.defaults or {})}, append_unknown=False)
        except (TypeError, ValueError):
            continue
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = visitor.client.open(url + address, method=method)
            assert answer.status_code in {400, 404}, (rule, method)
            closed += 1
    assert closed > 100
    page = visitor.get(f"{url}/en/feedback", expect=404)
    assert "This is not in a preview" in page.text
    assert page.link("See the live page") == "http://localhost/en/feedback"
    for endpoint in OPEN:
        rules = [rule for rule in desk.app.url_map.iter_rules() if rule.endpoint == endpoint]
        assert rules, f"{endpoint} is no page any more"
        assert all("POST" not in (rule.methods or ()) for rule in rules), endpoint


def test_searches_and_walks_of_reviewers_are_not_counted(desk: Desk) -> None:
    _, url = desk.preview()
    headers = {"User-Agent": "Mozilla/5.0", "Accept-Language": "es"}
    client = desk.visitor().client
    for address in ("search?q=palabras", "troubleshoot/start/when?when=now"):
        answer = client.get(f"{url}/es/{address}", headers=headers)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    for name in ("waypost-walks", "waypost-visits"):
        if name in desk.app.extensions:
            desk.app.extensions[name].flush()
    with desk.db.read() as conn:
        for table in ("walk_step", "search_log", "visit_step"):
            if inspect(conn).has_table(table):
                found = conn.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
                assert found.scalar_one() == 0, table


@pytest.mark.parametrize("change", ["short", "other", "expired", "ended", "none"])
def test_any_other_address_does_not_exist(desk: Desk, change: str) -> None:
    built, url = desk.preview("main", days=1)
    if change == "expired":
        desk.app.config["NOW"] = NOW + timedelta(days=1)
    if change == "ended":
        PreviewFiles(desk.settings.var).remove(built.id)
    address = {"short": url[:-1], "other": url[:-1] + ("0" if url[-1] != "0" else "1"),
               "none": "/preview/../../etc"}.get(change, url)  # fmt: skip
    visitor = desk.visitor()
    for path in ("/", "/es/", "/es/kb/1-one", "/theme.css"):
        assert visitor.client.get(address + path).status_code == 404, path


def test_agents_ask_for_previews_and_end_them(desk: Desk) -> None:
    visitor = desk.visitor(as_agent=True)
    page = visitor.get("/en/desk/branches")
    assert "There is no preview" in page.text
    page = visitor.post("/en/desk/branches", branch=" new-words ", days="3")
    assert "The preview of “new-words” is being built" in page.text
    assert "Being built" in page.text
    tend_previews(desk.settings, NOW)
    page = visitor.get("/en/desk/branches")
    assert "Ready" in page.text
    (listed,) = previews(desk.settings, NOW)
    assert page.link(listed.url) == listed.url
    wrong = visitor.post("/en/desk/branches", branch="-x", days="0")
    assert "Write a number from 1 to 30" in wrong.text
    assert 'value="-x"' in wrong.html
    wrong = visitor.post("/en/desk/branches", branch="-x", days="2")
    assert "This is no name of a branch" in wrong.text
    missing = visitor.post("/en/desk/branches", branch="nowhere", days="2")
    tend_previews(desk.settings, NOW)
    missing = visitor.get("/en/desk/branches")
    assert "Has mistakes" in missing.text
    assert "the branch nowhere cannot be fetched from origin" in missing.text
    page = visitor.post(f"/en/desk/branches/{listed.preview.id}/end")
    assert "The preview of “new-words” has ended" in page.text
    visitor.post(f"/en/desk/branches/{listed.preview.id}/end", expect=404)
    visitor.post("/en/desk/branches/..%2F..%2Fsite/end", expect=404)
    with desk.db.read() as conn:
        what = conn.exec_driver_sql("SELECT what, subject FROM audit_event ORDER BY id").all()
    assert ("preview.asked", "branch:new-words") in [tuple(row) for row in what]
    assert ("preview.ended", "branch:new-words") in [tuple(row) for row in what]
