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
  kg view --min-confidence 0.7 only what is sure: graph-0.7.html
  kg view --print              only say where the page is
""",
)
@options.outputs
@options.min_confidence
@click.option("--print", "only_print", is_flag=True, help="Print its address; open nothing.")
def command(outputs: Path, min_confidence: float, only_print: bool) -> None:
    """Open the graph in the browser: one page, which is written first if the build is newer."""
    import webbrowser

    page = outputs / (f"graph-{min_confidence:g}.html" if min_confidence else "graph.html")
    if not _is_current(page, outputs, min_confidence):
        _write(page, outputs, min_confidence)
    address = page.resolve().as_uri()
    if only_print or not webbrowser.open(address):
        click.echo(address)


def _is_current(page: Path, outputs: Path, min_confidence: float) -> bool:
    """Whether the page shows this build, and all of it that is wanted: an export may hold less."""
    from kg.export.viewer.page import min_confidence_of
    from kg.store import FILE_NAME

    store = outputs / FILE_NAME
    if not page.is_file() or min_confidence_of(page) != min_confidence:
        return False
    return not store.is_file() or page.stat().st_mtime >= store.stat().st_mtime


def _write(page: Path, outputs: Path, min_confidence: float) -> None:
    from kg.export.html import export
    from kg.files import atomic_write
    from kg.store import Store

    with (
        Store.open(outputs, min_confidence=min_confidence) as graph,
        atomic_write(page) as stream,
    ):
        export(graph, stream)
