"""Owns `kg vocab`."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group(name="vocab", epilog="\b\nExample:\n  kg vocab import datasets.json -o mine.jsonl\n")
def command() -> None:
    """Lists of known names, for --vocab."""


@command.command(
    name="import",
    epilog="""\b
Examples:
  kg vocab import methods.json -o methods.jsonl        a Papers with Code dump
  kg vocab import query.json --type Dataset > mine.jsonl   Wikidata query results
  kg build pages/ --vocab methods.jsonl
""",
)
@click.argument("inputs", nargs=-1, required=True)
@click.option(
    "--format",
    "format_",
    help="papers-with-code, hf, lm-eval, wikidata, list or names; told from the content if left out.",
)
@click.option(
    "--type", "type_", help="Method, Dataset, Task or Metric, where the list does not say."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; standard output if left out.",
)
def import_(
    inputs: tuple[str, ...], format_: str | None, type_: str | None, output: Path | None
) -> None:
    """Turn published lists of names (files, or - for standard input) into vocabulary lines.

    What is in them already under the same type and name is written once; junk is left out.
    """
    from kg.files import atomic_write
    from kg.link.lists import entries
    from kg.vocabulary import dump

    rows = {
        (e.type, e.name): e
        for source in reversed(inputs)
        for e in entries(_data(source), source, format_, type_)
    }
    lines = "".join(dump(rows[place]) + "\n" for place in sorted(rows)).encode()
    if output is None:
        sys.stdout.buffer.write(lines)
        return
    with atomic_write(output) as stream:
        stream.write(lines)
    click.echo(f"{len(rows):,} names in {output}", err=True)


def _data(source: str) -> bytes:
    from kg.errors import KgError

    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise KgError(f"{source}: cannot be read: {error.strerror}.") from None
