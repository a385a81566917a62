"""Owns `kg diff`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from kg.commands import options


@click.command(
    name="diff",
    epilog="""\b
Examples:
  kg diff outputs/ other-outputs/
  kg diff old/ new/ --nodes
  kg diff old/ new/ --min-confidence 0.7    only what is or was sure
""",
)
@click.argument("a", type=click.Path(path_type=Path, exists=True))
@click.argument("b", type=click.Path(path_type=Path, exists=True))
@click.option("--nodes", "only_nodes", is_flag=True, help="Nodes only.")
@options.min_confidence
def command(a: Path, b: Path, only_nodes: bool, min_confidence: float) -> None:
    """List what builds A and B disagree on: "-" only in A, "+" only in B; exit code 0 either way."""
    from functools import partial

    from kg.store import Store

    opened = partial(Store.open, min_confidence=min_confidence)
    with opened(a) as one, opened(b) as two:
        lines = list(_differences(one.node_ids(), two.node_ids()))
        if not only_nodes:
            lines += _differences(one.edge_ids(), two.edge_ids())
    for line in lines:
        click.echo(line)
    click.echo(f"{len(lines):,} differences" if lines else "no difference", err=True)


def _differences(
    ours: Iterator[tuple[str, ...]], theirs: Iterator[tuple[str, ...]]
) -> Iterator[str]:
    """A merge of two sorted streams: only what stands in one of them."""
    a, b = next(ours, None), next(theirs, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a < b):
            assert a is not None
            yield "- " + "\t".join(a)
            a = next(ours, None)
        elif a is None or b < a:
            yield "+ " + "\t".join(b)
            b = next(theirs, None)
        else:
            a, b = next(ours, None), next(theirs, None)
