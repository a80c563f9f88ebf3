"""The shape of `policy/licensing.yaml`."""

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from kb.content.policy_forms import Id
from kb.content.validate import Form
from kb.content.words import NO_WORDS, Words
from kb.rules.licensing import Section

UNLIMITED = "unlimited"
MOST = 100_000

T = TypeVar("T")


def _machines(value: Any) -> Any:
    if value == UNLIMITED:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST:
        return value
    what = f"“{value}” is no number of virtual machines"
    raise ValueError(f"{what}; write 1 to {MOST}, or {UNLIMITED}")


def _some(entries: T) -> T:
    if not entries:  # pydantic's own minimum also speaks when an entry is wrong
        raise ValueError("this list is empty; write an entry, or remove the section")
    return entries


Licences = Annotated[int, Field(ge=1, le=1000)]
PerHost = Annotated[int | None, BeforeValidator(_machines)]
Article = Annotated[int, Field(ge=1)] | None


class CountedForm(Form):
    """Machines of one kind."""

    id: Id
    name: Words
    hint: Words = NO_WORDS
    product: str
    licences: Licences


class CountingForm(Form):
    """The sections systems, rescue and add_ons."""

    rule: Words
    article: Article = None
    machines: Annotated[tuple[CountedForm, ...], AfterValidator(_some)]


class EditionForm(Form):
    """What one licence of an edition covers on one host."""

    id: Id
    product: str
    versions: tuple[str, ...] = ()
    host: bool
    machines: PerHost
    note: Words = NO_WORDS


class HostsForm(Form):
    """The section hosts."""

    rule: Words
    article: Article = None
    editions: Annotated[tuple[EditionForm, ...], AfterValidator(_some)]


class DeploymentForm(Form):
    """The section deployment."""

    rule: Words
    article: Article = None
    product: str
    per_machine: Licences
    per_agent: Licences
    agent_reuses_licence: bool


class ContactForm(Form):
    """The request, and its topic, with which a customer asks about the result."""

    request: str
    topic: str = ""


class LicensingForm(Form):
    """The keys of licensing.yaml."""

    guide: str = ""
    contact: ContactForm | None = None
    note: Words = NO_WORDS
    systems: CountingForm | None = None
    hosts: HostsForm | None = None
    rescue: CountingForm | None = None
    deployment: DeploymentForm | None = None
    add_ons: CountingForm | None = None

    @model_validator(mode="after")
    def _counts_something(self) -> "LicensingForm":
        if not any(getattr(self, section) for section in Section):
            what = "this file counts nothing"
            raise ValueError(f"{what}; write one of {', '.join(Section)}, or remove the file")
        return self
