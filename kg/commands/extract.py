"""Owns `kg extract`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from kg.commands import options


@click.command(
    name="extract",
    epilog="""\b
Examples:
  kg extract pages/ > extracted.jsonl
  kg extract papers.jsonl --min-confidence 0.7
""",
)
@click.argument("inputs", nargs=-1, required=True)
@options.format_
@options.vocab
@options.jobs
@options.min_confidence
def command(
    inputs: tuple[str, ...],
    format_: str | None,
    vocabulary: tuple[Path, ...],
    jobs: int | None,
    min_confidence: float,
) -> None:
    """Write one JSON line for each paper of INPUTS to standard output.

    It holds the mentions with their offsets, roles and entities, the results and the addresses;
    nothing is kept on disk.
    """
    from kg.commands.progress import bar
    from kg.pipeline import extract as extracted
    from kg.records import extract_line

    stdout = sys.stdout.buffer  # UTF-8 whatever the terminal's own encoding
    with bar() as progress:
        for paper, facts in extracted(
            inputs,
            format_=format_,
            vocabulary=vocabulary,
            jobs=jobs,
            min_confidence=min_confidence,
            progress=progress,
        ):
            line = json.dumps(extract_line(paper, facts), ensure_ascii=False)
            stdout.write(line.encode() + b"\n")
