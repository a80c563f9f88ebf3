"""R44, R46: mail that comes in joins its case, opens one, is answered once, or is held."""

from dataclasses import replace

import pytest

from kb.actions.mail_room import Mailroom
from kb.mail import Letters
from kb.rules.mail_threading import Why
from kb.store import (
    Database,
    audit,
    cases,
    outbox,
)
from kb.store.mail_in import MailInState
from tests.actions.mail_box import Sort, mails, replies
from tests.actions.people import agent, customer
from tests.mail.written import answer_to, mail


def test_r46_a_reply_joins_its_case(
    db: Database, letters: Letters, number: int, sort: Sort
) -> None:
    found = sort(answer_to(letters, number))
    assert (found.state, found.why, found.case_number) == ("joined", "token", number)
    assert replies(db, number)[1:] == ["Sigue igual."]
    with db.read() as conn:
        assert audit.of_subject(conn, f"mail:{found.id}")[0].what == "mail.joined"


@pytest.mark.parametrize(
    "left",
    [
        pytest.param({"subject": "Re: La copia nocturna se detiene", "in_reply_to": "<x@y>",
                      "references": "<x@y>"}, id="only the address"),
        pytest.param({"to": "support@example.com", "in_reply_to": "<x@y>", "references": "<x@y>"},
                     id="only the subject"),
        pytest.param({"to": "support@example.com", "references": "",
                      "subject": "RE: La copia nocturna se detiene"}, id="only In-Reply-To"),
    ],
)  # fmt: skip
def test_r46_one_mark_is_enough(
    letters: Letters, number: int, sort: Sort, left: dict[str, str]
) -> None:
    assert sort(answer_to(letters, number, **left)).state is MailInState.JOINED


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"sender": "eve@example.org"}, Why.NOT_ON_CASE, id="a stranger with the mark"),
        pytest.param(
            {"sender": "irene@example.com"}, Why.AGENT_NOT_PROVEN, id="perhaps an agent's"
        ),
        pytest.param({"subject": "Otra avería"}, Why.CHANGED_SUBJECT, id="a changed subject"),
        pytest.param(
            {"subject": "[#10000001 · aaaaaaaaaaaa]"}, Why.FORGED, id="a forged mark beside it"
        ),
        pytest.param(
            {"sender": "ana@example.com, eve@example.org"}, Why.NO_SENDER, id="two senders"
        ),
        pytest.param({"text": ""}, Why.EMPTY, id="nothing said"),
    ],
)
def test_r46_what_is_not_certain_is_held_and_changes_nothing(
    db: Database, letters: Letters, number: int, sort: Sort, changes: dict[str, str], why: Why
) -> None:
    agent(db)
    before = mails(db)
    found = sort(answer_to(letters, number, **changes))
    assert (found.state, found.why) == ("held", why)
    assert len(replies(db, number)) == 1
    assert mails(db) == before


def test_r46_a_forged_token_of_a_known_customer(db: Database, ana: int, sort: Sort) -> None:
    found = sort(mail(to="support+10000001.aaaaaaaaaaaa@example.com"))
    assert (found.state, found.why) == ("held", Why.FORGED)


def test_a_sender_that_our_server_found_false_is_held(
    db: Database, letters: Letters, number: int, room: Mailroom, sort: Sort
) -> None:
    strict = replace(room, authserv="mx.example.com")
    lie = {"authentication_results": "mx.example.com; dmarc=fail header.from=example.com"}
    assert sort(answer_to(letters, number, **lie), strict).why == Why.NOT_PROVEN
    other = {"authentication_results": "elsewhere.example; dmarc=fail"}
    assert sort(answer_to(letters, number, **other), strict).state is MailInState.JOINED


def test_r44_a_mail_of_an_entitled_customer_opens_a_case(
    db: Database, ana: int, sort: Sort
) -> None:
    found = sort(mail(subject="RV: No arranca"))
    assert (found.state, found.why) == ("opened", Why.ENTITLED)
    with db.read() as conn:
        case = cases.by_number(conn, found.case_number or 0)
        (sent,) = outbox.all_mail(conn, case_number=found.case_number)
    assert case
    assert (case.title, case.channel, case.request) == ("No arranca", "email", "technical")
    assert case.product == "backup-server"
    assert sent.kind == "case-opened"
    assert str(case.number) in sent.subject
    assert "<html" in (sent.html or "")


def test_a_mail_that_names_a_case_without_its_mark_is_held(
    db: Database, number: int, sort: Sort
) -> None:
    assert sort(mail(subject=f"Sobre el caso {number}")).why == Why.NUMBER_ONLY
    assert sort(mail(subject="Error 10000099")).state is MailInState.OPENED


def test_a_stranger_is_pointed_to_the_site_once_a_day(db: Database, sort: Sort) -> None:
    for text in ("uno", "dos", "tres"):
        assert sort(mail("eve@example.org", text=text)).state is MailInState.ANSWERED
    assert mails(db) == ["mail-stranger"]
    with db.read() as conn:
        (sent,) = outbox.all_mail(conn)
    assert sent.headers["Auto-Submitted"] == "auto-replied"
    assert "uno" not in sent.text


def test_a_known_customer_without_a_plan_learns_why(db: Database, sort: Sort) -> None:
    customer(db, "luis@example.com", lang="en")
    assert sort(mail("luis@example.com")).why == Why.NOT_ENTITLED
    with db.read() as conn:
        (sent,) = outbox.all_mail(conn)
    assert (sent.kind, sent.lang) == ("mail-not-entitled", "en")


def test_an_unconfirmed_account_is_nobody(db: Database, sort: Sort) -> None:
    customer(db, "luis@example.com", confirmed_at=None)
    assert sort(mail("luis@example.com")).why == Why.STRANGER
