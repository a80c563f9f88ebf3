"""What the troubleshooter's templates show of a position: words and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlencode

from kb.content.compiled import CompiledSite, Page
from kb.content.versions import for_version
from kb.pages.texts import gettext as _
from kb.pages.troubleshooter_words import (
    expected_words,
    more_at_most,
    problem_words,
    said,
    verdict_words,
)
from kb.rules.articles import Article
from kb.rules.tree_products import Chosen, read_chosen
from kb.rules.trees import NO, YES, ArticleEnd, Input, Purpose, Question, Tree
from kb.rules.walk import PRODUCT, Answered, Position, encode
from kb.rules.walk import question as question_of
from kb.store.assets import Asset

ASKED = "_asked"
UNKNOWN = "unknown"
"""The product of a customer who cannot tell it."""
SHOWN_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where walks are shown: language, the product they are about as the address has it (''
    before it is asked, `unknown` where the customer cannot tell), the compiled site, and what
    the customer has registered."""

    lang: str
    product: str
    site: CompiledSite
    owned: tuple[Asset, ...] = ()

    def address(self, position: Position, answers: Mapping[str, str], key: str = "") -> str:
        """Return the address of a node with these answers. Written out as in the URL map: a step
        has many of them, and `url_for` would cost more than the rest of the page."""
        query = {**answers, PRODUCT: self.product} if self.product else answers
        path = f"/{self.lang}/troubleshoot/{position.tree.id}/{quote(key or position.key)}"
        return f"{path}?{urlencode(query, safe='@')}" if query else path

    @property
    def chosen(self) -> Chosen | None:
        """The product the walk is about, if it is known."""
        return read_chosen(self.product, versions_of(self.site))

    def contact(self, position: Position, **wish: str | None) -> str:
        """Return the address of the contact wizard, the walk carried along, and the product:
        the customer's registered one where there is just one that it can be."""
        given = {**wish, **self._product_wish()}
        given["walk"] = encode(position) if position.trail else ""
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/{self.lang}/contact/" + (f"?{query}" if query else "")

    def _product_wish(self) -> dict[str, str | None]:
        chosen = self.chosen
        if chosen is None:
            return {}
        mine = [one for one in self.owned if fits(one, chosen)]
        if len(mine) == 1:
            return {"edition": "full", "asset": str(mine[0].id), PRODUCT: chosen.line}
        return {PRODUCT: chosen.line}

    def product_name(self, chosen: Chosen) -> str:
        """Name a product with its version."""
        name = self.site.policy.products[chosen.line].name
        return f"{name} {chosen.version}" if chosen.version else name


def versions_of(site: CompiledSite) -> dict[str, tuple[str, ...]]:
    """Return the versions of every line."""
    return {line: product.versions for line, product in site.policy.products.items()}


def fits(asset: Asset, chosen: Chosen) -> bool:
    """Tell whether a registered product may be the one that was chosen."""
    return asset.product == chosen.line and chosen.version in (None, asset.version)


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
        self._answers = (
            position.answers | {a.key: a.value for a in position.later} | dict(position.spare)
        )
        self._all = (
            self._answers
            if position.typed is None
            else self._answers | {position.key: position.typed}
        )

    @cached_property
    def trail(self) -> list[Said]:
        """The answers before this node, each with the address where it can be changed."""
        return [
            *self._product_said(),
            *(
                Said(
                    self._question(answered),
                    said(answered, self.tree.purpose),
                    self.place.address(self.position, self._all, answered.key),
                )
                for answered in self.position.trail
            ),
        ]

    def _product_said(self) -> list[Said]:
        """The product as the first answer, where the tree depends on it."""
        if not self.place.product or not self.tree.by_product:
            return []
        chosen = self.place.chosen
        name = self.place.product_name(chosen) if chosen else _("Another, or I do not know")
        change = self.place.address(self.position, self._all, PRODUCT)
        return [Said(_("Which product is it about?"), name, change)]

    @property
    def folded(self) -> int:
        """How many of the first answers are folded away."""
        length = len(self.trail)
        shown = 1 if isinstance(self.node, ArticleEnd) else SHOWN_ANSWERS
        return length - shown if length > shown + 1 else 0

    @property
    def eyebrow(self) -> str:
        """“Question 3 · two more at most”."""
        number = len(self.position.trail) + 1
        if isinstance(self.node, Question | Input):
            begun = _("Question %(number)s", number=number)
            return f"{begun} · {more_at_most(self.position.left)}"
        if isinstance(self.node, ArticleEnd):
            begun = _("Step %(number)s: proposed solution", number=number)
        else:
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

    @property
    def expected(self) -> str:
        """What may be typed here: an example with its unit, and the range."""
        return expected_words(self.node) if isinstance(self.node, Input) else ""

    def after(self, answer: str) -> str:
        """Return the address that takes an answer to this node and leads on (and counts it)."""
        query = {**self._answers, self.position.key: answer, ASKED: self.position.key}
        carried = {**query, PRODUCT: self.place.product} if self.place.product else query
        return f"{self.action}?{urlencode(carried, safe='@')}"

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
            return _("Is that what you wanted to know?"), *verdict_words(Purpose.ADVICE)
        return _("Is it solved?"), *verdict_words(Purpose.TROUBLESHOOTING)

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
            return names.get(wanted, ""), self._for_product(page.sections[wanted])
        return "", self._for_product(page.html)

    def _for_product(self, html: str) -> str:
        """Leave out what is only for other versions of the product, where it is known."""
        chosen = self.place.chosen
        if chosen is None or chosen.version is None:
            return html
        return for_version(html, chosen.line, chosen.version)

    def _question(self, answered: Answered) -> str:
        node = answered.node
        if isinstance(node, ArticleEnd) and not node.title:
            article = self.place.site.articles[self.place.lang].get(node.article)
            return article.title if article else ""
        return question_of(node)
