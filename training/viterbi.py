"""The best well-formed BILUO labelling of scored words."""

import numpy as np

from training.data import LABELS, TYPES, Example, decode, url_spans


def allowed() -> np.ndarray:
    """Which label may follow which, (before, after); O stands at both ends of a text."""
    n = len(LABELS)
    ok = np.zeros((n, n), bool)
    for i in range(n):
        for j in range(n):
            open_kind = (i - 1) // 4 if i and (i - 1) % 4 < 2 else None
            inner = (j - 1) // 4 if j and (j - 1) % 4 in (1, 2) else None
            ok[i, j] = open_kind == inner
    return ok


def viterbi(scores: np.ndarray) -> list[int]:
    """Labels (words,) of the best path through log-probabilities (words, labels)."""
    if not len(scores):
        return []
    ban = np.where(allowed(), 0.0, -1e9)
    best = scores[0] + ban[0]
    back = []
    for row in scores[1:]:
        paths = best[:, None] + ban
        back.append(paths.argmax(0))
        best = paths.max(0) + row
    label = int((best + ban[:, 0]).argmax())
    labels = [label]
    for step in reversed(back):
        label = int(step[label])
        labels.append(label)
    return labels[::-1]


def mentions(example: Example, scores: np.ndarray, bias: float = 0.0) -> set[tuple[int, int, str]]:
    """The mentions in the best path, `bias` added to O, none of them over a line end or an address."""
    scores = scores.copy()
    scores[:, 0] += bias
    urls = url_spans(example.text)
    return {
        (a, b, kind)
        for a, b, kind in decode(viterbi(scores), example.spans)
        if "\n" not in example.text[a:b] and not any(a < v and u < b for u, v in urls)
    }


__all__ = ["TYPES", "allowed", "mentions", "viterbi"]
