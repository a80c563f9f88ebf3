"""`kb mail`: the three ways in for mail. Each stores; `kb worker` understands and answers."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType

import click

from kb.actions.mail_polling import poll_once, poll_until
from kb.actions.mail_taking import TooLarge, take_mail
from kb.cli.errors import friendly, refused
from kb.mail.imap import ImapServer, ImapTrouble
from kb.rules.mail_limits import MAIL_BYTES
from kb.settings import OperatorError, Settings, SettingsError, read_settings
from kb.store import Database, StoreError, migrate

# What mail servers understand of a pipe (sysexits.h): refuse for good, or try again later.
TRY_AGAIN = 75
REFUSED = 65
PAUSE_SECONDS = 30.0


@click.group("mail")
def mail_group() -> None:
    """Take mail in: by IMAP, from a pipe, or by LMTP; `kb worker` then sorts it."""


@mail_group.command()
@click.option("--once", is_flag=True, help="Take in what is there now and stop.")
@click.pass_obj
@friendly
def poll(site: Path, once: bool) -> None:
    """Read the mailbox of KB_IMAP_URL; the worker does the same by itself.

    \b
    Examples:
      kb mail poll --once
      kb mail poll
    """
    settings = read_settings(site=site)
    if not settings.imap_url:
        raise SettingsError(
            "KB_IMAP_URL is missing; write imaps://user:password@host, "
            "see “Mail” in docs/operators.md"
        )
    server = ImapServer(settings.imap_url)
    db = _database(settings)
    stop = _stopped_by_signal()
    while not stop.is_set():
        try:
            if once:
                click.echo(f"{poll_once(db, server, _now)} new")
                return
            poll_until(db, server, _now, stop.is_set)
        except (ImapTrouble, StoreError) as error:
            click.echo(str(error), err=True)
            if once:
                sys.exit(1)
        stop.wait(PAUSE_SECONDS)


@mail_group.command()
@click.pass_obj
@friendly
def receive(site: Path) -> None:
    """Take in one mail from standard input, as a mail server pipes it.

    It ends with 0 when the mail is stored, 65 when it is too large, and 75, which makes the mail
    server try again, when it cannot be stored now.

    \b
    Example:
      kb mail receive < message.eml
    """
    raw = sys.stdin.buffer.read(MAIL_BYTES + 1)
    try:
        settings = read_settings(site=site)
        take_mail(_database(settings), raw, "pipe", _now())
    except TooLarge as error:
        click.echo(str(error), err=True)
        sys.exit(REFUSED)
    except OperatorError as error:
        click.echo(str(error), err=True)
        sys.exit(TRY_AGAIN)
    except OSError as error:  # a full disk: with any other code the mail server would bounce it
        click.echo(refused(error), err=True)
        sys.exit(TRY_AGAIN)


@mail_group.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    default=8024,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="On which port.",
)
@click.pass_obj
@friendly
def lmtp(site: Path, host: str, port: int) -> None:
    """Take mail in by LMTP from the mail server of this machine.

    \b
    Example:
      kb mail lmtp --port 8024
    """
    from kb.mail.lmtp import LmtpDoor

    db = _database(read_settings(site=site))
    stop = _stopped_by_signal()
    door = LmtpDoor(lambda raw: take_mail(db, raw, "lmtp", _now()), host, port)
    try:
        door.start()
    except OSError as error:
        click.echo(f"{host}:{port}: {error.strerror}; choose another with --port", err=True)
        sys.exit(2)
    click.echo(f"LMTP on {host}:{port}")
    stop.wait()
    door.stop()


def _database(settings: Settings) -> Database:
    migrate(settings.database_url)
    return Database(settings.database_url)


def _stopped_by_signal() -> Event:
    stop = Event()

    def finish(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    return stop


def _now() -> datetime:
    return datetime.now(UTC)
