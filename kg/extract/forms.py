"""Owns the vectors of word forms: each worked out from the spelling when met, and kept while it recurs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.extract.features import describe, norm

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

CACHED_FORMS = 32_768
"""Word forms whose vectors are kept.  Of 20,000 abstracts, in which 69,000 occur, this works out 4.6 anew
in each; keeping all would 3.4."""
_AT_ONCE = 1024  # forms worked out together, so that a text of many new ones needs no more memory
_LEAST = 64
"""Rows that are multiplied at once, at least: of a million products or fewer OpenBLAS sums in another
order, and a vector would hang on the company in which its form was met."""


class FormVectors:
    """A vector for each word form, and a number that it shares with forms of the same norm."""

    def __init__(self, weights: Mapping[str, Any], vocab: Mapping[str, int]) -> None:
        self.weights = weights
        self.vocab = vocab
        self.age = 0
        self.clear()

    def clear(self) -> None:
        """Forget every form."""
        self.ids: dict[str, int] = {}
        self.norms: dict[str, int] = {}
        self._room(CACHED_FORMS)

    def rows(self, forms: Sequence[str]) -> Ints:
        """The row of each form in `vectors` and `norm_ids`, which holds until the next call."""
        ids = self.ids
        try:
            rows = np.fromiter(map(ids.__getitem__, forms), np.int64, len(forms))
        except KeyError:
            self._learn(sorted({*forms}))
            rows = np.fromiter(map(self.ids.__getitem__, forms), np.int64, len(forms))
        else:
            self.again[rows] = True
        return rows

    def _learn(self, forms: list[str]) -> None:
        """Work out those of the forms that are new; a full cache forgets first."""
        if len(self.vectors) > CACHED_FORMS:  # made for one uncommonly long text
            self.clear()
        if len(self.ids) + len(self._new(forms)) > CACHED_FORMS:
            self._forget()
        new = self._new(forms)
        if len(self.ids) + len(new) > CACHED_FORMS:
            self.clear()
            self._room(max(CACHED_FORMS, len(forms)))
            new = forms
        self.again[[self.ids[form] for form in forms if form in self.ids]] = True
        for k in range(0, len(new), _AT_ONCE):
            self._add(new[k : k + _AT_ONCE])

    def _new(self, forms: Iterable[str]) -> list[str]:
        return [form for form in forms if form not in self.ids]

    def _add(self, forms: Sequence[str]) -> None:
        first, last = len(self.ids), len(self.ids) + len(forms)
        self.vectors[first:last] = self._encode(forms)
        self._number(forms, first)

    def _number(self, forms: Iterable[str], first: int) -> None:
        for row, form in enumerate(forms, first):
            self.ids[form] = row
            self.norm_ids[row] = self.norms.setdefault(norm(form), len(self.norms))

    def _forget(self) -> None:
        """Keep the forms that were met again since they came or were last kept."""
        rows = np.flatnonzero(self.again)
        for k in range(0, len(rows), _AT_ONCE):
            part = rows[k : k + _AT_ONCE]
            self.vectors[k : k + len(part)] = self.vectors[part]
        forms = list(self.ids)
        self.ids, self.norms = {}, {}
        self._number((forms[row] for row in rows.tolist()), 0)
        self.again[:] = False
        self.age += 1

    def _room(self, forms: int) -> None:
        width = self.weights["enter.bias"].shape[0]
        self.age += 1
        self.vectors = np.zeros((forms, width), np.float32)
        self.norm_ids = np.zeros(forms, np.int64)
        self.again = np.zeros(forms, bool)

    def _encode(self, forms: Sequence[str]) -> Floats:
        w = self.weights
        seen = [describe(form, self.vocab) for form in forms]
        counts = [len(x.grams) for x in seen]
        pieces = w["grams.weight"][[gram for x in seen for gram in x.grams]].astype(np.float32)
        bags = np.add.reduceat(pieces, np.cumsum([0, *counts[:-1]]), axis=0)
        bags /= np.array(counts, np.float32)[:, None]
        words = w["words.weight"][[x.vocab for x in seen]]
        shapes = w["shapes.weight"][[x.shape for x in seen]]
        joined = np.zeros((max(len(forms), _LEAST), len(w["enter.weight"])), np.float32)
        np.concatenate([words, bags, shapes], 1, out=joined[: len(forms)])
        encoded: Floats = np.maximum(joined @ w["enter.weight"] + w["enter.bias"], 0)
        return encoded[: len(forms)]
