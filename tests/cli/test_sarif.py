"""What `kb check --format sarif` prints keeps the SARIF 2.1.0 schema: the parts of it that we
use, written out, closed against names that the schema does not have."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from kb.cli.check_formats import as_sarif
from kb.content.check_rules import RULES
from kb.content.problems import Level, Problem

LEVEL = {"enum": ["none", "note", "warning", "error"]}
TEXT = {"type": "string"}
MESSAGE = {
    "required": ["text"],  # of text or id, one must be there; we use no ids
    "names": {"text": TEXT, "markdown": TEXT, "id": TEXT, "arguments": {}, "properties": {}},
}
RULE = {
    "required": ["id"],
    "names": {
        **dict.fromkeys(("id", "name", "guid"), TEXT),
        **dict.fromkeys(("shortDescription", "fullDescription", "help"), MESSAGE),
        "helpUri": TEXT,
        "defaultConfiguration": {
            "names": {"enabled": {}, "level": LEVEL, "rank": {}, "parameters": {}}
        },
        "properties": {},
    },
}
REGION = {
    "names": {
        name: {"type": "integer", "minimum": 1}
        for name in ("startLine", "startColumn", "endLine", "endColumn")
    }
}
ARTIFACT = {
    "names": {
        "uri": {"type": "string", "pattern": r"(?![/#])[A-Za-z0-9\-._~%!$&'()*+,;=:@/]+"},
        "uriBaseId": TEXT,
        "index": {"type": "integer", "minimum": -1},
    }
}
RESULT = {
    "required": ["message"],
    "names": {
        "ruleId": TEXT,
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {
            "items": {
                "names": {
                    "id": {},
                    "message": MESSAGE,
                    "physicalLocation": {
                        "required": ["artifactLocation"],  # or address, which we do not use
                        "names": {"artifactLocation": ARTIFACT, "region": REGION},
                    },
                }
            }
        },
    },
}
COMPONENT = {
    "required": ["name"],
    "names": {
        **dict.fromkeys(("name", "version", "semanticVersion", "informationUri"), TEXT),
        "rules": {"items": RULE, "unique": True},
    },
}
LOG: dict[str, Any] = {
    "required": ["version", "runs"],
    "names": {
        "$schema": TEXT,
        "version": {"enum": ["2.1.0"]},
        "runs": {
            "items": {
                "required": ["tool"],
                "names": {
                    "tool": {"required": ["driver"], "names": {"driver": COMPONENT}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"items": RESULT},
                },
            }
        },
    },
}


def flaws(value: Any, shape: dict[str, Any], at: str = "") -> list[str]:
    """What a value has other than its shape says."""
    found = []
    if "names" in shape:
        if not isinstance(value, dict):
            return [f"{at} is no object"]
        found += [f"{at} lacks {name}" for name in shape.get("required", ()) if name not in value]
        for name, inner in value.items():
            if name not in shape["names"]:
                found.append(f"{at}.{name} is not known")
            else:
                found += flaws(inner, shape["names"][name], f"{at}.{name}")
    if "items" in shape:
        if not isinstance(value, list):
            return [f"{at} is no list"]
        if shape.get("unique") and len({json.dumps(one) for one in value}) != len(value):
            found.append(f"{at} holds something twice")
        for number, one in enumerate(value):
            found += flaws(one, shape["items"], f"{at}[{number}]")
    if "enum" in shape and value not in shape["enum"]:
        found.append(f"{at} is {value}")
    kinds = {"string": str, "integer": int}
    if "type" in shape and not isinstance(value, kinds[shape["type"]]):
        found.append(f"{at} is no {shape['type']}")
    elif "minimum" in shape and value < shape["minimum"]:
        found.append(f"{at} is {value}")
    elif "pattern" in shape and not re.fullmatch(shape["pattern"], value):
        found.append(f"{at} is “{value}”")
    return found


EVERY_RULE = [
    Problem(f"artículos/uno {n}/es.md", n, "qué", "cómo" if n else "", rule.level, rule.name)
    for n, rule in enumerate(RULES.values())
]


@pytest.mark.parametrize(
    "problems", [[], EVERY_RULE, [*EVERY_RULE, *EVERY_RULE]], ids=["none", "each", "twice"]
)
def test_the_log_keeps_the_schema(problems: list[Problem]) -> None:
    log = json.loads(as_sarif(problems, "a folder/"))
    assert flaws(log, LOG) == []
    (run,) = log["runs"]
    assert len(run["results"]) == len(problems)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "2.0"),
        (("runs", 0, "tool", "driver", "name"), None),
        (("runs", 0, "results", 0, "level"), "fatal"),
        (("runs", 0, "results", 0, "message"), {}),
        (("runs", 0, "results", 0, "line"), 4),
        (("runs", 0, "columnKind"), "bytes"),
        (("runs", 0, "results", 0, "ruleIndex"), -2),
    ],
)
def test_the_judge_has_teeth(path: tuple[str | int, ...], value: object) -> None:
    log = json.loads(as_sarif([Problem("a.md", 1, "b", "c", Level.ERROR, "form")], ""))
    assert flaws(log, LOG) == []
    place: Any = (spoilt := deepcopy(log))
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert flaws(spoilt, LOG)


def test_the_schema_is_named() -> None:
    """By the name that code scanning knows it by."""
    assert Path(json.loads(as_sarif([], ""))["$schema"]).name == "sarif-2.1.0.json"
