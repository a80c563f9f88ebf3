"""Whatever is wrong around a command, it says what and how to mend it; nobody sees a traceback."""

import errno
import io
import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.cli.errors import friendly, refused
from tests.commands import kb, run, site
from tests.content.sites import SmallSite

__all__ = ["site"]

NEEDED = {  # what a command asks for beside options, and the options it cannot do without
    "FOLDER": "here", "DIR": "here", "FILE": "list", "[FILE.zip]": "out.zip", "FILE|-": "-",
    "WORDS": "disk", "TITLE": "A title", "NAME": "tree", "LANG": "en", "EMAIL": "a@example.com",
    "TOKEN_ID": "1", "BRANCH": "main", "REV1": "main", "SOURCE": "here",
}  # fmt: skip
OPTIONS = {
    "policy explain": ("--request", "technical"),
    "token create": ("--name", "n", "--scope", "cases:read"),
    "import html": ("--site", "made", "--lang", "en=."),
    "import markdown": ("--site", "made", "--lang", "en=."),
    "import confluence": ("--site", "made", "--lang", "en"),
    "import freshdesk": ("--site", "made", "--lang", "en"),
    "import zammad": ("--site", "made", "--lang", "en"),
    "import zendesk": ("--site", "made", "--lang", "en"),
    "mail poll": ("--once",),
    "worker": ("--once",),
}


def _commands(group: click.Group, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            found += _commands(command, (*before, name))
        else:
            wanted = [one for one in command.params if isinstance(one, click.Argument)]
            words = [NEEDED[one.make_metavar(click.Context(command)).strip("[].")] if one.required
                     else "out.zip" for one in wanted
                     if one.required or one.name == "file"]  # fmt: skip
            found.append((*before, name, *OPTIONS.get(" ".join((*before, name)), ()), *words))
    return found


COMMANDS = _commands(main)
NO_VAR = {"init", "import", "help", "tree check", "tree cover", "tree draw", "tree paths",
          "tree stamp", "tree test", "tree translate", "policy diff", "policy explain",
          "policy table"}  # they write elsewhere, or nothing # fmt: skip
NO_DATABASE = NO_VAR | {"check", "export bundle", "export json", "export static", "index", "new",
                        "preview", "search", "test-search"}  # fmt: skip


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "place"
    (folder / "here").mkdir(parents=True)
    (folder / "list").write_text("key,product,sold_on\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("KB_IMAP_URL", "imaps://u:p@localhost:9")
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    return folder


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_var_that_is_a_file_is_told_by_every_command(
    words: tuple[str, ...], site: SmallSite, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_VAR", str(place / "list"))
    done = kb(site, *words)
    if " ".join(words[:2]) in NO_VAR or words[0] in NO_VAR:
        return
    assert done.exit_code == (75 if words[:2] == ("mail", "receive") else 2), done.output
    assert "let KB_VAR name a folder" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        words
        for words in COMMANDS
        if words[0] not in NO_DATABASE and " ".join(words[:2]) not in NO_DATABASE
    ],
    ids=" ".join,
)
def test_a_database_that_is_none_is_told_by_every_command_that_asks_it(
    words: tuple[str, ...], site: SmallSite, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kb(site, "index").exit_code == 0
    monkeypatch.setenv("KB_DATABASE_URL", f"sqlite:///{place / 'list'}")
    (place / "list").write_text("key,product,sold_on\n" * 500)
    done = kb(site, *words)
    assert done.exit_code == (75 if words[:2] == ("mail", "receive") else 2), done.output
    assert "is not a sound SQLite database" in done.stderr
    assert "bring this one back from the backup" in done.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "write sqlite:////folder/file.db or postgresql://"),
        ("sqlite://", "name a file"),
        ("postgresql://u:hidden@localhost:abc/db", "write sqlite:////folder/file.db"),
        ("mysql://u:hidden@localhost/db", "only sqlite and postgresql"),
        ("postgresql://u:hidden@127.0.0.1:1/db", "check KB_DATABASE_URL"),
        ("postgresql://u:hidden@127.0.0.1:1/db?foo=bar", "check KB_DATABASE_URL"),
        ("sqlite:////proc/none/x.db", "KB_DATABASE_URL name a file in a folder"),
    ],
)
def test_a_wrong_database_is_told_without_its_password(
    url: str, said: str, site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_DATABASE_URL", url)
    done = kb(site, "user", "list")
    assert done.exit_code == 2
    assert said in done.stderr
    assert "hidden" not in done.output


def test_a_mail_waits_at_the_mail_server_while_the_disk_is_full(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R46: with any other exit code the mail server would send the customer's mail back."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "waypost.db-turn")

    monkeypatch.setattr("kb.cli.mail.take_mail", full)
    done = CliRunner().invoke(
        main, ["--site", str(site.root), "mail", "receive"], input=io.BytesIO(b"Subject: x\r\n\r\n")
    )
    assert done.exit_code == 75
    assert "waypost.db-turn: no space left on device; make room on the disk" in done.stderr


def test_what_the_machine_refuses_ends_a_command_with_a_sentence() -> None:
    @click.command()
    @friendly
    def careless() -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/srv/help/var/site")

    done = CliRunner().invoke(careless)
    assert done.exit_code == 2
    assert done.stderr == (
        "/srv/help/var/site: permission denied; let the user that runs kb read and write it\n"
    )
    assert refused(OSError("odd")) == "odd; look at the machine and run this again"


def test_a_pipe_that_was_closed_is_no_mistake() -> None:
    @click.command()
    @friendly
    def told() -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    assert CliRunner().invoke(told).exit_code == 1
    assert CliRunner().invoke(told).output == ""


def test_a_new_site_takes_nothing_along_that_was_compiled_of_the_starter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two sites made from one checkout had one secret, and its database."""
    starter = tmp_path / "starter"
    (starter / "var").mkdir(parents=True)
    (starter / "var" / "secret-key").write_text("of the starter")
    (starter / "site.yaml").write_text("name: x\n")
    monkeypatch.setattr("kb.cli.site_commands.STARTER", starter)
    assert run("init", tmp_path / "new").exit_code == 0
    assert (tmp_path / "new" / "site.yaml").is_file()
    assert not (tmp_path / "new" / "var").exists()


def test_a_new_site_that_cannot_be_made_is_told(place: Path) -> None:
    done = run("init", place / "list" / "inside")
    assert done.exit_code == 2
    assert "name a folder" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("search", "x", "--product", "servr"),
            "there is no product “servr”; did you mean “server”?",
        ),
        (("user", "add", "a@example.com", "--lang", "fr"), "“fr” is not a language of this site"),
        (("user", "add", "a@example.com", "--country", "Spain"), "write two capitals"),
    ],
)
def test_a_word_that_the_site_does_not_know_is_told_instead_of_taken(
    words: tuple[str, ...], said: str, site: SmallSite
) -> None:
    """Else a typing error finds nothing, or a person is written to in a language they lack."""
    assert kb(site, "index").exit_code == 0
    done = kb(site, *words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mail", "lmtp", "--port", "99999"), "not in the range"),
        (("export", "json", "here"), "here: is a directory; name a file"),
        (("export", "json", "gone/x"), "gone/x: no such file or directory; make the folder first"),
        (("export", "static", "gone/x"), "gone does not exist; make it first"),
        (("export", "bundle", "gone/x.zip"), "gone/x.zip: no such file or directory"),
    ],
)
def test_a_wrong_place_is_told_by_the_name_it_was_given(
    words: tuple[str, ...], said: str, site: SmallSite
) -> None:
    assert kb(site, "index").exit_code == 0
    done = kb(site, *words)
    assert done.exit_code == 2
    assert said in done.stderr
