"""Owns the sketches of abstracts: a few hashes of each, from which it is told what two share.

A bottom-k sketch (Cohen and Kaplan 2007) keeps the smallest hashes of a set; the overlap of two
sets is read from two sketches.  Ninety-six bytes an abstract, as many records are gathered.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from zlib import crc32

_LONG_WORD = 5  # letters
# For text in ASCII, which most is: letters in lower case, and spaces for what parts words.
_APART = (
    bytes(b if chr(b).isalnum() or b == ord("_") else ord(" ") for b in range(128))
    .lower()
    .ljust(256)
)
_SIZE = 24  # hashes kept of an abstract: the error of the overlap is about 8 points
_DRAW = 3  # neighbouring hashes that make two abstracts worth comparing
_DRAWN = range(0, 12, _DRAW)  # where the draws begin
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
LONG = 12  # hashes from which the overlap of two abstracts means something


def abstract_sketch(abstract: str) -> list[int]:
    """The smallest hashes of the abstract's distinct words of five letters or more, sorted."""
    if abstract.isascii():
        words = {w for w in abstract.encode().translate(_APART).split() if len(w) >= _LONG_WORD}
    else:
        found = re.findall(rf"\w{{{_LONG_WORD},}}", abstract.casefold())
        words = set("\n".join(found).encode().split())
    return sorted(map(crc32, words))[:_SIZE]


def overlap(a: Sequence[int], b: Sequence[int]) -> float:
    """The Jaccard index of two sets of words, from 0 to 1, as their sketches tell it."""
    both, union = set(a) & set(b), sorted({*a, *b})[:_SIZE]
    return sum(h in both for h in union) / len(union) if union else 0.0


def draws(sketch: Sequence[int]) -> Iterator[int]:
    """What two abstracts must share one of to be compared: hashes of three neighbouring hashes."""
    for at in _DRAWN if len(sketch) >= LONG else ():
        three = zip(sketch[at : at + _DRAW], _FACTORS, strict=True)
        yield sum(value * factor for value, factor in three) & (1 << 64) - 1


class Sketches:
    """The sketches of many abstracts, by their number, in one block of memory."""

    def __init__(self) -> None:
        self._hashes = array("I")
        self._lengths = bytearray()

    def append(self, abstract: str) -> None:
        """Keep the sketch of one more abstract."""
        sketch = abstract_sketch(abstract)
        self._hashes.extend(sketch)
        self._hashes.extend([0] * (_SIZE - len(sketch)))
        self._lengths.append(len(sketch))

    def __getitem__(self, number: int) -> array[int]:
        start = number * _SIZE
        return self._hashes[start : start + self._lengths[number]]

    def neighbours(self, order: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Pairs of places in `order` whose abstracts share three rarest-hashed words, sorted.

        Abstracts that overlap so much that they may be one nearly always do in one of four such
        draws.  Of those that share a draw, each is given with the next alone.
        """
        import numpy as np

        places = np.asarray(order, dtype=np.int64)
        places = np.arange(len(places))[np.frombuffer(self._lengths, np.uint8)[places] >= LONG]
        rows = np.asarray(order, dtype=np.int64)[places]
        hashes = np.frombuffer(self._hashes, np.uint32).reshape(-1, _SIZE)[rows].astype(np.uint64)
        factors = np.array(_FACTORS, np.uint64)
        drawn = [(hashes[:, at : at + _DRAW] * factors).sum(axis=1) for at in _DRAWN]
        keys, found = np.concatenate(drawn), np.tile(places, len(drawn))
        sorted_ = np.lexsort((found, keys))
        keys, found = keys[sorted_], found[sorted_]
        alike = keys[1:] == keys[:-1]
        pairs = np.unique(np.stack([found[:-1][alike], found[1:][alike]], axis=1), axis=0)
        yield from pairs.tolist()
