"""Owns the search for names that differ by a slip of the pen: candidates by hash, then a score.

Two forms at one edit's distance become one string when one letter is taken out of one or of both
(the deletion neighbourhood of Mor and Fraenkel, 1982; SymSpell's).  So every form is hashed as it
is and without each of its letters, and only forms that share a hash are compared: the work grows
with the letters of all names, whatever the names are, and no pair is missed.

    hierarchical ─┬─ ierarchical
                  ├─ hirarchical ──┐
                  └─ …             ├─ one hash: a pair
    heirarchical ─┬─ hirarchical ──┘
                  └─ …
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

SHORTEST = 12  # letters: in shorter names one letter tells two things apart too often
_CHUNK = 4096  # names hashed at once: their letters fit in the processor's cache
_WORD = 6  # letters of the word that was slipped in
_COMMON = 3  # names in which the right word stands

Numbers = NDArray[np.uint64]


def pairs(forms: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Forms at one edit (a letter more, less, other, or two swapped), each pair once.

    A digit more, less or other is no slip, and those pairs are left out: "resnet101", "resnet152".
    The lesser form comes first; the pairs are in no order that may matter.
    """
    by_length: dict[int, list[str]] = {}
    for form in forms:
        if len(form) >= SHORTEST:
            by_length.setdefault(len(form), []).append(form)
    for length, longer in by_length.items():
        yield from _meeting(by_length.get(length - 1, []), longer, length)


def _meeting(short: list[str], longer: list[str], length: int) -> Iterator[tuple[str, str]]:
    """Pairs at one edit of which one form at least has `length` letters, the other one less or
    as many."""
    rows = [*short, *longer]
    bits = len(rows).bit_length()
    whole = _keys(_whole, short, length - 1, 0, bits)
    shortened = _keys(_shortened, longer, length, len(short), bits)
    for left, right in _collisions(np.concatenate([whole, shortened]), bits):
        a, b = rows[left], rows[right]
        if OSA.distance(a, b, score_cutoff=1) == 1:
            yield (a, b) if a < b else (b, a)


def _keys(
    hashed: Callable[[Numbers, Numbers], tuple[Numbers, Numbers]],
    forms: list[str],
    size: int,
    row: int,
    bits: int,
) -> Numbers:
    """The hashes of forms of `size` letters, each with its form's row in the last `bits` bits."""
    weights, places = _weights(size), np.uint64((1 << bits) - 1)
    found = [np.empty(0, np.uint64)]
    for start in range(0, len(forms), _CHUNK):
        chunk = forms[start : start + _CHUNK]
        letters = np.array(chunk, f"U{size}").view(np.uint32).reshape(len(chunk), size)
        at, hashes = hashed(letters.astype(np.uint64), weights)
        found.append(hashes & ~places | at + np.uint64(row + start))
    return np.concatenate(found)


def _whole(letters: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Rows and hashes of (forms, letters): the sum of each letter times its place's weight."""
    return np.arange(len(letters), dtype=np.uint64), (letters * weights).sum(axis=1)


def _shortened(letters: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Rows and hashes, as above, of each form without each of its letters that is no digit.

    Without its letter j rather than j - 1, a form has letter j - 1 in the place of letter j.
    """
    steps = np.empty_like(letters)
    steps[:, 0] = (letters[:, 1:] * weights[:-1]).sum(axis=1)
    steps[:, 1:] = (letters[:, :-1] - letters[:, 1:]) * weights[:-1]
    rows, places = np.nonzero(letters - ord("0") > 9)  # below "0" these numbers wrap around
    return rows.astype(np.uint64), steps.cumsum(axis=1)[rows, places]


def _weights(size: int) -> Numbers:
    """A number for each place of a form, as if drawn by lot (SplitMix64: Steele et al., 2014)."""
    state = np.arange(1, size + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def _collisions(keys: Numbers, bits: int) -> Iterator[tuple[int, int]]:
    """The pairs of rows that share a hash, each once, in the order of the rows."""
    keys.sort()
    keys = keys[np.append(True, keys[1:] != keys[:-1])]  # "tt" less either t is one string
    hashes, places = keys >> np.uint64(bits), np.uint64((1 << bits) - 1)
    found = [np.empty(0, np.uint64)]
    at, apart = np.flatnonzero(hashes[1:] == hashes[:-1]), 1
    while len(at):  # each place with the next one, then with the one behind that, while they share
        found.append((keys[at] & places) << np.uint64(bits) | keys[at + apart] & places)
        apart += 1
        at = at[: np.searchsorted(at, len(keys) - apart)]
        at = at[hashes[at] == hashes[at + apart]]
    both = np.unique(np.concatenate(found))
    for start in range(0, len(both), _CHUNK):
        left, right = both[start : start + _CHUNK] >> np.uint64(bits), both[start : start + _CHUNK]
        yield from zip(left.tolist(), (right & places).tolist(), strict=True)


def changed(a: Sequence[str], b: Sequence[str]) -> tuple[str, str] | None:
    """The one word in which two names (as words) differ, where it may be a slip of the pen.

    Both of its forms are of letters, and long, and begin with the same one.
    """
    if len(a) != len(b):
        return None
    apart = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if len(apart) != 1:
        return None
    x, y = apart[0]
    fit = min(len(x), len(y)) >= _WORD and x[0] == y[0] and (x + y).isalpha()
    return (x, y) if fit else None


def slip(x: str, y: str, seen: Mapping[str, int]) -> float:
    """How likely one of two words that differ by a letter is the other mistyped, of 100.

    One stands in this name alone (`seen` counts the names that hold a word) and the other in
    several: so "subtokenziation" is a slip, and "intra" for "intro" is not.
    """
    rare, common = sorted((seen.get(x, 0), seen.get(y, 0)))
    if rare > 1 or common < _COMMON:
        return 50.0
    return 100.0 * (1 - 1 / max(len(x), len(y)))
