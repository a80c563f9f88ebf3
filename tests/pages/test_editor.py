"""Editing in the browser: a form, how it looks, and a commit on a branch of a real repository."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from kb.actions.limits import count_within
from kb.actions.previews import tend_previews
from kb.content import read_apart
from kb.pages.editor.pictures import MOST_PICTURES
from kb.rules.uploads import FILES_BY_ACCOUNT
from tests.actions.people import NOW
from tests.edited_site import BRANCH, EDIT, PATH, EditedSite, fields, png


@pytest.fixture
def site(tmp_path: Path) -> Iterator[EditedSite]:
    made = EditedSite(tmp_path)
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EditedSite]:
    """One for all tests that save nothing."""
    made = EditedSite(tmp_path_factory.mktemp("shared"))
    yield made
    made.db.close()


def test_a_change_becomes_a_commit_on_a_branch_and_nothing_else(site: EditedSite) -> None:
    irene = site.visitor()
    page = irene.get(EDIT)
    before = site.file("main")
    sent = fields(page, body="Texto nuevo.\n", keywords="uno\ndos", do="save", subject="Mejor")
    told = irene.post("/en/desk/articles/1/edit", **sent)
    assert f"Saved on {BRANCH}." in told.text
    assert "Texto nuevo." in told.text
    after = site.file()
    assert after == before.replace("Texto.", "Texto nuevo.").replace(
        "---\n\n", "keywords: [uno, dos]\n---\n\n"
    )
    assert "# ours\nowner: ana\n" in after
    author = site.repo.git("log", "-1", "--format=%an <%ae>|%s", BRANCH)
    assert author == "Irene Otero <irene@example.com>|Mejor"
    assert site.repo.git("rev-parse", "main") == site.first
    assert site.repo.git("status", "--porcelain") == ""


def test_preview_shows_the_text_and_its_mistakes_and_saves_nothing(shared: EditedSite) -> None:
    irene = shared.visitor()
    sent = fields(
        irene.get(EDIT), body="## Hola\n\nVea [[77]].\n\n<script>x</script>", do="preview"
    )
    page = irene.post("/en/desk/articles/1/edit", **sent)
    assert '<h2 id="in-hola">' in page.html
    assert "<script>x" not in page.html.partition('id="preview"')[2]
    assert "there is no article 77" in page.text
    assert 'data-line="3"' in page.html
    assert shared.repo.git("branch", "--list", BRANCH) == ""
    part = irene.client.post("/en/desk/articles/check", data={**sent, "body": "*Vivo*"})
    assert "<em>Vivo</em>" in part.text
    assert "<html" not in part.text


def test_sent_twice_is_one_commit(site: EditedSite) -> None:
    irene = site.visitor()
    sent = fields(irene.get(EDIT), body="Otro.\n", do="save")
    for _ in range(2):
        irene.post("/en/desk/articles/1/edit", **sent)
    assert site.repo.git("rev-list", "--count", f"main..{BRANCH}") == "1"


def test_a_second_edit_goes_on_from_the_first_and_the_other_language_too(site: EditedSite) -> None:
    irene = site.visitor()
    irene.post("/en/desk/articles/1/edit", **fields(irene.get(EDIT), body="Eins\n", do="save"))
    page = irene.get(EDIT)
    assert "Eins" in page.html
    page = irene.follow("English")
    irene.post("/en/desk/articles/1/edit", **fields(page, body="Words.\n", do="save"))
    assert site.file(path=PATH.replace("es.md", "en.md")).endswith("Words.")
    assert site.repo.git("rev-list", "--count", f"main..{BRANCH}") == "2"
    assert "The same article in another language" in irene.get(EDIT).text


@pytest.mark.parametrize("where", [BRANCH, "main"])
def test_who_comes_second_sees_both_and_loses_nothing(site: EditedSite, where: str) -> None:
    irene = site.visitor()
    page = irene.get(EDIT)
    mine = fields(page, body="Mis palabras.\n", do="save", subject="Las mías")
    theirs = site.file("main").replace("Texto.", "Las de otro.")
    if where == BRANCH:
        site.repo.git("switch", "-q", "-c", BRANCH)
    site.repo.write(PATH, theirs)
    site.repo.commit("Somebody else")
    site.repo.git("switch", "-q", "main")
    page = irene.post("/en/desk/articles/1/edit", **mine)
    assert "Somebody changed this article meanwhile" in page.text
    assert "Las de otro." in page.html
    assert "Mis palabras." in page.html
    assert "Mis palabras." not in site.repo.git("log", "--all", "-p")
    again = irene.post("/en/desk/articles/1/edit", **fields(page, do="save"))
    assert "Saved on" in again.text
    assert "Mis palabras." in site.file()
    assert "Las de otro." in site.repo.git("log", "--all", "-p")


def test_a_branch_that_was_merged_begins_anew_from_the_main_branch(site: EditedSite) -> None:
    irene = site.visitor()
    irene.post("/en/desk/articles/1/edit", **fields(irene.get(EDIT), body="Eins\n", do="save"))
    site.repo.git("merge", "-q", "--ff-only", BRANCH)
    site.repo.write("articles/setup/2-two/es.md", site.file("main").replace("Eins", "Zwei"))
    newest = site.repo.commit("More")
    irene.post("/en/desk/articles/1/edit", **fields(irene.get(EDIT), body="Drei\n", do="save"))
    assert site.repo.git("rev-parse", f"{BRANCH}^") == newest


def test_pictures_come_with_the_form_and_stand_beside_the_article(site: EditedSite) -> None:
    irene = site.visitor()
    page = irene.get(EDIT)
    sent = fields(page, do="preview", alt="Un [botón] rojo")
    page = irene.post("/en/desk/articles/1/edit", pictures=(png_file("Foto 1.png")), **sent)
    assert "![Un (botón) rojo](foto-1-" in page.html
    shown = page.html.partition('id="preview"')[2]
    url = shown.partition('<img alt="Un (botón) rojo"')[2].partition('src="')[2].partition('"')[0]
    answer = irene.client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    page = irene.post("/en/desk/articles/1/edit", **fields(page, do="save"))
    names = site.repo.git("ls-tree", "-r", "--name-only", BRANCH, "articles/setup/1-one/")
    assert names.count("foto-1-") == 1
    after = page.html.partition('id="preview"')[2]
    assert "missing-file" not in after
    name = next(one for one in names.split() if "foto-1-" in one).rpartition("/")[2]
    beside = irene.client.get(f"/en/desk/articles/1/files/{name}?branch={BRANCH}")
    assert beside.mimetype == "image/png"


def png_file(name: str, colour: tuple[int, int, int] = (200, 30, 30)) -> object:
    return io.BytesIO(png(colour)), name


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "no sound"),
        ("x.png", b"\0" * 100_001, "larger than"),
        ("x.png", b"", "is empty"),
        ("x.png", b"PK\3\4zip", "no sound picture"),
    ],
)
def test_what_is_no_picture_is_refused_in_words_and_the_text_stays(
    shared: EditedSite, name: str, content: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("kb.content.pictures", "kb.pages.editor.pictures"):
        monkeypatch.setattr(f"{module}.MOST_BYTES", 100_000)
    irene = shared.visitor()
    page = irene.get(EDIT)
    sent = fields(page, do="save", body="Bleibt.\n", pictures=(io.BytesIO(content), name))
    told = irene.post("/en/desk/articles/1/edit", **sent)
    assert words in told.text
    assert "Bleibt." in told.html
    assert shared.repo.git("branch", "--list", BRANCH) == ""
    token = {"csrf_token": page.token()}
    answer = irene.client.post(
        "/en/desk/articles/pictures", data={**token, "picture": (io.BytesIO(content), name)}
    )
    assert answer.status_code == 400
    assert words in answer.get_json()["wrong"]


def test_a_new_article_begins_filled_in_and_has_a_branch_of_its_own(site: EditedSite) -> None:
    irene = site.visitor()
    page = irene.get(
        "/en/desk/articles/new?title=Clave%20perdida&find=perd%C3%AD%20la%20clave&lang=es"
    )
    assert 'value="Clave perdida"' in page.html
    page = irene.post(
        "/en/desk/articles/new?product=server&product=nothing", title="Clave perdida",
        type="problem", category="setup", language="es", find_with="perdí la clave",
    )  # fmt: skip
    assert "Write article 3" in page.text
    assert "## Problema" in page.html
    assert site.repo.git("branch", "--list", "edit/*") == ""
    irene.post("/en/desk/articles/3/edit", **fields(page, summary="Qué hacer", do="save"))
    made = site.file("edit/3-clave-perdida", "articles/setup/3-clave-perdida/es.md")
    assert 'title: "Clave perdida"\nsummary: Qué hacer\n' in made
    assert "status: draft" in made
    assert "products: [server]" in made
    assert 'find_with:\n  - {q: "perdí la clave", within: 3}' in made
    assert "Clave perdida" in irene.get("/en/desk/articles/3/edit?lang=es").html


def test_drafts_are_listed_with_what_the_check_says_and_deleted_when_asked_twice(
    site: EditedSite,
) -> None:
    irene = site.visitor()
    sent = fields(irene.get(EDIT), body="Vea [[77]].\n", do="save", subject="Con falta")
    irene.post("/en/desk/articles/1/edit", **sent)
    page = irene.get("/en/desk/articles/drafts")
    assert BRANCH in page.text
    assert "Irene Otero" in page.text
    assert "1 error" in page.text
    assert "git merge edit/…" in page.text
    page = irene.follow("Delete the branch")
    assert site.repo.git("branch", "--list", BRANCH) != ""
    stale = irene.post("/en/desk/articles/drafts/end", branch=BRANCH, commit=site.first)
    assert "Somebody else saved" in stale.text
    page = irene.get(f"/en/desk/articles/drafts/end?branch={BRANCH}")
    irene.post("/en/desk/articles/drafts/end", branch=BRANCH, commit=page.hidden("commit"))
    assert site.repo.git("branch", "--list", BRANCH) == ""
    assert "Nothing waits here" in irene.get("/en/desk/articles/drafts").text


def test_an_edit_has_a_preview_where_the_repository_has_no_remote(site: EditedSite) -> None:
    """R12: what was just saved can be shown to a reviewer without any push."""
    irene = site.visitor()
    sent = fields(irene.get(EDIT), body="Solo aquí.\n", do="save", subject="Nuevo")
    irene.post("/en/desk/articles/1/edit", **sent)
    page = irene.get("/en/desk/articles/drafts")
    assert "Make a preview" in page.text
    irene.post("/en/desk/branches", branch=BRANCH, days="7")
    assert tend_previews(site.settings, NOW) == 1
    shown = irene.get("/en/desk/articles/drafts").link("Look at its preview")
    start = shown.removeprefix("http://localhost").rstrip("/")
    assert "Solo aquí." in site.visitor("stranger").get(f"{start}/es/kb/1-one").text
    sent = fields(irene.get(EDIT), body="Y más.\n", do="save", subject="Otra vez")
    irene.post("/en/desk/articles/1/edit", **sent)
    assert tend_previews(site.settings, NOW) == 1  # what is saved again is shown again
    assert "Y más." in site.visitor("stranger").get(f"{start}/es/kb/1-one").text


def test_an_article_leads_agents_alone_to_its_sheet(shared: EditedSite) -> None:
    page = shared.visitor().get("/es/kb/1-one")
    assert page.link("Editar aquí") == "/es/desk/articles/1/edit?lang=es"
    for who in ("customer", "stranger"):
        assert "desk/articles" not in shared.visitor(who).get("/es/kb/1-one").html


def test_a_save_takes_so_many_pictures_and_an_account_so_many_files(site: EditedSite) -> None:
    irene = site.visitor()
    files = [png_file(f"{number}.png", (number, 9, 9)) for number in range(MOST_PICTURES + 1)]
    sent = fields(irene.get(EDIT), do="save", alt="x")
    page = irene.post("/en/desk/articles/1/edit", pictures=files, **sent)
    assert f"A save takes {MOST_PICTURES} pictures." in page.text
    assert site.repo.git("branch", "--list", BRANCH) == ""
    with site.db.write() as conn:
        name = conn.execute(text("select subject from attempt where subject like 'files:%'"))
        who = name.scalar_one()
        for _ in range(FILES_BY_ACCOUNT.tries):
            count_within(conn, who, FILES_BY_ACCOUNT, NOW)
    page = irene.post("/en/desk/articles/1/edit", pictures=png_file("z.png"), **sent)
    assert "These were many files within an hour" in page.text


def test_a_preview_follows_the_typing(shared: EditedSite) -> None:
    """The newest words are shown, and no process is started to read them: bench/editor.py tells the
    milliseconds."""
    irene = shared.visitor()
    sent = fields(irene.get(EDIT), body="## Hola\n\n" + "Palabras que siguen. " * 500)
    irene.client.post("/en/desk/articles/check", data=sent)
    reader = read_apart._idle[-1]
    for number in range(3):
        sent["body"] += f" {number}"
        answer = irene.client.post("/en/desk/articles/check", data=sent)
        assert answer.status_code == 200
        assert f"siguen.  {' '.join(map(str, range(number + 1)))}</p>" in answer.text
        assert read_apart._idle == [reader]
