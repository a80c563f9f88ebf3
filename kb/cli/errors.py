"""Mistakes that a user can mend end a command with a sentence and an exit code."""

import errno
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from kb.content.problems import ContentError, Level
from kb.settings import OperatorError

P = ParamSpec("P")
R = TypeVar("R")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which takes an s for any number but one."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


_MENDS = {
    errno.EACCES: "let the user that runs kb read and write it",
    errno.EPERM: "let the user that runs kb read and write it",
    errno.EROFS: "its file system is mounted read-only; name another place",
    errno.ENOSPC: "make room on the disk and run this again",
    errno.EDQUOT: "make room on the disk and run this again",
    errno.ENOENT: "make the folder first, or name another",
    errno.ENOTDIR: "a part of it is a file; name a folder",
    errno.EEXIST: "it is there already; name another",
    errno.EISDIR: "name a file",
    errno.EFBIG: "let the user that runs kb write larger files (ulimit -f)",
    errno.EMFILE: "let processes open more files (ulimit -n)",
}


def refused(error: OSError, place: object = None) -> str:
    """Say what the machine refused and how to mend it; `place` is what the user called it."""
    where = place or error.filename
    what = (error.strerror or str(error)).lower()
    mend = _MENDS.get(error.errno or 0, "look at the machine and run this again")
    return f"{where}: {what}; {mend}" if where else f"{what}; {mend}"


def friendly(command: Callable[P, R]) -> Callable[P, R]:
    """Print content mistakes line by line (exit 1); wrong settings, a database that does not
    answer and what the machine refuses (exit 2)."""

    @wraps(command)
    def careful(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ContentError as error:
            for problem in error.problems:
                mark = " (warning)" if problem.level is Level.WARNING else ""
                click.echo(f"{problem}{mark}", err=True)
            mistakes = sum(problem.level is Level.ERROR for problem in error.problems)
            click.echo(f"{counted(mistakes, 'mistake')}; nothing was changed.", err=True)
            sys.exit(1)
        except OperatorError as error:
            click.echo(str(error), err=True)
            sys.exit(2)
        except BrokenPipeError:
            raise  # `kb … | head` ends quietly, as click does it
        except OSError as error:
            click.echo(refused(error), err=True)
            sys.exit(2)

    return careful
