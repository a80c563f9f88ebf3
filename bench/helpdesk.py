"""django-helpdesk's public form, served on a database: the peer of `bench/cases.py`."""

import os
import re
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.forms import WORKERS, Sender, get
from bench.pages import free_port

PEOPLE = 40  # as many senders as there are of ours

HELPDESK = """
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
SECRET_KEY = "bench"; DEBUG = False; ALLOWED_HOSTS = ["*"]; USE_TZ = True; SITE_ID = 1
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.sites", "django.contrib.humanize", "django.contrib.messages",
    "django.contrib.admin", "django.contrib.staticfiles", "rest_framework", "helpdesk"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
    "OPTIONS": {"context_processors": ["django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages"]}}]
ROOT_URLCONF = "helpdesk_urls"; STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MEDIA_ROOT = os.path.join(os.path.dirname(__file__), "media")
HELPDESK_TEAMS_MODE_ENABLED = False
DATABASES = {"default": %s}
"""
URLS = """
from django.urls import include, path
urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
"""
QUEUE = (
    "from helpdesk.models import Queue; "
    "Queue.objects.create(title='Q', slug='q', allow_public_submission=True)"
)
COUNT = "from helpdesk.models import Ticket; print(Ticket.objects.count())"


def tuned(synchronous: str) -> dict[str, str]:
    """How Django is told to use SQLite well; FULL keeps what it confirmed through a power cut,
    as SQLite does untold, NORMAL may lose the last of it."""
    pragmas = ["journal_mode=WAL", f"synchronous={synchronous}", "busy_timeout=20000"]
    return {
        "transaction_mode": "IMMEDIATE",
        "init_command": "; ".join(f"PRAGMA {one}" for one in pragmas),
    }


@contextmanager
def helpdesk(
    python: str, folder: Path, database: dict[str, object]
) -> Iterator[tuple[int, list[Sender], Callable[[], int]]]:
    """Serve django-helpdesk's public form on a database."""
    home = folder / f"helpdesk-{secrets.token_hex(3)}"
    home.mkdir()
    (home / "helpdesk_settings.py").write_text(HELPDESK % repr(database))
    (home / "helpdesk_urls.py").write_text(URLS)
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "helpdesk_settings", "PYTHONPATH": str(home)}

    def django(*words: str) -> str:
        command = [python, "-W", "ignore", "-m", "django", *words]
        made = subprocess.run(
            command, env=env, cwd=home, check=True, capture_output=True, text=True
        )
        return made.stdout

    django("migrate", "-v0")
    django("shell", "-c", QUEUE)
    port = free_port()
    command = [python, "-W", "ignore", "-m", "gunicorn", "-w", str(WORKERS)]
    command += [
        "-k",
        "gthread",
        "--threads",
        "8",
        "--keep-alive",
        "75",
        "-b",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    process = subprocess.Popen(
        [*command, "django.core.wsgi:get_wsgi_application()"], env=env, cwd=home
    )
    try:
        _wait_for(port)
        page, cookie = get(port, "/tickets/submit/")
        fields = {
            "csrfmiddlewaretoken": _token(page),
            "queue": "1",
            "priority": "3",
            "body": "The nightly copy stops at 02:10.\nIt says E000101F4.",
            "submitter_email": "ana@example.com",
        }
        sender = Sender("/tickets/submit/", cookie, fields, ("title", ""))
        yield port, [sender] * PEOPLE, lambda: int(django("shell", "-v0", "-c", COUNT).split()[-1])
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            get(port, "/tickets/submit/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("django-helpdesk did not start")


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]
