"""The command `kb`; each command lives in a module of its own and is loaded when it is run."""

import os
from importlib import import_module
from pathlib import Path

import click

from kb import __version__
from kb.garbage import collector_at_rest, leave_it_at_the_end

# pydantic would read the metadata of every installed library in search of plug-ins, and numpy start
# a thread a core for linear algebra, at the start of every command
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
leave_it_at_the_end()

COMMANDS = {
    "check": "kb.cli.check:check",
    "export": "kb.cli.export:export",
    "help": "kb.cli.help:help_command",
    "import": "kb.cli.import_commands:import_group",
    "index": "kb.cli.index:index",
    "init": "kb.cli.site_commands:init",
    "insights": "kb.cli.insights:insights_command",
    "licences": "kb.cli.licences:licences_group",
    "mail": "kb.cli.mail:mail_group",
    "new": "kb.cli.new:new_group",
    "policy": "kb.cli.policy:policy_group",
    "preview": "kb.cli.preview:preview_group",
    "search": "kb.cli.site_commands:search",
    "serve": "kb.cli.serve:serve",
    "sync": "kb.cli.sync:sync",
    "test-search": "kb.cli.search:test_search",
    "token": "kb.cli.token:token_group",
    "tree": "kb.cli.tree:tree_group",
    "user": "kb.cli.user:user_group",
    "worker": "kb.cli.worker:worker",
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        with collector_at_rest():
            command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="KB_SITE",
    default=Path(),
    help="The site's folder (where site.yaml is); default: this folder.",
)
@click.version_option(__version__, prog_name="kb")
@click.pass_context
def main(ctx: click.Context, site: Path) -> None:
    """Waypost: a support site made from files in git."""
    ctx.obj = site
