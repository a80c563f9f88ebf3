"""May this customer contact support, how, and why: the decision and its facts."""

from dataclasses import dataclass

from kb.rules.policy import Channel


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the decision may look at; each has a finite domain once numbers are cut
    at the thresholds that occur in the rules."""

    request: str
    topic: str = "other"
    edition: str = "none"  # trial | full | none
    market: str = "none"  # business | home | home-office | none (no product)
    oem: str = "no"  # no | pay-per-incident | ordinary
    licensing: str = "perpetual"  # perpetual | term
    lifecycle: str = "supported"  # supported | unsupported
    registered: str = "no"  # yes | no: the product is registered to this account
    plan_state: str = "none"  # active | expired | none
    plan: str = "none"  # the plan's id while active or expired
    days_since_purchase: int | None = None
    credit: str = "no"  # yes | no: an unused paid incident for this product


@dataclass(frozen=True, slots=True)
class ChannelGrant:
    """One channel the customer may use, by which rule, on which calendar, to which target."""

    channel: Channel
    rule: str
    calendar: str
    plan: str | None = None
    free: bool = False
    uses_credit: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    channels: tuple[ChannelGrant, ...]
    why: tuple[str, ...]  # ids of the rules that spoke, in order
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    rule: str
    why: tuple[str, ...]
    instead: tuple[str, ...]
    offers: tuple[str, ...] = ()


Decision = Allowed | Refused
