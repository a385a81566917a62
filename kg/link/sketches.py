"""Owns the sketches of abstracts: a few hashes of each, from which it is told what two share.

A bottom-k sketch (Cohen and Kaplan 2007) keeps the smallest hashes of a set; the overlap of two
sets is read from two sketches.  Ninety-six bytes an abstract, as many records are gathered.
Abstracts are sketched many at a time: one by one, each word would be an object of Python's.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported late: numpy must not be loaded before `kg.extract.workers.one_thread`
    import numpy as np
    from numpy.typing import NDArray

_LONG_WORD = 5  # letters
# Letters in lower case, and spaces for what parts words; bytes beyond ASCII stand for letters.
_APART = (
    bytes(b if chr(b).isalnum() or b == ord("_") else ord(" ") for b in range(128)).lower()
    + bytes(range(128, 256))
)  # fmt: skip
_READ = 1 << 17  # bytes of an abstract
_TOGETHER = 64  # abstracts: what is worked out of them stays in the processor's cache
_SIZE = 24  # hashes kept of an abstract: the error of the overlap is about 8 points
_DRAW = 3  # neighbouring hashes that make two abstracts worth comparing
_DRAWN = range(0, 12, _DRAW)  # where the draws begin
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_CHUNK = 1 << 14  # pairs looked at together
LONG = 12  # hashes from which the overlap of two abstracts means something


def abstract_sketch(abstract: str) -> list[int]:
    """The smallest hashes of the abstract's distinct words of five letters or more, sorted."""
    hashes, lengths = _sketched([abstract])
    sketch: list[int] = hashes[0, : lengths[0]].tolist()
    return sketch


def _sketched(abstracts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The sketches of abstracts, a row each, filled up with 0; and how many hashes each has."""
    import numpy as np

    texts = [_words(abstract) for abstract in abstracts]
    letters = np.frombuffer(b"".join(texts), np.uint8)
    weights, inverse = _weights(1 << (len(letters) - 1).bit_length())
    ends = np.flatnonzero(letters == ord(" "))  # each text ends in one
    starts = np.append(0, ends[:-1] + 1)
    long = ends - starts >= _LONG_WORD
    starts, ends = starts[long], ends[long]
    # A word's hash is the sum of its letters, each by its place in it: by that in all, less the start's.
    sums = np.zeros(len(letters) + 1, np.uint64)
    # (By the method `cumsum` numpy 2.4 keeps some bytes of each call, which hold whole blocks of memory back.)
    np.add.accumulate(letters * weights[: len(letters)], out=sums[1:])
    hashes = (sums[ends] - sums[starts]) * inverse[starts]
    hashes = (hashes ^ (hashes >> np.uint64(31))) * np.uint64(_FACTORS[1])
    behind = np.array(list(accumulate(map(len, texts))))
    of = behind.searchsorted(starts, side="right")
    # A text's number before the upper half of the hash: sorted, the least of each text come first.
    found = of.astype(np.uint64) << np.uint64(32) | hashes >> np.uint64(32)
    found.sort()
    found = found[np.append(True, found[1:] != found[:-1])[: len(found)]]
    of = (found >> np.uint64(32)).astype(np.int64)
    rank = np.arange(len(found)) - np.searchsorted(of, np.arange(len(texts)))[of]
    found, of, rank = (values[rank < _SIZE] for values in (found, of, rank))
    rows = np.zeros((len(texts), _SIZE), np.uint32)
    rows[of, rank] = found.astype(np.uint32)
    return rows, np.bincount(of, minlength=len(texts))


def _words(abstract: str) -> bytes:
    """The words of a text in lower case, spaces between and behind."""
    if not abstract.isascii():
        abstract = " ".join(_LONG_WORDS.findall(abstract.casefold()))
    return abstract.encode(errors="replace")[:_READ].translate(_APART) + b" "


_LONG_WORDS = re.compile(rf"\w{{{_LONG_WORD},}}")


@cache
def _weights(size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The powers of an odd number, and of its inverse, modulo 2^64."""
    import numpy as np

    base = _FACTORS[0]
    both = (np.full(size, factor, np.uint64) for factor in (base, pow(base, -1, 1 << 64)))
    weights, inverse = (np.cumprod(factors, dtype=np.uint64) for factors in both)
    return weights, inverse


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
        self._waiting: list[str] = []
        self._letters = 0  # of those that wait

    def append(self, abstract: str) -> None:
        """Keep the sketch of one more abstract."""
        self._waiting.append(abstract)
        self._letters += len(abstract)
        if len(self._waiting) == _TOGETHER or self._letters > _READ:
            self._sketch()

    def _sketch(self) -> None:
        """Sketch the abstracts that wait."""
        if self._waiting:
            hashes, lengths = _sketched(self._waiting)
            self._hashes.frombytes(hashes.tobytes())
            self._lengths.extend(lengths.tolist())
            self._waiting.clear()
            self._letters = 0

    def __getitem__(self, number: int) -> array[int]:
        self._sketch()
        start = number * _SIZE
        return self._hashes[start : start + self._lengths[number]]

    def neighbours(self, order: Sequence[int], least: float) -> Iterator[tuple[int, int]]:
        """Pairs of places in `order` whose abstracts may overlap by `least` (from 0 to 1), sorted.

        Abstracts that overlap so much that they may be one nearly always share three neighbouring
        hashes in one of four draws.  Of those that share a draw, each is looked at with the next alone.
        """
        import numpy as np

        self._sketch()
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
        for start in range(0, len(pairs), _CHUNK):
            chunk = pairs[start : start + _CHUNK]
            shared = self._shared(np.asarray(order, dtype=np.int64)[chunk])
            yield from chunk[shared >= least * LONG - 1].tolist()

    def _shared(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many hashes the two sketches of each pair of numbers share; but for the hash 0, which
        also fills what a short sketch leaves."""
        import numpy as np

        hashes = np.frombuffer(self._hashes, np.uint32).reshape(-1, _SIZE)
        both = np.sort(hashes[pairs].reshape(len(pairs), 2 * _SIZE), axis=1)
        shared: NDArray[np.int64] = ((both[:, 1:] == both[:, :-1]) & (both[:, 1:] > 0)).sum(axis=1)
        return shared
