"""One way for every operation of the API: who asks, may they, does it fit, what is answered.

The list of operations is also what the OpenAPI document is made from: there is no second truth."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from flask import Blueprint, Response, request
from pydantic import BaseModel
from werkzeug.wrappers import Response as BaseResponse

from kb.actions.api_tokens import Client, client_of
from kb.pages.frame import now, wiring
from kb.pages.problem_details import ProblemError, problem
from kb.pages.rest.counting import counter
from kb.pages.safety import csrf
from kb.pages.shapes import BadShape, Shape, read_json, read_query
from kb.rules.api_access import BY_STRANGER, Scope
from kb.rules.uploads import FILE_BYTES

blueprint = Blueprint("rest", __name__, url_prefix="/api/v1")
csrf.exempt(blueprint)  # no cookie is looked at here, so nobody's browser can be made to ask

LARGEST_BODY = 256 * 1024
FILE_TYPE = "application/octet-stream"
KEY_PATTERN = r"^[A-Za-z0-9._:-]{8,40}$"


@dataclass(frozen=True, slots=True)
class Answered:
    """What an operation answers, where it is more than a shape."""

    told: BaseModel
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. Without `answer` it gives a file, or nothing (204); `key` says whether an
    Idempotency-Key is taken ("optional") or must be there ("required")."""

    method: str
    path: str
    name: str
    summary: str
    about: str
    tag: str
    scope: Scope | None
    or_scope: Scope | None
    answer: type[BaseModel] | None
    status: int
    query: type[Shape] | None
    body: type[Shape] | None
    takes_file: bool
    key: str


OPERATIONS: list[Operation] = []
View = Callable[..., Any]


def operation(
    method: str,
    path: str,
    summary: str,
    *,
    tag: str,
    scope: Scope | None,
    or_scope: Scope | None = None,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    query: type[Shape] | None = None,
    body: type[Shape] | None = None,
    takes_file: bool = False,
    key: str = "",
) -> Callable[[View], View]:
    """Make a view an operation of the API; it is called with the client first, then the parts of
    the path, `query`, `body`, `file` (the body as it comes) and `key` where it has them."""

    def register(view: View) -> View:
        about = " ".join((view.__doc__ or "").split())
        made = Operation(
            method,
            path,
            view.__name__,
            summary,
            about,
            tag,
            scope,
            or_scope,
            answer,
            status,
            query,
            body,
            takes_file,
            key,
        )
        OPERATIONS.append(made)

        def run(**parts: Any) -> BaseResponse:
            try:
                return _answer(made, view(_client(made), **parts, **_read(made)))
            except ProblemError as error:
                return problem(error)

        blueprint.add_url_rule(path, view.__name__, run, methods=[method])
        return view

    return register


def _client(made: Operation) -> Client:
    """Who asks: by token alone, a cookie opens nothing here."""
    token, settings = _token(), wiring().settings
    limit = settings.api_per_minute
    require_2fa = settings.require_agent_2fa
    client = client_of(wiring().db, token, now(), require_2fa=require_2fa) if token else None
    if client is None:
        _count(f"source:{request.remote_addr}", min(BY_STRANGER.tries, limit))
        raise _unknown(token)
    _count(f"token:{client.token_id}", limit)
    if made.scope is not None and not client.scopes & {made.scope, made.or_scope}:
        told = f'Bearer error="insufficient_scope", scope="{made.scope}"'
        raise ProblemError(
            403,
            "scope",
            f"This token lacks the scope “{made.scope}”.",
            {"WWW-Authenticate": told},
            scope=str(made.scope),
        )
    return client


def _unknown(token: str | None) -> ProblemError:
    """The same for a token that is unknown, over, revoked or of an account that is gone."""
    if token is None:
        said, told = "Send “Authorization: Bearer” with a token of the API.", ""
    else:
        said = "This token opens nothing: it is unknown, has expired or was revoked."
        told = ', error="invalid_token"'
    kind = "no-token" if token is None else "bad-token"
    return ProblemError(401, kind, said, {"WWW-Authenticate": f'Bearer realm="api"{told}'})


def _token() -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def _count(name: str, limit: int) -> None:
    """Count a request; 429 with the seconds to wait once there were too many. 0: no limit."""
    wait = counter().wait(name, limit)
    if limit and wait:
        raise ProblemError(
            429,
            "too-many",
            f"These were more than {limit} requests in a minute; wait {wait} seconds.",
            {"Retry-After": str(wait)},
        )


def _read(made: Operation) -> dict[str, Any]:
    """What came, checked by its shapes; raises ProblemError."""
    read: dict[str, Any] = {}
    if made.key:
        read["key"] = _key(required=made.key == "required")
    try:
        if made.query is not None:
            read["query"] = read_query(made.query, request.args)
        elif request.args:
            raise BadShape([(name, "this address takes no query") for name in request.args])
        if made.body is not None:
            read["body"] = read_json(made.body, _body())
        if made.takes_file:
            read["file"] = _file()
    except BadShape as error:
        flaws = [{"at": at, "what": what} for at, what in error.flaws]
        raise ProblemError(422, "shape", str(error)[:500], errors=flaws) from None
    return read


def _body() -> bytes:
    if request.mimetype != "application/json":
        raise ProblemError(415, "not-json", "Send the body as “Content-Type: application/json”.")
    request.max_content_length = LARGEST_BODY
    return request.get_data(cache=False)


def _file() -> IO[bytes]:
    if request.mimetype != FILE_TYPE:
        said = f"Send the file alone, as “Content-Type: {FILE_TYPE}”; its kind is told by it."
        raise ProblemError(415, "not-a-file", said)
    request.max_content_length = FILE_BYTES
    return request.stream


def _key(*, required: bool) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None and not required:
        return None
    if key is None or not re.fullmatch(KEY_PATTERN, key):
        what = "Send an “Idempotency-Key” of 8 to 40 letters, digits and . _ : -"
        raise ProblemError(422, "key", what, errors=[{"at": "Idempotency-Key", "what": what}])
    return key


def _answer(made: Operation, result: Any) -> BaseResponse:
    if isinstance(result, BaseResponse):
        answer: BaseResponse = result
    elif result is None:
        answer = Response(status=made.status)
        answer.headers.pop("Content-Type", None)
    else:
        told = result if isinstance(result, Answered) else Answered(result)
        status = told.status or made.status
        answer = Response(told.told.model_dump_json(), status, content_type="application/json")
        answer.headers.update(told.headers)
    answer.headers["Cache-Control"] = "no-store"
    return answer
