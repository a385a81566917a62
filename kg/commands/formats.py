"""Owns `kg formats`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click


@click.command(
    name="formats",
    epilog="\b\nExamples:\n  kg formats\n  kg formats papers.csv\n  kg formats downloads/",
)
@click.argument("files", nargs=-1)
@click.option("--format", "format_", help="Read as this format, whatever the content shows.")
def command(files: tuple[str, ...], format_: str | None) -> None:
    """List the formats that are read and written; or tell what FILES hold.

    For each file: its format, its records, how many papers have each field, and for a table
    which column is taken for what.
    """
    if files:
        _describe(files, format_)
    else:
        _list()


def _list() -> None:
    from kg.export import EXPORTERS
    from kg.readers import READERS, add_plugins

    add_plugins()
    click.echo("read (told from content, or --format NAME):")
    for name, reader in READERS.items():
        click.echo(f"  {name:17} {_summary(name, reader)}")
    click.echo("  all of them also as .gz, .bz2, .xz, .zst, in a .zip, in folders, or from -")
    click.echo("written (kg export --NAME):")
    for name, exporter in EXPORTERS.items():
        click.echo(f"  {name:17} {exporter.summary}")


def _summary(name: str, reader: object) -> str:
    """What the module of a reader says that it reads, in one line."""
    module = sys.modules.get(getattr(reader, "__module__", None) or "")
    first = ((module.__doc__ if module else "") or "").strip().splitlines()[:1]
    text = first[0] if first else ""
    text = text.removeprefix("Owns the reader of ").replace(f" (`{name}`)", "")
    return text.rstrip(":.")


def _describe(files: tuple[str, ...], format_: str | None) -> None:
    from kg.readers import sources
    from kg.readers.describe import describe

    for opened in sources.find(files):
        _print(describe(opened, format_), click.echo)


def _print(found: Any, echo: Callable[[str], None]) -> None:
    echo(f"{found.name}: {found.format}, {found.records:,} records, {found.papers:,} papers")
    if found.mapping:
        echo(f"  columns: {found.mapping}")
    if found.filled:
        echo(
            "  filled: "
            + ", ".join(f"{name} {count:,}" for name, count in found.filled.most_common())
        )
    for reason, count in found.reasons.most_common(5):
        echo(f"  not read: {count:,} × {reason}")
