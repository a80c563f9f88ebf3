"""What the end of a walk shows: what goes along to support, which product or page is named."""

from urllib.parse import urlsplit

from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.pages.troubleshooter_views import StepView
from kb.rules.policy import Policy, Severity
from kb.rules.trees import ContactEnd, LinkEnd, ProductEnd
from kb.rules.walk import Outcome

KINDS = {
    "contact": "contact",
    "product": "product",
    "calculator": "calculator",
    "link": "link",
    "return": "unsolved",
}


class End:
    """The details of an end: what goes along to support, which product is recommended."""

    def __init__(self, view: StepView, policy: Policy) -> None:
        self._policy = policy
        self._view = view
        node = view.node
        self.node = node
        self.kind = KINDS.get(node.kind, "solved")
        if view.position.outcome is Outcome.UNSOLVED:
            self.kind = "unsolved"
        if isinstance(node, ProductEnd):
            self.product = policy.products[node.product]

    @property
    def contact(self) -> str:
        """The contact wizard, filled in with what this end knows."""
        node = self.node
        if not isinstance(node, ContactEnd):
            return self._view.contact
        return self._view.place.contact(
            self._view.position,
            request=node.request,
            topic=node.topic,
            severity=node.severity,
            title=node.title,
        )

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the case will hold already, in words."""
        node = self.node
        if not isinstance(node, ContactEnd):
            return []
        lang = self._view.place.lang
        request = self._policy.requests[node.request]
        topic = request.topic(node.topic or "")
        facts = [(_("Request"), request.name.in_(lang))]
        if topic:
            facts.append((_("Topic"), topic.name.in_(lang)))
        chosen = self._view.place.chosen
        if chosen:
            facts.append((_("Product"), self._view.place.product_name(chosen)))
        if node.severity:
            info = self._policy.severities[Severity(node.severity)]
            facts.append((_("Severity"), f"{node.severity} · {info.name.in_(lang)}"))
        count = len(self._view.position.trail)
        answers = ngettext("The one on this page", "The %(num)s on this page", count)
        facts += [(_("Title"), node.title)] if node.title else []
        return [*facts, (_("Your answers"), answers)] if count else facts

    @property
    def host(self) -> str:
        """The other site that a link leads to."""
        return urlsplit(self.node.url).hostname or "" if isinstance(self.node, LinkEnd) else ""

    @property
    def calculator(self) -> str:
        """The licence calculator (R52–R56)."""
        return f"/{self._view.place.lang}/licences/calculator"
