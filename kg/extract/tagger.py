"""The tagger's network, in numpy: word forms in, log-probabilities of BILUO labels out.

    word forms -> vectors (once for each form, cached)
               -> dilated convolutions over the paper (Strubell et al. 2017), in which half way
                  the occurrences of a word share what they know, and all words attend to all
               -> log-probabilities of 17 labels for each word

`training/student.py` is the same network in torch, where it is trained.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.extract.features import describe, norm

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

CACHED_FORMS = 200_000
"""Word forms whose vectors are kept; past it the cache starts afresh, so memory does not grow."""

_LEAST_WORDS, _LEAST_FORMS = 512, 64
"""Rows that are multiplied at once, at least: of a million products or fewer OpenBLAS sums in another
order, and what is found in a paper would hang on the company in which it is read."""
_KEPT_WORDS = 16_384
"""Words for whose windows room is kept, at most: some 28 MB."""
_HIGHEST = 80.0  # of the logarithms of attention


@dataclass(frozen=True, slots=True)
class Words:
    """One paper's words with two flags each, (words, 2): stands in the title; touches the word before."""

    forms: Sequence[str]
    flags: Floats


class FormVectors:
    """A vector for each word form, worked out when the form is first met."""

    def __init__(self, weights: Mapping[str, Any], vocab: Mapping[str, int]) -> None:
        self.weights = weights
        self.vocab = vocab
        self.clear()

    def clear(self) -> None:
        """Forget every form."""
        width = self.weights["enter.bias"].shape[0]
        self.ids: dict[str, int] = {}
        self.norms: dict[str, int] = {}
        self.vectors = np.zeros((4096, width), np.float32)
        self.norm_ids = np.zeros(4096, np.int64)

    def rows(self, forms: Sequence[str]) -> list[int]:
        """The row of each form in `vectors` and `norm_ids`."""
        ids = self.ids
        try:
            return [ids[form] for form in forms]
        except KeyError:
            self._add(sorted({form for form in forms if form not in ids}))
            return [ids[form] for form in forms]

    def _add(self, forms: Sequence[str]) -> None:
        first, last = len(self.ids), len(self.ids) + len(forms)
        while last > len(self.vectors):
            self.vectors = np.concatenate([self.vectors, np.zeros_like(self.vectors)])
            self.norm_ids = np.concatenate([self.norm_ids, np.zeros_like(self.norm_ids)])
        self.vectors[first:last] = self._encode(forms)
        for row, form in enumerate(forms, first):
            self.ids[form] = row
            self.norm_ids[row] = self.norms.setdefault(norm(form), len(self.norms))

    def _encode(self, forms: Sequence[str]) -> Floats:
        w = self.weights
        seen = [describe(form, self.vocab) for form in forms]
        counts = [len(x.grams) for x in seen]
        pieces = w["grams.weight"][[gram for x in seen for gram in x.grams]].astype(np.float32)
        bags = np.add.reduceat(pieces, np.cumsum([0, *counts[:-1]]), axis=0)
        bags /= np.array(counts, np.float32)[:, None]
        words = w["words.weight"][[x.vocab for x in seen]]
        shapes = w["shapes.weight"][[x.shape for x in seen]]
        joined = np.zeros((max(len(forms), _LEAST_FORMS), len(w["enter.weight"])), np.float32)
        np.concatenate([words, bags, shapes], 1, out=joined[: len(forms)])
        encoded: Floats = np.maximum(joined @ w["enter.weight"] + w["enter.bias"], 0)
        return encoded[: len(forms)]


def unit(x: Floats) -> Floats:
    """Each row scaled to a root mean square of one (Zhang & Sennrich 2019)."""
    scaled: Floats = x * _scale(x)
    return scaled


def _scale(x: Floats) -> Floats:
    scale: Floats = np.einsum("ij,ij->i", x, x)
    scale /= x.shape[1]
    scale += 1e-6
    np.sqrt(scale, out=scale)
    np.reciprocal(scale, out=scale)
    return scale[:, None]


class Tagger:
    """A trained network and the word forms that it has met."""

    def __init__(
        self, weights: Mapping[str, NDArray[np.float16]], vocab: Sequence[str], sizes: str
    ):
        big = ("words.weight", "grams.weight")
        self.weights: dict[str, Any] = {
            k: v
            if k in big
            else np.ascontiguousarray(v.T if v.ndim == 2 and "shapes" not in k else v, np.float32)
            for k, v in weights.items()
        }
        self.sizes = json.loads(sizes)
        for i in range(len(self.sizes["dilations"])):
            for part in ("inner", "outer"):
                name = f"blocks.{i}.{part}"
                weight, bias = (self.weights.pop(f"{name}.{kind}") for kind in ("weight", "bias"))
                self.weights[name] = np.concatenate([weight, bias[None]])
        self.rooms: tuple[Floats, ...] = (np.ones((0, 0), np.float32),) * 2
        self.calibration: dict[str, tuple[float, float]] = self.sizes["calibration"]
        self.forms = FormVectors(self.weights, {w: i for i, w in enumerate(vocab)})
        self.gap = max(self.sizes["dilations"])

    @classmethod
    def load(cls, path: Path) -> "Tagger":
        """A tagger from the file that `training.train_student` wrote."""
        with np.load(path, allow_pickle=False) as saved:
            arrays = {k: saved[k] for k in saved.files}
        vocab = arrays.pop("vocab").tobytes().decode("utf-8").split("\n")
        sizes = arrays.pop("sizes").tobytes().decode("utf-8")
        return cls(arrays, vocab, sizes)

    def log_probs(self, papers: Sequence[Words]) -> list[Floats]:
        """For each paper the log-probabilities of the labels, (words, labels)."""
        if len(self.forms.ids) > CACHED_FORMS:
            self.forms.clear()
        lengths = [len(p.forms) for p in papers]
        starts = np.cumsum([self.gap, *(n + self.gap for n in lengths)])
        rows = self._lay_out(papers, starts)
        real = np.zeros(len(rows), bool)
        for a, n in zip(starts, lengths, strict=False):
            real[a : a + n] = True
        x = self._enter(papers, rows, starts)
        blanks = np.flatnonzero(~real)
        for i, dilation in enumerate(self.sizes["dilations"]):
            if i == self.sizes["pool"]:
                x = self._share(x, rows, real, starts)
            if i == self.sizes["attend"]:
                x = self._attend(x, starts, lengths)
            x[blanks] = 0
            x = self._block(x, i, dilation)
        scores = unit(x) @ self.weights["out.weight"] + self.weights["out.bias"]
        scores -= scores.max(1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(1, keepdims=True))
        return [scores[a : a + n] for a, n in zip(starts, lengths, strict=False)]

    def _lay_out(self, papers: Sequence[Words], starts: Ints) -> Ints:
        """The form row of each word, papers one after another with gaps of zero rows between."""
        rows = np.zeros(max(int(starts[-1]), _LEAST_WORDS), np.int64)
        for paper, a in zip(papers, starts, strict=False):
            rows[a : a + len(paper.forms)] = self.forms.rows(paper.forms)
        return rows

    def _enter(self, papers: Sequence[Words], rows: Ints, starts: Ints) -> Floats:
        flags = np.zeros((len(rows), 2), np.float32)
        for paper, a in zip(papers, starts, strict=False):
            flags[a : a + len(paper.forms)] = paper.flags
        x: Floats = self.forms.vectors[rows]
        x += flags @ self.weights["flags.weight"]
        return x

    def _block(self, x: Floats, index: int, dilation: int) -> Floats:
        n, width = x.shape
        window, hidden = self._rooms(n)
        middle = window[:, width : 2 * width]
        np.multiply(x, _scale(x), out=middle)
        window[:dilation, :width] = window[-dilation:, 2 * width : -1] = 0
        window[dilation:, :width] = middle[:-dilation]
        window[:-dilation, 2 * width : -1] = middle[dilation:]
        inside = hidden[:, :-1]
        np.matmul(window, self.weights[f"blocks.{index}.inner"], out=inside)
        np.maximum(inside, 0, out=inside)
        out: Floats = hidden @ self.weights[f"blocks.{index}.outer"]
        out += x
        return out

    def _rooms(self, n: int) -> tuple[Floats, Floats]:
        """Room for the windows of `n` words and for what is hidden, each row ending in a one.

        A weight's last row is its bias, so that the product adds it.  The room is kept from one
        convolution to the next, but for that of an uncommonly long text.
        """
        rooms = self.rooms
        if len(rooms[0]) < n:
            sizes = (len(self.weights["blocks.0.inner"]), len(self.weights["blocks.0.outer"]))
            rooms = tuple(np.ones((n, size), np.float32) for size in sizes)
        if n <= _KEPT_WORDS:
            self.rooms = rooms
        window, hidden = rooms
        return window[:n], hidden[:n]

    def _share(self, x: Floats, rows: Ints, real: NDArray[np.bool_], starts: Ints) -> Floats:
        """Each word gains the mean over its occurrences in the paper."""
        keys = self.forms.norm_ids[rows]
        keys += np.searchsorted(starts, np.arange(len(rows)), "right") * (CACHED_FORMS * 4)
        keys[~real] = -1 - np.flatnonzero(~real)
        order = np.argsort(keys, kind="stable")
        same = keys[order[1:]] == keys[order[:-1]]
        repeated = np.zeros(len(keys), bool)
        repeated[1:] = same
        repeated[:-1] |= same
        mean = unit(x)  # of a word that occurs once, already
        if repeated.any():
            where = order[repeated]
            first = np.flatnonzero(np.diff(keys[where], prepend=keys[where[0]] - 1))
            counts = np.diff(first, append=len(where))
            sums = np.add.reduceat(mean[where], first, axis=0)
            mean[where] = np.repeat(sums / counts[:, None].astype(np.float32), counts, axis=0)
        out: Floats = mean @ self.weights["pool.weight"]
        out += self.weights["pool.bias"]
        out += x
        return out

    def _attend(self, x: Floats, starts: Ints, lengths: Sequence[int]) -> Floats:
        """Each word gains what it finds in the whole paper (Vaswani et al. 2017)."""
        w, heads, width = self.weights, self.sizes["heads"], self.sizes["head_width"]
        qkv = unit(x) @ w["qkv.weight"] + w["qkv.bias"]
        q, k, v = np.split(qkv, 3, axis=1)
        q *= width**-0.5
        # A product of rows is at most that of their lengths: some 11 in practice; past 89 exp overflows.
        safe = _longest(q) * _longest(k) < _HIGHEST
        found = np.zeros((len(x), heads * width), np.float32)
        scores = np.empty((max(lengths), max(lengths)), np.float32).ravel()
        for a, n in zip(starts, lengths, strict=False):
            square, ones = scores[: n * n].reshape(n, n), np.ones(n, np.float32)
            for at in range(0, heads * width, width):
                part = slice(a, a + n), slice(at, at + width)
                np.matmul(q[part], k[part].T, out=square)
                if not safe:
                    np.minimum(square, _HIGHEST, out=square)
                np.exp(square, out=square)
                np.divide(square @ v[part], (square @ ones)[:, None], out=found[part])
        out: Floats = found @ w["mix.weight"]
        out += w["mix.bias"]
        out += x
        return out


def _longest(rows: Floats) -> float:
    """The length of the longest row."""
    return math.sqrt(np.einsum("ij,ij->i", rows, rows).max())
