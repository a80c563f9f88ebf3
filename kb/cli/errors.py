"""Mistakes that a user can mend end a command with a sentence and an exit code."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from kb.content.problems import ContentError, Level
from kb.settings import SettingsError

P = ParamSpec("P")
R = TypeVar("R")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which takes an s for any number but one."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def friendly(command: Callable[P, R]) -> Callable[P, R]:
    """Print content mistakes line by line (exit 1) and wrong settings (exit 2)."""

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
        except SettingsError as error:
            click.echo(str(error), err=True)
            sys.exit(2)

    return careful
