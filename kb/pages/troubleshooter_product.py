"""The question for the product, asked once where a tree depends on it; the address keeps it."""

from collections.abc import Mapping
from typing import NamedTuple

from kb.pages.texts import gettext as _
from kb.pages.troubleshooter_views import ASKED, UNKNOWN, Place, StepView, versions_of
from kb.rules.tree_products import Chosen, choices, serves
from kb.rules.trees import Tree
from kb.rules.walk import PRODUCT, walk


class Choice(NamedTuple):
    """One product to choose."""

    value: str
    label: str
    hint: str = ""


class ProductView(StepView):
    """The question for the product, before the first question of a tree."""

    def __init__(
        self,
        tree: Tree,
        shelf: Mapping[str, Tree],
        place: Place,
        answers: Mapping[str, str],
        *,
        missing: bool,
    ) -> None:
        super().__init__(walk(tree, shelf, {}), shelf, place, stale=False)
        self._answers = dict(answers)
        self._missing = missing
        self.trail = []

    @property
    def eyebrow(self) -> str:
        return _("Before the first question")

    @property
    def title(self) -> str:
        return _("Which product is it about?")

    @property
    def problem(self) -> str:
        return _("Choose one of the answers") if self._missing else ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return [*self._answers.items(), (ASKED, PRODUCT)]

    @property
    def chosen(self) -> str:
        """What the address has already."""
        return self.place.product

    @property
    def choices(self) -> list[Choice]:
        """The customer's registered products that the tree serves, then all it serves."""
        versions = versions_of(self.place.site)
        offered = dict.fromkeys(choices(self.tree, self._shelf, versions))
        own: dict[str, Choice] = {}
        for asset in self.place.owned:
            product = Chosen(asset.product, asset.version)
            if serves(self.tree, product):
                hint = asset.name or _("Registered in your account")
                own[str(product)] = Choice(str(product), self.place.product_name(product), hint)
        lines = {asset.product for asset in self.place.owned}
        others = [
            Choice(str(one), self.place.product_name(one))
            for one in offered
            if str(one) not in own and not (one.version is None and one.line in lines)
        ]
        last = Choice(UNKNOWN, _("Another, or I do not know"), _("You then see every answer"))
        return [*own.values(), *others, last]
