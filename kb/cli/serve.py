"""`kb serve`: compile, migrate, web server and mail worker, until Ctrl-C."""

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from gunicorn.app.base import BaseApplication

from kb.actions.compile_site import compile_site
from kb.actions.demo import DemoAccount, load_demo
from kb.actions.dev_site import DevSite
from kb.actions.live_site import LiveSite, NoLiveSite
from kb.app import create_app
from kb.cli.errors import friendly
from kb.cli.kept_process import Kept
from kb.content.problems import ContentError
from kb.rules.articles import Audience
from kb.settings import Settings, SettingsError, read_settings
from kb.store import Database, migrate

# Seconds. Longer than a browser or a proxy rests before it uses a connection again: gunicorn closes
# one after 2, and a form that is on its way just then meets a reset.
KEEP_ALIVE = 75
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn with the threads of `StreamWorker`, which event streams do not hold."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application, once in each worker process."""
        app = create_app(self._settings)
        site = app.extensions["waypost"].live_site
        if isinstance(site, DevSite):
            _follow_files(site, self._settings)
        return app


def _follow_files(site: DevSite, settings: Settings) -> None:
    """Start the builder beside the server; it ends when the pipe to it does."""
    command = [sys.executable, "-m", "kb.cli.dev_builder", str(settings.site)]
    env = {**os.environ, "KB_VAR": str(settings.var), "KB_BASE_URL": settings.base_url}
    builder = subprocess.Popen(  # noqa: S603 # our own command
        command, env=env, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    atexit.register(builder.terminate)
    threading.Thread(target=site.follow, args=(builder.stdout,), daemon=True).start()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=64, show_default=True, type=click.IntRange(1, 512))
@click.option("--demo", is_flag=True, help="Load the demo accounts and print them.")
@click.option(
    "--dev", is_flag=True, help="For authors: pages follow their files; drafts are shown."
)
@click.option("--no-mail", is_flag=True, help="Do not start the mail worker beside the site.")
@click.pass_obj
@friendly
def serve(
    site: Path,
    host: str,
    port: int,
    workers: int,
    threads: int,
    demo: bool,
    dev: bool,
    no_mail: bool,
) -> None:
    """Serve a site: compile it, migrate the database, start web server and mail worker.

    \b
    Examples:
      kb serve
      kb serve --dev
      kb --site ./support serve --host 0.0.0.0 --port 8080 --workers 4
      KB_DATABASE_URL=postgresql+psycopg://kb@localhost/kb kb serve
    """
    settings = replace(_settings_for(site, host, port), dev=dev)
    _log_level(os.environ)  # before anything is begun
    _refuse_busy_port(host, port)
    _compile(settings)
    migrate(settings.database_url)
    accounts = _demo_accounts(settings) if demo else []
    _announce(settings, accounts)
    with _mail_worker(settings, wanted=not no_mail):
        Server(settings, _options(host, port, 1 if dev else workers, threads, dev)).run()


def _compile(settings: Settings) -> None:
    """Compile the site; an author may begin with a broken one, where a good one was before."""
    try:
        compile_site(settings, drafts=Audience.INTERNAL if settings.dev else None)
    except ContentError:
        if not settings.dev:
            raise
        try:
            LiveSite(settings.var).current()
        except NoLiveSite:
            pass
        else:
            return
        raise


def _settings_for(site: Path, host: str, port: int) -> Settings:
    env = dict(os.environ)
    env.setdefault("KB_BASE_URL", f"http://{host}:{port}")
    return read_settings(env, site)


def _options(host: str, port: int, workers: int, threads: int, dev: bool) -> dict[str, Any]:
    return {
        "bind": f"{host}:{port}",
        "worker_class": "kb.cli.stream_worker.StreamWorker",
        "workers": workers,
        "threads": threads,
        "loglevel": _log_level(os.environ),
        "accesslog": os.environ.get("KB_ACCESS_LOG") or None,
        "keepalive": KEEP_ALIVE,
        "graceful_timeout": 0 if dev else 5,
        "proc_name": "waypost",
    }


def _log_level(env: Mapping[str, str]) -> str:
    level = env.get("KB_LOG_LEVEL") or "warning"
    if level not in LOG_LEVELS:
        raise SettingsError(f"KB_LOG_LEVEL is “{level}”; write one of: {', '.join(LOG_LEVELS)}")
    return level


def _demo_accounts(settings: Settings) -> Sequence[DemoAccount]:
    policy = LiveSite(settings.var).current().site.policy
    # Closed before gunicorn forks: a SQLite connection must not pass into another process.
    with closing(Database(settings.database_url)) as db:
        return load_demo(db, settings, policy, datetime.now(UTC))


def _refuse_busy_port(host: str, port: int) -> None:
    """Say that the port is taken before anything else is started."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} cannot be used ({error.strerror}); choose another with --port"
            ) from error


def _announce(settings: Settings, accounts: Sequence[DemoAccount]) -> None:
    site = LiveSite(settings.var).current().site
    name = site.site.name.in_(site.site.default_language)
    # Only the host: the address may hold a password.
    server = urlsplit(settings.smtp_url).hostname if settings.smtp_url else None
    mail = server or f"{settings.var / 'mail'}/*.eml"
    click.echo(f"{name} ({site.revision}) is on {settings.base_url}")
    click.echo(f"Mail goes to {mail}")
    if accounts:
        click.echo(f"\nDemo accounts, password “{accounts[0].password}”:")
        for account in accounts:
            click.echo(f"  {account.email:<28} {account.shows}")
    click.echo("\nCtrl-C stops everything.", nl=True)


@contextmanager
def _mail_worker(settings: Settings, *, wanted: bool) -> Iterator[None]:
    """Run `kb worker` beside the web server and stop it with it."""
    if not wanted:
        yield
        return
    command = [sys.executable, "-m", "kb", "--site", str(settings.site), "worker"]
    env = {**os.environ, "KB_VAR": str(settings.var), "KB_BASE_URL": settings.base_url}
    worker = Kept(command, env)
    try:
        yield
    finally:
        worker.stop()
