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

KNOWN = "kg_gazetteer"  # the span group that holds what was found; a user's own names have the id THEIRS
THEIRS = "user"
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
    """Matches the names of two vocabularies on token boundaries, the longest first.

    Where a name stands in both, the user's row counts.
    """

    def __init__(
        self, nlp: Language, curated: Iterable[Named], theirs: Iterable[Named] = ()
    ) -> None:
        self._exact = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._folded = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._labels: dict[int, tuple[str, str]] = {}  # key of a match -> (type, whose)
        taken: dict[str, str] = {}
        for whose, entries in ((THEIRS, theirs), ("", curated)):
            for entry in entries:
                for surface in (entry.name, *entry.aliases):
                    if (
                        len(surface) < _SHORTEST
                        or taken.setdefault(surface, entry.type) != entry.type
                    ):
                        continue  # too short, or the name of two kinds of thing: the tagger decides
                    self._add(nlp, surface, entry.type, whose)

    def _add(self, nlp: Language, surface: str, type_: str, whose: str) -> None:
        matcher = self._folded if surface == surface.lower() else self._exact
        key = f"{whose}:{type_}"
        self._labels[nlp.vocab.strings.add(key)] = (type_, whose)
        matcher.add(key, [nlp.make_doc(surface)])

    def __call__(self, doc: Doc) -> Doc:
        """Set the span group `kg_gazetteer`."""
        found = sorted({*self._exact(doc), *self._folded(doc)}, key=lambda m: (m[1], -m[2], m[0]))
        spans = [
            Span(doc, start, end, label=self._labels[key][0], span_id=self._labels[key][1])
            for key, start, end in found
        ]
        doc.spans[KNOWN] = filter_spans(spans)
        return doc
