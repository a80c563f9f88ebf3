"""Who is counted in figures: people with a browser who do not object, and no agents."""

import re

from flask import request
from flask_login import current_user

_MACHINE = re.compile(
    r"bot|crawl|spider|slurp|preview|fetch|monitor|scan|headless|lighthouse|curl|wget|python|"
    r"werkzeug|http-?client|okhttp|java/|go-http|libwww|facebookexternalhit|embed",
    re.IGNORECASE,
)


def is_counted() -> bool:
    """Tell whether whoever asks for this page is a person who does not object to be counted."""
    headers = request.headers
    objects = headers.get("Sec-GPC") == "1" or headers.get("DNT") == "1"
    ahead = "prefetch" in headers.get("Sec-Purpose", "") + headers.get("Purpose", "")
    browser = headers.get("User-Agent", "")
    return not (
        objects or ahead or not browser or _MACHINE.search(browser) or current_user.is_agent
    )
