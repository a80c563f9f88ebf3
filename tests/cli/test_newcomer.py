"""R12, R62: a newcomer with only docs/ writes an article in a clone, sees it, breaks it and is told
where, pushes it, and finds it on the site. Real git, real commands, the real builder of `--dev`."""

import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kb.actions.compile_site import compile_site
from kb.actions.dev_site import DevSite
from kb.app import create_app
from kb.settings import Settings, read_settings
from kb.store import Database, migrate
from tests.actions.people import agent
from tests.commands import kb
from tests.conftest import ROOT
from tests.content.sites import SITE, SmallSite
from tests.repositories import Repository
from tests.visitor import Visitor

AUTHORS = (ROOT / "docs" / "authors.md").read_text(encoding="utf-8")
SECRET = "a secret of sixteen"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What an operator has set up: a bare remote, a clone that is served, an agent, a secret."""
    for name in ("EDITOR", "VISUAL", "KB_VAR", "KB_SITE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    seed = Repository(tmp_path / "seed", SITE + "history: {show: all}\n")
    seed.article(1)
    seed.write(".gitignore", "var/\n")
    seed.commit("The site")
    remote = seed.clone(tmp_path / "remote.git", "--bare")
    git(tmp_path, "clone", "-q", str(remote), "served")
    env = {"KB_VAR": str(tmp_path / "served-var"), "KB_HOOK_SECRET": SECRET}
    settings = read_settings(env, tmp_path / "served")
    compile_site(settings)
    migrate(settings.database_url)
    db = Database(settings.database_url)
    agent(db, "nuria@example.com")
    db.close()
    return settings


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=Nuria", "-c", "user.email=nuria@example.com")
    command = ["git", "-C", str(folder), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def documented(command: str) -> bool:
    """Tell whether the authors' guide shows a command to those who know nothing else."""
    return bool(re.search(rf"^{re.escape(command)}\b", AUTHORS, re.M)) or f"`{command}`" in AUTHORS


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[Callable[[Path], Iterator[dict[str, object]]]]:
    """The process beside `kb serve --dev`, and what it tells."""
    started: list[subprocess.Popen[str]] = []

    def start(site: Path) -> Iterator[dict[str, object]]:
        command = [sys.executable, "-m", "kb.cli.dev_builder", str(site)]
        env = {**os.environ, "KB_VAR": str(site / "var"), "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return (json.loads(line) for line in process.stdout)

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=60)


def follow(site: DevSite, told: Iterator[dict[str, object]], wanted: str) -> dict[str, object]:
    """Take what the builder tells until it tells of what is wanted."""
    for message in told:
        site.take(message)
        if wanted in message:
            return message
    raise AssertionError(f"the builder ended without {wanted}")


def test_from_a_clone_to_the_site(
    served: Settings,
    tmp_path: Path,
    builder: Callable[[Path], Iterator[dict[str, object]]],
) -> None:
    for command in ("kb serve --dev", "kb new article", "kb check", "git commit", "kb sync"):
        assert documented(command), command

    # writes an article in a clone
    git(tmp_path, "clone", "-q", str(tmp_path / "remote.git"), "mine")
    mine = tmp_path / "mine"
    made = kb(mine, "new", "article", "El disco está lleno", "--both")
    assert made.exit_code == 0, made.output
    spanish, english = (Path(line) for line in made.output.splitlines())
    address = f"/es/kb/{spanish.parent.name}"

    # sees it live, a draft with its ribbon
    author = read_settings({"KB_VAR": str(mine / "var"), "KB_DEV": "1"}, mine)
    told = builder(mine)
    first = next(told)
    assert "compiled" in first
    migrate(author.database_url)
    app = create_app(author)
    site = app.extensions["waypost"].live_site
    site.take(first)
    reader = Visitor(app)
    assert "Borrador" in reader.get(address).text
    text = (
        spanish.read_text()
        .replace("status: draft\n", "")
        .replace("---\n\n", "---\n\nVacíe la papelera.\n\n", 1)
    )
    body = re.sub(r"(?s)(---\n.*?---\n).*", r"\1\nVacíe la papelera.\n", text)
    spanish.write_text(body)
    follow(site, told, "article")
    assert "Vacíe la papelera" in reader.get(address).text

    # breaks it and is told where
    spanish.write_text(body + "\nVea [[77]].\n")
    line = spanish.read_text().splitlines().index("Vea [[77]].") + 1
    broken = next(message for message in told if message["problems"])
    (problem,) = broken["problems"]  # type: ignore[misc]
    assert (problem["path"], problem["line"]) == (str(spanish.relative_to(mine)), line)
    assert problem["what"] == "there is no article 77 to link to"
    assert [line, "Vea [[77]]."] in problem["lines"]
    checked = kb(mine, "check")
    assert checked.exit_code == 1
    assert f"{spanish.relative_to(mine)}:{line}: there is no article 77" in checked.output
    assert "Vacíe la papelera" in reader.get(address).text

    # pushes it all the same: the site stays as it was, and a mail says where
    english.write_text("---\ntitle: The disk is full\ntype: how-to\n---\n\nEmpty the bin.\n")
    git(mine, "add", "-A")
    git(mine, "commit", "-qm", "What to do when the disk is full")
    git(mine, "push", "-q")
    public = create_app(served)
    visitor = Visitor(public)
    push(visitor, served)
    visitor.get(address, expect=404)
    (mail,) = (served.var / "mail").glob("*.eml")
    assert b"To: nuria@example.com" in mail.read_bytes()
    with public.extensions["waypost"].db.read() as conn:
        (said,) = conn.exec_driver_sql("SELECT text FROM outbox").scalars()
    assert f"{spanish.relative_to(mine)}:{line}: there is no article 77 to link to" in said

    # mends it, pushes it, and finds it on the site
    spanish.write_text(body)
    assert kb(mine, "check").exit_code == 0
    git(mine, "commit", "-qam", "Without the dead link")
    git(mine, "push", "-q")
    push(visitor, served)
    page = visitor.get(address)
    assert "Vacíe la papelera" in page.text
    assert "Escrito por Nuria" in page.text
    found = visitor.get("/es/search", q="papelera")
    assert address in {href for _, href in found.links}
    assert (
        "Without the dead link"
        in visitor.get(f"/es/kb/{spanish.parent.name.split('-')[0]}/history").text
    )
    assert len(list((served.var / "mail").glob("*.eml"))) == 1
    for each in (app, public):
        each.extensions["waypost"].db.close()


def push(visitor: Visitor, served: Settings) -> None:
    """What the git server does after a push, and the worker's next look."""
    from datetime import UTC, datetime, timedelta
    from threading import Event

    from kb.worker import run

    body = b'{"ref": "refs/heads/main"}'
    mark = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    answer = visitor.client.post(
        "/hooks/content", data=body, headers={"X-Hub-Signature-256": f"sha256={mark}"}
    )
    assert answer.status_code == 202
    later = datetime.now(UTC) + timedelta(seconds=5)
    run(served, Event(), once=True, clock=lambda: later)


def test_the_same_by_hand(
    served: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a webhook: `kb sync` on the server says what happened, and its exit code does too."""
    monkeypatch.setenv("KB_VAR", str(served.var))
    git(tmp_path, "clone", "-q", str(tmp_path / "remote.git"), "mine")
    mine = SmallSite.__new__(SmallSite)
    mine.root = tmp_path / "mine"
    mine.article(1, es="---\ntitle: Uno\n---\n\n[[77]]\n")
    git(mine.root, "commit", "-qam", "Broken")
    git(mine.root, "push", "-q")
    done = kb(served.site, "sync")
    assert done.exit_code == 1
    assert "articles/setup/1-one/es.md:5: there is no article 77 to link to" in done.output
    assert "nothing went live" in done.output
    assert "A mail to nuria@example.com is queued." in done.output
    mine.article(1, es="---\ntitle: Uno\n---\n\nBien.\n")
    git(mine.root, "commit", "-qam", "Mended")
    git(mine.root, "push", "-q")
    done = kb(served.site, "sync")
    assert (done.exit_code, "is live, revision" in done.output) == (0, True)
    again = json.loads(kb(served.site, "sync", "--json").output)
    assert (again["outcome"], again["problems"], again["told"]) == ("same", [], [])
    assert kb(served.site, "sync", "--branch", "nowhere").exit_code == 1
    git(mine.root, "switch", "-qc", "next")
    mine.article(1, es="---\ntitle: Uno\n---\n\nMejor.\n")
    git(mine.root, "commit", "-qam", "Better")
    git(mine.root, "push", "-qu", "origin", "next")
    made = kb(served.site, "preview", "create", "next")
    assert made.exit_code == 0, made.output
    listed = json.loads(kb(served.site, "preview", "list", "--json").output)
    assert [(row["branch"], row["state"]) for row in listed] == [("next", "ready")]
    assert listed[0]["url"] in made.output
    assert listed[0]["url"] in kb(served.site, "preview", "list").output
    assert kb(served.site, "preview", "create", "nowhere").exit_code == 1
    assert "nowhere" not in kb(served.site, "preview", "list").output
    assert kb(served.site, "preview", "end", "next").exit_code == 0
    assert kb(served.site, "preview", "end", "next").exit_code == 1
