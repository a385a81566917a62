"""Owns `kg export`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kg.commands import options
from kg.export import Format, exporters
from kg.schema import DEFAULT_BASE


def _formats(function: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each row of the table of formats."""
    for row in reversed(exporters().values()):
        name = row.name.replace("-", "_")
        function = click.option(
            f"--{row.name}", f"to_{name}", is_flag=True, help=f"{row.summary}."
        )(function)
    return function


@click.command(
    name="export",
    epilog="""\b
Examples:
  kg export --ttl                        outputs/graph.ttl
  kg export --html --json --graphml      several at once
  kg export --nt -o - | gzip > kg.nt.gz  standard output
  kg export --ttl --base https://example.org/kg/ --no-evidence
""",
)
@_formats
@click.option(
    "-o", "--output", metavar="FILE", help="Where to write one format; - for standard output."
)
@options.outputs
@click.option("--base", default=DEFAULT_BASE, show_default=True, help="IRI that nodes are under.")
@click.option(
    "--evidence/--no-evidence",
    default=True,
    show_default=True,
    help="With or without the spans that edges rest on.",
)
@options.min_confidence
def command(
    output: str | None,
    outputs: Path,
    base: str,
    evidence: bool,
    min_confidence: float,
    **chosen: bool,
) -> None:
    """Write the graph of a build in one or more formats, each to OUTPUTS/graph.* or as told."""
    table = exporters()
    rows = [table[name] for name in table if chosen[f"to_{name.replace('-', '_')}"]]
    if not rows:
        raise click.UsageError("which format? For example: kg export --ttl")
    if output and len(rows) > 1:
        raise click.UsageError("-o goes with one format; leave it out for several.")
    if output == "-" and not rows[0].suffix:
        raise click.UsageError(f"--{rows[0].name} is a folder of files; give -o FOLDER.")
    from kg.store import Store

    with Store.open(outputs, min_confidence=min_confidence) as graph:
        for row in rows:
            _write(row, graph, output, outputs, {"base": base, "evidence": evidence})


def _write(
    row: Format, graph: Any, output: str | None, outputs: Path, settings: dict[str, Any]
) -> None:
    from kg.files import atomic_folder, atomic_write

    export = row.load()
    taken = {key: value for key, value in settings.items() if key in row.options}
    if output == "-":
        export(graph, sys.stdout.buffer, **taken)
        sys.stdout.buffer.flush()
        return
    default = f"graph.{row.suffix}" if row.suffix else f"graph-{row.name}"
    path = Path(output) if output else outputs / default
    with atomic_write(path) if row.suffix else atomic_folder(path) as target:
        export(graph, target, **taken)
    click.echo(path)
