"""Owns the names of a corpus while it is gathered: each normal form with its spellings.

Of a million names nearly all have one spelling.  So what is kept of a form lies in lists, by the
number of its first meeting, and only a form with several spellings has a table of them.  The
numbers follow the order of the papers: nothing that is decided may depend on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.link.known import Key
from kg.names.normal import cut, key_of


class Names:
    """Spellings with their counts, and the folded words, of each normal form."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}
        self._names: list[Key] = []
        self._first: list[str] = []  # the spelling met first
        self._counts: list[int] = []  # of all spellings together
        self._cuts: list[str] = []
        self._alone = bytearray()  # 1 where a form has one spelling
        self._undefined = bytearray()  # 1 where a paper uses a form that it does not define
        self._also_undefined: set[Key] = set()
        self._several: dict[Key, dict[str, int]] = {}

    def add(self, type_: str, surface: str, count: int = 1) -> int:
        """Count mentions of one spelling; the number of its normal form (`name`)."""
        return self.add_folded(type_, surface, cut(surface, type_), count)

    def add_folded(self, type_: str, surface: str, folded: str, count: int) -> int:
        """The same of a spelling whose folded words (`kg.names.normal.cut`) are known."""
        name = (type_, key_of(folded, surface))
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self._first)
            self._first.append(surface)
            self._counts.append(count)
            self._cuts.append(folded)
            self._names.append(name)
            self._undefined.append(0)
            self._alone.append(1)
            return number
        if surface != self._first[number] or not self._alone[number]:
            self._spelled(name, number, surface, folded, count)
        self._counts[number] += count
        return number

    def _spelled(self, name: Key, number: int, surface: str, folded: str, count: int) -> None:
        """Count a spelling of a form that has several."""
        spellings = self._several.get(name)
        if spellings is None:
            spellings = self._several[name] = {self._first[number]: self._counts[number]}
            self._alone[number] = 0
        if surface not in spellings:
            spellings[surface] = 0
            cuts = (self._cuts[number], folded)
            self._cuts[number] = min(cuts, key=lambda cut: (-cut.count("-"), cut))
        spellings[surface] += count

    def use(self, numbers: Iterable[int]) -> None:
        """Note that a paper uses forms that it does not define."""
        undefined = self._undefined
        for number in numbers:
            undefined[number] = 1

    def use_named(self, name: Key) -> None:
        """The same of a form by name, which may not have been met yet."""
        self._also_undefined.add(name)

    def used(self, name: Key) -> bool:
        """Whether a paper uses a form and does not say what it stands for."""
        number = self._numbers.get(name)
        return (number is not None and self._undefined[number] == 1) or name in self._also_undefined

    def name(self, number: int) -> Key:
        """The normal form of a number."""
        return self._names[number]

    def number(self, name: Key) -> int:
        """The number of a normal form that stands in the corpus."""
        return self._numbers[name]

    def __len__(self) -> int:
        return len(self._names)

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
        if self._alone[number]:
            return {self._first[number]: self._counts[number]}
        return self._several[name]

    def only(self, name: Key) -> str | None:
        """The spelling of a form that has one; None of others."""
        number = self._numbers.get(name)
        return self._first[number] if number is not None and self._alone[number] else None

    def least(self, name: Key) -> str:
        """The least spelling of a form that stands in the corpus."""
        several = self._several.get(name)
        return min(several) if several else self._first[self._numbers[name]]

    def surfaces(self) -> Iterator[tuple[Key, str]]:
        """Each normal form with each of its spellings."""
        for name, first, alone in zip(self._numbers, self._first, self._alone, strict=True):
            if alone:
                yield name, first
            else:
                yield from ((name, surface) for surface in self._several[name])

    def several(self) -> Mapping[Key, Mapping[str, int]]:
        """The forms of more than one spelling, with those."""
        return self._several

    def spelled(self) -> Iterator[tuple[Key, str]]:
        """Each normal form with the least of its spellings."""
        for name, first, alone in zip(self._numbers, self._first, self._alone, strict=True):
            yield name, first if alone else min(self._several[name])

    def cut_at(self, number: int) -> str:
        """The folded words of the form of a number, as in `cut`."""
        return self._cuts[number]

    def cut(self, name: Key) -> str | None:
        """The folded words of a form, hyphens between, in the spelling that has most of them."""
        number = self._numbers.get(name)
        return None if number is None else self._cuts[number]
