"""No test measures a span of time: what is proved holds on a slow machine, too. Work is counted
instead (tests/work.py), a limit is shown to be applied, and seconds are told by bench/."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLOCKS = {"perf_counter", "perf_counter_ns", "process_time", "thread_time", "monotonic", "time"}


def spans(source: str) -> list[int]:
    """The lines on which something is taken from what a clock reads now."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.BinOp | ast.AugAssign)
        and isinstance(node.op, ast.Sub)
        and not isinstance(node.right if isinstance(node, ast.BinOp) else node.value, ast.Constant)
        and any(map(reads, ast.walk(node)))
    ]


def reads(node: ast.AST) -> bool:
    """Tell whether a piece of a program reads a clock: `perf_counter()`, `time.monotonic()`."""
    if not isinstance(node, ast.Call) or node.args:
        return False
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in CLOCKS


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("assert time.perf_counter() - began < 2", [1]),
        ("began = monotonic()\nseconds = monotonic() - began", [2]),
        ("spent -= process_time()", [1]),
        ("end = time.monotonic() + 60\nwhile time.monotonic() < end: pass", []),
        ("old = time.time() - 301", []),
        ("days = now() - then", []),
    ],
)
def test_what_is_found(source: str, found: list[int]) -> None:
    assert spans(source) == found


def test_no_test_measures_time() -> None:
    found = [
        f"{path.relative_to(TESTS.parent)}:{line}: count the work instead, or move it to bench/"
        for path in sorted(TESTS.rglob("*.py"))
        for line in spans(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)
