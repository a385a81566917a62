"""Measure the shipped tagger on the held-out papers, and fit how its probabilities map to confidence."""

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kg.extract.decode import TYPES
from kg.extract.ner import CONFIDENCE, SPANS, blank
from training.data import Example, f1, load_sets, url_spans

Mention = tuple[int, int, str]


def tag(examples: Sequence[Example], profile: str) -> list[dict[Mention, float]]:
    """The mentions of each paper with their confidence, those in addresses left out."""
    nlp = blank()
    nlp.add_pipe("kg_ner", config={"profile": profile})
    out = []
    for example, doc in zip(examples, nlp.pipe([e.text for e in examples]), strict=True):
        urls = url_spans(example.text)
        sure = doc.user_data[CONFIDENCE]
        found: dict[Mention, float] = {}
        for span in doc.spans[SPANS]:
            a, b = span.start_char, span.end_char
            if not any(a < v and u < b for u, v in urls):
                found[a, b, span.label_] = sure[a, b]
        out.append(found)
    return out


def table(examples: Sequence[Example], found: Sequence[Iterable[Mention]]) -> str:
    """Rows of precision, recall and F1: all, then each type."""
    sets = [set(x) for x in found]
    gold = [e.gold for e in examples]
    rows = []
    for kind in (None, *TYPES):
        p, r, f = f1(sets, gold, kind)
        rows.append(f"| {kind or 'all'} | {p:.1f} | {r:.1f} | {f:.1f} |")
    return "\n".join(["| type | P | R | F1 |", "| --- | --- | --- | --- |", *rows])


def calibration_error(sure: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error in points: mean gap of confidence and accuracy over equal bins."""
    which = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        (which == b).sum() * abs(sure[which == b].mean() - right[which == b].mean())
        for b in range(bins)
        if (which == b).any()
    ]
    return float(100 * sum(gaps) / len(sure))


def fit(odds: np.ndarray, kinds: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Slope and an offset for each type, by logistic regression (Platt 1999), lightly held to (1, 0)."""
    design = np.column_stack([odds, kinds[:, None] == np.arange(len(TYPES))])
    prior = np.array([1.0, *[0.0] * len(TYPES)])
    weights = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (p - right) + 2.0 * (weights - prior)
        curve = (design * (p * (1 - p))[:, None]).T @ design + 2.0 * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights


def columns(
    examples: Sequence[Example], found: Sequence[dict[Mention, float]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """For each mention: log odds as predicted, type index, whether it is right, paper index."""
    rows = [
        (p, TYPES.index(m[2]), m in e.gold, k)
        for k, (e, f) in enumerate(zip(examples, found, strict=True))
        for m, p in f.items()
    ]
    p, kinds, right, paper = (np.array(c, float) for c in zip(*rows, strict=True))
    p = p.clip(1e-4, 1 - 1e-4)
    return np.log(p / (1 - p)), kinds.astype(int), right, paper.astype(int)


def cross_fit(odds: np.ndarray, kinds: np.ndarray, right: np.ndarray, paper: np.ndarray) -> float:
    """Calibration error when each paper's confidence is fitted on the four fifths without it."""
    sure = np.zeros_like(odds)
    for fold in range(5):
        test = paper % 5 == fold
        weights = fit(odds[~test], kinds[~test], right[~test])
        sure[test] = 1 / (1 + np.exp(-weights[0] * odds[test] - weights[1:][kinds[test]]))
    return calibration_error(sure, right)


def as_predicted(example: Example, found: dict[Mention, float]) -> dict[str, Any]:
    """A paper as `kg extract` writes it, without roles and entities."""
    end = example.text.index("\n")
    mentions = [
        {
            "field": "title" if b <= end else "abstract",
            "start": a if b <= end else a - end - 1,
            "end": b if b <= end else b - end - 1,
            "text": example.text[a:b],
            "type": kind,
            "confidence": p,
        }
        for (a, b, kind), p in sorted(found.items())
    ]
    return {"id": example.id, "mentions": mentions, "results": [], "code": []}


def main(argv: Iterable[str] | None = None) -> None:
    """Parse the command line, print scores, write what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--gold", type=Path, required=True, help="folder of the gold files")
    add("--profile", default="default")
    add("--calibration", type=Path, help="write slope and offset of each type here (JSON)")
    add("--predictions", type=Path, help="write predictions as JSONL into this folder")
    a = parser.parse_args(argv if argv is None else list(argv))
    sets = load_sets(a.gold, Path(), Path("none"))
    every: list[Example] = []
    tagged: list[dict[Mention, float]] = []
    for name, examples in sets.held_out.items():
        found = tag(examples, a.profile)
        odds, _, right, _ = columns(examples, found)
        error = calibration_error(1 / (1 + np.exp(-odds)), right)
        print(f"{name}, {len(examples)} papers, calibration error {error:.1f}")
        print(table(examples, found))
        every += examples
        tagged += found
        if a.predictions:
            a.predictions.mkdir(parents=True, exist_ok=True)
            lines = [json.dumps(as_predicted(e, f)) for e, f in zip(examples, found, strict=True)]
            (a.predictions / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    odds, kinds, right, paper = columns(every, tagged)
    print(f"calibration error cross-fitted on top: {cross_fit(odds, kinds, right, paper):.1f}")
    if a.calibration:
        weights = fit(odds, kinds, right).round(4).tolist()
        fitted = {kind: [weights[0], weights[1 + i]] for i, kind in enumerate(TYPES)}
        a.calibration.write_text(json.dumps(fitted))


if __name__ == "__main__":
    main()
