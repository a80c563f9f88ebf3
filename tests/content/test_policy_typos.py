"""A slip of the finger in any key or value of a shipped policy is told with its line, and the
nearest word that is known."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from kb.content.policy_source import load_policy
from tests.requirements.vendor import ROOT

SITES = {"vendor": ROOT, "starter": ROOT / "examples" / "starter"}
LANGUAGES = ("es", "en")
FREE = {"es", "en", "name", "url", "note", "summary", "key_patterns", "guide", "number", "id"} | {
    "address",
    "tax_number",
}
# What is written freely, an id (then all that refer to it are told) or checked later (`guide`).
COUNTRIES = "countries"


@dataclass(frozen=True)
class Spot:
    """A key or a value of a file."""

    file: str
    path: tuple[str, ...]
    is_key: bool
    line: int
    begin: int
    end: int
    word: str

    @property
    def id(self) -> str:
        return f"{self.file}:{'.'.join(self.path)}{'' if self.is_key else ': '}{self.word}"


def spots(file: str, node: yaml.Node, path: tuple[str, ...] = ()) -> Iterator[Spot]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield spot(file, key, (*path, "key"), is_key=True)
            yield from spots(file, value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from spots(file, value, (*path, "-"))
    else:
        yield spot(file, node, path, is_key=False)


def spot(file: str, node: yaml.Node, path: tuple[str, ...], *, is_key: bool) -> Spot:
    begin, end = node.start_mark, node.end_mark
    return Spot(file, path, is_key, begin.line + 1, begin.index, end.index, str(node.value))


def different(root: Path) -> list[Spot]:
    """Every key at every depth and every value that is no free text, each once."""
    found: dict[str, Spot] = {}
    for path in sorted((root / "policy").glob("*.yaml")):
        tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        if tree is None:
            continue
        for one in spots(path.name, tree):
            free = not one.is_key and FREE & set(one.path[-2:])
            if not free and one.word:
                found.setdefault(one.id, one)
    return list(found.values())


def doubled(word: str) -> str:
    middle = len(word) // 2
    return word[:middle] + word[middle] + word[middle:] if len(word) > 2 else word + "x"


def lost(word: str) -> str:
    """Without a letter of its middle; a short word gets one more instead."""
    middle = len(word) // 2
    return word[:middle] + word[middle + 1 :] if len(word) > 4 else word + "x"


def swapped(word: str) -> str:
    middle = len(word) // 2
    turned = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return turned if len(word) > 4 and turned != word else word + "x"


SLIPS = {"doubled": doubled, "lost": lost, "swapped": swapped}


def spoil(text: str, one: Spot, slip: str) -> str:
    written = text[one.begin : one.end]
    return text[: one.begin] + written.replace(one.word, SLIPS[slip](one.word)) + text[one.end :]


def names(mend: str, word: str) -> bool:
    """Whether a word, or the spoilt day of `monday-friday`, is offered."""
    days = word.split("-") if "day" in word else []
    return any(re.search(rf"\b{re.escape(one)}\b", mend) for one in (word, *days))


def is_word(one: Spot) -> bool:
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z_/-]*", one.word)) and COUNTRIES not in one.path


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("name", SITES)
def test_a_slip_anywhere_is_told_at_its_line_with_the_nearest_word(
    name: str, slip: str, tmp_path: Path
) -> None:
    root = SITES[name]
    shutil.copytree(root / "policy", tmp_path / "policy")
    places = different(root)
    assert len(places) > (300 if name == "vendor" else 50)
    silent = []
    for one in places:
        if not is_word(one):
            continue
        file = tmp_path / "policy" / one.file
        text = file.read_text(encoding="utf-8")
        file.write_text(spoil(text, one, slip), encoding="utf-8")
        policy, problems = load_policy(tmp_path, LANGUAGES)
        file.write_text(text, encoding="utf-8")
        here = [p for p in problems if (p.path, p.line) == (f"policy/{one.file}", one.line)]
        if policy is not None or not any(names(p.mend, one.word) for p in here):
            silent.append((one.id, one.line, [str(problem) for problem in problems][:2]))
    assert silent == []


@pytest.mark.parametrize("name", SITES)
def test_a_value_that_is_no_word_is_told_at_its_line(name: str, tmp_path: Path) -> None:
    """Numbers, dates, hours, bounds, prices, lengths of time."""
    root = SITES[name]
    shutil.copytree(root / "policy", tmp_path / "policy")
    silent = []
    for one in different(root):
        if one.is_key or is_word(one) or COUNTRIES in one.path:
            continue
        file = tmp_path / "policy" / one.file
        text = file.read_text(encoding="utf-8")
        written = text[one.begin : one.end]
        spoilt = written.replace(one.word, f"{one.word}x")
        file.write_text(text[: one.begin] + spoilt + text[one.end :], encoding="utf-8")
        policy, problems = load_policy(tmp_path, LANGUAGES)
        file.write_text(text, encoding="utf-8")
        told = {(problem.path, problem.line) for problem in problems}
        if policy is not None or (f"policy/{one.file}", one.line) not in told:
            silent.append((one.id, one.line, [str(problem) for problem in problems][:2]))
    assert silent == []


def test_an_id_that_others_refer_to_is_told_where_they_do(tmp_path: Path) -> None:
    for file, old, used in (
        ("plans", "standard", "policy/offers.yaml"),
        ("calendars", "weekdays-12x5", "policy/plans.yaml"),
        ("offers", "pay-per-incident", "policy/entitlements.yaml"),
        ("forms", "error_message", "policy/requests.yaml"),
        ("requests", "technical", "policy/entitlements.yaml"),
    ):
        shutil.rmtree(tmp_path / "policy", ignore_errors=True)
        shutil.copytree(ROOT / "policy", tmp_path / "policy")
        path = tmp_path / "policy" / f"{file}.yaml"
        text = path.read_text(encoding="utf-8")
        assert f"- id: {old}\n" in text
        path.write_text(text.replace(f"- id: {old}\n", f"- id: {old}x\n"), encoding="utf-8")
        policy, problems = load_policy(tmp_path, LANGUAGES)
        assert policy is None
        assert any(p.path == used and f"{old}x" in p.mend for p in problems), (file, problems[:3])
