"""Owns the component that finds known names: those of the vocabulary, where they stand as written.

A proper name ("GLUE", "ImageNet-1k") must stand in its own case, or "glue" would be a benchmark; a
common noun ("machine translation") may stand in any.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

KNOWN = "kg_gazetteer"  # the span group that holds what was found
_SHORTEST = 3  # letters; "AI" or "R" say too little on their own


class Named(Protocol):
    """A row of the vocabulary, as far as the gazetteer reads it."""

    @property
    def name(self) -> str:
        """Canonical name."""

    @property
    def type(self) -> str:
        """Node type."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other spellings."""


class Gazetteer:
    """Matches the names of a vocabulary on token boundaries, the longest first."""

    def __init__(self, nlp: Language, entries: Iterable[Named]) -> None:
        self._exact = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._folded = PhraseMatcher(nlp.vocab, attr="LOWER")
        taken: dict[str, str] = {}
        for entry in entries:
            for surface in (entry.name, *entry.aliases):
                if len(surface) < _SHORTEST or taken.setdefault(surface, entry.type) != entry.type:
                    continue  # too short, or the name of two kinds of thing: the tagger decides
                proper = surface != surface.lower()
                matcher = self._exact if proper else self._folded
                matcher.add(entry.type, [nlp.make_doc(surface)])

    def __call__(self, doc: Doc) -> Doc:
        """Set the span group `kg_gazetteer`."""
        found = [*self._exact(doc), *self._folded(doc)]
        spans = [Span(doc, start, end, label=label) for label, start, end in sorted(found)]
        doc.spans[KNOWN] = filter_spans(spans)
        return doc
