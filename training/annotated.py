"""Read whole annotations: papers with mentions that carry roles and names, and their results."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from kg.evaluate import gold_spans
from kg.extract import linear as inference
from kg.model import Field, Mention
from training.data import HOLD_OUT, read_jsonl


@dataclass(frozen=True)
class Annotated:
    """One paper: its texts, its mentions in order, with roles and names, and its result rows."""

    id: str
    title: str
    abstract: str
    mentions: list[Mention]
    results: list[dict[str, Any]]


def annotated(paper: dict[str, Any], gold: dict[str, Any]) -> Annotated:
    """A paper and its annotation as one."""
    mentions = [
        Mention(field, start, end, row["text"], row["type"], row["role"], name=row["name"])
        for (field, start, end), row in cast(
            dict[tuple[Field, int, int], dict[str, Any]], gold_spans(paper, gold)
        ).items()
    ]
    mentions.sort(key=lambda m: (m.field != "title", m.start))
    return Annotated(
        gold["id"], paper["title"] or "", paper["abstract"] or "", mentions, gold["results"]
    )


def load(
    gold: Path, corpus: Path, annotations: Path, gold_repeat: int = 1
) -> tuple[list[Annotated], dict[str, list[Annotated]]]:
    """What to train on, and by name what to measure on, as `training.data.load_sets` divides it.

    `gold_repeat` is how often each paper of the gold counts: it agrees with itself better than
    with what was annotated after it.
    """
    parts = {name: _pair(gold, name) for name in ("train", "general", "dev")}
    rows = {r["id"]: r for path in sorted(annotations.glob("*.jsonl")) for r in read_jsonl(path)}
    papers = {p["id"]: p for p in read_jsonl(corpus) if p["id"] in rows} if rows else {}
    own = [annotated(papers[i], rows[i]) for i in sorted(papers)]
    general = parts["general"]
    return (
        [*[*parts["train"], *general[:-HOLD_OUT]] * gold_repeat, *own],
        {"dev": parts["dev"], "general-dev": general[-HOLD_OUT:]},
    )


def _pair(folder: Path, name: str) -> list[Annotated]:
    papers = {p["id"]: p for p in read_jsonl(folder / f"{name}.papers.jsonl")}
    rows = sorted(read_jsonl(folder / f"{name}.gold.jsonl"), key=lambda g: g["id"])
    return [annotated(papers[row["id"]], row) for row in rows]


def run(
    description: str | None,
    train: Callable[[list[Annotated]], None],
    measure: Callable[[list[Annotated]], None],
) -> None:
    """The command line of a trainer: train, then measure on what was held out."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--gold", type=Path, required=True, help="folder of *.papers and *.gold")
    parser.add_argument("--corpus", type=Path, required=True, help="texts of own annotations")
    parser.add_argument("--annotations", type=Path, default=Path(__file__).parent / "annotations")
    parser.add_argument("--gold-repeat", type=int, default=1, help="how often the gold counts")
    parser.add_argument("--measure-only", action="store_true")
    options = parser.parse_args()
    training, held_out = load(
        options.gold, options.corpus, options.annotations, options.gold_repeat
    )
    if not options.measure_only:
        train(training)
        inference.load.cache_clear()
    for name, papers in held_out.items():
        print(name)
        measure(papers)
