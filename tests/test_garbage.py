"""A command looks for garbage neither while it loads, nor as it ends; a compile not at all."""

import gc
import subprocess
import sys

import pytest

from kb.garbage import collector_at_rest

ENDS = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 10_000))  # the last of all
from kb.cli import main
main(["index", "--help"])
"""


def test_the_collector_rests_and_is_as_it_was_before() -> None:
    assert gc.isenabled()
    with collector_at_rest():
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


@collector_at_rest()
def _mistaken() -> None:
    raise ValueError("a mistake")


def test_a_mistake_leaves_it_as_it_was() -> None:
    with pytest.raises(ValueError, match="a mistake"):
        _mistaken()
    assert gc.isenabled()


def test_a_command_that_ends_does_not_look_through_what_goes_with_it() -> None:
    words = [sys.executable, "-c", ENDS]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("True\n")
    assert "Compile the site" in done.stdout
    assert done.stderr == ""
