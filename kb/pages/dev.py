"""For authors: pages that follow their files (`kb serve --dev`); never installed otherwise."""

import json
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, request
from markupsafe import escape

from kb.actions.dev_site import DevSite
from kb.pages.frame import static_url, wiring
from kb.pages.texts import gettext as _

blueprint = Blueprint("dev", __name__)
_HEARTBEAT = 15.0


@blueprint.get("/dev/events")
def events() -> Response:
    """Tell an open page of every change, and of the mistakes there are, as they come."""
    site = wiring().live_site
    assert isinstance(site, DevSite)  # noqa: S101 # create_app makes both or none
    answer = Response(_stream(site), content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _stream(site: DevSite) -> Iterator[str]:
    state, first = site.state, True
    while True:
        told = {"number": state.number, "first": first, "problems": state.problems}
        yield f"data: {json.dumps(told)}\n\n"
        before, first = state.number, False
        while (state := site.wait(before, _HEARTBEAT)).number == before:
            yield ": still here\n\n"


def _words() -> str:
    """The overlay's own words, in the language of the page; what is wrong is told as `kb check`
    tells it."""
    words = {
        "one": _("1 mistake"),
        "many": _("%(num)s mistakes", num="{}"),
        "close": _("Close"),
        "note": _("The last good version stays below. This goes when the file is mended."),
    }
    return "".join(f' data-{name}="{escape(text)}"' for name, text in words.items())


def install(app: Flask) -> None:
    """Add the events, and the script that follows them to every page."""
    app.register_blueprint(blueprint)

    @app.after_request
    def _follow(response: Response) -> Response:
        if (
            response.mimetype == "text/html"
            and not response.is_streamed
            and request.method == "GET"
        ):
            tags = (
                f'<link rel="stylesheet" href="{static_url("dev.css")}">'
                f'<script src="{static_url("dev.js")}" defer{_words()}></script></head>'
            )
            response.set_data(response.get_data(as_text=True).replace("</head>", tags, 1))
        return response
