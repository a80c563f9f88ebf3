"""Telling the site which licences were sold, from a CSV file (R6, R9)."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TextIO

from sqlalchemy import Connection

from kb.actions.key_lookup import box_hash, key_hash, sealed
from kb.rules.keys import canonical, last_four
from kb.rules.licence_list import FACTS, Sold, read_sold, wrong_columns
from kb.rules.policy import Policy
from kb.store import Database, licence_bulk
from kb.store.licences import NewLicence

MOST_ROWS = 1_000_000
LONGEST_LINE = 10_000  # characters
MOST_MISTAKES = 100
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that cannot be taken, counted from 1 as editors do, and why."""

    line: int
    what: str


class BadList(Exception):
    """The list has mistakes (at most the first hundred are told); nothing was changed."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(f"{len(self.mistakes)} mistakes")


@dataclass(slots=True)
class Imported:
    """What an import did."""

    added: int = 0
    known: int = 0
    corrected: int = 0


@dataclass(slots=True)
class _Reading:
    policy: Policy
    secret: str
    mistakes: list[Mistake] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    boxes: dict[str, int] = field(default_factory=dict)
    box_lines: dict[str, int] = field(default_factory=dict)
    told: frozenset[str] = frozenset()  # the facts that the list has a column for

    def mistake(self, line: int, what: str) -> None:
        self.mistakes.append(Mistake(line, what))
        if len(self.mistakes) >= MOST_MISTAKES:
            raise BadList(self.mistakes)


def import_licences(
    db: Database,
    policy: Policy,
    secret: str,
    lines: Iterable[str],
    *,
    correct: bool = False,
    progress: Progress = lambda _done: None,
) -> Imported:
    """Take every licence of a CSV list, or none: one transaction; raises BadList.

    Keys that are known already are left as they are, or with `correct` get the list's facts. The
    list is read as it comes; what is kept of it until the end is each key and its line."""
    reading = _Reading(policy, secret)
    done = Imported()
    with db.write() as conn:
        found = _licences(reading, lines)
        while batch := list(islice(found, licence_bulk.BATCH)):
            there = licence_bulk.known(conn, [one.key_hash for one in batch])
            fresh = [one for one in batch if one.key_hash not in there]
            _check_boxes(conn, reading, batch if correct else fresh)
            licence_bulk.add_all(conn, [] if reading.mistakes else fresh)
            if correct and not reading.mistakes:
                again = [one for one in batch if one.key_hash in there]
                licence_bulk.correct_all(conn, again, reading.told)
            done.added += len(fresh)
            done.known += 0 if correct else len(there)
            done.corrected += len(there) if correct else 0
            progress(done.added + done.known + done.corrected)
        if reading.mistakes:
            raise BadList(reading.mistakes)
    return done


def read_lines(file: TextIO) -> Iterator[str]:
    """Yield the lines of a list, never more of one than LONGEST_LINE at a time; raises BadList at
    a line that is longer, so a file of any size takes no more memory than a small one."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            told = f"the line is longer than {LONGEST_LINE:,} characters; is this a CSV list?"
            raise BadList([Mistake(number, told)])
        yield line


def _check_boxes(conn: Connection, reading: _Reading, some: list[NewLicence]) -> None:
    """A serial that stands on another box already cannot be sold twice."""
    wanted = {one.box_hash: one.key_hash for one in some if one.box_hash}
    known = licence_bulk.known_boxes(conn, tuple(wanted)) if wanted else {}
    for box, key in known.items():
        if wanted[box] != key:
            told = "this box serial belongs to another key already; correct one of the two"
            reading.mistake(reading.box_lines[box], told)


def _licences(reading: _Reading, lines: Iterable[str]) -> Iterator[NewLicence]:
    for line, row in _rows(reading, lines):
        sold = read_sold(reading.policy, row)
        if isinstance(sold, str):
            reading.mistake(line, sold)
            continue
        first = reading.seen.setdefault(canonical(sold.key), line)
        if first != line:
            reading.mistake(line, f"this key stands on line {first} already; remove one of them")
            continue
        box = canonical(sold.box_serial)
        if box and reading.boxes.setdefault(box, line) != line:
            reading.mistake(line, f"this box serial stands on line {reading.boxes[box]} already")
            continue
        if not reading.mistakes:  # after a mistake the rest is only looked through
            new = _new(reading.secret, sold)
            if new.box_hash:
                reading.box_lines[new.box_hash] = line
            yield new


def _rows(reading: _Reading, lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(_clean(lines), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        wrong = wrong_columns(header)
        if wrong:
            raise BadList([Mistake(1, wrong)])
        reading.told = _facts_of(header)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                told = (
                    f"{len(cells)} values for {len(header)} columns; is a comma or quote missing?"
                )
                reading.mistake(reader.line_num, told)
                continue
            if len(reading.seen) >= MOST_ROWS:
                told = f"more than {MOST_ROWS:,} licences; split the list into several files"
                raise BadList([Mistake(reader.line_num, told)])
            yield reader.line_num, dict(zip(header, (c.strip() for c in cells), strict=True))
    except csv.Error as error:
        raise BadList([*reading.mistakes, Mistake(reader.line_num, f"no CSV: {error}")]) from None
    except UnicodeDecodeError:
        told = "not UTF-8; save the list as CSV UTF-8"
        raise BadList([*reading.mistakes, Mistake(reader.line_num + 1, told)]) from None


def _facts_of(header: list[str]) -> frozenset[str]:
    """What a list with these columns tells of a licence; a key is given out again only where the
    list says for what."""
    hashed = {"box_serial": "box_hash", "upgrade_of": "upgrade_of"}
    told = {hashed.get(name, name) for name in header if name != "key"}
    return frozenset(told | ({"sealed_key"} if told & set(hashed.values()) else set()))


def _clean(lines: Iterable[str]) -> Iterator[str]:
    """Leave out the mark that some programs put before the first line, and zero characters."""
    for number, line in enumerate(lines):
        yield (line.removeprefix("\ufeff") if number == 0 else line).replace("\0", "")


def _new(secret: str, sold: Sold) -> NewLicence:
    """Keep a key itself, sealed, only where it is to be given out: for a box serial (R7) or as a
    free upgrade (R10)."""
    facts = {name: getattr(sold, name) for name in FACTS if name != "key"}
    given_out = sold.box_serial or sold.upgrade_of
    return NewLicence(
        key_hash=key_hash(secret, sold.key),
        key_last4=last_four(sold.key),
        box_hash=box_hash(secret, sold.box_serial) if sold.box_serial else None,
        upgrade_of=key_hash(secret, sold.upgrade_of) if sold.upgrade_of else None,
        sealed_key=sealed(secret, sold.key) if given_out else None,
        **facts,
    )
