"""Checked objects from YAML data: all mistakes at once, in plain words, each with its line."""

import re
import types
import typing
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from kb.content.problems import Problem
from kb.content.yaml_source import Loc, YamlSource


class Form(BaseModel):
    """The shape of a YAML file or a part of it: unknown keys are mistakes, numbers may be texts."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,
        populate_by_name=True,
        defer_build=True,  # made when first used: a command needs few of the many forms
    )


M = TypeVar("M", bound=BaseModel)

_NOUNS = {
    "string_type": ("a text", "write a text, in quotes if it looks like a date or true/false"),
    "int_type": ("a whole number", "write digits only"),
    "int_parsing": ("a whole number", "write digits only"),
    "int_from_float": ("a whole number", "write digits only"),
    "float_parsing": ("a number", "write it like 2 or 2.5"),
    "float_type": ("a number", "write it like 2 or 2.5"),
    "decimal_parsing": ("an amount", "write it like 20.00"),
    "decimal_type": ("an amount", "write it like 20.00"),
    "bool_parsing": ("true or false", "write true or false"),
    "bool_type": ("true or false", "write true or false"),
    "list_type": ("a list", "write [one, two], or one part a line after “- ”"),
    "tuple_type": ("a list", "write [one, two], or one part a line after “- ”"),
    "set_type": ("a list", "write [one, two], or one part a line after “- ”"),
    "frozen_set_type": ("a list", "write [one, two], or one part a line after “- ”"),
    "dict_type": ("a group of keys", "write “key: value” lines, indented"),
    "mapping_type": ("a group of keys", "write “key: value” lines, indented"),
    "model_type": ("a group of keys", "write “key: value” lines, indented"),
    "model_attributes_type": ("a group of keys", "write “key: value” lines, indented"),
    "date_type": ("a date", "write it like 2026-11-03"),
    "date_parsing": ("a date", "write it like 2026-11-03"),
    "date_from_datetime_parsing": ("a date", "write it like 2026-11-03"),
    "date_from_datetime_inexact": ("a date", "write it like 2026-11-03"),
    "time_type": ("a time", "write it like 08:00"),
    "time_parsing": ("a time", "write it like 08:00"),
}
_CHOICES = ("enum", "literal_error")
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def validate(
    model: type[M], source: YamlSource, at: Loc = ()
) -> tuple[M | None, tuple[Problem, ...]]:
    """Read `source` (or its part `at`) as `model`; give the object, or None and every mistake.

    A validator of the model may raise ValueError("what is wrong; how to mend it")."""
    data = source.data
    for step in at:
        data = data[step]
    if data is None:
        line = source.line_of(at)
        return None, (Problem(source.path, line, "there is nothing here", "write its keys"),)
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [_problem(model, source, at, detail) for detail in details]
        return None, tuple(dict.fromkeys(sorted(problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return how to mend an unknown word: the nearest known one, or the short list of all."""
    words = [str(one) for one in known]
    near = get_close_matches(word, words, n=1, cutoff=0.6) or get_close_matches(
        word.lower(), words, n=1, cutoff=0.6
    )
    if near:
        return f"did you mean “{near[0]}”?"
    return f"known: {', '.join(words)}" if words else "there is none yet"


def _problem(model: type[BaseModel], source: YamlSource, at: Loc, detail: ErrorDetails) -> Problem:
    loc = detail["loc"]
    what, mend = _words(model, loc, detail)
    return Problem(source.path, source.line_of((*at, *loc)), what, mend)


def _words(model: type[BaseModel], loc: Loc, detail: ErrorDetails) -> tuple[str, str]:
    kind, name, context = detail["type"], _name(loc), detail.get("ctx", {})
    value = detail.get("input")
    if kind == "missing":
        return f"{name} is missing", "add it"
    if kind == "extra_forbidden":
        return f"{name} is not a key known here", did_you_mean(str(loc[-1]), _keys(model, loc[:-1]))
    if kind in _CHOICES:
        known = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"{name} cannot be {_shown(value)}", did_you_mean(str(value), known)
    if kind in _NOUNS:
        noun, mend = _NOUNS[kind]
        return f"{name} must be {noun}, not {_shown(value)}", mend
    if kind in _BOUNDS:
        word, key = _BOUNDS[kind]
        return f"{name} must be {word} {context.get(key)}, not {_shown(value)}", "change it"
    if kind in ("string_too_short", "too_short"):
        return f"{name} is empty", "fill it in, or remove the key"
    if kind in ("string_too_long", "too_long"):
        return f"{name} is longer than {context.get('max_length')}", "shorten it"
    if kind == "string_pattern_mismatch":
        return f"{name} cannot be {_shown(value)}", f"it must look like {context.get('pattern')}"
    if kind in ("value_error", "assertion_error"):
        what, _, mend = str(context.get("error", detail["msg"])).partition("; ")
        return what, mend
    return f"{name}: {detail['msg'][:1].lower()}{detail['msg'][1:]}", "change it"


def _name(loc: Loc) -> str:
    """The words for a place: its key, or the entry's number in its list."""
    words = [step for step in loc if step != "[key]"]
    if not words:
        return "this file"
    if isinstance(words[-1], int):
        keys = [step for step in words if isinstance(step, str)]
        return f"entry {words[-1] + 1} of “{keys[-1]}”" if keys else f"entry {words[-1] + 1}"
    return f"“{words[-1]}”"


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"


def _keys(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the model knows at `loc`."""
    places: list[Any] = [model]
    for step in loc:
        inner = [one for place in places for one in _inside(place, step)]
        places = inner or places  # a step that names a branch of a union is no place
    forms = [form for place in places for form in _forms(place)]
    return sorted(
        {field.alias or key for form in forms for key, field in form.model_fields.items()}
    )


def _inside(place: Any, step: str | int) -> Iterator[Any]:
    for form in _forms(place):
        for key, field in form.model_fields.items():
            if step in (key, field.alias):
                yield field.annotation
    for one in _branches(place):
        origin, args = typing.get_origin(one), typing.get_args(one)
        if isinstance(origin, type) and args and origin is not type:
            yield args[-1] if args[-1] is not Ellipsis else args[0]


def _forms(place: Any) -> list[type[BaseModel]]:
    return [one for one in _branches(place) if isinstance(one, type) and issubclass(one, BaseModel)]


def _branches(place: Any) -> Iterator[Any]:
    """The types that an annotation allows, without Union and Annotated around them."""
    origin = typing.get_origin(place)
    if origin is typing.Annotated:
        yield from _branches(typing.get_args(place)[0])
    elif origin in (typing.Union, types.UnionType):
        for one in typing.get_args(place):
            yield from _branches(one)
    else:
        yield place
