"""Editing in the browser meets bad input: nothing leaves the site, nothing typed is lost."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.pages.editor.forms import LONGEST_TEXT
from tests.actions.people import agent
from tests.edited_site import BRANCH, EDIT, PATH, EditedSite, fields, png
from tests.visitor import Visitor

SHEET = "/en/desk/articles/1/edit"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditedSite]:
    made = EditedSite(tmp_path_factory.mktemp("site"))
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def irene(site: EditedSite) -> Visitor:
    return site.visitor()


def sent(irene: Visitor, **changed: Any) -> dict[str, Any]:
    return fields(irene.get(EDIT), **{"do": "save", **changed})


def untouched(site: EditedSite) -> bool:
    return site.repo.git("branch", "--list", "edit/*") == ""


@pytest.mark.parametrize(
    "branch",
    ["main", "HEAD", "../x", "edit/../main", "--upload-pack=x", "edit/a b", "edit/x.lock",
     "edit/a\nb", "edit/", "refs/heads/main", "edit/@{1}", "edit/nobody", "draft/..", "edit/-"],
)  # fmt: skip
def test_only_branches_of_ours_are_opened(irene: Visitor, branch: str) -> None:
    """Ref injection: no other name reaches git as a branch."""
    irene.get(SHEET, lang="es", branch=branch, expect=404)
    irene.client.get("/en/desk/articles/drafts/end", query_string={"branch": branch})
    token = irene.get("/en/desk/articles/drafts").html
    assert "Nothing waits here" in token


@pytest.mark.parametrize(
    "name", ["..%2F..%2F..%2Fsite.yaml", "es.md", ".git", "..", "%2Fetc%2Fpasswd", "a%00.png"]
)
def test_only_pictures_beside_the_article_are_given_out(irene: Visitor, name: str) -> None:
    answer = irene.client.get(f"/en/desk/articles/1/files/{name}")
    assert answer.status_code == 404


def test_languages_articles_and_states_that_are_not_ours_are_404(
    irene: Visitor, site: EditedSite
) -> None:
    irene.get(SHEET, lang="../x", expect=404)
    irene.get("/en/desk/articles/77/edit", expect=404)
    irene.get("/en/desk/articles/999999999999/edit", expect=404)
    form = sent(irene)
    irene.post(SHEET, **{**form, "state": form["state"][:-3] + "abc"}, expect=404)
    irene.post("/en/desk/articles/2/edit", **form, expect=404)
    irene.post("/en/desk/articles/check", **{**form, "state": "x"}, expect=404)
    irene.get("/en/desk/articles/pictures/x.y", expect=404)
    assert untouched(site)


def test_a_link_in_the_repository_is_neither_shown_nor_written_through(
    site: EditedSite, irene: Visitor
) -> None:
    """A symbolic link to a file of the machine, and a folder that is one."""
    folder = site.repo.root / "articles/setup/9-evil"
    folder.mkdir()
    (folder / "es.md").symlink_to("/etc/passwd")
    (folder / "en.md").write_text("---\ntitle: Evil\n---\n\nX\n")
    (folder / "x.png").symlink_to("/etc/hostname")
    site.repo.commit("A link")
    page = irene.get("/en/desk/articles/9/edit", lang="es")
    assert "root:" not in page.html
    form = fields(page, title="T", body="X\n", do="save", subject="x")
    told = irene.post("/en/desk/articles/9/edit", **form)
    assert "leads through a link" in told.text
    assert irene.client.get("/en/desk/articles/9/files/x.png").status_code == 404
    assert untouched(site)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("body", "a\0b", "control character"),
        ("body", "x" * (LONGEST_TEXT + 1), "longer than"),
        ("subject", "", "Say in a few words"),
        ("title", "t" * 201, "at most 200"),
        ("updated", "tomorrow", "Not a valid date"),
    ],
)
def test_what_cannot_be_saved_is_said_and_kept(
    site: EditedSite, irene: Visitor, name: str, value: str, told: str
) -> None:
    page = irene.post(SHEET, **{**sent(irene, keywords="Quetzal"), name: value})
    assert told in page.text
    assert "Quetzal" in page.html
    assert page.title.startswith("Error:")
    assert untouched(site)


@pytest.mark.parametrize(
    "source",
    [
        "---\ntitle: &a [x]\nb: [*a, *a]\n---\n\nQuetzal\n",
        "---\ntitle: !!python/object:os.system x\n---\n\nQuetzal\n",
        "no keys at all, Quetzal",
        "---\n" + "[" * 3000 + "\n---\n\nQuetzal\n",
    ],
)
def test_a_whole_file_that_is_no_article_is_not_saved(
    site: EditedSite, irene: Visitor, source: str
) -> None:
    form = fields(irene.get(f"{EDIT}&whole=1"), body=source, do="save")
    page = irene.post(SHEET, **form)
    assert "This is no article yet" in page.text
    assert "Quetzal" in page.html
    assert untouched(site)


def test_a_text_that_is_too_large_for_any_form_is_answered_in_words(irene: Visitor) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="body"\r\n\r\n' + b"x" * 2_200_000
    kind = "multipart/form-data; boundary=b"
    answer = irene.client.post(SHEET, data=body + b"\r\n--b--\r\n", content_type=kind)
    assert answer.status_code == 413
    assert "<h1" in answer.text


def test_nothing_in_a_preview_runs(irene: Visitor) -> None:
    evil = "<img alt=x src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\n[a](javascript:x)"
    page = irene.post(SHEET, **sent(irene, body=evil, do="preview"))
    seen = page.html.partition('id="preview"')[2].partition("<textarea")[0]
    assert "onerror" not in seen
    assert "<script>alert" not in seen
    assert 'href="javascript' not in seen
    assert "script-src" not in page.response.headers["Content-Security-Policy"]
    assert page.response.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_pictures_are_their_sender_s_alone(site: EditedSite, irene: Visitor) -> None:
    token = irene.get(EDIT).token()
    data = {"csrf_token": token, "picture": (io.BytesIO(png()), "../../a.png")}
    told = irene.client.post("/en/desk/articles/pictures", data=data).get_json()
    assert told["name"].startswith("a-")
    assert irene.client.get(told["url"]).status_code == 200
    other = Visitor(site.app)
    with other.client.session_transaction() as session:
        session["_user_id"] = f"{agent(site.db, 'luis@example.com')}:1"
    assert other.client.get(told["url"]).status_code == 404
    customer = site.visitor("customer")
    assert customer.client.get(told["url"]).status_code == 404
    assert customer.client.get(EDIT).status_code == 404
    assert site.visitor("stranger").client.get(EDIT).status_code == 302


def test_a_subject_is_one_line_and_an_author_nobody_else(site: EditedSite, irene: Visitor) -> None:
    subject = "Mejor\n\nSigned-off-by: root <root@example.com>"
    irene.post(SHEET, **sent(irene, body="Nuevo.\n", subject=subject))
    told = site.repo.git("log", "-1", "--format=%s|%b|%an", BRANCH)
    assert told == "Mejor Signed-off-by: root <root@example.com>||Irene Otero"
    site.repo.git("branch", "-D", BRANCH)


def test_git_s_troubles_are_words_and_the_text_stays(
    site: EditedSite, irene: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = sent(irene, body="Quetzal.\n")
    lock = site.repo.top / ".git/refs/heads/edit"
    lock.mkdir(exist_ok=True)
    (lock / "1-one.lock").touch()
    busy = irene.post(SHEET, **form)
    assert "Another process holds the repository" in busy.text
    assert "Quetzal." in busy.html
    (lock / "1-one.lock").unlink()
    (lock / "1-one").mkdir()
    (lock / "1-one" / "x").write_text(site.first + "\n")  # a branch below ours is in the way
    blocked = irene.post(SHEET, **form)
    assert "Git cannot have a branch of this name here" in blocked.text
    (lock / "1-one" / "x").unlink()
    (lock / "1-one").rmdir()
    monkeypatch.setenv("PATH", os.devnull)
    without = irene.post(SHEET, **form)
    assert "git is not installed" in without.text
    assert "Quetzal." in without.html
    assert "git is not installed" in irene.get(EDIT).text
    assert "git is not installed" in irene.get("/en/desk/articles/drafts").text
    monkeypatch.undo()
    assert untouched(site)


def test_a_dirty_tree_and_a_refusing_remote_do_not_hinder_a_commit(tmp_path: Path) -> None:
    site = EditedSite(tmp_path, remote=True)
    irene = site.visitor()
    site.repo.write(PATH, "half written")
    pushed = irene.post(SHEET, **sent(irene, body="Eins.\n"))
    assert f"Saved on {BRANCH} and pushed." in pushed.text
    there = site.repo.git("ls-remote", "origin", BRANCH).split()[0]
    assert there == site.repo.git("rev-parse", BRANCH)
    assert (site.repo.root / PATH).read_text() == "half written"
    hook = tmp_path / "remote.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho closed for today >&2\nexit 1\n")
    hook.chmod(0o755)
    refused = irene.post(SHEET, **sent(irene, body="Zwei.\n"))
    assert f"Saved on {BRANCH}. The remote refused it" in refused.text
    assert "Zwei." in site.file()
    page = irene.get("/en/desk/articles/drafts")
    assert "Make a preview" in page.text
    site.db.close()
