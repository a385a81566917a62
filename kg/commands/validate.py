"""Owns `kg validate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands import options


@click.command(
    name="validate",
    epilog="""\b
Examples:
  kg validate                       outputs/graph.ttl
  kg validate elsewhere/graph.nt    another export, any format of RDF
""",
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@options.outputs
@click.option("--limit", default=10, show_default=True, help="How many faults to show in full.")
def command(file: Path | None, outputs: Path, limit: int) -> None:
    """Check an export against the SHACL shapes; exit with 1 where something does not conform."""
    from kg.validate import validate

    path = file or outputs / "graph.ttl"
    if sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status(f"checking {path} …"):
            found = validate(path)
    else:
        found = validate(path)
    if not found.faults:
        click.echo(f"{path}: {found.triples:,} triples conform to the shapes.")
        return
    click.echo(f"{path}: {len(found.faults):,} faults in {found.triples:,} triples:")
    for way, message, count in found.summary():
        click.echo(f"  {count:6,} × {way}: {message}")
    click.echo("for example:")
    for fault in found.faults[:limit]:
        value = f" = {fault.value[:80]!r}" if fault.value else ""
        click.echo(f"  {fault.node} {fault.path}{value}: {fault.message}")
    sys.exit(1)
