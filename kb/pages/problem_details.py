"""What went wrong, for programs: application/problem+json (RFC 9457), never a page."""

from collections.abc import Mapping
from typing import Any

from flask import Response, json
from werkzeug.exceptions import HTTPException

PREFIX = "/api/v1/"
MEDIA_TYPE = "application/problem+json"
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")

TITLES = {
    400: "The request cannot be read",
    401: "A token is needed",
    403: "This is not allowed",
    404: "There is nothing here",
    405: "This method is not for this address",
    409: "This does not fit the state of things",
    413: "The body is too large",
    415: "The body is of another kind",
    422: "The request does not fit the document",
    429: "Too many requests",
    500: "Something broke on our side",
    503: "The site is not ready",
}


class ProblemError(Exception):
    """A problem that ends a request; `more` are members of its own."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.headers, self.more = dict(headers or {}), more


def problem(error: ProblemError) -> Response:
    """Write a problem as the answer."""
    told = {
        "type": f"urn:waypost:problem:{error.kind}",
        "title": TITLES.get(error.status, "The request failed"),
        "status": error.status,
        "detail": error.detail,
        **error.more,
    }
    answer = Response(json.dumps(told), error.status, content_type=MEDIA_TYPE)
    answer.headers.update(error.headers)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def problem_of(error: HTTPException) -> Response:
    """Write what the framework refused as a problem, with the headers that help."""
    status = error.code or 500
    kind = (error.name or "error").lower().replace(" ", "-")
    sent = error.get_response().headers
    headers = {name: sent[name] for name in _KEPT if name in sent}
    return problem(ProblemError(status, kind, error.description or "", headers))
