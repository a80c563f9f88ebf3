"""Sources are read in a process that stays, may be stopped, and is replaced when it is gone."""

import os
import signal

import pytest

from kb.content import read_apart as apart
from kb.content.article_file import Place, read_article

PLACE = Place("articles/setup/1-one/en.md", 1, "one", "en", "setup")
RAW = "---\ntitle: Óne\nsummary: x\n---\n\n## Héading\n\nWords. See [[2]].\n\n![](a.png)\n".encode()


def test_what_comes_back_is_what_reading_here_gives() -> None:
    assert apart.read_apart(PLACE, RAW) == read_article(PLACE, RAW)
    assert apart.read_apart(PLACE, b"no article") == read_article(PLACE, b"no article")


def test_the_same_process_reads_again_and_none_is_started() -> None:
    """What a new one costs stands in bench/editor.py."""
    apart.read_apart(PLACE, RAW)
    first = apart._idle[-1]
    before = len(apart._idle)
    assert apart.read_apart(PLACE, RAW) is not None
    assert apart._idle[-1] is first
    assert len(apart._idle) == before


def test_one_that_ended_by_itself_is_replaced() -> None:
    apart.read_apart(PLACE, RAW)
    apart._idle[-1].process.kill()
    assert apart.read_apart(PLACE, RAW) == read_article(PLACE, RAW)


def test_one_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    apart.read_apart(PLACE, RAW)
    stopped = apart._idle[-1].process
    os.kill(stopped.pid, signal.SIGSTOP)  # as one text that never ends
    with monkeypatch.context() as hasty:
        hasty.setattr(apart, "_SECONDS", 0.05)
        assert apart.read_apart(PLACE, RAW) is None
    assert stopped.poll() is not None
    assert apart.read_apart(PLACE, RAW) is not None
