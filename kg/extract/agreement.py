"""What the mentions of one paper settle among themselves: a name means one thing throughout a paper.

All occurrences of a name get one type, or none (`agree`), and so do a long form and the short form that
stands in brackets after it (`match_short_forms`, after Schwartz & Hearst 2003).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.extract.decode import TYPES, Tagged, read_off

ADD = 0.4
"""An occurrence that was passed over joins when the occurrences' mean probability is above this."""
DROP = 0.35
"""Occurrences of a name leave together when their mean probability is not above this."""


def agree(
    forms: Sequence[str], scores: NDArray[np.float32], found: Sequence[Tagged]
) -> list[Tagged]:
    """The mentions after all occurrences of each name in the paper got one type, or none.

    `forms` are the words, `scores` their log-probabilities (words, labels).  Longer names come
    first and an occurrence inside one is not counted again.
    """
    names = {tuple(forms[t.first : t.last + 1]) for t in found}
    held = {(t.first, t.last) for t in found}
    places: dict[str, list[int]] = {name[0]: [] for name in names}
    for i, form in enumerate(forms):
        if form in places:
            places[form].append(i)
    taken = bytearray(len(forms))
    out: list[Tagged] = []
    for name in sorted(names, key=lambda n: (-len(n), n)):
        size = len(name)
        at = [
            i
            for i in places[name[0]]
            if tuple(forms[i : i + size]) == name and not any(taken[i : i + size])
        ]
        for first, kind, mean in _settle(scores, at, size, held):
            taken[first : first + size] = b"\1" * size
            out.append(Tagged(first, first + size - 1, TYPES[kind], mean))
    return sorted(out, key=lambda t: t.first)


def _settle(
    scores: NDArray[np.float32], at: Sequence[int], size: int, held: set[tuple[int, int]]
) -> Iterator[tuple[int, int, float]]:
    """(first word, type index, probability) of the occurrences, beginning `at`, that are mentions."""
    if not at:
        return
    each = [_type_probabilities(scores, i, size) for i in at]
    mean = [sum(column) / len(at) for column in zip(*each, strict=True)]
    kind = max(range(len(TYPES)), key=mean.__getitem__)
    for i, own in zip(at, each, strict=True):
        if mean[kind] > (DROP if (i, i + size - 1) in held else ADD):
            yield i, kind, (mean[kind] + own[kind]) / 2


def _type_probabilities(scores: NDArray[np.float32], first: int, size: int) -> list[float]:
    """For each type the probability of the least sure word, were these words a mention of it."""
    if size == 1:
        least = scores[first, 4::4]
    else:
        least = np.minimum(scores[first, 1::4], scores[first + size - 1, 3::4])
        if size > 2:
            least = np.minimum(least, scores[first + 1 : first + size - 1, 2::4].min(0))
    probabilities: list[float] = np.exp(least).tolist()
    return probabilities


def match_short_forms(forms: Sequence[str], found: Sequence[Tagged]) -> list[Tagged]:
    """The mentions after each short form in brackets got the type of the long form before it.

    In `long form (LF)` the surer of the two says what both are, wherever they stand in the paper;
    a bracketed short form that was passed over becomes a mention with its long form.
    """
    at = {tag.first: tag for tag in found}
    decided: dict[tuple[str, ...], Tagged] = {}
    new: dict[str, Tagged] = {}
    for long in found:
        i = long.last + 2
        if i + 1 >= len(forms) or forms[i - 1] != "(" or forms[i + 1] != ")":
            continue
        short = at.get(i)
        if short is None and _is_short_for(forms[i], forms[long.first : long.last + 1]):
            new.setdefault(forms[i], long)
        elif short is not None and short.type != long.type:
            surer = max(short, long, key=lambda t: t.probability)
            for name in (tuple(forms[long.first : long.last + 1]), (forms[i],)):
                decided.setdefault(name, surer)
    out = [_retyped(t, decided.get(tuple(forms[t.first : t.last + 1]))) for t in found]
    taken = {i for t in found for i in range(t.first, t.last + 1)}
    out += [
        Tagged(i, i, new[form].type, new[form].probability)
        for i, form in enumerate(forms)
        if form in new and i not in taken
    ]
    return sorted(out, key=lambda t: t.first)


def _retyped(tag: Tagged, surer: Tagged | None) -> Tagged:
    if surer is None or surer.type == tag.type:
        return tag
    return Tagged(tag.first, tag.last, surer.type, surer.probability)


def _is_short_for(short: str, long: Sequence[str]) -> bool:
    """Two or more capitals, of which the first begins the long form."""
    capitals = [c for c in short if c.isupper()]
    return len(capitals) > 1 and long[0][:1].lower() == capitals[0].lower()


def mentions(forms: Sequence[str], scores: NDArray[np.float32]) -> list[Tagged]:
    """The mentions of a paper of these words, scored (words, labels): read off, then made to agree."""
    return match_short_forms(forms, agree(forms, scores, list(read_off(scores))))
