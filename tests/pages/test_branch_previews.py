"""R12: a branch is read under a secret address, and nothing else happens there."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect

from kb.actions.compile_site import compile_site
from kb.actions.content_duty import ContentDuty
from kb.actions.previews import (
    PreviewRefusal,
    ask_preview,
    build_preview,
    preview_url,
    previews,
    tend_previews,
)
from kb.app import create_app
from kb.content.git_remote import SiteRepository
from kb.content.preview_files import PreviewFiles
from kb.content.sync_files import SyncFiles
from kb.pages.preview import OPEN
from kb.rules.previews import MOST_PREVIEWS, Preview, PreviewState
from kb.settings import Settings, read_settings
from kb.store import Database, migrate
from tests.actions.people import NOW, agent
from tests.content.sites import SITE, front
from tests.repositories import Repository
from tests.visitor import Visitor

TREE = """\
title: No arranca
summary: Dos preguntas
start: when
nodes:
  when:
    ask: ¿Cuándo falla?
    closed: Falla ahora o más tarde.
    options:
      - {id: now, label: Ahora mismo, go: done}
      - {id: later, label: Más tarde, go: done}
  done: {end: solved}
"""
TREE_EN = """\
title: It does not start
summary: Two questions
nodes:
  when:
    ask: When does it fail?
    options: {now: Just now, later: Later}
"""


class Desk:
    """A remote with a branch, the clone that is served, and people."""

    def __init__(self, folder: Path) -> None:
        self.remote = Repository(folder / "remote", SITE)
        self.remote.spanish(front("", "Vea [[2]].\n"))
        self.remote.article(2, "two")
        self.remote.commit("First")
        self.root = self.remote.clone(folder / "clone")
        env = {"KB_VAR": str(folder / "var"), "KB_BASE_URL": "http://localhost",
               "KB_HOOK_SECRET": "a secret of sixteen"}  # fmt: skip
        self.settings: Settings = read_settings(env, self.root)
        migrate(self.settings.database_url)
        compile_site(self.settings)
        self.remote.git("switch", "-q", "-c", "new-words")
        picture = b"GIF89a" + b"\1\0" * 4
        self.remote.write("articles/setup/1-one/foto.gif", picture)
        self.remote.spanish(front(
            "",
            "Palabras nuevas. Vea [[2]].\n\n![Una foto](foto.gif)\n\n"
            '`<a href="/es/kb/2-two">`\n',
        ))  # fmt: skip
        self.remote.article(3, "draft", es=front("status: draft\n", "Un borrador.\n"),
                            en="---\ntitle: Draft\nstatus: draft\n---\n\nA draft.\n")  # fmt: skip
        hidden = front("audience: internal\n", "La contraseña es Secreto-Uno.\n")
        self.remote.article(4, "hidden", es=hidden)
        self.remote.write("troubleshooter/start.yaml", TREE)
        self.remote.write("troubleshooter/start.en.yaml", TREE_EN)
        self.remote.write("templates/base.html", "{{ 7 * 7 }} code of a branch")
        (self.remote.root / "articles/setup/5-evil").symlink_to("/etc")
        self.commit = self.remote.commit("New words")
        self.app = create_app(self.settings)
        self.app.config["NOW"] = NOW
        self.db: Database = self.app.extensions["waypost"].db

    def visitor(self, *, as_agent: bool = False) -> Visitor:
        visitor = Visitor(self.app)
        if as_agent:
            user_id = agent(self.db)
            with visitor.client.session_transaction() as session:
                session["_user_id"] = f"{user_id}:1"
        return visitor

    def preview(self, branch: str = "new-words", days: int = 7) -> tuple[Preview, str]:
        asked = ask_preview(self.settings, branch, NOW, days)
        assert isinstance(asked, Preview)
        built = build_preview(self.settings, asked)
        url = preview_url(self.settings, built).removeprefix("http://localhost").rstrip("/")
        return built, url


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


def test_a_broken_branch_keeps_its_last_sound_state(desk: Desk) -> None:
    built, url = desk.preview()
    desk.remote.spanish(front("", "[[77]]\n"))
    desk.remote.commit("Broken")
    broken = build_preview(desk.settings, built)
    assert broken.state is PreviewState.BROKEN
    assert broken.problems[0].startswith("articles/setup/1-one/es.md:5: there is no article 77")
    page = desk.visitor().get(f"{url}/es/kb/1-one")
    assert "Palabras nuevas" in page.text
    assert "Los últimos cambios tienen errores" in page.text


def test_previews_are_limited_and_one_for_each_branch(desk: Desk) -> None:
    first = ask_preview(desk.settings, "b0", NOW)
    again = ask_preview(desk.settings, "b0", NOW + timedelta(hours=1), days=30)
    assert isinstance(first, Preview)
    assert isinstance(again, Preview)
    assert (again.id, again.expires_at) == (first.id, NOW + timedelta(days=30, hours=1))
    for number in range(1, MOST_PREVIEWS):
        assert isinstance(ask_preview(desk.settings, f"b{number}", NOW), Preview)
    assert ask_preview(desk.settings, "one-more", NOW) is PreviewRefusal.TOO_MANY
    assert ask_preview(desk.settings, "--upload-pack=x", NOW) is PreviewRefusal.BAD_BRANCH
    later = NOW + timedelta(days=8)
    assert isinstance(ask_preview(desk.settings, "one-more", later), Preview)


def test_the_worker_builds_refreshes_and_clears_away(desk: Desk) -> None:
    ask_preview(desk.settings, "new-words", NOW)
    duty = ContentDuty(desk.db, desk.settings)
    duty.run(NOW)
    (listed,) = previews(desk.settings, NOW)
    assert listed.preview.state is PreviewState.READY
    desk.remote.spanish(front("", "Aún más nuevas.\n"))
    newest = desk.remote.commit("Newer")
    SyncFiles(desk.settings.var).ask("new-words", NOW)
    duty.run(NOW + timedelta(minutes=1))
    (listed,) = previews(desk.settings, NOW)
    assert listed.preview.commit == newest
    url = listed.url.removeprefix("http://localhost")
    assert "Aún más nuevas" in desk.visitor().get(f"{url}es/kb/1-one").text
    assert "Vea" in desk.visitor().get("/es/kb/1-one").text
    folder = PreviewFiles(desk.settings.var).folder
    (folder / "0123456789ab").mkdir()
    assert tend_previews(desk.settings, NOW + timedelta(days=7)) == 0
    assert list(folder.iterdir()) == []


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
