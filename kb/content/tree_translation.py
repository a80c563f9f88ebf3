"""What an author still has to translate of a tree, and the stamps once it is done."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from kb.content.problems import ContentError, Problem
from kb.content.tree_file_forms import TextsForm
from kb.content.tree_stamps import changed_texts, stamped_file
from kb.content.trees_check import FOLDER
from kb.content.trees_source import read_structure
from kb.content.validate import did_you_mean, validate
from kb.content.yaml_source import Loc, read_file, read_yaml, read_yaml_file
from kb.rules.trees import Tree

_PLAIN = re.compile(r"[^\W\d_][\w ,.¿?¡()/-]*[\w.?)]", re.UNICODE)
_WORDS = frozenset({"true", "false", "null"})


def translations(root: Path, name: str | None, languages: Sequence[str]) -> list[str]:
    """Return the files that translate one tree, or all; raises ContentError for an unknown one."""
    found = sorted((root / FOLDER).glob(f"{name or '*'}.*.yaml"))
    names = {path.name.partition(".")[0] for path in (root / FOLDER).glob("*.yaml")}
    if name is not None and name not in names:
        mend = did_you_mean(name, sorted(names))
        raise ContentError([Problem(f"{FOLDER}/{name}.yaml", 1, "there is no such tree", mend)])
    return [f"{FOLDER}/{p.name}" for p in found if p.name.split(".")[1] in languages[1:]]


def stamp_translation(root: Path, path: str, first: str) -> bool:
    """Write today's stamps into a translation's file; tell whether that changed it."""
    tree = _tree(root, Path(path).name.partition(".")[0], first)
    text = read_file(root, path)
    source = read_yaml(path, text)
    form, problems = validate(TextsForm, source)
    if form is None:
        raise ContentError(problems)
    stamped = stamped_file(text, tree)
    if stamped == text:
        return False
    (root / path).write_text(stamped, encoding="utf-8")
    return True


def to_translate(root: Path, name: str, first: str, lang: str) -> str:
    """Return the texts that a translation lacks or has from older words, in the first language,
    in the shape of its file; '' when there are none."""
    tree = _tree(root, name, first)
    path = f"{FOLDER}/{name}.{lang}.yaml"
    form: TextsForm | None = None
    if (root / path).exists():
        form, _problems = validate(TextsForm, read_yaml_file(root, path))
    return _yaml(changed_texts(tree, form))


def _tree(root: Path, name: str, first: str) -> Tree:
    path = f"{FOLDER}/{name}.yaml"
    tree, problems = read_structure(name, first, read_yaml_file(root, path))
    if tree is None:
        raise ContentError(problems)
    return tree


def _yaml(texts: Mapping[Loc, str]) -> str:
    lines, node, option = list[str](), "", ""
    for place, text in texts.items():
        if len(place) == 1:
            lines += _entry(0, str(place[0]), text)
            continue
        name, field = str(place[1]), str(place[2])
        if not node:
            lines.append("nodes:")
        if name != node:
            lines.append(f"  {name}:")
            node, option = name, ""
        chosen, dot, kind = field.partition(".")
        if not dot:
            lines += _entry(4, field, text)
            continue
        lines += [] if option else ["    options:"]
        lines += [] if option == chosen else [f"      {chosen}:"]
        option = chosen
        lines += _entry(8, kind, text)
    return "\n".join(lines) + "\n" if lines else ""


def _entry(indent: int, key: str, text: str) -> list[str]:
    start = f"{' ' * indent}{key}: "
    if "\n" in text:
        inner = [f"{' ' * (indent + 2)}{line}".rstrip() for line in text.split("\n")]
        return [f"{start}|", *inner]
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return [start + text]
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return [f'{start}"{escaped}"']
