"""`kb insights`: the work list in the terminal and for programs."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kb.rules.visits import Step, StepKind
from kb.settings import read_settings
from kb.store import Database, migrate, visits
from tests.commands import kb
from tests.content.sites import SmallSite


def searched(site: SmallSite, words: str, times: int) -> None:
    settings = read_settings(site=site.root)
    migrate(settings.database_url)
    at = datetime.now(UTC) - timedelta(days=2)
    steps = [Step(f"{words}{n}", StepKind.SEARCHED, at, "es", words, 0) for n in range(times)]
    with closing(Database(settings.database_url)) as db, db.write() as conn:
        visits.add(conn, steps)


def test_gaps_are_printed_the_worst_first(site: SmallSite) -> None:
    assert kb(site, "index").exit_code == 0
    searched(site, "zona horaria", 8)
    searched(site, "cuota", 3)
    lines = kb(site, "insights", "--days", "30", "--most", "1").output.split("\n")
    assert lines[0] == "   4.0  “zona horaria” (es): 8 of 8 searches found nothing"
    assert "1 more; --most shows them" in lines[1]
    assert "searches: 0 said it is solved, 0 read an answer and left, 0 opened a case" in lines[2]
    told = json.loads(kb(site, "insights", "--json").output)
    assert [one["about"] for one in told["work"]] == ["zona horaria", "cuota"]
    assert told["searches"]["nothing"] == 11


def test_nothing_missing_and_nothing_compiled(site: SmallSite) -> None:
    result = kb(site, "insights")
    assert result.exit_code == 2
    assert "run `kb index` first" in result.output
    kb(site, "index")
    assert "Nothing is missing" in kb(site, "insights").output


def test_a_new_article_takes_the_searches_that_must_find_it(site: SmallSite) -> None:
    made = kb(site, "new", "article", 'It\'s "late"', "--find", 'say "hi": {now}', "--no-edit")
    assert made.exit_code == 0, made.output
    text = Path(made.output.strip()).read_text()
    assert 'find_with:\n  - {q: "say \\"hi\\": {now}", within: 3}\n' in text
    assert kb(site, "check").exit_code == 0
