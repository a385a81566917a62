"""Owns the command line's frame: the table of commands, and the place where errors become exit codes.

Each command is one file in `kg/commands/`, loaded when it is asked for, so that `kg --help` costs
no more than click.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module

import click

from kg.errors import KgError

# name -> (module, what it does in one line), in the order of `kg --help`
COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("kg.commands.build", "Read papers, extract what they say, and build the graph."),
    "export": ("kg.commands.export", "Write the graph: Turtle, HTML, GraphML, CSV and more."),
    "view": ("kg.commands.view", "Open the graph in the browser."),
    "query": ("kg.commands.query", "Ask the graph in SPARQL, or by a canned question."),
    "show": (
        "kg.commands.show",
        "One thing: its papers by role, results and code, with the sentences.",
    ),
    "stats": ("kg.commands.stats", "What the graph holds."),
    "merges": ("kg.commands.merges", "Which names became one node, and why."),
    "diff": ("kg.commands.diff", "What two builds disagree on."),
    "validate": ("kg.commands.validate", "Check an export against the SHACL shapes."),
    "serve": ("kg.commands.serve", "Answer SPARQL over HTTP, on this machine."),
    "extract": ("kg.commands.extract", "Extract only: one JSON line for each paper."),
    "link": ("kg.commands.link", "Link only: extracted JSON lines in, linked ones out."),
    "eval": ("kg.commands.eval", "Score extraction against gold annotations."),
    "vocab": ("kg.commands.vocab", "Import lists of known names."),
    "formats": ("kg.commands.formats", "The formats that are read and written."),
    "completion": ("kg.commands.completion", "Print the shell completion script."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from its module."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name][0]), "command")  # noqa: B009 - the module is not known here
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without importing what is in it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was meant, or the near miss."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {close[0]}?" if close else " See: kg --help"
            raise click.UsageError(f"no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="kg", prog_name="kg")
def cli() -> None:
    """Build a knowledge graph of papers, methods, datasets, tasks, metrics, results and code.

    \b
    kg build pages/            read the papers, build outputs/kg.sqlite
    kg export --ttl --html     write outputs/graph.ttl and outputs/graph.html
    kg query sota dataset=ImageNet metric=FID
    """


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line: 0 where it worked, 1 or 2 with one line where the user can mend it."""
    try:
        cli.main(args=None if args is None else list(args), prog_name="kg", standalone_mode=False)
    except KgError as error:
        click.echo(f"kg: {error}", err=True)
        sys.exit(error.code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("kg: stopped; the last finished build is as it was.", err=True)
        sys.exit(130)
    except BrokenPipeError:  # the reader of the pipe has seen enough, as in `kg extract | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
