"""Owns what a short form with several senses stands for where its paper does not say: what the text
tells, or else what is known or mostly meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache

from kg.link.decision import Decision
from kg.link.known import Key, Known, entry_key
from kg.link.senses import Senses, Text, clear, own_words, told_by_text, told_of
from kg.names.normal import parts


class Doubt:
    """The short forms of a corpus that have several senses, and what tells those apart."""

    def __init__(self, known: Known, senses: Senses, decision: Decision) -> None:
        self._known = known
        self._senses = senses
        self._groups = decision.groups
        self._ambiguous = decision.senses
        self.told_apart = lru_cache(maxsize=1 << 12)(self._told_apart)

    def in_text(self, short: Key, text: Text) -> Key:
        """The group that an undefined short form stands for in a paper."""
        own, otherwise = self.told_apart(short)
        return told_by_text(own, text) or otherwise

    def _told_apart(self, short: Key) -> tuple[Mapping[Key, Collection[str]], Key]:
        """The own words of each group that an ambiguous form may stand for; and the group that it stands
        for where none of them tells."""
        root, weights = self._groups.root, Counter[Key]()
        for sense, weight in self._ambiguous[short]:
            weights[root(sense)] += weight
        words = {root(sense): self.words(sense) for sense, _ in self._ambiguous[short]}
        in_doubt = told_of(weights)
        own = {sense: own for sense, own in own_words(words).items() if sense in in_doubt}
        return own, self.default(short) or root(short)

    def default(self, short: Key) -> Key | None:
        """The group that a short form with several senses stands for where nothing tells."""
        entry = self._known.entry(short) or self._known.short(short)
        best = entry_key(entry) if entry else clear(self._ambiguous[short])
        return self._groups.root(best) if best else None

    def words(self, sense: Key) -> tuple[str, ...]:
        """The folded words of a sense."""
        entry = self._groups.entry(sense)
        return self._senses.words(sense) or (parts(entry.name, entry.type) if entry else ())
