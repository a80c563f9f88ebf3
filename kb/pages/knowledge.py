"""For agents and authors: what the knowledge base is missing, and what it spares."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for

from kb.actions.insights import Insights, KeptInsights
from kb.pages.desk_lists import Group, Item
from kb.pages.formats import show_date
from kb.pages.frame import article_url, feature, lang, live, now, render, wiring
from kb.pages.names import language_name
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.bar_chart import BarChart, bar_chart
from kb.rules.tree_drawing import inside
from kb.rules.trees import ArticleEnd, Tree
from kb.rules.work_list import Gap, Work

blueprint = feature("knowledge", __name__, "/desk/knowledge")

PERIODS = (28, 91, 396)
LISTED = 100  # lines; more are for another day
_SEARCHES = (Gap.CASE_ANYWAY, Gap.NO_RESULT, Gap.NOT_OPENED)

Drawn = tuple[str, str, Sequence[int], BarChart]


def install(app: Flask) -> None:
    """Give the application its insights."""
    here = app.extensions["waypost"]
    walks = app.extensions["waypost-figures"]
    app.extensions["waypost-insights"] = KeptInsights(here.db, walks, here.settings.var)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list as it is shown: what it is about, why it is there, what to do."""

    work: Work
    url: str
    why: str
    quotes: tuple[str, ...] = ()
    command: str = ""
    write: str = ""
    edit: str = ""
    lang_name: str = ""


@blueprint.get("/")
@agent_required
def work() -> str:
    """List what keeps people from their answers, the most urgent first."""
    found, days = _insights()
    wanted = request.args.get("gap", "")
    shown = [one for one in found.work if wanted in ("", one.gap)]
    return render(
        "knowledge/work.html",
        section="desk",
        groups=_groups(found, wanted or "all", days),
        title=_kinds().get(wanted, _("Work list")),
        periods=_periods("knowledge.work", days, gap=wanted or None),
        lines=[_line(one, days) for one in shown[:LISTED]],
        more=max(0, len(shown) - LISTED),
        counts=wiring().settings.count_searches,
    )


@blueprint.get("/figures")
@agent_required
def figures() -> str:
    """Show what was spared, counted in three ways, week by week."""
    found, days = _insights()
    starts = list(found.weeks)
    return render(
        "knowledge/figures.html",
        section="desk",
        groups=_groups(found, "figures", days),
        periods=_periods("knowledge.figures", days),
        ways=[(_("Searches"), found.searches), (_("Troubleshooter"), found.walks)],
        cases=found.cases,
        starts=[show_date(day, "d MMM") for day in starts],
        drawn=_drawn(found, starts),
        counts=wiring().settings.count_searches,
    )


def _insights() -> tuple[Insights, int]:
    asked = request.args.get("days", "")
    days = int(asked) if asked in {str(one) for one in PERIODS} else PERIODS[0]
    kept: KeptInsights = current_app.extensions["waypost-insights"]
    return kept.of(live(), now(), days=days), days


def _kinds() -> dict[str, str]:
    return {
        Gap.CASE_ANYWAY: _("Searches that ended in a case"),
        Gap.NO_RESULT: _("Searches that found nothing"),
        Gap.NOT_OPENED: _("Searches whose results nobody opened"),
        Gap.NOT_HELPFUL: _("Articles that did not help"),
        Gap.OFTEN_SENT: _("Articles that agents send most"),
        Gap.TREE_LOSES: _("Questions where people leave"),
        Gap.FEW_ARTICLES: _("Products with few articles"),
        Gap.REVIEW_DUE: _("Reviews that are late"),
        Gap.TWINS: _("Articles that say the same"),
    }


def _groups(found: Insights, current: str, days: int) -> list[Group]:
    kept = days if days != PERIODS[0] else None
    counts = {gap: sum(one.gap is gap for one in found.work) for gap in Gap}
    rows: list[Item] = [
        (url_for("knowledge.work", days=kept), "list", _("All"), len(found.work), current == "all")
    ]
    for gap, name in _kinds().items():
        if counts[Gap(gap)]:
            url = url_for("knowledge.work", gap=gap, days=kept)
            rows.append((url, "file-text", name, counts[Gap(gap)], current == gap))
    spared = url_for("knowledge.figures", days=kept)
    return [
        (_("Work list"), rows),
        (_("What it comes to"), [(spared, "check", _("Cases spared"), None, current == "figures")]),
    ]


def _periods(endpoint: str, days: int, **kept: Any) -> list[tuple[str, str, bool]]:
    names = {28: _("4 weeks"), 91: _("13 weeks"), 396: _("13 months")}
    return [
        (url_for(endpoint, days=one if one != PERIODS[0] else None, **kept), name, one == days)
        for one, name in names.items()
    ]


def _line(one: Work, days: int) -> Line:
    why = _why(one)
    named = language_name(one.lang) if one.lang and one.lang != lang() else ""
    if one.gap in _SEARCHES:
        url = url_for("search.search", lang=one.lang, q=one.about)
        command, write = _command(one.about, one.lang), _write(one.about, one.lang)
        return Line(one, url, why, command=command, write=write, lang_name=named)
    if one.gap is Gap.TREE_LOSES:
        url = url_for("tree_map.stats", tree=one.tree, days=days) + f"#{one.node}"
        tree = _tree(one)
        told = replace(one, about=tree.title, lang=tree.lang)
        return Line(told, url, why)
    if one.gap is Gap.FEW_ARTICLES:
        return Line(
            one,
            url_for("desk.queue", state="any", product=one.product),
            why,
            command=f"kb new article … --product {one.product}",
            write=f"{url_for('editor.new')}?{urlencode({'product': one.product})}",
        )
    article = live().site.articles[one.lang].get(one.article)
    url = article_url(article) if article else ""
    edit = f"{url_for('editor.edit', id=one.article)}?{urlencode({'lang': one.lang})}"
    quotes = one.words if one.gap is Gap.NOT_HELPFUL else ()
    return Line(one, url, why, quotes, edit=edit if article else "", lang_name=named)


def _why(one: Work) -> str:
    """The evidence, in a sentence."""
    numbers: dict[str, Any] = {"count": one.count, "total": one.total}
    if one.gap is Gap.TREE_LOSES:
        return _(
            "%(count)s of %(total)s people stopped answering at “%(question)s”",
            question=_question(one),
            **numbers,
        )
    sentences = {
        Gap.CASE_ANYWAY: _("A case followed %(count)s of %(total)s searches", **numbers),
        Gap.NO_RESULT: _("%(count)s of %(total)s searches found nothing", **numbers),
        Gap.NOT_OPENED: _("After %(count)s of %(total)s searches nothing was opened", **numbers),
        Gap.NOT_HELPFUL: _("%(count)s of %(total)s readers said that it did not help", **numbers),
        Gap.OFTEN_SENT: _("Agents answered %(count)s cases with it", **numbers),
        Gap.FEW_ARTICLES: _("Cases: %(count)s; articles: %(total)s", **numbers),
        Gap.REVIEW_DUE: _("Days since the review was due: %(count)s", **numbers),
        Gap.TWINS: _("%(count)s %% alike: %(other)s", other=" ".join(one.words), **numbers),
    }
    return sentences[one.gap]


def _tree(one: Work) -> Tree:
    """The tree that a line is about, in the reader's language if it has it."""
    shelf = live().site.trees[one.tree]
    return shelf.get(lang()) or next(iter(shelf.values()))


def _question(one: Work) -> str:
    """What the node asks at which people leave; an article asks whether it helped."""
    tree = _tree(one)
    node = tree.nodes[one.node]
    if isinstance(node, ArticleEnd):
        article = live().site.articles[tree.lang].get(node.article)
        return node.title or (article.title if article else one.node)
    return inside(node) or one.node


def _command(words: str, code: str) -> str:
    """The command that makes a draft of what is missing."""
    quoted = shlex.quote(words)
    return f"kb new article {quoted} --lang {code} --find {quoted}"


def _write(words: str, code: str) -> str:
    """The editor's page for a new article, filled in."""
    query = urlencode({"title": words[:200], "find": words, "lang": code})
    return f"{url_for('editor.new')}?{query}"


def _drawn(found: Insights, starts: Sequence[date]) -> list[Drawn]:
    """A chart for each way a visit went, with the same scale."""

    def counts(of: str) -> list[int]:
        return [getattr(found.weeks[day], of) for day in starts]

    names = [
        ("solved", _("Said that it is solved")),
        ("left", _("Read an answer and left")),
        ("case", _("Opened a case")),
        ("nothing", _("Opened nothing and left")),
    ]
    top = max((n for of, _name in names for n in counts(of)), default=0)
    return [(name, "", counts(of), bar_chart(counts(of), top=top)) for of, name in names]
