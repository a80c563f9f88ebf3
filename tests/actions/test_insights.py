"""A month of traffic with known gaps: the work list puts those gaps on top."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from kb.actions.compile_site import compile_site
from kb.actions.insights import KEPT, Deflection, Insights, KeptInsights, insights
from kb.actions.live_site import Live, LiveSite
from kb.actions.twins import TwinsDuty, find_twins, read_twins
from kb.actions.walks import WalkFigures
from kb.mail import Letters
from kb.rules.policy import Policy
from kb.rules.visits import Step, StepKind
from kb.rules.work_list import Gap
from kb.settings import read_settings
from kb.store import Database, visits, voices
from kb.store.desk_tables import article_use
from tests.actions.case_stories import another, story
from tests.actions.people import NOW
from tests.content.sites import SmallSite

WORDS = ("disk", "quota", "agent", "restore", "mirror", "licence", "report", "tape")
GAPS = {  # words → visits, what came of each
    "change the time zone": (24, "nothing found"),
    "error LS-909": (16, "case"),
    "mirror report": (40, "nothing opened"),
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    """Twelve articles, two of which say the same, and one whose review is late."""
    folder = tmp_path_factory.mktemp("knowledge")
    site = SmallSite(folder / "site")
    site.write("site.yaml", "name: {en: Help}\nbrand: Acme\nlanguages: [en]\n")
    twin = "The agent stops when the disk is full. Make room and start it again. " * 6
    for number in range(1, 13):
        body = twin if number in (4, 9) else f"About {WORDS[number % 8]}, part {number}. " * 9
        late = "review_by: 2026-10-04\n" if number == 7 else ""
        title = "Agent stops with a full disk" if number in (4, 9) else f"Article {number}"
        text = f"---\ntitle: {title}\nproducts: [server]\n{late}---\n\n{body}\n"
        site.write(f"articles/setup/{number}-article-{number}/en.md", text)
    compile_site(read_settings({"KB_VAR": str(folder / "var")}, site.root))
    return LiveSite(folder / "var").current()


def month(seed: int) -> Iterator[Step]:
    """Four weeks of visits: most find what they look for, GAPS do not."""
    drawn = random.Random(seed)  # noqa: S311
    number = 0

    def visit(words: str, results: int, *after: tuple[StepKind, int]) -> Iterator[Step]:
        nonlocal number
        number += 1
        at = NOW - timedelta(days=drawn.uniform(1, 27))
        name = f"visit-{number}"
        yield Step(name, StepKind.SEARCHED, at, "en", words, results)
        for place, (kind, article) in enumerate(after, 1):
            yield Step(name, kind, at + timedelta(minutes=place), "en", article=article)

    for _ in range(600):
        article = drawn.randint(1, 12)
        end = ((StepKind.OPENED, article), *(((StepKind.HELPED, article),) * (article % 3 == 0)))
        yield from visit(drawn.choice(WORDS), drawn.randint(1, 9), *end)
    for words, (times, what) in GAPS.items():
        for _ in range(times):
            if what == "nothing found":
                yield from visit(words, 0)
            elif what == "case":
                yield from visit(words, 2, (StepKind.OPENED, 3), (StepKind.CASE, 0))
            else:
                yield from visit(words, 5)
    for odd in ("asdf", "printer on fire", "hello"):  # one person each: chance
        yield from visit(odd, 0)


def found(db: Database, live: Live, var: Path, days: int = 28) -> Insights:
    return insights(db, live, WalkFigures(db), var, NOW, days=days)


@pytest.mark.parametrize("seed", range(3))
def test_the_known_gaps_come_first(db: Database, live: Live, tmp_path: Path, seed: int) -> None:
    steps = sorted(month(seed), key=lambda step: step.at)
    with db.write() as conn:
        visits.add(conn, steps)
    told = found(db, live, tmp_path)
    first = [(one.about, one.gap) for one in told.work[:3]]
    assert first == [
        ("error LS-909", Gap.CASE_ANYWAY),
        ("change the time zone", Gap.NO_RESULT),
        ("mirror report", Gap.NOT_OPENED),
    ]
    assert {one.gap for one in told.work[3:]} == {Gap.REVIEW_DUE}
    solved, left = told.searches.solved, told.searches.left
    assert solved + left == 600
    assert told.searches == Deflection(solved, left, case=16, nothing=67)
    assert sum(week.total for week in told.weeks.values()) == told.searches.total == 683


def test_votes_articles_sent_and_twins_are_among_it(
    db: Database, live: Live, tmp_path: Path
) -> None:
    with db.write() as conn:
        for number in range(6):
            voices.set_vote(
                conn,
                article_id=2,
                visitor=f"v{number}",
                lang="en",
                helpful=number == 5,
                words="The button is gone." if number == 1 else "",
                now=NOW,
            )
    TwinsDuty(tmp_path).run(live)
    told = {one.gap: one for one in found(db, live, tmp_path).work}
    bad = told[Gap.NOT_HELPFUL]
    assert (bad.article, bad.count, bad.total) == (2, 5, 6)
    assert bad.words == ("The button is gone.",)
    assert {told[Gap.TWINS].article, told[Gap.TWINS].other} == {4, 9}
    assert told[Gap.REVIEW_DUE].article == 7


def test_articles_that_agents_send_and_products_without_any(
    db: Database, live: Live, tmp_path: Path, policy: Policy, letters: Letters
) -> None:
    made = story(db, policy, letters)
    with db.read() as conn:
        asset = int(conn.exec_driver_sql('SELECT asset_id FROM "case"').scalar_one())
    numbers = [made.number, *(another(made, asset, form=f"f{n}") for n in range(3))]
    rows = [{"case_number": one, "article_id": 5, "at": NOW} for one in numbers]
    with db.write() as conn:
        conn.execute(insert(article_use), rows)
    told = found(db, live, tmp_path)
    assert told.cases == 4
    sent = next(one for one in told.work if one.gap is Gap.OFTEN_SENT)
    assert (sent.article, sent.count) == (5, 4)


def test_an_empty_database_has_no_figures_and_no_troubles(
    db: Database, live: Live, tmp_path: Path
) -> None:
    told = found(db, live, tmp_path)
    assert {one.gap for one in told.work} == {Gap.REVIEW_DUE}
    assert told.searches.total == told.walks.total == told.cases == 0
    assert told.weeks == {}


def test_twins_are_found_once_for_each_revision(live: Live, tmp_path: Path) -> None:
    assert read_twins(tmp_path) == ()
    duty = TwinsDuty(tmp_path)
    duty.run(live)
    ((lang, first, second, alike),) = read_twins(tmp_path)
    assert (lang, first, second) == ("en", 4, 9)
    assert alike == pytest.approx(1.0, abs=0.05)
    assert read_twins(tmp_path) == find_twins(live)
    (tmp_path / "twins.json").write_text("{}")
    duty.run(live)  # known already: not looked for again
    assert read_twins(tmp_path) == ()
    TwinsDuty(tmp_path).run(live)  # another worker finds the file damaged
    assert len(read_twins(tmp_path)) == 1
    before = (tmp_path / "twins.json").stat().st_mtime_ns
    TwinsDuty(tmp_path).run(live)
    assert (tmp_path / "twins.json").stat().st_mtime_ns == before


def test_what_was_added_up_is_kept_for_minutes_and_for_its_revision(
    db: Database, live: Live, tmp_path: Path
) -> None:
    kept = KeptInsights(db, WalkFigures(db), tmp_path)
    first = kept.of(live, NOW, days=28)
    with db.write() as conn:
        visits.add(conn, [Step("v", StepKind.SEARCHED, NOW - timedelta(days=1), "en", "new", 0)])
    assert kept.of(live, NOW + KEPT - timedelta(seconds=1), days=28) is first
    assert kept.of(live, NOW, days=91).searches.nothing == 1
    assert kept.of(live, NOW + KEPT, days=28).searches.nothing == 1
