"""Owns a linear classifier over named features: its file, and the probabilities that it gives.

The file is JSON: by classifier, the labels, a bias for each, a temperature, and a row of weights
for each feature that has any.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class Classifier:
    """Multinomial logistic regression; `weights` maps a feature to one weight a label."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    temperature: float
    weights: dict[str, list[float]]

    def probabilities(self, features: Iterable[str]) -> list[float]:
        """The probability of each label; each feature must come once."""
        rows = [row for row in map(self.weights.get, features) if row is not None]
        scores = [math.fsum(column) for column in zip(self.bias, *rows, strict=True)]
        top = max(scores)
        exponentials = [math.exp((score - top) / self.temperature) for score in scores]
        total = sum(exponentials)
        return [value / total for value in exponentials]


@cache
def load(name: str) -> dict[str, Classifier]:
    """The classifiers in `weights/<name>.json`, by their names."""
    rows = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return {
        key: Classifier(
            tuple(row["labels"]), tuple(row["bias"]), row["temperature"], row["weights"]
        )
        for key, row in rows.items()
    }
