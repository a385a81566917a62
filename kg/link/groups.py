"""Owns the groups of names under way: what was joined, why, and what must stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.link.known import Key
from kg.vocabulary import Entry


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """Two names that became one thing, or (`entity` empty) nearly did, and why; `score` of 100."""

    entity: str
    name: str
    other: str
    reason: str
    score: float = 100.0


class Groups:
    """Union-find over normal forms, in which known things and the user's "different" hold."""

    def __init__(
        self, known: Iterable[tuple[Key, Entry]], different: Iterable[tuple[Key, Key]]
    ) -> None:
        self._above: dict[Key, Key] = {}
        self._entry: dict[Key, Entry] = dict(known)
        self._different: dict[Key, set[Key]] = {}
        for a, b in different:
            self._different.setdefault(a, set()).add(b)
            self._different.setdefault(b, set()).add(a)
        self.joined: list[tuple[Key, Key, str, float]] = []
        self.refused: list[tuple[Key, Key, str, float]] = []

    def root(self, key: Key) -> Key:
        """The form that stands for the group of `key`."""
        above = self._above
        while (up := above.get(key)) is not None:
            above[key] = above.get(up, up)
            key = up
        return key

    def touched(self) -> set[Key]:
        """The forms that are in a group with another one."""
        return {*self._above, *self._above.values()}

    def known(self) -> Iterator[tuple[Key, Entry]]:
        """The groups that are known things, by their root."""
        return ((form, entry) for form, entry in self._entry.items() if form not in self._above)

    def entry(self, key: Key) -> Entry | None:
        """The known thing that the group of `key` is."""
        return self._entry.get(self.root(key))

    def entry_of_root(self, root: Key) -> Entry | None:
        """The known thing that the group led by this form is."""
        return self._entry.get(root)

    def join(
        self, a: Key, b: Key, reason: str, score: float = 100.0, *, forced: bool = False
    ) -> bool:
        """Make one group of those of `a` and `b`, led by the known one, or else `b`'s.

        Refused, and noted as a near miss, where both are known, or the user holds them apart.
        """
        low, high = self.root(a), self.root(b)
        if low == high:
            return True
        if self._entry.get(low) and not self._entry.get(high):
            low, high = high, low
        both = self._entry.get(low) is not None and self._entry.get(high) is not None
        if high in self._different.get(low, ()) or (both and not forced):
            self.refused.append((a, b, reason, score))
            return False
        self._above[low] = high
        for other in self._different.pop(low, set()):
            self._different[other].discard(low)
            self._different[other].add(high)
            self._different.setdefault(high, set()).add(other)
        self.joined.append((a, b, reason, score))
        return True
