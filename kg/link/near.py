"""Owns the search for names that differ by a slip of the pen: candidates by blocks, then a score.

Two forms at one edit's distance share their first or their second half (their lengths differing by
one at most), so each is filed under both and compared within a file alone: the work grows with
the number of names, not with its square.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

SHORTEST = 12  # letters: in shorter names one letter tells two things apart too often
_BLOCK = 40  # names of one file that each is compared with, at most
_WORD = 6  # letters of the word that was slipped in
_COMMON = 3  # names in which the right word stands


def pairs(forms: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Forms at one edit (a letter more, less, other, or two swapped), each pair once, sorted."""
    seen: set[tuple[str, str]] = set()
    for block in _blocks(sorted(forms)):
        for i, a in enumerate(block):
            for b in block[i + 1 : i + 1 + _BLOCK]:
                if a != b and (a, b) not in seen and OSA.distance(a, b, score_cutoff=1) == 1:
                    seen.add((a, b))
    yield from sorted(seen)


def _blocks(forms: Iterable[str]) -> Iterator[list[str]]:
    """Forms by their halves; the half of `n` letters is that of `n + 1`, or a letter shorter."""
    blocks: dict[tuple[str, bool], list[str]] = {}
    for form in forms:
        if len(form) < SHORTEST:
            continue
        for size in {len(form) // 2, (len(form) - 1) // 2}:
            blocks.setdefault((form[:size], True), []).append(form)
            blocks.setdefault((form[-size:], False), []).append(form)
    return (block for block in blocks.values() if len(block) > 1)


def slip(a: Sequence[str], b: Sequence[str], seen: Mapping[str, int]) -> float:
    """How likely two names (as folded words) are one, of 100; 0 where the words tell them apart.

    One word differs, in letters, not in its first; one of its two forms stands in this name alone
    (`seen` counts the names that hold a word) and the other in several.  So "subtokenziation" is a
    slip, and "intra" for "intro" is not.
    """
    if len(a) != len(b):
        return 0.0
    changed = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if len(changed) != 1:
        return 0.0
    x, y = changed[0]
    rare, common = sorted((seen.get(x, 0), seen.get(y, 0)))
    if min(len(x), len(y)) < _WORD or x[0] != y[0] or not (x + y).isalpha():
        return 0.0
    if rare > 1 or common < _COMMON:
        return 50.0
    return 100.0 * (1 - 1 / max(len(x), len(y)))
