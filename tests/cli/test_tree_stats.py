"""`kb tree stats` and the picture: what an author sees after a day."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli import main
from kb.rules.tree_figures import Ending, Trace
from kb.store import Database, migrate, walks
from tests.cli.test_tree import site as site

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture(autouse=True)
def _var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("KB_DATABASE_URL", f"sqlite:///{tmp_path / 'kb.db'}")


def run(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--site", str(site), "tree", *arguments])


def walked(tmp_path: Path, *traces: tuple[str, str, str, Ending]) -> None:
    url = f"sqlite:///{tmp_path / 'kb.db'}"
    migrate(url)
    db = Database(url)
    with db.write() as conn:
        walks.add(
            conn,
            [
                Trace("prints-nothing", "old", "es", walk, node, "x", to, ending, YESTERDAY)
                for walk, node, to, ending in traces
            ],
        )
    db.close()


def test_before_anybody_came(site: Path) -> None:
    done = run(site, "stats")
    assert done.exit_code == 0, done.output
    assert done.output == (
        "prints-nothing: opened 0, walked 0: 0 solved, 0 escalated, 0 left; 0 cases\n"
    )


def test_the_step_that_loses_most_is_named(site: Path, tmp_path: Path) -> None:
    none = Ending.NONE
    walked(
        tmp_path,
        ("", "", "power", none),
        ("a", "power", "try", none),
        ("b", "power", "try", none),
        ("b", "try", "done", Ending.SOLVED),
        ("c", "power", "gone", none),
        ("d", "power", "page", Ending.ADVISED),
    )
    done = run(site, "stats", "prints-nothing")
    assert done.exit_code == 0, done.output
    assert "opened 1, walked 4: 1 solved, 0 escalated, 1 advised, 2 left; 0 cases" in done.output
    assert "  1 of 2 left at try (50 %)  Conéctela\n" in done.output
    assert "  1 of 1 left at gone (100 %)\n" in done.output


def test_for_programs(site: Path, tmp_path: Path) -> None:
    walked(tmp_path, ("a", "power", "try", Ending.NONE))
    told = json.loads(run(site, "stats", "prints-nothing", "--json").output)
    assert (told["walks"], told["left"], told["worst"]) == (1, 1, ["try"])
    assert told["nodes"]["try"]["left"] == 1
    assert told["weeks"][0]["left"] == 1
    assert list(json.loads(run(site, "stats", "--json").output)) == ["prints-nothing"]
    present = json.loads(run(site, "stats", "prints-nothing", "--present", "--json").output)
    assert present["walks"] == 0


def test_what_is_wrong_is_said(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(site, "stats", "prints-nothin").exit_code == 2
    monkeypatch.setenv("KB_DATABASE_URL", "sqlite:////proc/none/kb.db")
    done = run(site, "stats")
    assert done.exit_code != 0


def test_the_picture(site: Path) -> None:
    drawn = run(site, "draw", "prints-nothing", "--format", "svg").output
    assert drawn.startswith("<svg ")
    assert "¿Tiene luz?" in drawn
    assert "<style>" in drawn
