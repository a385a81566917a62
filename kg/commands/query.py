"""Owns `kg query`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands import options
from kg.errors import KgError
from kg.schema import DEFAULT_BASE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_VERBS = ("select", "ask", "construct", "describe", "prefix", "base", "#")


@click.command(
    name="query",
    epilog="""\b
Examples:
  kg query --list                                  the canned questions
  kg query sota dataset=ImageNet metric=FID        one of them
  kg query 'SELECT ?m { ?p kg:introduces ?m }'     your own, prefixes known
  kg query question.rq --format csv > answer.csv   from a file
  kg query sota dataset=GLUE --min-confidence 0.7  of what is sure
""",
)
@click.argument("question", required=False)
@click.argument("parameters", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--list", "list_", is_flag=True, help="List the canned questions and what they take.")
@click.option("--sparql", is_flag=True, help="Print the SPARQL that would run, and stop.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How to print the answer; a table is tab-separated where it is piped.",
)
@click.option("--base", default=DEFAULT_BASE, show_default=True, help="IRI that nodes are under.")
@options.min_confidence
@options.outputs
def command(
    question: str | None,
    parameters: tuple[str, ...],
    list_: bool,
    sparql: bool,
    format_: str,
    base: str,
    min_confidence: float,
    outputs: Path,
) -> None:
    """Ask the graph QUESTION: SPARQL, a .rq file, or a canned question with its parameters."""
    if list_:
        _list()
        return
    if not question:
        raise click.UsageError("nothing to ask. See: kg query --list")
    from functools import partial

    from kg.query import opened, run
    from kg.store import Store
    from kg.terms import prefixes

    store = opened(partial(Store.open, min_confidence=min_confidence), outputs, base)
    name, text = _asked(question, parameters, store, base)
    if sparql:
        click.echo(text.rstrip("\n"))
        return
    _print(run(store, text, prefixes(base), name), format_, prefixes(base))


def _list() -> None:
    from kg.query import questions

    for asked in questions().values():
        click.echo(f"{asked.name}\n    {asked.summary}")
        for parameter in asked.parameters:
            click.echo(f"    {parameter.name}=…  {parameter.summary}")


def _asked(question: str, parameters: Sequence[str], store: Any, base: str) -> tuple[str, str]:
    """What to call the query in errors, and its SPARQL."""
    from kg.query import bind
    from kg.query.canned import question as canned

    if question.lstrip().lower().startswith(_VERBS) and not question.replace("-", "").isalnum():
        name, text = "query", question
    elif question.endswith(".rq") or Path(question).is_file():
        name, text = question, _read(Path(question))
    else:
        values = dict(_pair(parameter) for parameter in parameters)
        return question, bind(canned(question), values, store, base)
    if parameters:
        raise KgError("parameters go with canned questions; see: kg query --list", code=2)
    return name, text


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise KgError(f"{path}: not text in UTF-8.") from None
    except OSError as error:
        raise KgError(f"{path}: cannot be read: {error.strerror}.") from None


def _pair(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals or not name:
        raise KgError(f"{parameter!r}: parameters are NAME=VALUE, as in dataset=ImageNet", code=2)
    return name, value


def _print(answer: Any, format_: str, known: Mapping[str, str]) -> None:
    from pyoxigraph import QuerySolutions

    from kg.query.answers import columns, rows, write

    if format_ != "table" or not sys.stdout.isatty() or not isinstance(answer, QuerySolutions):
        write(answer, sys.stdout.buffer, format_, known)
        sys.stdout.buffer.flush()
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns(answer))
    for row in rows(answer, known):
        table.add_row(*map(Text, row))
    Console().print(table)
    click.echo(f"{table.row_count:,} {'row' if table.row_count == 1 else 'rows'}")
