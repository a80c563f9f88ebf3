"""Addresses named in trees, policy and site.yaml, and downloads the site keeps itself (R12)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from kb.content.article_file import Card
from kb.content.check_rules import RULES
from kb.content.problems import Problem
from kb.content.site_source import FILE
from kb.rules.download_links import OWN

FOLDER = "files"  # of the site: what is given out to owners of a product

_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^]+|(?<![\w/.:-])/files/[^\s<>\"'`)\],;]+")
_AFTER = ".,;:!?)]}»”"
_RULE = "missing-download"


@dataclass(frozen=True, slots=True)
class Named:
    """An address and where it is written."""

    target: str
    path: str
    line: int


def yaml_links(root: Path) -> Iterator[Named]:
    """Yield every whole address and every download that a YAML file of the site names; comments
    and patterns such as {path} name nothing. Files that cannot be read are told elsewhere."""
    files = [root / FILE]
    files += sorted([*root.glob("troubleshooter/*.yaml"), *root.glob("policy/*.yaml")])
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        path = file.relative_to(root).as_posix()
        for number, line in enumerate(text.splitlines(), 1):
            if line.lstrip().startswith("#"):
                continue
            for found in _ADDRESS.finditer(line):
                if line[found.end() : found.end() + 1] != "{":
                    yield Named(_whole(found[0]), path, number)


def check_downloads(
    root: Path, cards: Mapping[str, Card], named: Iterator[Named]
) -> Iterator[Problem]:
    """Find downloads that the site does not keep, and links in texts to those it gives out to
    owners of a product alone."""
    for one in named:
        if not one.target.startswith(OWN):
            continue
        if one.path.startswith("troubleshooter/"):
            yield _not_for_all(one)
        elif not _is_kept(root, one.target):
            what = f"{one.target} is not there"
            mend = f"put the file into {FOLDER}/ of the site, or mend its name"
            yield _problem(one, what, mend)
    for path, card in cards.items():
        for link in card.links:
            if link.target.startswith(OWN):
                yield _not_for_all(Named(link.target, path, link.line))


def _not_for_all(one: Named) -> Problem:
    what = f"{one.target} is given out to owners of its product alone, by a link of their own"
    return _problem(one, what, "put the file beside an article and link to it there")


def _problem(one: Named, what: str, mend: str) -> Problem:
    return Problem(one.path, one.line, what, mend, RULES[_RULE].level, _RULE)


def _whole(address: str) -> str:
    """An address in a text, without what ends the sentence after it."""
    while address and address[-1] in _AFTER:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _is_kept(root: Path, target: str) -> bool:
    name = unquote(target.removeprefix(OWN).partition("?")[0])
    folder = (root / FOLDER).resolve()
    try:
        file = (folder / name).resolve()
        return file.is_relative_to(folder) and file.is_file()
    except (OSError, ValueError):
        return False
