"""Owns `kg formats`."""

from __future__ import annotations

import click


@click.command(name="formats", epilog="\b\nExample:\n  kg formats\n")
def command() -> None:
    """List the formats that are read and written."""
    from kg.export import EXPORTERS
    from kg.readers import READERS

    click.echo("read (told from content, or --format NAME):")
    for name, reader in READERS.items():
        summary = (getattr(import_of(reader), "__doc__", None) or "").strip().splitlines()[0]
        click.echo(f"  {name:22} {summary.removeprefix('Owns the reader of ')}")
    click.echo("written (kg export --NAME):")
    for name in EXPORTERS:
        click.echo(f"  {name}")


def import_of(reader: object) -> object:
    """The module that a reader stands in."""
    import sys

    return sys.modules[getattr(reader, "__module__", "kg.readers")]
