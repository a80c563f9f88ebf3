"""What every template may use besides its own context."""

from typing import Any

from flask import Flask
from flask_login import current_user
from markupsafe import Markup

from kb.bundled import TEMPLATES
from kb.pages import attached, discovery, formats, frame, history_words, names, offline, unseen


def install(app: Flask) -> None:
    """Add formats, addresses and the frame's variables to the template environment."""
    env = app.jinja_env
    env.globals.update(
        article_url=frame.article_url,
        beside_files=attached.beside_files,
        country_name=names.country_name,
        format_date=formats.show_date,
        format_datetime=formats.show_datetime,
        format_day=formats.show_day,
        format_iso=formats.show_iso,
        format_money=formats.show_money,
        format_number=formats.show_number,
        format_recent=formats.show_recent,
        format_time=formats.show_time,
        history_line=history_words.history_line,
        icons=_icons(),
        language_name=names.language_name,
        market_name=names.market_name,
        offline_size=offline.offline_size,
        place_url=frame.place_url,
        previewed=frame.previewed,
        product_names=names.product_names,
        range_words=names.range_words,
        static_url=frame.static_url,
        type_name=names.type_name,
        unseen=unseen.before,
        unseen_hit=unseen.of_hit,
        zone_name=formats.zone_name,
    )
    env.filters["nested"] = names.nested
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
        "base_url": frame.wiring().settings.base_url,
        "site": live.site.site,
        "revision": live.site.revision,
        "lang": frame.lang(),
        "languages": live.site.site.languages,
        "alternates": frame.alternates(),
        "canonical": discovery.canonical(),
        "hreflangs": discovery.hreflangs(),
        "user": current_user,
        "has_products": bool(live.site.policy.products),
        "has_trees": bool(live.site.trees),
        "takes_requests": bool(live.site.policy.requests),
    }
