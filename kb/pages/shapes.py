"""Shapes of what programs send and get: one class checks a request and documents it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from werkzeug.datastructures import MultiDict

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)


class Shape(BaseModel):
    """What is sent: nothing that is not asked for is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


ShapeT = TypeVar("ShapeT", bound=BaseModel)


def _whole(value: Any) -> Any:
    """Numbers of an address are digits; the library would also take `1_0`, ` 1` and `1.0`."""
    if isinstance(value, str):
        if not _WHOLE.fullmatch(value):
            raise ValueError("write a whole number")
        return int(value)
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise ValueError("write a time like 2026-11-23T15:00:00Z")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("this time is out of range") from None


def _integral(value: Any) -> Any:
    """To JSON, 1.0 is a whole number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# Bounds stand before these: after them, the library would leave them out of the document.
WHOLE = BeforeValidator(_whole)
INTEGRAL = BeforeValidator(_integral)
Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_in_utc)]


class BadShape(Exception):
    """What came does not fit; `flaws` are places with what is wrong there."""

    def __init__(self, flaws: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{place}: {what}" for place, what in flaws))
        self.flaws = tuple(flaws)


def read_query(shape: type[ShapeT], args: MultiDict[str, str], *, lenient: bool = False) -> ShapeT:
    """Read the query of an address; raises BadShape. What is no list may be there once; `lenient`
    takes the first of several, and empty words as not given."""
    given: dict[str, Any] = {}
    for name in args:
        values = [value.replace("\x00", "") for value in args.getlist(name)]
        field = shape.model_fields.get(name)
        if lenient and field is not None and field.annotation is not int:
            values = [value for value in values if value]
        is_list = field is not None and get_origin(field.annotation) is tuple
        if len(values) > 1 and not is_list and not lenient:
            raise BadShape([(name, "give it once")])
        if values:
            given[name] = values if is_list else values[0]
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise BadShape(_flaws(error)) from None


def read_json(shape: type[ShapeT], body: bytes) -> ShapeT:
    """Read a body of JSON; raises BadShape. No type is guessed: `"1"` is no number."""
    try:
        return shape.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise BadShape(_flaws(error)) from None


def _flaws(error: ValidationError) -> list[tuple[str, str]]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        (".".join(str(part) for part in one["loc"]), one["msg"].removeprefix("Value error, "))
        for one in found
    ]
