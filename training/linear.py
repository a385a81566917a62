"""Fit the linear classifiers of `kg.extract.linear` and write their file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

_LEAST = 0.01  # a feature whose weights are all smaller is not written


def fit(
    features: Sequence[Sequence[str]],
    labels: Sequence[str],
    papers: Sequence[str],
    *,
    strength: float,
    least: int,
) -> dict[str, Any]:
    """A row of the file: features seen `least` times, L2 of 1/`strength`, and a temperature.

    The temperature is the one under which papers held out of the fit are likeliest (Guo et al.,
    2017); `papers` says which examples go together.
    """
    vectorizer = CountVectorizer(analyzer=lambda names: names, min_df=least, binary=True)
    matrix = vectorizer.fit_transform(features)
    model = LogisticRegression(C=strength, max_iter=300)
    held_out = cross_val_predict(
        model, matrix, labels, groups=papers, cv=GroupKFold(3), method="decision_function"
    )
    model.fit(matrix, labels)
    weights, bias = _both(model.coef_, model.intercept_)
    names = vectorizer.get_feature_names_out()
    return {
        "labels": [str(label) for label in model.classes_],
        "bias": [round(float(b), 3) for b in bias],
        "temperature": _temperature(_scores(held_out), model.classes_, labels),
        "weights": {
            str(name): [round(float(w), 3) for w in column]
            for name, column in zip(names, weights.T, strict=True)
            if np.abs(column).max() > _LEAST
        },
    }


def _both(weights: NDArray[Any], bias: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """One row of weights a label, also where there are two labels and scikit-learn keeps one."""
    if len(weights) > 1:
        return weights, bias
    return np.vstack([np.zeros_like(weights), weights]), np.concatenate([[0.0], bias])


def _scores(decision: NDArray[Any]) -> NDArray[Any]:
    if decision.ndim > 1:
        return decision
    return np.stack([np.zeros_like(decision), decision], axis=1)


def _temperature(scores: NDArray[Any], classes: NDArray[Any], labels: Sequence[str]) -> float:
    index = np.searchsorted(classes, labels)
    rows = np.arange(len(index))
    losses = {}
    for temperature in np.arange(0.5, 2.01, 0.05):
        scaled = scores / temperature
        total = np.log(np.exp(scaled - scaled.max(1, keepdims=True)).sum(1)) + scaled.max(1)
        losses[round(float(temperature), 2)] = float((total - scaled[rows, index]).mean())
    return min(losses, key=lambda t: losses[t])


def write(path: Path, classifiers: dict[str, dict[str, Any]]) -> None:
    """The file of weights, in an order that does not change."""
    text = json.dumps(classifiers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
