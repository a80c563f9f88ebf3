"""Which words of the first language each text of a translation was made from.

A stamp is a short hash of the first language's text. It stands in the translation's file, under
`source`; when the text changes, its stamp no longer fits and the translation is stale."""

import re
from collections.abc import Iterator
from hashlib import blake2b

from kb.content.problems import Level, Problem
from kb.content.tree_file_forms import NodeText, OptionText, SourceForm, TextsForm
from kb.content.tree_texts import FIELDS
from kb.content.yaml_source import Loc, YamlSource
from kb.rules.trees import Question, Tree

_BLOCK = re.compile(r"^source:.*\n?(?:^(?:[ \t].*)?\n?)*", re.MULTILINE)


def texts_of(tree: Tree) -> dict[Loc, str]:
    """Return every text of a tree by its place: `("title",)`, `("nodes", "when", "ask")`,
    `("nodes", "when", "midway.label")`. Markdown must not be rendered yet."""
    texts: dict[Loc, str] = {("title",): tree.title, ("summary",): tree.summary}
    for name, node in tree.nodes.items():
        for field in FIELDS:
            texts["nodes", name, field] = getattr(node, field, "")
        for option in node.options if isinstance(node, Question) and not node.yes_no else ():
            texts["nodes", name, f"{option.id}.label"] = option.label
            texts["nodes", name, f"{option.id}.hint"] = option.hint
    return {place: text for place, text in texts.items() if text}


def stamp(text: str) -> str:
    """Return the stamp of a text; where its lines break does not matter."""
    return blake2b(" ".join(text.split()).encode(), digest_size=3).hexdigest()


def stale_texts(tree: Tree, texts: TextsForm, source: YamlSource) -> Iterator[Problem]:
    """Yield each text whose original has changed since it was translated, or that does not say
    what it was translated from; a file without any stamp gets one warning."""
    if texts.source is None:
        what = "this file does not say which words it was translated from"
        mend = f"run “kb tree stamp {tree.id}” once it says the same"
        yield Problem(source.path, 1, what, mend, Level.WARNING)
        return
    for place, text in texts_of(tree).items():
        stamped = _stamped(texts.source, place)
        if stamped == stamp(text):
            continue
        line = source.line_of(_written_at(place))
        again = f"run “kb tree stamp {tree.id}”"
        if stamped:
            what = f"{_named(place)} has changed since it was translated"
            mend = f"make it say the same as the first language, then {again}"
        else:
            what, mend = f"{_named(place)} is not stamped", f"check it, then {again}"
        yield Problem(source.path, line, what, mend)


def changed_texts(tree: Tree, texts: TextsForm | None) -> dict[Loc, str]:
    """Return the first language's texts that a translation lacks or has from older words."""
    known = texts.source if texts else None
    return {
        place: text
        for place, text in texts_of(tree).items()
        if texts is None
        or not _is_there(texts, place)
        or (known and _stamped(known, place) != stamp(text))
    }


def _is_there(texts: TextsForm, place: Loc) -> bool:
    """Tell whether a translation has a text."""
    if len(place) == 1:
        return bool(getattr(texts, str(place[0])))
    node = texts.nodes.get(str(place[1]), NodeText())
    option, dot, kind = str(place[2]).partition(".")
    if not dot:
        return bool(getattr(node, option))
    said = node.options.get(option)
    return bool(getattr(said, kind) if isinstance(said, OptionText) else kind == "label" and said)


def stamped_file(text: str, tree: Tree) -> str:
    """Return the text of a translation's file with the stamps of today's words."""
    kept = _BLOCK.sub("", text).rstrip("\n")
    return f"{kept}\n\n{_block(tree)}"


def _block(tree: Tree) -> str:
    stamps = {place: stamp(text) for place, text in texts_of(tree).items()}
    lines = ["source: # written by “kb tree stamp”: which words these texts were translated from"]
    lines += [f'  {place[0]}: "{found}"' for place, found in stamps.items() if len(place) == 1]
    by_node: dict[str, list[str]] = {}
    for place, found in stamps.items():
        if len(place) == 3:
            by_node.setdefault(str(place[1]), []).append(f'{place[2]}: "{found}"')
    lines += ["  nodes:"] if by_node else []
    lines += [f"    {name}: {{{', '.join(found)}}}" for name, found in by_node.items()]
    return "\n".join(lines) + "\n"


def _stamped(known: SourceForm, place: Loc) -> str:
    if len(place) == 1:
        return str(getattr(known, str(place[0])))
    return known.nodes.get(str(place[1]), {}).get(str(place[2]), "")


def _written_at(place: Loc) -> Loc:
    """Return where a text stands in a translation's file."""
    *way, last = place
    option, dot, _ = str(last).partition(".")
    return (*way, "options", option) if dot else place


def _named(place: Loc) -> str:
    if len(place) == 1:
        return f"“{place[0]}”"
    option, dot, kind = str(place[2]).partition(".")
    if dot:
        return f"the {kind} of option “{option}” of “{place[1]}”"
    return f"“{place[2]}” of “{place[1]}”"
