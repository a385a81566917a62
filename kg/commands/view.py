"""Owns `kg view`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands import options


@click.command(
    name="view",
    epilog="""\b
Examples:
  kg view
  kg view --outputs my-graph
  kg view --print              only say where the page is
""",
)
@options.outputs
@click.option("--print", "only_print", is_flag=True, help="Print its address; open nothing.")
def command(outputs: Path, only_print: bool) -> None:
    """Open the graph in the browser: one page, which is written first if the build is newer."""
    import webbrowser

    page = outputs / "graph.html"
    if not _is_current(page, outputs):
        _write(page, outputs)
    address = page.resolve().as_uri()
    if only_print or not webbrowser.open(address):
        click.echo(address)


def _is_current(page: Path, outputs: Path) -> bool:
    from kg.store import FILE_NAME

    store = outputs / FILE_NAME
    if not page.is_file():
        return False
    return not store.is_file() or page.stat().st_mtime >= store.stat().st_mtime


def _write(page: Path, outputs: Path) -> None:
    from kg.export.html import export
    from kg.files import atomic_write
    from kg.store import Store

    with Store.open(outputs) as graph, atomic_write(page) as stream:
        export(graph, stream)
