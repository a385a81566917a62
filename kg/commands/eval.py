"""Owns `kg eval`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands import options

if TYPE_CHECKING:
    from kg.evaluate import Evaluation, Reliability

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(
    name="eval",
    epilog="""\b
Examples:
  kg eval dev.gold.jsonl --papers dev.papers.jsonl
  kg eval dev.gold.jsonl --papers dev.papers.jsonl --predicted extracted.jsonl --errors 20
""",
)
@click.argument("gold", type=_FILE)
@click.option("--papers", type=_FILE, required=True, help="The annotated texts, JSON Lines.")
@click.option(
    "--predicted", type=_FILE, help="What `kg extract` wrote; the texts are extracted if left out."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
@click.option(
    "--errors", type=click.IntRange(0), default=0, metavar="N", help="List N errors of each kind."
)
@options.vocab
@options.jobs
@options.min_confidence
def command(
    gold: Path,
    papers: Path,
    predicted: Path | None,
    as_json: bool,
    errors: int,
    vocabulary: tuple[Path, ...],
    jobs: int | None,
    min_confidence: float,
) -> None:
    """Score extraction against the annotations in GOLD: precision, recall and F1 in percent.

    Intervals hold 95 % of a bootstrap over papers.
    """
    from kg.evaluate import evaluate, read_rows
    from kg.records import sure_line

    rows = (
        read_rows(predicted) if predicted else _extracted(papers, vocabulary, jobs, min_confidence)
    )
    if predicted and min_confidence:
        rows = {id_: sure_line(row, min_confidence) for id_, row in rows.items()}
    evaluation = evaluate(read_rows(papers), read_rows(gold), rows)
    if as_json:
        click.echo(json.dumps(_as_json(evaluation), ensure_ascii=False, indent=2))
    else:
        _show(evaluation, errors)


def _extracted(
    papers: Path,
    vocabulary: tuple[Path, ...],
    jobs: int | None,
    min_confidence: float,
) -> dict[str, Any]:
    """The rows that `kg extract` would write."""
    from kg import pipeline
    from kg.commands.progress import bar
    from kg.records import extract_line

    with bar() as progress:
        facts = pipeline.extract(
            [str(papers)],
            vocabulary=vocabulary,
            jobs=jobs,
            min_confidence=min_confidence,
            progress=progress,
        )
        return {paper.id: extract_line(paper, found) for paper, found in facts}


def _show(evaluation: Evaluation, errors: int) -> None:
    click.echo(f"{evaluation.papers:,} papers\n")
    click.secho(f"{'':16} {'P':>5} {'R':>5} {'F1':>5}   95 % of F1     gold", bold=True)
    for name in sorted(evaluation.scores):
        s = evaluation.scores[name]
        interval = f"{s.low:5.1f}-{s.high:5.1f}" if s.low is not None else " " * 11
        click.echo(
            f"{name:16} {s.precision:5.1f} {s.recall:5.1f} {s.f1:5.1f}   {interval} {s.gold:>9,}"
        )
    kinds = Counter(fault.kind for fault in evaluation.faults)
    click.secho("\nerrors of mentions", bold=True)
    for kind in sorted(kinds):
        click.echo(f"  {kind:16} {kinds[kind]:>6,}")
        for fault in [f for f in evaluation.faults if f.kind == kind][:errors]:
            told = " -> ".join(
                f"{text!r} {type_}"
                for text, type_ in (
                    (fault.gold, fault.gold_type),
                    (fault.predicted, fault.predicted_type),
                )
                if text
            )
            click.echo(f"    {fault.paper}  {told}")
    for name, table in evaluation.reliability.items():
        _reliability(name, table)


def _reliability(name: str, table: Reliability) -> None:
    click.secho(f"\nconfidence of {name}s: off by {table.error:.1f} points", bold=True)
    click.echo("  stated       mean  right  count")
    for row in table.bins:
        click.echo(
            f"  {row.low:.1f} to {row.high:.1f}  {row.confidence:5.2f}  {row.right:5.2f}"
            f" {row.count:>6,}"
        )


def _as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The same as plain objects; names as in the dataclasses."""
    from dataclasses import asdict

    return asdict(evaluation)
