"""Owns `kg stats`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands import options

_TOP = 10


@click.command(
    name="stats",
    epilog="""\b
Examples:
  kg stats
  kg stats --min-confidence 0.7
  kg stats --json | jq .nodes
""",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
@options.min_confidence
@options.outputs
def command(as_json: bool, min_confidence: float, outputs: Path) -> None:
    """Count what the graph holds, and name the ten most linked things of each type."""
    from kg.store import Store

    with Store.open(outputs, min_confidence=min_confidence) as store:
        nodes, edges = store.types(), store.relations()
        top = {
            type_: store.most_linked(type_, _TOP)
            for type_ in nodes
            if type_ not in ("Paper", "Result")
        }
    if as_json:
        import json

        rows = {
            t: [{"id": i, "name": n, "papers": p} for i, n, p in found] for t, found in top.items()
        }
        click.echo(
            json.dumps(
                {"nodes": nodes, "edges": edges, "most_linked": rows}, ensure_ascii=False, indent=2
            )
        )
        return
    for title, counts in (("nodes", nodes), ("edges", edges)):
        click.secho(f"{title} · {sum(counts.values()):,}", bold=True)
        for name, count in counts.items():
            click.echo(f"  {name:16} {count:>8,}")
    for type_, found in top.items():
        click.secho(f"most linked · {type_}", bold=True)
        for _, name, papers in found:
            click.echo(f"  {papers:>6,}  {name}")
