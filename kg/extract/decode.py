"""From scored words to mentions: the best well-formed labelling, and how sure it is of each mention.

Labels are BILUO (Ratinov & Roth 2009): O, then B, I, L and U of each type.  The likeliest label of each
word is taken as it stands; only where that breaks the rules is the best lawful path searched for (Viterbi).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from operator import add, itemgetter

import numpy as np
from numpy.typing import NDArray

TYPES = ("Method", "Dataset", "Task", "Metric")
LABELS = ("O", *(f"{part}-{kind}" for kind in TYPES for part in "BILU"))
_REACH = 2  # words on either side of an unlawful stretch that may take part in its repair


def _lawful() -> NDArray[np.bool_]:
    """Which label may follow which, (before, after)."""
    kind = (np.arange(len(LABELS)) - 1) // 4
    part = (np.arange(len(LABELS)) - 1) % 4
    outside = np.arange(len(LABELS)) == 0
    leaves_open = np.where(~outside & (part < 2), kind, -1)
    goes_on = np.where(~outside & ((part == 1) | (part == 2)), kind, -1)
    lawful: NDArray[np.bool_] = leaves_open[:, None] == goes_on[None, :]
    return lawful


LAWFUL = _lawful()
_UNLAWFUL = ~LAWFUL.ravel()
# The labels that may come before each: five sets, as all that leave nothing open share theirs.
_BEFORE = [tuple(np.flatnonzero(LAWFUL[:, after]).tolist()) for after in range(len(LABELS))]
_SETS = list(dict.fromkeys(_BEFORE))
_scores_of = [itemgetter(*before) for before in _SETS]  # of each set, out of a score for each label
_for_each_label = itemgetter(*map(_SETS.index, _BEFORE))  # out of something for each set


@dataclass(frozen=True, slots=True)
class Tagged:
    """A mention by its first and last word, its type, and the probability of its least sure word."""

    first: int
    last: int
    type: str
    probability: float


def viterbi(scores: NDArray[np.float32]) -> list[int]:
    """The best lawful labels of words scored (words, labels), with O on either side.

    Of paths that are as good, the one whose labels, from the last on, stand first in `LABELS`.
    Stretches are a few words long, for which lists are quicker than arrays.
    """
    best = [0.0, *[-math.inf] * (len(LABELS) - 1)]
    steps = []
    for row in scores.tolist():
        steps.append(best)
        leading = [max(of(best)) for of in _scores_of]
        best = list(map(add, _for_each_label(leading), row))
    labels = [0]
    for scored in (best, *steps[:0:-1]):
        before = _BEFORE[labels[-1]]
        labels.append(max(before, key=scored.__getitem__))
    return labels[:0:-1]


def best_labels(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Lawful labels (words,) for log-probabilities (words, labels)."""
    labels: NDArray[np.int64] = scores.argmax(1)
    around = np.zeros(len(labels) + 2, np.int64)
    around[1:-1] = labels
    broken = np.flatnonzero(_UNLAWFUL[around[:-1] * len(LABELS) + around[1:]])
    done = -1
    for at in broken.tolist():
        if at <= done:
            continue
        first, last = _stretch(labels, at)
        labels[first:last] = viterbi(scores[first:last])
        done = last
    return labels


def _stretch(labels: NDArray[np.int64], at: int) -> tuple[int, int]:
    """The words around an unlawful step that are searched again: the names there, and a little more."""
    first = last = at
    while first > 0 and labels[first - 1]:
        first -= 1
    while last < len(labels) and labels[last]:
        last += 1
    first, last = max(0, first - _REACH), min(len(labels), last + _REACH)
    while first > 0 and labels[first - 1]:
        first -= 1
    while last < len(labels) and labels[last]:
        last += 1
    return first, last


def read_off(scores: NDArray[np.float32]) -> Iterator[Tagged]:
    """The mentions of one paper, in order, from its log-probabilities (words, labels)."""
    if not len(scores):
        return
    labels = best_labels(scores)
    inside = np.flatnonzero(labels)
    start = 0
    sure = np.exp(scores[inside, labels[inside]]).tolist()
    least = 1.0
    for word, label, p in zip(inside.tolist(), labels[inside].tolist(), sure, strict=True):
        kind, part = divmod(label - 1, 4)
        if part in (0, 3):
            start, least = word, p
        least = min(least, p)
        if part > 1:
            yield Tagged(start, word, TYPES[kind], least)
