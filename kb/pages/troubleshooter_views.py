"""What the troubleshooter's templates show of a position: words, addresses, the end's details."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlencode

from kb.content.compiled import CompiledSite, Page
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.rules.articles import Article
from kb.rules.policy import Policy, Severity
from kb.rules.trees import (
    NO,
    YES,
    ArticleEnd,
    ContactEnd,
    Input,
    InputKind,
    ProductEnd,
    Purpose,
    Question,
    Tree,
)
from kb.rules.typed import Bad
from kb.rules.walk import Answered, Outcome, Position, encode
from kb.rules.walk import question as question_of

ASKED = "_asked"
PRODUCT = "product"
SHOWN_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where walks are shown: language, the product they began with, the compiled site."""

    lang: str
    product: str
    site: CompiledSite

    def address(self, position: Position, answers: Mapping[str, str], key: str = "") -> str:
        """Return the address of a node with these answers. Written out as in the URL map: a step
        has many of them, and `url_for` would cost more than the rest of the page."""
        query = {**answers, PRODUCT: self.product} if self.product else answers
        path = f"/{self.lang}/troubleshoot/{position.tree.id}/{quote(key or position.key)}"
        return f"{path}?{urlencode(query)}" if query else path

    def contact(self, position: Position, **wish: str | None) -> str:
        """Return the address of the contact wizard, the walk carried along."""
        given = {**wish, PRODUCT: self.product, "walk": encode(position) if position.trail else ""}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/{self.lang}/contact/" + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the trail as it is read."""

    question: str
    answer: str
    change: str


class StepView:
    """A position for the template; every text in the reader's language."""

    def __init__(
        self, position: Position, shelf: Mapping[str, Tree], place: Place, stale: bool
    ) -> None:
        self.position = position
        self.tree = position.tree
        self.node = position.node
        self.stale = stale
        self.place = place
        self._shelf = shelf
        self._answers = position.answers | {a.key: a.value for a in position.later}
        self._all = (
            self._answers
            if position.typed is None
            else self._answers | {position.key: position.typed}
        )

    @cached_property
    def trail(self) -> list[Said]:
        """The answers before this node, each with the address where it can be changed."""
        return [
            Said(
                self._question(answered),
                said(answered, self.tree.purpose),
                self.place.address(self.position, self._all, answered.key),
            )
            for answered in self.position.trail
        ]

    @property
    def folded(self) -> int:
        """How many of the first answers are folded away."""
        length = len(self.position.trail)
        shown = 1 if isinstance(self.node, ArticleEnd) else SHOWN_ANSWERS
        return length - shown if length > shown + 1 else 0

    @property
    def eyebrow(self) -> str:
        """“Question 3 · two more at most”."""
        number = len(self.position.trail) + 1
        if isinstance(self.node, Question | Input):
            return f"{_('Question %(number)s', number=number)} · {more_at_most(self.position.left)}"
        begun = _("Step %(number)s: try this", number=number)
        return f"{begun} · {more_at_most(self.position.left, step=True)}"

    @property
    def title(self) -> str:
        return question_of(self.node)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form carries besides the answer itself."""
        carried = [*self._answers.items(), (ASKED, self.position.key)]
        return [*carried, (PRODUCT, self.place.product)] if self.place.product else carried

    @property
    def action(self) -> str:
        return f"/{self.place.lang}/troubleshoot/{self.tree.id}/"

    @property
    def problem(self) -> str:
        """What is wrong with what was typed, and what is expected; '' when nothing is."""
        return problem_words(self.position)

    def after(self, answer: str) -> str:
        """Return the address that takes an answer to this node and leads on (and counts it)."""
        query = {**self._answers, self.position.key: answer, ASKED: self.position.key}
        carried = {**query, PRODUCT: self.place.product} if self.place.product else query
        return f"{self.action}?{urlencode(carried)}"

    @property
    def yes(self) -> str:
        return self.after(YES)

    @property
    def no(self) -> str:
        return self.after(NO)

    @property
    def helped_words(self) -> tuple[str, str, str]:
        """The question whether it helped, with its two answers."""
        if self.tree.purpose is Purpose.ADVICE:
            return _("Is that what you wanted to know?"), *_verdict(Purpose.ADVICE)
        return _("Is it solved?"), *_verdict(Purpose.TROUBLESHOOTING)

    @property
    def contact(self) -> str:
        """The contact wizard with this walk, before any end is reached."""
        return self.place.contact(self.position)

    @property
    def restart(self) -> str:
        return self.action

    @cached_property
    def article(self) -> Article | None:
        if not isinstance(self.node, ArticleEnd):
            return None
        return self.place.site.articles[self.place.lang].get(self.node.article)

    @property
    def article_page(self) -> Page | None:
        return self.place.site.page(self.place.lang, self.article.id) if self.article else None

    @property
    def section(self) -> tuple[str, str]:
        """The heading and the HTML of the article's section; the whole article without one."""
        page = self.article_page
        if page is None or not isinstance(self.node, ArticleEnd):
            return "", ""
        names = {heading.anchor: heading.text for heading in page.headings}
        wanted = self.node.section
        if wanted in page.sections:
            return names.get(wanted, ""), page.sections[wanted]
        return "", page.html

    def _question(self, answered: Answered) -> str:
        node = answered.node
        if isinstance(node, ArticleEnd) and not node.title:
            article = self.place.site.articles[self.place.lang].get(node.article)
            return article.title if article else ""
        return question_of(node)


class End:
    """The details of an end: what goes along to support, which product is recommended."""

    def __init__(self, view: StepView, policy: Policy) -> None:
        self._policy = policy
        self._view = view
        node = view.node
        self.node = node
        self.kind = "contact" if isinstance(node, ContactEnd) else "solved"
        if view.position.outcome is Outcome.UNSOLVED:
            self.kind = "unsolved"
        if isinstance(node, ProductEnd):
            self.kind = "product"
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
        if node.severity:
            info = self._policy.severities[Severity(node.severity)]
            facts.append((_("Severity"), f"{node.severity} · {info.name.in_(lang)}"))
        count = len(self._view.position.trail)
        answers = ngettext("The one on this page", "The %(num)s on this page", count)
        return [*facts, (_("Title"), node.title), (_("Your answers"), answers)]


def said(answered: Answered, purpose: Purpose) -> str:
    """Return an answer as the customer gave it."""
    if answered.said:
        return answered.said
    if not answered.value:
        return _("Skipped")
    yes, no = _verdict(purpose if isinstance(answered.node, ArticleEnd) else None)
    return yes if answered.value == YES else no


def _verdict(purpose: Purpose | None) -> tuple[str, str]:
    if purpose is Purpose.ADVICE:
        return _("Yes, I have my answer"), _("No, I need something else")
    return _("Yes, it works now"), _("No, it still fails")


def more_at_most(left: int, *, step: bool = False) -> str:
    """Say how many questions or steps can still come, small numbers as words."""
    if left == 0:
        return _("the last step") if step else _("the last one")
    if left == 1:
        return _("one step more at most") if step else _("one question more at most")
    words = (_("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"))
    number = words[left - 2] if left < len(words) + 2 else left
    return _("%(number)s more at most", number=number)


def problem_words(position: Position) -> str:
    """Say what is wrong with what stands at a node and what is expected there."""
    node, problem = position.node, position.problem
    if problem is None:
        return ""
    if not isinstance(node, Input):
        return _("Choose one of the answers")
    if problem is Bad.TOO_LOW:
        return _("Enter %(lowest)s or more", lowest=node.lowest)
    if problem is Bad.TOO_HIGH:
        return _("Enter %(highest)s or less", highest=node.highest)
    if problem is Bad.THOUSANDS:
        return _("Enter the number without thousands separators")
    example = node.example
    expected = {
        InputKind.ERROR_CODE: _(
            "Enter the code, with letters and figures, such as %(e)s", e=example
        ),
        InputKind.NUMBER: _("Enter a number in figures, such as %(e)s", e=example),
        InputKind.VERSION: _("Enter the figures of the version, such as %(e)s", e=example),
        InputKind.DATE: _("Enter a date, such as %(e)s", e=example),
    }
    return expected[node.input]
