"""From case to article, on real git repositories and both databases."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.actions.account_export import export
from kb.actions.case_articles import (
    Made,
    Stage,
    draft_of_case,
    forget_draft,
    path_of,
    push_draft,
    stage_of,
)
from kb.actions.case_steps import Answer
from kb.actions.case_story import first_draft
from kb.actions.cases import case_for
from kb.actions.live_site import LiveSite
from kb.content.git_commits import CommitTrouble, Trouble
from kb.mail import Letters
from kb.rules.case_article import source_of
from kb.rules.policy import Policy
from kb.rules.visits import Step, StepKind
from kb.settings import Settings
from kb.store import Database, article_drafts, visits
from kb.store.article_drafts import Pushed
from kb.store.file_store import FileStore
from tests.actions.article_scene import DRAFT, Scene
from tests.actions.case_stories import another, story
from tests.actions.people import NOW, SECRET, own, sell


@pytest.fixture
def scene(db: Database, policy: Policy, letters: Letters, tmp_path: Path) -> Scene:
    return Scene.made(story(db, policy, letters), tmp_path)


def test_a_draft_is_a_commit_of_its_agent_on_a_branch_of_its_own_here_and_at_the_remote(
    scene: Scene,
) -> None:
    before = scene.remote.git("rev-parse", "main")
    draft = scene.sound()
    assert (draft.article_id, draft.branch, draft.push) == (1042, scene.branch, Pushed.PUSHED)
    assert draft.path == "articles/setup/1042-la-copia-se-detiene/es.md"
    told = scene.remote.git("log", "-1", "--format=%an <%ae>|%s|%b", scene.branch)
    assert told == (
        f"Irene Otero <irene@example.com>|La copia se detiene|"
        f"Draft of an article from case {scene.case.number}."
    )
    assert scene.remote.git("show", f"{scene.branch}:{draft.path}") == (
        source_of(DRAFT, "es", NOW.date()).strip()
    )
    assert scene.remote.git("rev-parse", "main") == before
    assert scene.case.events[-1] == ("article-draft", "", "1042")
    assert not list((scene.clone / "articles").glob("*/1042-*"))  # the work tree is as it was


def test_customers_are_not_told_of_a_draft_on_no_page_and_in_no_export(
    scene: Scene, tmp_path: Path
) -> None:
    scene.sound()
    case = scene.case
    assert case.ana.user_id is not None
    seen = case_for(case.db, case.ana.user_id, case.number)
    assert seen is not None
    assert "article-draft" not in str(seen.messages)
    packed = export(case.db, FileStore(tmp_path), SECRET, case.ana.user_id, NOW)
    assert packed
    with packed, zipfile.ZipFile(packed) as archive:
        told = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "opened" in told
    assert "draft/" not in told


def test_a_second_article_of_a_case_is_the_first(scene: Scene) -> None:
    first = scene.sound()
    again = scene.make(replace(DRAFT, title="Another title"))
    assert again == Made(first, again=True)
    assert scene.remote.git("rev-list", "--count", f"main..{scene.branch}") == "1"
    assert [what for what, _, _ in scene.case.events].count("article-draft") == 1


def test_a_form_sent_many_times_at_once_makes_one_commit(scene: Scene) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: scene.make(), range(4)))
    assert {one.draft.commit for one in done if isinstance(one, Made)} == {
        scene.remote.git("rev-parse", scene.branch)
    }
    assert scene.remote.git("rev-list", "--count", f"main..{scene.branch}") == "1"


def test_two_agents_with_two_cases_at_once_get_two_ids(scene: Scene, policy: Policy) -> None:
    case = scene.case
    assert case.ana.user_id is not None
    asset = own(case.db, policy, case.ana.user_id, "NBS12-ZZZZZ-FGHJK-MNPQR-STVWX", plan="premier")
    other = another(case, asset)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda number: scene.make(number=number), [case.number, other]))
    given = {one.draft.article_id for one in done if isinstance(one, Made)}
    assert given == {1042, 1043}


def test_what_an_attempt_that_died_has_left_is_gone_on_with(scene: Scene) -> None:
    draft = scene.sound()
    with scene.case.db.write() as conn:
        article_drafts.forget(conn, scene.case.number)
        article_drafts.add(conn, replace(draft, commit="", push=Pushed.NOT_YET))
    later = NOW + timedelta(minutes=3)
    again = scene.make(now=later)
    assert isinstance(again, Made)
    assert (again.draft.article_id, again.draft.commit) == (1042, draft.commit)
    assert scene.remote.git("rev-list", "--count", f"main..{scene.branch}") == "1"


def test_one_who_comes_while_another_commits_is_told_after_a_while(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.actions.case_articles._WAIT_SECONDS", 0.2)
    draft = scene.sound()
    with scene.case.db.write() as conn:
        article_drafts.forget(conn, scene.case.number)
        article_drafts.add(conn, replace(draft, commit="", push=Pushed.NOT_YET))
    with pytest.raises(CommitTrouble) as caught:
        scene.make()
    assert caught.value.trouble is Trouble.BUSY


def test_a_remote_that_refuses_leaves_the_commit_here_to_be_pushed_again(scene: Scene) -> None:
    hook = scene.remote.top / ".git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'closed for today' >&2\nexit 1\n")
    hook.chmod(0o755)
    draft = scene.sound()
    assert draft.push is Pushed.REFUSED
    assert draft.said
    assert stage_of(scene.settings, scene.live(), draft) is Stage.OPEN
    hook.unlink()
    again = push_draft(scene.case.db, scene.settings, scene.case.number)
    assert again is not None
    assert (again.push, again.said) == (Pushed.PUSHED, "")
    assert scene.remote.git("rev-parse", scene.branch) == draft.commit
    assert push_draft(scene.case.db, scene.settings, 7) is None


def test_a_bare_repository_without_a_remote_is_committed_to(scene: Scene, tmp_path: Path) -> None:
    bare = scene.remote.clone(tmp_path / "bare.git", "--bare")
    (bare / "config").write_text("[core]\n\tbare = true\n\trepositoryformatversion = 0\n")
    scene.settings = replace(scene.settings, content_repo=bare)
    draft = scene.sound()
    assert draft.push is Pushed.NOWHERE
    assert (bare / "refs/heads" / draft.branch).read_text().strip() == draft.commit


def test_trouble_with_git_leaves_nothing_behind_and_the_next_try_goes_through(
    scene: Scene, tmp_path: Path
) -> None:
    settings = scene.settings
    plain = tmp_path / "plain"
    plain.mkdir()
    scene.settings = replace(settings, content_repo=plain)
    with pytest.raises(CommitTrouble) as caught:
        scene.make()
    assert caught.value.trouble is Trouble.NO_REPOSITORY
    assert draft_of_case(scene.case.db, scene.case.number) is None
    scene.settings = settings
    lock = scene.clone / ".git/refs/heads" / f"{scene.branch}.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("")
    with pytest.raises(CommitTrouble) as caught:
        scene.make()
    assert caught.value.trouble is Trouble.BUSY
    lock.unlink()
    assert scene.sound().article_id == 1043  # a number that was given is not given again


def test_a_title_without_letters_still_has_a_place() -> None:
    assert path_of(replace(DRAFT, title="¿? 失败", category=""), "es", 7) == "articles/7-case/es.md"


@pytest.mark.parametrize("number", [0, 99999999])
def test_no_case_has_no_article(scene: Scene, number: int) -> None:
    assert scene.make(number=number) is Answer.NOT_FOUND
    assert first_draft(scene.case.db, scene.live(), number) is None


def test_customers_make_no_articles(scene: Scene) -> None:
    assert scene.make(who=scene.case.ana) is Answer.NOT_FOUND
    scene.sound()
    forget = forget_draft(
        scene.case.db, scene.settings, scene.live(), scene.case.ana, scene.case.number, NOW
    )
    assert forget is Answer.NOT_FOUND


def test_a_branch_that_somebody_deleted_can_be_begun_again(scene: Scene) -> None:
    draft, live, case = scene.sound(), scene.live(), scene.case

    def forget() -> Answer:
        return forget_draft(case.db, scene.settings, live, case.irene, case.number, NOW)

    assert forget() is Answer.NOT_ALLOWED
    scene.remote.git("--git-dir", str(scene.clone / ".git"), "branch", "-q", "-D", draft.branch)
    assert stage_of(scene.settings, live, draft) is Stage.GONE
    assert forget() is Answer.DONE
    assert forget() is Answer.NOT_FOUND
    assert case.events[-1] == ("article-dropped", "1042", "")
    second = scene.make(replace(DRAFT, title="Otra vez"))
    assert isinstance(second, Made)
    assert second.draft.article_id == 1043


def test_a_merged_branch_is_merged_though_it_is_gone(scene: Scene) -> None:
    draft = scene.sound()
    git = ("--git-dir", str(scene.clone / ".git"))
    scene.remote.git(*git, "update-ref", "refs/heads/main", draft.commit)
    scene.remote.git(*git, "branch", "-q", "-D", draft.branch)
    assert stage_of(scene.settings, scene.live(), draft) is Stage.MERGED
    lost = replace(scene.settings, content_repo=scene.settings.var)
    assert stage_of(lost, scene.live(), draft) is Stage.UNKNOWN


def test_the_first_draft_is_the_story_of_the_case_without_persons(
    scene: Scene, vendor_settings: Settings
) -> None:
    case = scene.case
    case.says(case.ana, 5, body="Soy Ana Prieto, mi servidor es 192.168.1.7 y falla con 0x80070005")
    body = "Hola, Ana:\n\n1. Libere espacio.\n2. Repita.\n\nUn saludo,\nIrene Otero"
    case.says(case.irene, 9, body=body)
    looked = Step("", StepKind.SEARCHED, NOW, "es", "copia bloqueada", 0)
    with case.db.write() as conn:
        visits.keep_lookups(conn, case.number, [looked, replace(looked, query="x", article=7)])
    live = LiveSite(vendor_settings.var).current().site
    found = first_draft(case.db, live, case.number)
    assert found is not None
    draft = found.draft
    assert draft.problem == "Cada noche se detiene a las 02:10 con E000101F4."
    assert draft.resolution == "1. Libere espacio.\n2. Repita."
    assert "Norvault" in draft.environment
    assert "Windows Server 2022" in draft.environment
    assert draft.products == ("backup-server@12",)
    assert draft.error_codes == ("E000101F4", "0x80070005")
    assert (draft.find_with, draft.keywords) == (("copia bloqueada",), ("bloqueada",))
    told = {piece.words for piece in found.pieces}
    assert {"Ana Prieto", "192.168.1.7"} <= told
    assert {"Ana Prieto", "Irene Otero", "ana@example.com"} <= set(found.known)
    assert {"Norvault", "Norvault Backup Server"} <= set(found.spared)


def test_a_sold_key_in_a_case_is_no_word_of_its_draft(scene: Scene) -> None:
    key = sell(scene.case.db, "NBS12-ABCDE-FGHJK-MNPQR-AAAAA")
    scene.case.says(scene.case.irene, 3, body=f"Use la clave {key}.")
    found = first_draft(scene.case.db, scene.live(), scene.case.number)
    assert found is not None
    assert key not in found.draft.resolution
    assert "‹clave 1›" in found.draft.resolution
