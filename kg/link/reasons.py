"""Owns why names are one thing, and what was nearly joined: what `kg merges` lists."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from kg.link.groups import Groups, Merge
from kg.link.known import Key, Known
from kg.link.names import Names
from kg.link.senses import Senses


class Reasons:
    """What was joined and what was refused, as it is shown to people."""

    def __init__(self, known: Known, names: Names, senses: Senses, groups: Groups) -> None:
        self._known = known
        self._names = names
        self._senses = senses
        self._groups = groups

    def merges(self, id_of: Callable[[Key], str], ambiguous: Collection[Key]) -> list[Merge]:
        """What was joined, by entity, with the reason; `id_of` gives the identifier of a group by its root."""
        root = self._groups.root
        rows = [
            Merge(id_of(root(a)), self._shown(a), self._shown(b), reason, score)
            for a, b, reason, score in self._groups.joined
        ]
        for form in self._names.several():
            if form not in ambiguous:
                rows += self._spelled(form, id_of(root(form)))
        return sorted(rows)

    def _spelled(self, form: Key, id_: str) -> Iterator[Merge]:
        """The spellings of one normal form that differ in more than case."""
        counts = self._names.spellings(form)
        ranked = sorted(counts, key=lambda s: (-counts[s], s))
        for other in ranked[1:]:
            yield Merge(id_, ranked[0], other, "one normal form", 100.0)

    def near_misses(self) -> list[Merge]:
        """What was nearly joined, and why it was not certain."""
        root = self._groups.root
        rows = {
            Merge("", self._shown(a), self._shown(b), reason, score)
            for a, b, reason, score in self._groups.refused
            if root(a) != root(b)
        }
        return sorted(rows, key=lambda m: (-m.score, m))

    def _shown(self, form: Key) -> str:
        counts = self._names.spellings(form)
        if counts:
            return min(counts, key=lambda s: (-counts[s], s))
        entry = self._known.entry(form)
        return entry.name if entry else " ".join(self._senses.words(form)) or form[1]
