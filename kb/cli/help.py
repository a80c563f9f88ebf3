"""`kb help TOPIC`: the guides in the terminal."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from kb.bundled import DOCS
from kb.content.validate import did_you_mean

_HEADING = re.compile(r"(?P<signs>#{1,4}) +(?P<words>.+)")
_MARKS = re.compile(r"\*\*(.+?)\*\*|`([^`\n]+)`|\[([^\]]+)\]\([^)]+\)")
_CELLS = re.compile(r"(?<!\\)\|")
_NOT_GUIDES = {"DECISIONS"}


@dataclass(frozen=True, slots=True)
class Section:
    """A guide, or a part of one: its heading's words and level, and its text with the heading."""

    guide: str
    words: str
    level: int
    text: str


@click.command("help")
@click.argument("topic", nargs=-1)
@click.pass_context
def help_command(ctx: click.Context, topic: tuple[str, ...]) -> None:
    """Print a guide, the part of one that TOPIC names, or what a key, a rule or a setting means;
    without TOPIC, the list of guides.

    \b
    Examples:
      kb help
      kb help authors
      kb help front matter
      kb help find_with
      kb help check
    """
    sections = list(_sections())
    if not topic:
        click.echo(
            "kb help TOPIC prints a guide, a part of one, or what a command, key or setting does:\n"
        )
        for section in sections:
            if section.level == 1:
                click.echo(f"  {section.guide:<13}{section.words}")
        return
    wanted = " ".join(topic)
    text = (
        _guide(wanted, sections)
        or _command(ctx, topic)
        or _part(wanted, sections)
        or _rows(wanted, sections)
    )
    if not text:
        known = [s.words for s in sections] + [s.guide for s in sections]
        click.echo(f"there is no topic “{wanted}”; {_nearest(wanted, known)}", err=True)
        sys.exit(1)
    _print(text)


def _guide(wanted: str, sections: list[Section]) -> str:
    return next((s.text for s in sections if s.level == 1 and s.guide == wanted.lower()), "")


def _part(wanted: str, sections: list[Section]) -> str:
    """The parts whose heading has these words, the shortest heading first."""
    words = wanted.casefold()
    found = [s for s in sections if words in _plain(s.words).casefold()]
    found.sort(key=lambda s: (len(s.words), s.level))
    return found[0].text if found else ""


def _rows(wanted: str, sections: list[Section]) -> str:
    """What tables say of a key, a rule, an option or a setting, each with the part it stands in."""
    found = []
    for section in sections:
        own = section.text.split("\n#", 1)[0]  # parts below stand for themselves
        for line in own.split("\n"):
            cells = _CELLS.split(line)
            named = re.findall(r"`([^`]+)`", cells[1]) if len(cells) > 2 else []
            if wanted.casefold() in (name.casefold() for name in named):
                said = ": ".join(cell.strip() for cell in cells[1:-1] if cell.strip())
                found.append(f"{section.words} (kb help {section.guide})\n  {said}\n")
    return "\n".join(dict.fromkeys(found))


def _command(ctx: click.Context, topic: tuple[str, ...]) -> str:
    """What a command says of itself."""
    command: click.Command | None = ctx.parent.command if ctx.parent else None
    inner = ctx.parent or ctx
    for word in topic:
        if not isinstance(command, click.Group):
            return ""
        command = command.get_command(inner, word)
        if command is None:
            return ""
        inner = click.Context(command, info_name=word, parent=inner)
    return inner.get_help() + "\n"


def _nearest(wanted: str, known: list[str]) -> str:
    told = did_you_mean(wanted, known)
    return told if told.startswith("did you mean") else "kb help lists the guides"


def _sections() -> Iterator[Section]:
    for path in sorted(DOCS.glob("*.md")):
        if path.stem not in _NOT_GUIDES:
            yield from _parts(path)


def _parts(path: Path) -> Iterator[Section]:
    lines = path.read_text(encoding="utf-8").split("\n")
    starts: list[tuple[int, int, str]] = []
    listing = False
    for number, line in enumerate(lines):
        listing ^= line.lstrip().startswith("```")
        heading = _HEADING.fullmatch(line)
        if heading and not listing:
            starts.append((number, len(heading["signs"]), heading["words"]))
    for at, (start, level, words) in enumerate(starts):
        later = (begin for begin, other, _ in starts[at + 1 :] if other <= level)
        end = next(later, len(lines))
        yield Section(path.stem, words, level, "\n".join(lines[start:end]).rstrip() + "\n")


def _plain(text: str) -> str:
    return _MARKS.sub(lambda found: found[1] or found[2] or found[3], text)


def _print(text: str) -> None:
    """Show Markdown as it reads best in a terminal; in pages where there is one."""
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    styled = []
    for line in text.split("\n"):
        heading = _HEADING.fullmatch(line)
        styled.append(click.style(_plain(heading["words"]), bold=True) if heading else _plain(line))
    click.echo_via_pager("\n".join(styled))
