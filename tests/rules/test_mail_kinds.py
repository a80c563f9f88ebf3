"""Machines are recognised, so that they are never answered (R46)."""

import pytest

from kb.rules.mail_kinds import MOST_HOPS, MailKind, kind_of

OURS = "support@example.com"
PERSON, AUTOMATIC, BOUNCE, LOOP = MailKind


def kind(sender: str = "ana@example.org", report: str = "", **headers: str) -> MailKind:
    named = {name.replace("_", "-"): (value,) for name, value in headers.items()}
    return kind_of(named, sender=sender, ours=OURS, report=report)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, PERSON, id="no header says anything"),
        pytest.param({"auto_submitted": "no"}, PERSON, id="RFC 3834 no"),
        pytest.param({"auto_submitted": "auto-replied"}, AUTOMATIC, id="RFC 3834 auto-replied"),
        pytest.param({"auto_submitted": "Auto-Generated; x=y"}, AUTOMATIC, id="with a parameter"),
        pytest.param({"auto_submitted": "no ; x=y"}, PERSON, id="no with a parameter"),
        pytest.param({"precedence": " Bulk "}, AUTOMATIC, id="precedence bulk"),
        pytest.param({"precedence": "first-class"}, PERSON, id="precedence of a person"),
        pytest.param({"list_id": "<users.example.org>"}, AUTOMATIC, id="mailing list"),
        pytest.param({"x_autoreply": "yes"}, AUTOMATIC, id="old habit"),
        pytest.param({"return_path": "<>"}, AUTOMATIC, id="no return path"),
        pytest.param({"return_path": "<ana@example.org>"}, PERSON, id="a return path"),
        pytest.param({"subject": "Respuesta automática: Re: Caso"}, AUTOMATIC, id="es away"),
        pytest.param({"subject": "Out of Office"}, AUTOMATIC, id="en away"),
        pytest.param({"subject": "The automatic reply is broken"}, PERSON, id="about away mails"),
        pytest.param({"x_waypost_kind": "case-reply"}, LOOP, id="written by a site like this"),
    ],
)
def test_by_headers(headers: dict[str, str], expected: MailKind) -> None:
    assert kind(**headers) is expected


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        pytest.param("MAILER-DAEMON@mx.example.org", AUTOMATIC, id="mailer daemon"),
        pytest.param("no-reply@example.org", AUTOMATIC, id="no-reply"),
        pytest.param("noreply+x1@example.org", AUTOMATIC, id="no-reply with a tag"),
        pytest.param("noreplyfan@example.org", PERSON, id="only begins like it"),
        pytest.param("support@EXAMPLE.com", LOOP, id="the mailbox itself"),
        pytest.param("support+1.abc@example.com", LOOP, id="a reply address"),
        pytest.param("support@example.org", PERSON, id="a mailbox of that name elsewhere"),
        pytest.param("supporter@example.com", PERSON, id="a colleague of the mailbox"),
        pytest.param("", PERSON, id="nobody: held later for having no sender"),
    ],
)
def test_by_sender(sender: str, expected: MailKind) -> None:
    assert kind(sender) is expected


def test_the_mailbox_is_known_however_it_is_set() -> None:
    assert kind_of({}, sender="support@example.com", ours="Support@Example.COM") is LOOP


def test_reports() -> None:
    assert kind(report="delivery-status") is BOUNCE
    assert kind(report="disposition-notification") is AUTOMATIC
    assert kind(OURS, report="delivery-status") is LOOP


def test_a_mail_that_goes_round_in_circles() -> None:
    hops = {"received": ("from a by b",) * (MOST_HOPS + 1)}
    assert kind_of(hops, sender="ana@example.org", ours=OURS) is LOOP
    assert kind_of({"received": ("x",) * MOST_HOPS}, sender="a@b.c", ours=OURS) is PERSON
