"""`<details>` around Markdown: what is folded away is rendered like the rest of the text."""

import re

from markdown.preprocessors import Preprocessor

_OPENING = re.compile(r"<details(?P<open> open)?>(?: *(?P<summary><summary>.*?</summary>))?$")
_SUMMARY = re.compile(r"<summary>.*?</summary>$")
_CLOSING = "</details>"


class Folds(Preprocessor):
    """Put the tags of `<details>` that stand on lines of their own aside, so that the library
    reads what is between them. Runs when listings are already out of the way."""

    def run(self, lines: list[str]) -> list[str]:
        lines = [line.rstrip() if "<" in line else line for line in lines]
        ends = _pairs(lines)
        out, at = [], 0
        while at < len(lines):
            line = lines[at]
            opening = _OPENING.match(line) if at in ends else None
            if opening:
                summary = opening["summary"] or ""
                if not summary and _SUMMARY.match(lines[at + 1]):
                    at += 1
                    summary = lines[at]
                out += self._aside(f"<details{opening['open'] or ''}>{summary}")
            elif at in ends.values():
                out += self._aside(_CLOSING)
            else:
                out.append(line)
            at += 1
        return out

    def _aside(self, html: str) -> list[str]:
        return ["", self.md.htmlStash.store(html), ""]


def _pairs(lines: list[str]) -> dict[int, int]:
    """The lines that open and close a fold; one that is not closed stays as it is."""
    opened: list[int] = []
    pairs = {}
    for number, line in enumerate(lines):
        if _OPENING.match(line):
            opened.append(number)
        elif opened and line == _CLOSING:
            pairs[opened.pop()] = number
    return pairs
