"""A case knows when the article made of it is published, and its customer is told once."""

from pathlib import Path

import pytest

from kb.actions.account_erase import Farewell, delete_account
from kb.actions.case_articles import Stage, draft_of_case, stage_of
from kb.actions.case_terms import merge
from kb.mail import Letters
from kb.rules.policy import Policy
from kb.store import Database, article_drafts
from tests.actions.article_scene import PUBLISHED, Scene
from tests.actions.case_stories import after, another, story
from tests.actions.people import NOW, own


@pytest.fixture
def scene(db: Database, policy: Policy, letters: Letters, tmp_path: Path) -> Scene:
    return Scene.made(story(db, policy, letters), tmp_path)


def test_a_published_article_is_noted_and_its_customer_told_once(scene: Scene) -> None:
    draft = scene.sound()
    assert scene.look(scene.live()) == 0
    waits = scene.publish(draft.path, PUBLISHED.replace("status: published", "status: draft"))
    assert stage_of(scene.settings, waits, draft) is Stage.MERGED
    assert scene.look(waits) == 0
    site = scene.publish(draft.path, PUBLISHED)
    assert [scene.look(site) for _ in range(2)] == [1, 0]
    (mail,) = scene.case.mails("case-article")
    assert mail.recipient == "ana@example.com"
    assert "https://help.example.com/es/kb/1042-la-copia-se-detiene" in mail.text
    assert scene.case.events[-1] == ("article-published", "", "1042")
    noted = draft_of_case(scene.case.db, scene.case.number)
    assert noted is not None
    assert (noted.published_at, stage_of(scene.settings, site, noted)) == (NOW, Stage.PUBLISHED)
    with scene.case.db.write() as conn:
        assert not article_drafts.forget(conn, scene.case.number)


def test_an_internal_article_is_noted_for_agents_alone(scene: Scene) -> None:
    draft = scene.sound()
    text = PUBLISHED.replace("audience: public", "audience: internal")
    assert scene.look(scene.publish(draft.path, text)) == 1
    assert scene.case.mails("case-article") == []
    assert scene.case.events[-1] == ("article-internal", "", "1042")


def test_another_article_with_the_same_number_is_not_it(scene: Scene) -> None:
    draft = scene.sound()
    other = draft.path.replace("la-copia-se-detiene", "something-else")
    assert scene.look(scene.publish(other, PUBLISHED)) == 0
    moved = PUBLISHED.replace("status:", "moved_from: [1042-la-copia-se-detiene]\nstatus:")
    assert scene.look(scene.publish(other, moved)) == 1


def test_the_customer_of_a_merged_case_is_told_in_the_one_that_goes_on(
    scene: Scene, policy: Policy
) -> None:
    case = scene.case
    draft = scene.sound()
    assert case.ana.user_id is not None
    asset = own(case.db, policy, case.ana.user_id, "NBS12-ZZZZZ-FGHJK-MNPQR-STVWX", plan="premier")
    other = another(case, asset)
    merge(case.db, policy, case.letters, case.irene, case.number, other, after(5))
    assert scene.look(scene.publish(draft.path, PUBLISHED)) == 1
    (mail,) = case.mails("case-article")
    assert mail.case_number == other


def test_who_deleted_their_account_is_told_nothing_and_the_draft_stays(
    scene: Scene, policy: Policy
) -> None:
    draft = scene.sound()
    assert scene.case.ana.user_id is not None
    done = delete_account(
        scene.case.db, policy, scene.case.letters, scene.case.ana.user_id, after(9)
    )
    assert done is Farewell.DONE
    assert draft_of_case(scene.case.db, scene.case.number) == draft
    assert scene.look(scene.publish(draft.path, PUBLISHED)) == 1
    assert scene.case.mails("case-article") == []
