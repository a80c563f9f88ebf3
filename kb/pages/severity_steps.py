"""The questions that end in a severity, one a page: for customers, and for agents who look at them
as a customer (R33–R36)."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kb.pages import ways
from kb.pages.frame import live
from kb.rules.contact import Wish, asked_severity, next_severity
from kb.rules.entitlement import Allowed, Decision
from kb.rules.policy import Channel, Severity, SeverityInfo


@dataclass(frozen=True, slots=True)
class SeverityStep:
    """Where the answers lead: to the next question, to a severity, or (`more`) to an address with
    one more no in it; nowhere where the policy asks nothing."""

    no: tuple[str, ...]
    asked: SeverityInfo | None
    found: SeverityInfo | None
    more: tuple[str, ...] | None

    @property
    def leads_nowhere(self) -> bool:
        return self.asked is None and self.found is None


def severity_step(given: "MultiDict[str, str]") -> SeverityStep:
    """Read the answers of an address: each `no`, and what was just said."""
    policy = live().site.policy
    said, _dash, letter = given.get("say", "").partition("-")
    no = tuple(one for one in given.getlist("no") if one in set(Severity))
    return SeverityStep(
        no=no,
        asked=asked_severity(policy, no),
        found=next_severity(policy, no, letter if said == "yes" else ""),
        more=(*no, letter) if said == "no" and letter in set(Severity) else None,
    )


def expected_answer(decision: Decision, chosen: Wish, channel: str = "") -> str:
    """What answer may be expected for a severity, by the channel chosen or the first."""
    if not isinstance(decision, Allowed):
        return ""
    grant = (decision.grant(channel) if channel else None) or decision.channels[0]
    info = live().site.policy.channels[Channel(grant.channel)]
    return ways.answer_words(grant, info, ways.severity_of(chosen))
