"""`kb token` and `kb export cases`, as the operator uses them."""

import csv
import io
import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.actions.api_tokens import client_of
from kb.cli import main
from kb.rules.api_access import Scope
from kb.settings import Settings
from kb.store import Database
from tests.conftest import NOW


@pytest.fixture
def kb(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> "Kb":
    monkeypatch.setenv("KB_VAR", str(settings.var))
    monkeypatch.setenv("KB_DATABASE_URL", settings.database_url)
    return Kb(settings)


class Kb:
    """The command over the demo site."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(self, *words: str, expect: int = 0) -> Result:
        result = CliRunner().invoke(main, ["--site", str(self.settings.site), *words])
        assert result.exit_code == expect, result.output
        return result


def test_a_token_is_made_listed_and_ended(kb: Kb) -> None:
    made = kb(
        "token", "create", "agent@example.com", "--name", "nightly report",
        "--scope", "cases:read", "--scope", "notes:write", "--days", "30",
    )  # fmt: skip
    token = made.stdout.strip()
    with closing(Database(kb.settings.database_url)) as db:
        client = client_of(db, token, NOW)
        assert client is not None
        assert client.scopes == {Scope.CASES_READ, Scope.NOTES_WRITE}
        listed = kb("token", "list", "agent@example.com").output
        assert "nightly report  cases:read notes:write" in listed
        assert token not in listed
        kb("token", "revoke", "agent@example.com", str(client.token_id))
        assert client_of(db, token, NOW) is None
        again = kb("token", "revoke", "agent@example.com", str(client.token_id), expect=1)
    assert "kb token list agent@example.com shows them" in again.output
    assert "no tokens" in kb("token", "list", "premier@example.com").output


@pytest.mark.parametrize(
    ("email", "scope", "said"),
    [
        ("nobody@example.com", "cases:read", "kb user add makes one"),
        ("no address", "cases:read", "there is no account"),
        ("premier@example.com", "notes:write", "cases:read, cases:write, products:read"),
    ],
)
def test_what_is_wrong_is_said_and_how_to_mend_it(
    kb: Kb, email: str, scope: str, said: str
) -> None:
    found = kb("token", "create", email, "--name", "x", "--scope", scope, expect=1)
    assert said in found.output
    kb("token", "create", "agent@example.com", "--name", "x", "--scope", "cases:all", expect=2)
    empty = kb("token", "create", "agent@example.com", "--name", " ", "--scope", scope, expect=1)
    assert "--name" in empty.output


def test_cases_are_written_as_a_table(kb: Kb, tmp_path: Path) -> None:
    told = json.loads(kb("export", "cases", "--format", "json").stdout)
    assert told
    file = tmp_path / "cases.csv"
    kb("export", "cases", "--out", str(file))
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [int(row["number"]) for row in table] == [one["number"] for one in told]
    grave = json.loads(kb("export", "cases", "--format", "json", "--severity", "A").stdout)
    assert {one["severity"] for one in grave} == {"A"}
    assert kb("export", "cases", "--format", "json", "--state", "closed").stdout == "[]\n"
    kb("export", "cases", "--state", "nowhere", expect=2)
    kb("export", "cases", "--out", str(tmp_path / "no" / "x.csv"), expect=2)
