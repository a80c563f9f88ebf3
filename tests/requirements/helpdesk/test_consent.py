"""R64 on the free help desk: its conditions are accepted anew for each case."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from kb.actions.live_site import LiveSite
from kb.store import consents
from tests.conftest import NOW
from tests.requirements.helpdesk.steps import BOX, form, number_of, opens, seal_on, words
from tests.visitor import Visitor

Another = Callable[[], Visitor]

REFUSED = "Accept the conditions; without them no case can be opened"

CONDITIONS = {
    "es": (
        "propia copia",
        "medios de instalación",
        "sin licencia",
        "información privada",
        "mi consentimiento",
    ),
    "en": ("own backup", "install media", "unlicensed", "private information", "my consent"),
}


@pytest.mark.parametrize("lang", ["es", "en"])
def test_R64_the_conditions_stand_above_the_form_in_both_languages(noe: Visitor, lang: str) -> None:
    page = form(noe, lang=lang)
    for said in CONDITIONS[lang]:
        assert said in page.text
    assert page.text.index(CONDITIONS[lang][-1]) < page.text.index(
        "El problema en una frase" if lang == "es" else "The problem in one sentence"
    )
    box = re.search(rf'<input[^>]*name="{BOX}"[^>]*>', page.html)
    assert box
    assert "checked" not in box[0]


def test_R64_without_consent_no_case_and_nothing_typed_is_lost(noe: Visitor) -> None:
    page = form(noe)
    back = noe.post(page.url, **words(page, **{BOX: ""}))
    assert REFUSED in back.text
    assert "The tablet does not join the Wi-Fi" in back.html
    assert "Since yesterday it says" in back.html
    assert "Wi-Fi" not in noe.get("/en/my/cases").text
    assert number_of(noe.post(page.url, **words(back)))


@pytest.mark.parametrize("seal", ["y", "on", "1-00000000", "2-b9e2121", "<b>"])
def test_R64_only_the_words_of_today_are_accepted(noe: Visitor, seal: str) -> None:
    """An older version, or a box that a program ticks, is no consent."""
    page = form(noe)
    back = noe.post(page.url, **words(page, **{BOX: seal}))
    assert "These conditions have changed. Read them again" in back.text
    assert not re.search(rf'name="{BOX}"[^>]*checked', back.html)


def test_R64_version_words_and_time_are_kept_with_the_case(
    noe: Visitor, technician: Visitor, app: Flask
) -> None:
    number = opens(noe)
    with app.extensions["waypost"].db.read() as conn:
        (kept,) = consents.of_case(conn, number)
    (now,) = LiveSite(app.extensions["waypost"].settings.var).current().site.policy.consents
    assert (kept.name, kept.version, kept.day, kept.seal) == (
        now.id,
        now.version,
        now.day,
        now.seal,
    )
    assert (kept.at, kept.lang) == (NOW, "en")
    assert tuple(kept.words) == now.words("en")
    for page in (
        noe.get(f"/en/my/cases/{number}"),
        technician.get(f"/en/desk/cases/{number}"),
    ):
        assert "Before a technician helps you" in page.text
        assert f"Version {now.version}, " in page.text
        assert "Accepted on" in page.text
        assert "unlicensed" in page.text


def test_R64_who_disagrees_cannot_go_on_and_is_shown_what_is_left(noe: Visitor) -> None:
    form(noe)
    page = noe.follow("I do not accept them")
    assert "Without your consent we cannot open a case" in page.text
    assert noe.get(page.link("Knowledge base")).status == 200
    assert page.link("Guided troubleshooter")


def test_R64_going_on_from_a_finished_case_asks_again(
    noe: Visitor, technician: Visitor, app: Flask
) -> None:
    number = opens(noe)
    technician.get(f"/en/desk/cases/{number}")
    for to in ("resolved", "closed"):
        technician.post(f"/en/desk/cases/{number}/state", to=to)
    again = f"/en/my/cases/{number}/again"
    page = noe.get(again)
    assert "own backup" in page.text
    body = {"body": "It happens again.", "submission_id": page.hidden("submission_id")}
    assert REFUSED in noe.post(again, **body).text
    opened = noe.post(again, **body, **{BOX: seal_on(page)})
    with app.extensions["waypost"].db.read() as conn:
        assert consents.of_case(conn, number_of(opened))


def test_R64_a_quote_and_a_question_about_the_service_ask_for_no_consent(noe: Visitor) -> None:
    for request in ("quote", "service"):
        page = noe.get(f"/en/contact/case?request={request}&channel=email")
        assert BOX not in page.html
