"""What `kb check` prints for other programs: JSON, GitHub annotations, SARIF, JUnit."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from kb import __version__
from kb.content.check_rules import RULES
from kb.content.problems import Level, Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Format = Callable[[Sequence[Problem], str], str]


def as_json(problems: Sequence[Problem], _folder: str) -> str:
    """A list of objects, paths from the site's folder."""
    rows = [
        {
            "path": problem.path,
            "line": problem.line,
            "what": problem.what,
            "mend": problem.mend,
            "level": str(problem.level),
            "rule": problem.rule,
        }
        for problem in problems
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def as_github(problems: Sequence[Problem], folder: str) -> str:
    """Workflow commands that GitHub shows beside the lines; paths from the repository's top."""
    return "\n".join(
        f"::{problem.level} file={_property(folder + problem.path)},line={problem.line},"
        f"title={_property(problem.rule)}::{_message(_words(problem))}"
        for problem in problems
    )


def as_sarif(problems: Sequence[Problem], folder: str) -> str:
    """SARIF 2.1.0 for code scanning; paths from the repository's top."""
    rules = sorted({problem.rule for problem in problems})
    driver = {
        "name": "Waypost",
        "version": __version__,
        "rules": [_rule(name) for name in rules],
    }
    results = [
        {
            "ruleId": problem.rule,
            "ruleIndex": rules.index(problem.rule),
            "level": str(problem.level),
            "message": {"text": _words(problem)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(folder + problem.path)},
                        "region": {"startLine": max(1, problem.line)},
                    }
                }
            ],
        }
        for problem in problems
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1)


def as_junit(problems: Sequence[Problem], folder: str) -> str:
    """JUnit XML: a test for each problem, failed by errors; one that passes where there is none."""
    errors = sum(problem.level is Level.ERROR for problem in problems)
    counts = {"tests": str(max(1, len(problems))), "failures": str(errors), "errors": "0"}
    root = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(root, "testsuite", {"name": "kb check", **counts})
    for problem in problems:
        place = f"{folder}{problem.path}:{problem.line}"
        case = ElementTree.SubElement(
            suite, "testcase", {"classname": problem.rule, "name": _printable(place)}
        )
        words = _printable(_words(problem))
        if problem.level is Level.ERROR:
            failure = {"type": problem.rule, "message": words}
            ElementTree.SubElement(case, "failure", failure).text = f"{_printable(place)}: {words}"
        else:
            ElementTree.SubElement(case, "system-out").text = words
    if not problems:
        ElementTree.SubElement(suite, "testcase", {"classname": "kb", "name": "kb check"})
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


FORMATS: dict[str, Format] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
    "junit": as_junit,
}


def _words(problem: Problem) -> str:
    return f"{problem.what}; {problem.mend}" if problem.mend else problem.what


def _rule(name: str) -> dict[str, Any]:
    rule = RULES[name]
    level = {"level": str(rule.level)}
    return {"id": name, "shortDescription": {"text": rule.finds}, "defaultConfiguration": level}


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _printable(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
