"""What every template may use besides its own context."""

from typing import Any

from flask import Flask
from flask_login import current_user
from markupsafe import Markup

from kb.bundled import TEMPLATES
from kb.pages import formats, frame


def install(app: Flask) -> None:
    """Add formats, addresses and the frame's variables to the template environment."""
    env = app.jinja_env
    env.globals.update(
        article_url=frame.article_url,
        current_alerts=frame.current_alerts,
        format_date=formats.show_date,
        format_datetime=formats.show_datetime,
        format_iso=formats.show_iso,
        format_money=formats.show_money,
        format_number=formats.show_number,
        format_time=formats.show_time,
        icons=_icons(),
        static_url=frame.static_url,
    )
    app.context_processor(_frame)


def _icons() -> dict[str, Markup]:
    """Read every icon once; a page only looks them up."""
    folder = TEMPLATES / "parts" / "icons"
    return {
        path.stem: Markup(path.read_text(encoding="utf-8").strip())  # noqa: S704 # our own files
        for path in folder.glob("*.svg")
    }


def _frame() -> dict[str, Any]:
    live = frame.live()
    return {
        "site": live.site.site,
        "revision": live.site.revision,
        "lang": frame.lang(),
        "languages": live.site.site.languages,
        "alternates": frame.alternates(),
        "user": current_user,
    }
