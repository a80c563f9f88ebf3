"""The OpenAPI 3.1 document, made from the operations and the shapes that check requests."""

import re
from typing import Any

from flask import Response, json
from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from kb import __version__
from kb.pages.frame import live
from kb.pages.problem_details import MEDIA_TYPE, TITLES
from kb.pages.rest.operations import FILE_TYPE, KEY_PATTERN, OPERATIONS, Operation, blueprint
from kb.pages.rest.public import PUBLIC, PublicOperation, choices
from kb.pages.shapes import Shape, Told
from kb.rules.api_access import Scope

REF = "#/components/schemas/{model}"
_PART = re.compile(r"<(?:(int):)?(\w+)>")
Json = dict[str, Any]


class Flaw(Told):
    """A place in the request and what is wrong there."""

    at: str
    what: str


class Problem(Told):
    """What went wrong (RFC 9457). Some kinds have members of their own, as docs/api.md tells."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[Flaw, ...] = ()


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Give the document; it is public, and the same for everybody."""
    answer = Response(json.dumps(document()), content_type="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def document() -> Json:
    """Return the OpenAPI document of this site: its languages, products and types are its own."""
    schemas, known = _schemas()
    _name_choices(schemas["NewCase"]["properties"])
    paths: dict[str, Json] = {}
    for one in OPERATIONS:
        path = f"/api/v1{_path(one.path)}"
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, schemas, known)
    for public in PUBLIC:
        paths[_path(public.path)] = {"get": _public(public, schemas, known)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{live().site.site.brand}: API",
            "version": __version__,
            "description": "Cases, customers, products and webhooks for programs; search, articles "
            "and troubleshooters for everybody.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token with scopes: " + ", ".join(Scope),
                }
            },
        },
    }


def _schemas() -> tuple[Json, dict[type[BaseModel], Json]]:
    """Every shape: the components, and for each class its schema; those of queries are taken out
    of the components, since they are parameters."""
    queries = {one.query for one in OPERATIONS if one.query} | {one.query for one in PUBLIC}
    asked = queries | {one.body for one in OPERATIONS if one.body}
    told = {one.answer for one in OPERATIONS if one.answer} | {one.answer for one in PUBLIC}
    told |= {Problem, *(one.error for one in PUBLIC)}
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((one, "validation") for one in sorted(asked, key=_name)),
        *((one, "serialization") for one in sorted(told, key=_name)),
    ]
    refs, whole = models_json_schema(modes, ref_template=REF)
    schemas: Json = whole["$defs"]
    known = {model: refs[model, mode] for model, mode in modes}
    for query in queries:
        known[query] = schemas.pop(_ref_name(known[query]))
    return schemas, known


def _name_choices(asked: Json) -> None:
    """Say what this site knows, where a new case must name some of it."""
    policy, languages = live().site.policy, live().site.site.languages
    asked["request"]["enum"] = sorted(policy.requests)
    asked["product"]["enum"] = ["", *sorted(policy.products)]
    asked["lang"]["enum"] = ["", *languages]
    topics = {topic.id for one in policy.requests.values() for topic in one.topics}
    asked["topic"]["enum"] = ["", *sorted(topics)]


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def _ref_name(schema: Json) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[1]


def _path(path: str) -> str:
    return _PART.sub(lambda part: f"{{{part[2]}}}", path)


def _operation(one: Operation, schemas: Json, known: dict[type[BaseModel], Json]) -> Json:
    parameters = [*_parts(one.path), *_query(one.query, known, {})]
    if one.key:
        parameters.append(_key(required=one.key == "required"))
    made: Json = {
        "operationId": one.name,
        "summary": one.summary,
        "description": one.about,
        "tags": [one.tag],
        "security": [{"token": [str(scope)]} for scope in (one.scope, one.or_scope) if scope]
        or [{"token": []}],
        "parameters": parameters,
        "responses": {**_good(one, known), **_bad(one)},
    }
    if one.body:
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": known[one.body]}},
        }
    if one.takes_file:
        file = {"type": "string", "format": "binary", "minLength": 1}
        made["requestBody"] = {"required": True, "content": {FILE_TYPE: {"schema": file}}}
    return made


def _public(one: PublicOperation, schemas: Json, known: dict[type[BaseModel], Json]) -> Json:
    wrong = {"description": "What was wrong.", "content": _json(known[one.error])}
    return {
        "operationId": one.name,
        "summary": one.summary,
        "tags": ["Public"],
        "security": [],
        "parameters": [*_parts(one.path), *_query(one.query, known, choices())],
        "responses": {
            "200": {"description": "What was asked for.", "content": _json(known[one.answer])},
            **{str(status): wrong for status in one.errors},
        },
    }


def _parts(path: str) -> list[Json]:
    return [
        {
            "name": part[2],
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0}
            if part[1] == "int"
            else {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
        }
        for part in _PART.finditer(path)
    ]


def _query(
    query: type[Shape] | None, known: dict[type[BaseModel], Json], allowed: dict[str, list[str]]
) -> list[Json]:
    """Each member of a query as a parameter; `allowed` are the values that this site knows."""
    if query is None:
        return []
    parameters = []
    for name, schema in known[query]["properties"].items():
        plain = _without_null(schema)
        if name in allowed:
            target = plain["items"] if plain.get("type") == "array" else plain
            target.clear()
            target.update({"type": "string", "enum": allowed[name]})
        required = name in known[query].get("required", ())
        parameters.append({"name": name, "in": "query", "required": required, "schema": plain})
    return parameters


def _without_null(schema: Json) -> Json:
    """A member of an address is left out, never null."""
    kept = {name: value for name, value in schema.items() if name not in ("title", "default")}
    options = kept.pop("anyOf", None)
    if options:
        kept |= next(one for one in options if one.get("type") != "null")
    return kept


def _key(*, required: bool) -> Json:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": required,
        "description": "Drawn by the client; the same key does the same thing once.",
        "schema": {"type": "string", "pattern": KEY_PATTERN},
    }


def _good(one: Operation, known: dict[type[BaseModel], Json]) -> Json:
    if one.answer is None:
        if one.status == 204:
            return {"204": {"description": "Done."}}
        content: Json = {"*/*": {"schema": {}}}
        return {"200": {"description": "The file.", "content": content}}
    told = {"description": "Done.", "content": _json(known[one.answer])}
    again = {"200": told} if one.key else {}
    return {**again, str(one.status): told}


def _bad(one: Operation) -> Json:
    problem = {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="Problem")}}}
    changes = one.method != "GET"
    statuses = [401, 403, 404, 422, 429, 503]
    statuses += [400, 409] if changes else []
    statuses += [413, 415] if one.body or one.takes_file else []
    return {
        str(status): {"description": TITLES[status] + ".", "content": problem}
        for status in sorted(statuses)
    }


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}
