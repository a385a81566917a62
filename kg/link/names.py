"""Owns the names of a corpus while it is gathered: each normal form with its spellings.

Of a million names nearly all have one spelling.  So what is kept of a form lies in lists, by the
number of its first meeting, and only a form with several spellings has a table of them.  The
numbers follow the order of the papers: nothing that is decided may depend on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.link.known import Key
from kg.link.normal import join, parts


class Names:
    """Spellings with their counts, and the folded words, of each normal form."""

    def __init__(self) -> None:
        self.undefined: dict[Key, int] = {}  # papers that use a short form without its long one
        self._numbers: dict[Key, int] = {}
        self._first: list[str] = []  # the spelling met first
        self._counts: list[int] = []  # of all spellings together
        self._cuts: list[str] = []
        self._several: dict[Key, dict[str, int]] = {}

    def add(self, type_: str, surface: str, count: int = 1) -> Key:
        """Count mentions of one spelling; their normal form."""
        folded = parts(surface, type_)
        name = (type_, join(folded) or surface.casefold())
        number = self._numbers.setdefault(name, len(self._first))
        if number < len(self._first):
            self._again(name, number, surface, folded, count)
        else:
            self._first.append(surface)
            self._counts.append(count)
            self._cuts.append("-".join(folded))
        return name

    def _again(
        self, name: Key, number: int, surface: str, folded: tuple[str, ...], count: int
    ) -> None:
        first, before = self._first[number], self._counts[number]
        self._counts[number] += count
        if surface != first or name in self._several:
            spellings = self._several.setdefault(name, {first: before})
            spellings[surface] = spellings.get(surface, 0) + count
            cuts = (self._cuts[number], "-".join(folded))
            self._cuts[number] = min(cuts, key=lambda cut: (-cut.count("-"), cut))

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    def __iter__(self) -> Iterator[Key]:
        """The normal forms."""
        return iter(self._numbers)

    def spellings(self, name: Key) -> Mapping[str, int]:
        """How often each spelling of a form stands in the corpus; none where the form does not."""
        number = self._numbers.get(name)
        if number is None:
            return {}
        return self._several.get(name) or {self._first[number]: self._counts[number]}

    def least(self, name: Key) -> str:
        """The least spelling of a form that stands in the corpus."""
        several = self._several.get(name)
        return min(several) if several else self._first[self._numbers[name]]

    def surfaces(self) -> Iterator[tuple[Key, str]]:
        """Each normal form with each of its spellings."""
        for name, first in zip(self._numbers, self._first, strict=True):
            for surface in self._several.get(name) or (first,):
                yield name, surface

    def several(self) -> Mapping[Key, Mapping[str, int]]:
        """The forms of more than one spelling, with those."""
        return self._several

    def spelled(self) -> Iterator[tuple[Key, str]]:
        """Each normal form with the least of its spellings."""
        for name, first in zip(self._numbers, self._first, strict=True):
            yield name, min(self._several[name]) if name in self._several else first

    def cut(self, name: Key) -> str | None:
        """The folded words of a form, hyphens between, in the spelling that has most of them."""
        number = self._numbers.get(name)
        return None if number is None else self._cuts[number]
