"""The command `kb`."""

import click


@click.group()
def main() -> None:
    """Waypost: a support site made from files in git."""
