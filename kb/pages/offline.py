"""“Take this help with you”: the bundle of a language, where `site.yaml` offers it."""

from flask import Response, abort, send_file

from kb.content.bundles import Bundles
from kb.pages.formats import show_size
from kb.pages.frame import feature, lang, live, render, wiring

blueprint = feature("offline", __name__)


@blueprint.get("/offline.zip")
def bundle() -> Response:
    """Send the bundle of this language."""
    path = Bundles(wiring().settings.var).path(lang())
    if not live().site.site.offline:
        abort(404)
    if not path.is_file():  # offered for the first time, and still being made
        page = render("export/packing.html", section="")
        return Response(page, status=503, headers={"Retry-After": "120"})
    name = f"{live().site.site.brand.lower().replace(' ', '-')}-{lang()}.zip"
    answer = send_file(path, download_name=name, as_attachment=True, conditional=True, max_age=3600)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def offline_size() -> str:
    """Say how large the bundle of this language is; '' where none is made yet."""
    size = Bundles(wiring().settings.var).size(lang())
    return show_size(size) if size else ""
