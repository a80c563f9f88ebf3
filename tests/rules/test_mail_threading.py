"""R46: what becomes of a mail, a row for each rule; and that cases are never crossed."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.mail_kinds import MailKind
from kb.rules.mail_threading import (
    Facts,
    Fate,
    Legible,
    OnCase,
    Verdict,
    Why,
    judge,
    numbers_in,
    same_subject,
    without_prefix,
)

TITLE = "La copia nocturna se detiene"
MARK = "[#10004817 · abcdefghijkl]"
SUBJECT = f"Re: Caso 10004817: {TITLE} {MARK}"

NEW = Facts(sender="ana@example.org", subject="No arranca", known=True, entitled=True)
REPLY = replace(
    NEW, subject=SUBJECT, case_title=TITLE, tokens=frozenset({10004817}), on_case=OnCase.YES
)
WORK = replace(REPLY, on_case=OnCase.AGENT, agent=True, vouched=True)


def held(why: Why) -> Verdict:
    return Verdict(Fate.HOLD, why)


def filed(why: Why) -> Verdict:
    return Verdict(Fate.FILE, why)


JOIN = Verdict(Fate.JOIN, Why.TOKEN, 10004817)
OPEN = Verdict(Fate.OPEN, Why.ENTITLED)


@pytest.mark.parametrize(
    ("facts", "changes", "expected"),
    [
        pytest.param(REPLY, {}, JOIN, id="R46 token and sender"),
        pytest.param(REPLY, {"subject": f"RE: {TITLE}"}, JOIN, id="R46 token in the address"),
        pytest.param(REPLY, {"subject": ""}, JOIN, id="R46 an empty subject changes nothing"),
        pytest.param(REPLY, {"on_case": OnCase.NO}, held(Why.NOT_ON_CASE), id="a stranger"),
        pytest.param(
            REPLY, {"on_case": OnCase.OVER}, Verdict(Fate.FOLLOW, Why.OVER, 10004817), id="R66 over"
        ),
        pytest.param(
            REPLY,
            {"on_case": OnCase.OVER, "entitled": False},
            Verdict(Fate.ANSWER, Why.OVER),
            id="R66 over, no plan",
        ),
        pytest.param(
            REPLY,
            {"on_case": OnCase.OVER, "consent": True},
            Verdict(Fate.ANSWER, Why.CONSENT),
            id="R66 over, asks for consent",
        ),
        pytest.param(
            REPLY,
            {"on_case": OnCase.OVER, "subject": "Otra cosa"},
            held(Why.CHANGED_SUBJECT),
            id="R66 over, another subject",
        ),
        pytest.param(WORK, {}, Verdict(Fate.WORK, Why.AGENT, 10004817), id="an agent's answer"),
        pytest.param(WORK, {"vouched": False}, held(Why.AGENT_NOT_PROVEN), id="perhaps an agent"),
        pytest.param(WORK, {"proven": False}, held(Why.NOT_PROVEN), id="a forged agent"),
        pytest.param(WORK, {"forged": True}, held(Why.FORGED), id="an agent, a forged mark"),
        pytest.param(
            WORK, {"tokens": frozenset()}, held(Why.AGENT_WITHOUT_CASE), id="an agent, no case"
        ),
        pytest.param(
            NEW,
            {"consent": True},
            Verdict(Fate.ANSWER, Why.CONSENT),
            id="R64 a mail gives no consent",
        ),
        pytest.param(REPLY, {"on_case": OnCase.UNKNOWN}, held(Why.NO_SUCH_CASE), id="no such case"),
        pytest.param(REPLY, {"forged": True}, held(Why.FORGED), id="a forged mark beside it"),
        pytest.param(NEW, {"forged": True}, held(Why.FORGED), id="a forged mark"),
        pytest.param(REPLY, {"proven": False}, held(Why.NOT_PROVEN), id="a sender that is a lie"),
        pytest.param(REPLY, {"sender": ""}, held(Why.NO_SENDER), id="no sender"),
        pytest.param(
            REPLY, {"tokens": frozenset({1, 2})}, held(Why.TWO_CASES), id="tokens of two cases"
        ),
        pytest.param(
            REPLY, {"subject": "Otra cosa"}, held(Why.CHANGED_SUBJECT), id="R45 a new subject"
        ),
        pytest.param(
            REPLY,
            {"subject": "Otra cosa", "case_title": ""},
            held(Why.CHANGED_SUBJECT),
            id="no title to compare",
        ),
        pytest.param(REPLY, {"too_many": True}, held(Why.TOO_MANY), id="a flood of one sender"),
        pytest.param(
            REPLY, {"case_too_many": True}, held(Why.CASE_TOO_MANY), id="a flood in one case"
        ),
        pytest.param(REPLY, {"legible": Legible.NO}, held(Why.UNREADABLE), id="unreadable"),
        pytest.param(REPLY, {"legible": Legible.ENCRYPTED}, held(Why.ENCRYPTED), id="encrypted"),
        pytest.param(REPLY, {"legible": Legible.TOO_LARGE}, held(Why.TOO_LARGE), id="over 25 MB"),
        pytest.param(REPLY, {"legible": Legible.EMPTY}, held(Why.EMPTY), id="empty"),
        pytest.param(REPLY, {"kind": MailKind.AUTOMATIC}, filed(Why.AUTOMATIC), id="away mail"),
        pytest.param(REPLY, {"kind": MailKind.LOOP}, filed(Why.LOOP), id="our own mail"),
        pytest.param(
            REPLY, {"kind": MailKind.BOUNCE}, Verdict(Fate.BOUNCE, Why.BOUNCED), id="a bounce"
        ),
        pytest.param(NEW, {}, OPEN, id="R44 a new case of an entitled customer"),
        pytest.param(
            NEW, {"names_case": True}, held(Why.NUMBER_ONLY), id="a number without its mark"
        ),
        pytest.param(
            NEW, {"entitled": False}, Verdict(Fate.ANSWER, Why.NOT_ENTITLED), id="not entitled"
        ),
        pytest.param(
            NEW,
            {"known": False, "entitled": False},
            Verdict(Fate.ANSWER, Why.STRANGER),
            id="nobody we know",
        ),
        pytest.param(NEW, {"too_many": True}, held(Why.TOO_MANY), id="a flood of new mails"),
    ],
)
def test_verdicts(facts: Facts, changes: dict[str, Any], expected: Verdict) -> None:
    assert judge(replace(facts, **changes)) == expected


def test_what_nobody_found_out_opens_nothing() -> None:
    """A fact that was not gathered counts against the mail, not for it."""
    assert judge(Facts(sender="x@example.com")) == Verdict(Fate.ANSWER, Why.STRANGER)
    assert judge(Facts(sender="x@example.com", known=True)).fate is Fate.ANSWER
    assert judge(Facts(tokens=frozenset({1}), sender="x@example.com")).fate is Fate.HOLD


@pytest.mark.parametrize(
    ("subject", "same"),
    [
        (SUBJECT, True),
        (f"RV: FW: Re[2]: {TITLE}", True),
        (f"AW: CASO: {TITLE.upper()}", True),
        ("Re: ", True),
        (SUBJECT.replace(TITLE, "otra cosa"), True),  # the mark alone tells it
        ("Re: factura de marzo", False),
        ("factura", False),
    ],
)
def test_the_subject_of_a_reply(subject: str, same: bool) -> None:
    assert same_subject(subject, TITLE) is same


def test_what_a_subject_says() -> None:
    assert without_prefix(f"Re: RV: Hola {MARK}") == "Hola"
    assert without_prefix("Recovery fails") == "Recovery fails"
    assert without_prefix("Re: Error: disk not found") == "Error: disk not found"
    assert without_prefix("Server: no backup") == "Server: no backup"
    assert numbers_in("Caso 10004817 y 123, tel. 1234567890123456789") == (10004817,)
    assert numbers_in(" ".join(str(10004810 + n) for n in range(9))) == tuple(
        range(10004810, 10004815)
    )
    assert without_prefix(f" {MARK}  RV:  Hola ") == "Hola"


facts = st.builds(
    Facts,
    kind=st.sampled_from(MailKind),
    legible=st.sampled_from(Legible),
    sender=st.sampled_from(["", "ana@example.org"]),
    proven=st.booleans(),
    vouched=st.booleans(),
    agent=st.booleans(),
    tokens=st.frozensets(st.sampled_from([1, 2, 3]), max_size=2),
    forged=st.booleans(),
    on_case=st.sampled_from(OnCase),
    subject=st.sampled_from(["", SUBJECT, TITLE, "otra"]),
    case_title=st.just(TITLE),
    names_case=st.booleans(),
    known=st.booleans(),
    entitled=st.booleans(),
    too_many=st.booleans(),
    case_too_many=st.booleans(),
)


@given(facts)
def test_only_a_token_and_a_sender_on_the_case_join_it(one: Facts) -> None:
    verdict = judge(one)
    if verdict.fate is Fate.JOIN:
        assert one.tokens == {verdict.case}
        assert (one.on_case, one.forged, one.proven) == (OnCase.YES, False, True)
        assert one.sender


@given(facts)
def test_nobody_speaks_as_an_agent_whom_no_server_vouches_for(one: Facts) -> None:
    verdict = judge(one)
    if verdict.fate is Fate.WORK:
        assert one.tokens == {verdict.case}
        assert (one.on_case, one.vouched, one.proven, one.forged) == (
            OnCase.AGENT,
            True,
            True,
            False,
        )


@given(facts)
def test_only_a_persons_mail_ever_causes_anything(one: Facts) -> None:
    verdict = judge(one)
    if verdict.fate in {Fate.JOIN, Fate.OPEN, Fate.FOLLOW, Fate.WORK, Fate.ANSWER}:
        assert (one.kind, one.legible) == (MailKind.PERSON, Legible.YES)
        assert not one.too_many
    if verdict.fate is Fate.OPEN:
        assert one.known
        assert one.entitled
        assert not one.tokens
