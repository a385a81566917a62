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

from kg.extract.forms import Floats, FormVectors, Ints

_LEAST_WORDS, _LEAST_KINDS = 640, 128
"""Rows that are multiplied at once, at least: of a million products or fewer OpenBLAS sums in another
order, and what is found in a paper would hang on the company in which it is read."""
_CACHED_OPENINGS = 8192
"""Forms with flags whose part in the first block is kept: 13 MB.  More are no faster."""
_KEPT_WORDS = 8192
"""Words for which room is kept, at most: some 14 MB."""
_AT_ONCE = 1024  # openings worked out together, so that many new ones need no more memory
_TILE = 8  # rows that a bias is added to at once: numpy is slow with short rows
_QUERIES = 1024  # words that attend at once, so that a long text needs no square of its length
_HIGHEST = 80.0  # of what is put to exp


@dataclass(frozen=True, slots=True)
class Words:
    """One paper's words with two flags each, (words, 2): stands in the title; touches the word before.

    A flag is 0 or 1.
    """

    forms: Sequence[str]
    flags: Floats


class Layout:
    """Where the words of papers stand: one paper after another, with gaps between."""

    def __init__(self, papers: Sequence[Words], gap: int) -> None:
        self.lengths = [len(p.forms) for p in papers]
        ends = np.cumsum([n + gap for n in self.lengths])
        self.starts: Ints = ends - np.array(self.lengths)
        self.rows = -(-max(int(ends[-1]) + gap, _LEAST_WORDS) // _TILE) * _TILE
        real = np.zeros(self.rows, bool)
        for a, n in zip(self.starts, self.lengths, strict=True):
            real[a : a + n] = True
        self.words: Ints = np.flatnonzero(real)  # the rows that hold words, and those that do not
        self.blanks: Ints = np.flatnonzero(~real)


@dataclass(frozen=True, slots=True)
class Rooms:
    """Arrays that are written anew for each product: memory that is asked for anew costs more."""

    x: Floats  # what is known of each word so far
    step: Floats  # what goes into the next step, or comes out of it
    hidden: Floats
    said: Floats

    @classmethod
    def of(cls, rows: int, width: int, hidden: int) -> "Rooms":
        """Room for so many words."""
        return cls(*(np.empty((rows, size), np.float32) for size in (width, width, hidden, hidden)))

    def first(self, rows: int) -> "Rooms":
        """The same arrays, so many rows of them."""
        return Rooms(self.x[:rows], self.step[:rows], self.hidden[:rows], self.said[:rows])


class Block:
    """A dilated convolution over three words: x + relu(window(unit(x)) A + a) B + b.

    What a word gives to its own hidden row, to that of the word `dilation` after it and to that of the
    word as far before it are three products, so that no windows are built.
    """

    def __init__(self, dilation: int, inner: Floats, a: Floats, outer: Floats, b: Floats) -> None:
        self.dilation = dilation
        self.after, self.here, self.before = np.split(inner, 3)
        self.outer = outer
        # relu(h + a) B + b is max(h, -a) B + (a B + b): one pass over the words less.
        self.least = np.tile(-a, _TILE)
        self.bias = np.tile(a @ outer + b, _TILE)

    def __call__(self, rooms: Rooms, blanks: Ints) -> None:
        """Change `rooms.x`; the rows of `blanks` say nothing."""
        scale = _scale(rooms.x)
        scale[blanks] = 0
        unit = np.multiply(rooms.x, scale, out=rooms.step)
        d, hidden, said = self.dilation, rooms.hidden, rooms.said
        np.matmul(unit, self.here, out=hidden)
        hidden[d:] += np.matmul(unit, self.after, out=said)[:-d]
        hidden[:-d] += np.matmul(unit, self.before, out=said)[d:]
        self.finish(rooms)

    def finish(self, rooms: Rooms) -> None:
        """Add to `rooms.x` what follows from the hidden rows."""
        _tiled(np.maximum, rooms.hidden, self.least)
        x = rooms.x
        x += np.matmul(rooms.hidden, self.outer, out=rooms.step)
        _tiled(np.add, x, self.bias)


def _tiled(change: np.ufunc, x: Floats, tile: Floats) -> None:
    """Change `x` by the same row all over, given `_TILE` times: numpy is slow with short rows."""
    rows = x.reshape(-1, len(tile))
    change(rows, tile, out=rows)


def _scale(x: Floats) -> Floats:
    """What gives each row, multiplied by it, a root mean square of one (Zhang & Sennrich 2019)."""
    scale: Floats = np.einsum("ij,ij->i", x, x)
    scale /= x.shape[1]
    scale += 1e-6
    np.sqrt(scale, out=scale)
    np.reciprocal(scale, out=scale)
    return scale[:, None]


class Openings:
    """What words of a form and flags bring to the first block, worked out when first met.

    `kept` are four tables: the word itself, and what it says to its own hidden row, to that of the word
    after it, and to that of the word before it.  Their first row is of zeros.
    """

    def __init__(self, forms: FormVectors, flags: Floats, block: Block) -> None:
        self.forms, self.flags, self.block = forms, flags, block
        self.clear()

    def clear(self) -> None:
        """Forget all."""
        self._room(_CACHED_OPENINGS)

    def rows(self, kinds: Ints) -> Ints:
        """The rows in `kept` of forms with flags, four numbers a form."""
        if self.age != self.forms.age:
            self.clear()
        rows: Ints = self.known[kinds]
        if not rows.all():
            self._learn(np.unique(kinds[rows == 0]), kinds)
            rows = self.known[kinds]
        return rows

    def _learn(self, new: Ints, kinds: Ints) -> None:
        if self.count + len(new) > len(self.kept[0]):
            new = np.unique(kinds)
            self._room(max(_CACHED_OPENINGS, 1 + len(new)))
        for k in range(0, len(new), _AT_ONCE):
            self._add(new[k : k + _AT_ONCE])

    def _room(self, rows: int) -> None:
        hidden, width = self.block.outer.shape
        self.kept = [np.zeros((rows, size), np.float32) for size in (width, hidden, hidden, hidden)]
        self.age, self.count = self.forms.age, 1
        self.known = np.zeros(4 * len(self.forms.vectors), np.int64)

    def _add(self, new: Ints) -> None:
        first, last = self.count, self.count + len(new)
        x = np.zeros((max(len(new), _LEAST_KINDS), self.flags.shape[1]), np.float32)
        x[: len(new)] = self.forms.vectors[new >> 2]
        x[: len(new)] += self.flags[new & 3]
        unit = x * _scale(x)
        block, (own, *said) = self.block, self.kept
        own[first:last] = x[: len(new)]
        for table, weight in zip(said, (block.here, block.after, block.before), strict=True):
            table[first:last] = (unit @ weight)[: len(new)]
        self.known[new] = np.arange(first, last)
        self.count = last


class Tagger:
    """A trained network and the word forms that it has met."""

    def __init__(
        self, weights: Mapping[str, NDArray[np.float16]], vocab: Sequence[str], sizes: str
    ):
        big = ("words.weight", "grams.weight")
        w: dict[str, Any] = {
            k: v
            if k in big
            else np.ascontiguousarray(v.T if v.ndim == 2 and "shapes" not in k else v, np.float32)
            for k, v in weights.items()
        }
        self.weights = w
        self.sizes = json.loads(sizes)
        parts = ("inner.weight", "inner.bias", "outer.weight", "outer.bias")
        self.blocks = [
            Block(dilation, *(w.pop(f"blocks.{i}.{part}") for part in parts))
            for i, dilation in enumerate(self.sizes["dilations"])
        ]
        size = self.sizes["heads"] * self.sizes["head_width"]
        for kind in ("weight", "bias"):  # of the queries, so that they need not be scaled each time
            w[f"qkv.{kind}"][..., :size] *= self.sizes["head_width"] ** -0.5
        self.mix_bias = np.tile(w["mix.bias"], _TILE)
        self.rooms = Rooms.of(0, 0, 0)
        self.calibration: dict[str, tuple[float, float]] = self.sizes["calibration"]
        self.forms = FormVectors(w, {word: i for i, word in enumerate(vocab)})
        flags = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], np.float32) @ w["flags.weight"]
        self.openings = Openings(self.forms, flags, self.blocks[0])
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
        layout = Layout(papers, self.gap)
        forms = self.forms.rows([form for p in papers for form in p.forms])
        rooms = self._rooms(layout.rows)
        self._enter(papers, forms, layout, rooms)
        for i, block in enumerate(self.blocks):
            if i == self.sizes["pool"]:
                self._share(forms, layout, rooms)
            if i == self.sizes["attend"]:
                self._attend(layout, rooms.x, rooms.step)
            if i:
                block(rooms, layout.blanks)
        scores = self._of_unit(rooms.x, "out")
        np.clip(scores, -_HIGHEST, _HIGHEST, out=scores)  # some 25 in practice
        scores -= np.log(np.exp(scores).sum(1, keepdims=True))
        return [scores[a : a + n] for a, n in zip(layout.starts, layout.lengths, strict=True)]

    def _of_unit(self, x: Floats, layer: str) -> Floats:
        """A layer's product with scaled rows: the fewer columns are scaled."""
        out: Floats = x @ self.weights[f"{layer}.weight"]
        out *= _scale(x)
        out += self.weights[f"{layer}.bias"]
        return out

    def _rooms(self, rows: int) -> Rooms:
        """Room for so many words, kept but for that of an uncommonly long text."""
        rooms = self.rooms
        if len(rooms.x) < rows:
            hidden, width = self.blocks[0].outer.shape
            rooms = Rooms.of(rows, width, hidden)
            if rows <= _KEPT_WORDS:
                self.rooms = rooms
        return rooms.first(rows)

    def _enter(self, papers: Sequence[Words], forms: Ints, layout: Layout, rooms: Rooms) -> None:
        """The first block: what a word says there hangs on its form and its flags alone, and is kept."""
        flags = np.concatenate([p.flags for p in papers]) @ np.array([1, 2], np.float32)
        at = np.zeros(layout.rows, np.int64)
        at[layout.words] = self.openings.rows(forms * 4 + flags.astype(np.int64))
        hidden, said, d = rooms.hidden, rooms.said, self.blocks[0].dilation
        x, here, after, before = self.openings.kept
        np.take(x, at, axis=0, out=rooms.x, mode="clip")
        np.take(here, at, axis=0, out=hidden, mode="clip")
        hidden[d:] += np.take(after, at, axis=0, out=said, mode="clip")[:-d]
        hidden[:-d] += np.take(before, at, axis=0, out=said, mode="clip")[d:]
        self.blocks[0].finish(rooms)

    def _share(self, forms: Ints, layout: Layout, rooms: Rooms) -> None:
        """Each word gains the mean over its occurrences in the paper."""
        keys = self.forms.norm_ids[forms]
        keys += np.repeat(np.arange(len(layout.lengths)) * len(self.forms.norms), layout.lengths)
        order = np.argsort(keys, kind="stable")
        first = np.flatnonzero(np.diff(keys[order], prepend=-1))
        counts = np.diff(first, append=len(order))
        often = np.argsort(-counts, kind="stable")
        where, first = layout.words[order], first[often]
        x = rooms.x
        unit = np.multiply(x, _scale(x), out=rooms.step)
        # The commonest words are first, so those that occur k times or more are one stretch.
        sums = np.zeros((max(len(first), _LEAST_KINDS), x.shape[1]), np.float32)
        for k, n in enumerate(np.cumsum(np.bincount(counts)[:0:-1])[::-1].tolist()):
            sums[:n] += unit[where[first[:n] + k]]
        sums[: len(first)] /= counts[often, None].astype(np.float32)
        mean = sums @ self.weights["pool.weight"]
        mean += self.weights["pool.bias"]
        rank = np.empty_like(often)
        rank[often] = np.arange(len(often))
        at = np.zeros(layout.rows, np.int64)
        at[where] = np.repeat(rank, counts)
        x += np.take(mean, at, axis=0, out=rooms.step, mode="clip")

    def _attend(self, layout: Layout, x: Floats, step: Floats) -> None:
        """Each word gains what it finds in the whole paper (Vaswani et al. 2017)."""
        qkv = self._of_unit(x, "qkv")
        size = qkv.shape[1] // 3
        q, k, v = qkv[:, :size], qkv[:, size : 2 * size], qkv[:, 2 * size :]
        # A product of rows is at most that of their lengths: some 11 in practice; past 89 exp overflows.
        safe = _longest(q) * _longest(k) < _HIGHEST
        width, longest = self.sizes["head_width"], max(layout.lengths)
        found = np.zeros((len(qkv), size), np.float32)
        square = np.empty(min(longest, _QUERIES) * longest, np.float32)
        for a, n in zip(layout.starts, layout.lengths, strict=True):
            for at in range(0, size, width):
                head, whole = slice(at, at + width), slice(a, a + n)
                keys, values = np.ascontiguousarray(k[whole, head].T), v[whole, head]
                for first in range(a, a + n, _QUERIES):
                    part = slice(first, min(first + _QUERIES, a + n)), head
                    _look_up(q[part], keys, values, square, safe, found[part])
        x += np.matmul(found, self.weights["mix.weight"], out=step)
        _tiled(np.add, x, self.mix_bias)


def _look_up(
    queries: Floats, keys: Floats, values: Floats, square: Floats, safe: bool, out: Floats
) -> None:
    """What each query finds: the mean of the values, weighted by how well their keys match it."""
    matches = square[: len(queries) * len(values)].reshape(len(queries), len(values))
    np.matmul(queries, keys, out=matches)
    if not safe:
        np.minimum(matches, _HIGHEST, out=matches)
    np.exp(matches, out=matches)
    np.divide(matches @ values, (matches @ np.ones(len(values), np.float32))[:, None], out=out)


def _longest(rows: Floats) -> float:
    """The length of the longest row."""
    return math.sqrt(np.einsum("ij,ij->i", rows, rows).max())
