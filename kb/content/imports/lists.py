"""Lists that are nested by two or three spaces become lists nested by four."""

import re
from collections.abc import Callable

_ITEM = re.compile(r"^(?P<indent> *)(?P<mark>[-*+]|\d{1,9}[.)])(?P<gap> +)\S")
_FENCE = re.compile(r"^\s*(?P<mark>`{3,}|~{3,})")
_STEP = 4


def indent_by_four(lines: list[str], note: Callable[[int], None]) -> list[str]:
    """Return the lines with each list's content indented by four for each level; `note` is told
    how many list items were moved."""
    out: list[str] = []
    stack: list[int] = []  # where the content of each open item begins, as it was written
    moved, fence, shift, blank = 0, "", 0, True
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            out.append(_shifted(line, shift))
            if mark and mark["mark"].startswith(fence) and line.strip() == mark["mark"]:
                fence = ""
            continue
        if not line.strip():
            out.append("")
            blank = True
            continue
        indent = len(line) - len(line.lstrip(" "))
        item = _ITEM.match(line)
        if item or blank or mark:
            while stack and indent < stack[-1]:
                stack.pop()
        shift = _STEP * len(stack) - (stack[-1] if stack else 0) if indent >= _top(stack) else 0
        if item and indent - _top(stack) < _STEP:
            shift = _STEP * len(stack) - indent
            moved += shift != 0
            width = len(item["mark"]) + min(len(item["gap"]), _STEP)
            stack.append(indent + width)
        if mark:
            fence = mark["mark"]
        out.append(_shifted(line, shift))
        blank = False
    note(moved)
    return out


def _top(stack: list[int]) -> int:
    return stack[-1] if stack else 0


def _shifted(line: str, shift: int) -> str:
    if shift >= 0:
        return " " * shift + line if line.strip() else ""
    cut = min(-shift, len(line) - len(line.lstrip(" ")))
    return line[cut:]
