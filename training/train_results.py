"""Train the result classifiers on annotated results, write their weights, and measure them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

from kg.evaluate import fold, fold_value
from kg.extract import linear as inference
from kg.extract.metric_names import canonical_metric
from kg.extract.result_features import Line, pair_features, value_features
from kg.extract.results import candidates, find_results, value_lines
from kg.extract.values import Value
from kg.model import Mention
from training import linear
from training.annotated import Annotated, run

OUTPUT = Path(inference.__file__).parent / "weights" / "results.json"
_STRENGTH = 0.2
_LEAST = 2
_MISSED = 0.3  # of metrics and datasets: about what a tagger misses, hidden in a second copy

Row = tuple[list[str], str, str]  # features, label, paper


def bare(value: str) -> str:
    """A value's digits and unit, without sign and notation."""
    folded = fold_value(value).lstrip("-−<>")
    return re.sub(r"\$|\\", "", folded).replace("times", "x").replace("×", "x")


def with_misses(paper: Annotated) -> Annotated:
    """The paper as a tagger would see it that overlooks some metrics and datasets."""

    def seen(mention: Mention) -> bool:
        hashed = crc32(f"{paper.id}{mention.text}".encode()) / 2**32
        return mention.type in ("Method", "Task") or hashed >= _MISSED

    return replace(paper, mentions=[m for m in paper.mentions if seen(m)])


def examples(paper: Annotated) -> Iterator[tuple[str, Row]]:
    """(classifier, row) for each number, and for each name that a result may be about."""
    for line in value_lines(paper.abstract, paper.mentions):
        for value in line.values:
            label, rows = _label(value, paper.results)
            yield "value", (sorted(value_features(value, line)), label, paper.id)
            if rows:
                yield from _pairs(value, line, rows, paper)


def _label(value: Value, results: Sequence[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """What the annotation says of the number, and the rows that hold it."""
    rows = [row for row in results if bare(str(row["value"])) == bare(value.written)]
    if not rows:
        return "no", rows
    first = str(rows[0]["value"]).lstrip("$")[:1]
    if value.unit in ("x", "share", "order"):
        return "absolute", rows
    return {"+": "plus", "-": "minus", "−": "minus"}.get(first, "absolute"), rows


def _pairs(
    value: Value, line: Line, rows: Sequence[dict[str, Any]], paper: Annotated
) -> Iterator[tuple[str, Row]]:
    known = {fold(m.text): fold(m.name) for m in paper.mentions if m.type == "Dataset"}
    known |= {
        fold(canonical_metric(m.text)): fold(m.name) for m in paper.mentions if m.type == "Metric"
    }
    metrics = {
        fold(f(row["metric"])) for row in rows if row["metric"] for f in (str, canonical_metric)
    }
    datasets = {fold(row["dataset"]) for row in rows if row["dataset"]}
    for kind, right in (("Metric", metrics), ("Dataset", datasets)):
        names = candidates(line, paper.mentions, kind)
        for name in names:
            surface = fold(name.name)
            # "memory usage" and "GPU memory" are right where the annotator said "memory"
            wider = {surface, surface.partition(" ")[2], surface.rpartition(" ")[0]} - {""}
            good = not right.isdisjoint(wider | {known.get(surface, "")})
            features = sorted(pair_features(value, name, line, names))
            yield kind.lower(), (features, "yes" if good else "no", paper.id)


def train(papers: Sequence[Annotated]) -> None:
    """Fit the three classifiers, and write them."""
    rows: dict[str, list[Row]] = {"value": [], "metric": [], "dataset": []}
    for paper in papers:
        for copy in (paper, with_misses(paper)):
            for name, row in examples(copy):
                rows[name].append(row)
    classifiers = {}
    for name, part in rows.items():
        features, labels, ids = zip(*part, strict=True)
        classifiers[name] = linear.fit(features, labels, ids, strength=_STRENGTH, least=2 * _LEAST)
        print(name, Counter(labels), len(classifiers[name]["weights"]), "features")
    linear.write(OUTPUT, classifiers)


def measure(papers: Sequence[Annotated]) -> None:
    """Print precision, recall and F1 on annotated mentions, as the scorer defines them."""
    counts = {name: [0, 0, 0] for name in ("result", "value", "value and metric")}
    for paper in papers:
        named = {m.text: m.name for m in paper.mentions if m.type == "Dataset"}
        ours = {
            (fold_value(r.value), fold(r.metric), fold(named.get(r.dataset or "", r.dataset)))
            for r in find_results(paper.title, paper.abstract, paper.mentions)
        }
        gold = {
            (fold_value(r["value"]), fold(r["metric"]), fold(r["dataset"])) for r in paper.results
        }
        for name, parts in (("result", 3), ("value", 1), ("value and metric", 2)):
            a, b = {key[:parts] for key in ours}, {key[:parts] for key in gold}
            for i, n in enumerate((len(a & b), len(a), len(b))):
                counts[name][i] += n
    for name, (right, p, g) in counts.items():
        f1 = 200 * right / max(1, p + g)
        print(f"  {name}: P {100 * right / max(1, p):.1f} R {100 * right / g:.1f} F1 {f1:.1f}")


if __name__ == "__main__":
    run(__doc__, train, measure)
