"""Owns the first pass: what is kept of a corpus to decide which of its names are one thing.

Kept are the spellings of each normal form with their counts, what papers define their short forms
as, and where the papers stand that known things come from; no text.
"""

from __future__ import annotations

from kg.link.collector import paused
from kg.link.decision import decide
from kg.link.known import Key, Known
from kg.link.linkage import Linkage
from kg.link.names import Names
from kg.link.normal import is_name
from kg.link.origins import Origins
from kg.link.overrides import Overrides
from kg.link.senses import Senses, paper_definitions
from kg.model import Facts, Paper
from kg.vocabulary import Vocabulary


class Linker:
    """Gathers the names of a corpus, a paper at a time, in any order."""

    def __init__(self, vocabulary: Vocabulary, overrides: Overrides | None = None) -> None:
        self._known = Known(vocabulary)
        self._overrides = overrides or Overrides()
        self._names = Names()
        self._senses = Senses()
        self._origins = Origins()

    def add(self, paper: Paper, facts: Facts) -> None:
        """Note the names of one paper."""
        shorts: set[Key] = set()
        for mention in facts.mentions:
            name = self._names.add(mention.type, mention.text)
            if is_name(mention.text):
                shorts.add(name)
        defined = paper_definitions(paper, facts) if shorts else {}
        self._senses.add(defined)
        for name in shorts - set(defined):
            self._names.undefined[name] = self._names.undefined.get(name, 0) + 1
        self._origins.add(paper)

    def finish(self) -> Linkage:
        """The decision over all that was added; the same whatever the order."""
        with paused():
            decision = decide(self._known, self._names, self._senses, self._overrides)
        return Linkage(self._known, self._names, self._senses, decision, self._origins)
