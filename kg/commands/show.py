"""Owns `kg show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands import options
from kg.schema import NODE_TYPES, RELATIONS

if TYPE_CHECKING:
    from kg.describe import Found
    from kg.model import Evidence, Statement
    from kg.store import Store

_SENTENCES = 2  # shown for each edge


@click.command(
    name="show",
    epilog="""\b
Examples:
  kg show BLINK
  kg show ImageNet --type Dataset --all
  kg show GPT-2 --min-confidence 0.7
""",
)
@click.argument("name")
@click.option(
    "--type",
    "type_",
    type=click.Choice(list(NODE_TYPES), case_sensitive=False),
    help="Only a thing of this type.",
)
@click.option(
    "--all", "everything", is_flag=True, help="All papers, not the ten surest of each role."
)
@options.min_confidence
@options.outputs
def command(
    name: str, type_: str | None, everything: bool, min_confidence: float, outputs: Path
) -> None:
    """Show what the graph says of NAME: papers by role, results and code, with the sentences."""
    from kg.describe import find
    from kg.store import Store

    with Store.open(outputs, min_confidence=min_confidence) as store:
        for found in find(store, name, type_):
            _head(found)
            _groups(store, found, None if everything else 10)


def _head(found: Found) -> None:
    from kg.model import Paper as PaperType

    value = found.value
    if isinstance(value, PaperType):
        click.secho(value.title, bold=True)
        details = [
            "Paper",
            value.published or "",
            ", ".join(value.authors[:3]),
            *(f"{s.file}:{s.line}" for s in value.sources),
        ]
    else:
        click.secho(value.name, bold=True)
        details = [
            value.type,
            value.link_status,
            f"also: {', '.join(value.aliases)}" if value.aliases else "",
        ]
        details += [f"{key}: {text}" for key, text in value.properties]
    details += [f"{scheme}:{text}" for scheme, text in value.identifiers]
    click.echo(f"  {found.node}")
    click.echo("  " + " · ".join(d for d in details if d))


def _groups(store: Store, found: Found, limit: int | None) -> None:
    """Edges under their relation, as seen from the node."""
    groups: dict[str, list[tuple[str, Statement]]] = {}
    tied = {(s.object, s.subject) for s in found.statements if s.relation == "introducedBy"}
    for edge in found.statements:
        relation = RELATIONS[edge.relation]
        if edge.subject == found.node:
            groups.setdefault(relation.label, []).append((edge.object, edge))
        elif edge.relation == "introduces" and (edge.subject, edge.object) in tied:
            continue  # "introduced by" says it already
        elif edge.relation != "introducedBy":  # the paper's own edge says it already
            groups.setdefault(f"{relation.label} (by)", []).append((edge.subject, edge))
    for label, rows in groups.items():
        rows.sort(key=lambda row: (-row[1].confidence, row[0]))
        click.secho(f"\n  {label} · {len(rows)}", fg="cyan")
        for other, edge in rows[:limit]:
            _edge(store, other, edge)
        if limit and len(rows) > limit:
            click.echo(f"    … {len(rows) - limit} more with --all")
    click.echo()


def _edge(store: Store, other: str, edge: Statement) -> None:
    click.echo(f"    {store.label(other)}  {click.style(f'{edge.confidence:.2f}', dim=True)}")
    seen: list[str] = []
    for evidence in edge.evidence:
        if evidence.sentence not in seen:
            seen.append(evidence.sentence)
            click.echo(f"      “{_marked(evidence)}”")
        if len(seen) == _SENTENCES:
            break


def _marked(evidence: Evidence) -> str:
    """The sentence with its span set off."""
    start = evidence.start - evidence.sentence_start
    end = evidence.end - evidence.sentence_start
    span = click.style(evidence.sentence[start:end], bold=True, fg="yellow")
    return evidence.sentence[:start] + span + evidence.sentence[end:]
