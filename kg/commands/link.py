"""Owns `kg link`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands import options

if TYPE_CHECKING:
    from kg.model import Facts, Paper

Line = tuple[dict[str, Any], "Paper", "Facts"]


@click.command(
    name="link",
    epilog="""\b
Examples:
  kg extract pages/ | kg link - > linked.jsonl
  kg link extracted.jsonl --links links.txt > linked.jsonl
  kg link extracted.jsonl --min-confidence 0.7 > sure.jsonl
""",
)
@click.argument("inputs", nargs=-1, required=True)
@click.option(
    "--links",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your same:/different: file.",
)
@options.vocab
@options.min_confidence
def command(
    inputs: tuple[str, ...],
    links: Path | None,
    vocabulary: tuple[Path, ...],
    min_confidence: float,
) -> None:
    """Read lines of `kg extract` (files, or - for standard input); write them linked.

    Each mention gets the `entity` that it is, the same across all papers, and its `name`; whatever
    else a line holds stays as it was.  What is left out as unsure takes part in linking all the
    same, so that entities are those of the whole.
    """
    from kg.link import Linker, Overrides
    from kg.records import sure_line
    from kg.vocabulary import load

    lines = [line for source in inputs for line in _lines(source)]
    linker = Linker(load(vocabulary), Overrides.read(links) if links else None)
    for _, paper, facts in lines:
        linker.add(paper, facts)
    linkage = linker.finish()
    stdout = sys.stdout.buffer
    for row, paper, facts in lines:
        for mention, linked in zip(
            row["mentions"], linkage.resolve(paper, facts).mentions, strict=True
        ):
            mention |= {"entity": linked.entity, "name": linked.name}
        kept = sure_line(row, min_confidence)
        stdout.write(json.dumps(kept, ensure_ascii=False).encode() + b"\n")


def _lines(source: str) -> Iterator[Line]:
    """The lines of one source that can be read; of others, a word on standard error."""
    from kg.errors import KgError

    try:
        stream = sys.stdin.buffer if source == "-" else Path(source).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise KgError(f"{source}: cannot be read: {error.strerror}.") from None
    read = 0
    with stream:
        for number, data in enumerate(stream, 1):
            line = _line(data, f"{source}:{number}") if data.strip() else None
            if line:
                read += 1
                yield line
    if not read:
        raise KgError(f"{source}: no lines of `kg extract` in it.")


def _line(data: bytes, place: str) -> Line | None:
    from kg.model import Paper
    from kg.records import read_extract_line

    try:
        row = json.loads(data)
        paper = Paper(str(row["id"]), row.get("title") or "", row.get("abstract") or "")
        row.setdefault("mentions", [])
        return row, paper, _typed(read_extract_line(row, paper))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        click.echo(f"kg: {place}: skipped: {type(error).__name__}: {error}", err=True)
        return None


def _typed(facts: Facts) -> Facts:
    """The facts, where each mention is of a type that is linked, and confidences are numbers."""
    from kg.schema import ROLES

    stated = [m.confidence for m in facts.mentions] + [r.confidence for r in facts.results]
    for confidence in stated:
        if not isinstance(confidence, int | float):  # JSON may hold anything
            raise ValueError(f"a confidence of {confidence!r}")
    for mention in facts.mentions:
        if mention.type not in ROLES or not mention.text:
            raise ValueError(f"a mention of type {mention.type!r} and text {mention.text!r}")
    return facts
