"""What becomes of a mail that came in: facts in, verdict with its reason out (R46, DESIGN §3).

A mail joins a case only by a signed token and a sender who is on that case. Whatever is not
certain is held for an agent; nothing here is ever thrown away."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from kb.rules.mail_kinds import MailKind


class Fate(StrEnum):
    """What is done with a mail.

    FOLLOW: a case linked to one that is over; WORK: an agent's reply or note; ANSWER: one answer
    that points to the site; FILE: kept and left alone; BOUNCE: an address
    that cannot be reached is marked."""

    JOIN = "join"
    OPEN = "open"
    FOLLOW = "follow"
    WORK = "work"
    ANSWER = "answer"
    HOLD = "hold"
    FILE = "file"
    BOUNCE = "bounce"


class Why(StrEnum):
    """The reason of a verdict; agents read it in words."""

    TOKEN = "token"  # noqa: S105 # not a password
    ENTITLED = "entitled"
    STRANGER = "stranger"
    NOT_ON_CASE = "not-on-case"
    FORGED = "forged"
    TWO_CASES = "two-cases"
    NO_SUCH_CASE = "no-such-case"
    CHANGED_SUBJECT = "changed-subject"
    NUMBER_ONLY = "number-only"
    OVER = "over"
    AGENT = "agent"
    AGENT_NOT_PROVEN = "agent-not-proven"
    AGENT_WITHOUT_CASE = "agent-without-case"
    NOT_ENTITLED = "not-entitled"
    CONSENT = "consent"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too-large"
    EMPTY = "empty"
    NO_SENDER = "no-sender"
    NOT_PROVEN = "not-proven"
    TOO_MANY = "too-many"
    CASE_TOO_MANY = "case-too-many"
    AUTOMATIC = "automatic"
    LOOP = "loop"
    BOUNCED = "bounced"


class Legible(StrEnum):
    """How much of a mail could be understood."""

    YES = "yes"
    NO = "no"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too-large"
    EMPTY = "empty"


class OnCase(StrEnum):
    """How the sender stands to the case that the token names."""

    YES = "yes"
    NO = "no"
    OVER = "over"  # theirs, and it takes no more words (R66)
    AGENT = "agent"  # an agent's address
    UNKNOWN = "unknown"  # there is no such case


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the verdict depends on.

    `tokens` are the cases that valid tokens name, `forged` says that a mark is there whose
    signature is wrong, `proven` that the receiving server found no lie about the sender,
    `vouched` that it found the sender to be true; `agent` that the address is an agent's.
    `names_case` means that the subject has the number of a case of the sender without its mark,
    `known` that the sender has a confirmed account, `entitled` that the policy gives it a case by
    mail (one that goes on from the token's case, where that is over), `consent` that such a case
    asks for a consent, which a mail cannot give (R64); `too_many` and `case_too_many` that the
    limits on mails are passed."""

    kind: MailKind = MailKind.PERSON
    legible: Legible = Legible.YES
    sender: str = ""
    proven: bool = True
    vouched: bool = False
    agent: bool = False
    tokens: frozenset[int] = frozenset()
    forged: bool = False
    on_case: OnCase = OnCase.UNKNOWN
    subject: str = ""
    case_title: str = ""
    names_case: bool = False
    known: bool = False
    entitled: bool = False
    consent: bool = False
    too_many: bool = False
    case_too_many: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a mail and why; `case` is the number it joins."""

    fate: Fate
    why: Why
    case: int | None = None


_LEGIBLE = {
    Legible.NO: Why.UNREADABLE,
    Legible.ENCRYPTED: Why.ENCRYPTED,
    Legible.TOO_LARGE: Why.TOO_LARGE,
    Legible.EMPTY: Why.EMPTY,
}
_ON_CASE = {
    OnCase.NO: Why.NOT_ON_CASE,
    OnCase.UNKNOWN: Why.NO_SUCH_CASE,
}
_PREFIX = re.compile(  # at the start only: “Error: …” ends in one of them
    r"\A(?:(?:re|r|rv|fw|fwd|wg|aw|sv|vs|tr|res|enc|antw)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<!\d)\d{6,18}(?!\d)")
_MARK = re.compile(r"\[#\d{1,18}\s*·\s*[a-z2-7]{12}\]", re.IGNORECASE)


def judge(facts: Facts) -> Verdict:
    """Decide what becomes of a mail; machines first, so that nothing they send is answered."""
    machine = _machine(facts.kind)
    if machine is not None:
        return machine
    wrong = _flaw(facts)
    if wrong is not None:
        return Verdict(Fate.HOLD, wrong)
    if facts.tokens:
        return _join(facts)
    if facts.agent:
        return Verdict(Fate.HOLD, Why.AGENT_WITHOUT_CASE)
    if facts.names_case:
        return Verdict(Fate.HOLD, Why.NUMBER_ONLY)
    return _new(facts)


def _machine(kind: MailKind) -> Verdict | None:
    if kind is MailKind.BOUNCE:
        return Verdict(Fate.BOUNCE, Why.BOUNCED)
    if kind is MailKind.LOOP:
        return Verdict(Fate.FILE, Why.LOOP)
    return Verdict(Fate.FILE, Why.AUTOMATIC) if kind is MailKind.AUTOMATIC else None


def _flaw(facts: Facts) -> Why | None:
    """The first thing that keeps a person's mail from being taken as it is."""
    if facts.legible in _LEGIBLE:
        return _LEGIBLE[facts.legible]
    found = (
        (not facts.sender, Why.NO_SENDER),
        (not facts.proven, Why.NOT_PROVEN),
        (facts.forged, Why.FORGED),
        (len(facts.tokens) > 1, Why.TWO_CASES),
        (facts.too_many, Why.TOO_MANY),
    )
    return next((why for holds, why in found if holds), None)


def _join(facts: Facts) -> Verdict:
    (number,) = facts.tokens
    if facts.on_case in _ON_CASE:
        return Verdict(Fate.HOLD, _ON_CASE[facts.on_case])
    if facts.on_case is OnCase.AGENT and not facts.vouched:
        return Verdict(Fate.HOLD, Why.AGENT_NOT_PROVEN)
    if not same_subject(facts.subject, facts.case_title):
        return Verdict(Fate.HOLD, Why.CHANGED_SUBJECT)
    if facts.case_too_many:
        return Verdict(Fate.HOLD, Why.CASE_TOO_MANY)
    if facts.on_case is OnCase.AGENT:
        return Verdict(Fate.WORK, Why.AGENT, number)
    if facts.on_case is OnCase.OVER:
        return _go_on(facts, number)
    return Verdict(Fate.JOIN, Why.TOKEN, number)


def _go_on(facts: Facts, number: int) -> Verdict:
    """A case that is over takes no more words: they begin a linked one, where the policy gives
    the sender one, else the site says what to do (R66)."""
    if not facts.entitled:
        return Verdict(Fate.ANSWER, Why.OVER)
    if facts.consent:
        return Verdict(Fate.ANSWER, Why.CONSENT)
    return Verdict(Fate.FOLLOW, Why.OVER, number)


def _new(facts: Facts) -> Verdict:
    if not facts.known:
        return Verdict(Fate.ANSWER, Why.STRANGER)
    if not facts.entitled:
        return Verdict(Fate.ANSWER, Why.NOT_ENTITLED)
    if facts.consent:
        return Verdict(Fate.ANSWER, Why.CONSENT)
    return Verdict(Fate.OPEN, Why.ENTITLED)


def same_subject(subject: str, title: str) -> bool:
    """Tell whether a reply is still about its case: it carries the mark, or the case's title, or
    says nothing. A new subject on an old mail is a new problem (R45), and an agent looks at it."""
    bare = without_prefix(subject)
    return bool(not bare or _MARK.search(subject) or (title and _plain(title) in _plain(bare)))


def numbers_in(subject: str) -> tuple[int, ...]:
    """Return the numbers in a subject that may be a case's, at most five."""
    return tuple(int(found) for found in _NUMBER.findall(subject)[:5])


def without_prefix(subject: str) -> str:
    """Return a subject without “Re:”, “RV:” and the like, and without a case's mark."""
    return _PREFIX.sub("", _MARK.sub("", subject).strip(), count=1).strip()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
