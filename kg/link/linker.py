"""Owns the first pass: what is kept of a corpus to decide which of its names are one thing.

Kept are the spellings of each normal form with their counts, what papers define their short forms
as, and where the papers stand that known things come from; no text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from kg.link.collector import paused
from kg.link.decision import Slip, decide
from kg.link.known import Key, Known
from kg.link.linkage import Linkage
from kg.link.names import Names
from kg.link.origins import Origins
from kg.link.overrides import Overrides
from kg.link.senses import Long, Senses, by_key, paper_definitions
from kg.model import Facts, Name, Named, Paper
from kg.names.normal import cut
from kg.vocabulary import Vocabulary


class Linker:
    """Gathers the names of a corpus, a paper at a time, in any order."""

    def __init__(self, vocabulary: Vocabulary | Known, overrides: Overrides | None = None) -> None:
        self.known = vocabulary if isinstance(vocabulary, Known) else Known(vocabulary)
        self.overrides = overrides or Overrides()
        self.names = Names()
        self.senses = Senses()
        self.origins = Origins(self.known.entries())

    def add(self, paper: Paper, facts: Facts) -> list[int]:
        """Note the names of one paper, as `add_named` does."""
        counts = Counter([(mention.type, mention.text) for mention in facts.mentions])
        names = [(type_, text, cut(text, type_)) for type_, text in counts]
        self.origins.add(paper)
        return self._add(names, counts.values(), paper_definitions(paper, facts))

    def add_named(self, named: Named) -> list[int]:
        """Note the names of one paper; the numbers of their normal forms, in the order of the names.

        The number of a form that the paper itself defines is given as its complement, ~number; what
        those stand for follows behind all names, by the numbers of `Senses`.  Whoever keeps the
        numbers gets from `Linkage.things_in` what the mentions stand for.  Papers that things come
        from (`Origins`) are told apart from this.
        """
        return self._add(named.names, named.counts, by_key(named.definitions))

    def _add(
        self, names: Iterable[Name], counts: Iterable[int], defined: Mapping[Key, list[Long]]
    ) -> list[int]:
        add, name = self.names.add_folded, self.names.name
        numbers = [
            add(type_, text, folded, count)
            for (type_, text, folded), count in zip(names, counts, strict=True)
        ]
        if not defined:
            self.names.use(numbers)
            return numbers
        self.senses.add(defined)
        told = [~n if name(n) in defined else n for n in numbers]
        self.names.use([n for n in told if n >= 0])
        meant = [defined[name(~n)][0].key for n in told if n < 0]
        return told + list(map(self.senses.number, meant))

    def finish(self, slips: Iterable[Slip] | None = None) -> Linkage:
        """The decision over all that was added; the same whatever the order.

        `slips` are found among the names, where they are not given.
        """
        with paused():
            decision = decide(self.known, self.names, self.senses, self.overrides, slips)
        return Linkage(self.known, self.names, self.senses, decision, self.origins)
