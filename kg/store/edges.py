"""Owns how an edge is written in its row: nodes and recurring words by number, evidence as spans.

A span is `field,start,length,confidence,extractor`, with `;` between two: field 0 is the title and 1
the abstract, the confidence counts ten-thousandths.  Its paper is the end of the edge that is one,
or else stands behind, by its number:

    1,731,8,6488,21;1,950,8,5120,21        0,0,12,9000,21,40712
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.evidence import Edge, Span
from kg.model import Field

Row = tuple[int, int, int, int, int, str]  # as in the table `statement`

UNIT = 10_000  # of a confidence
_FIELDS: tuple[Field, Field] = ("title", "abstract")


class Edges:
    """Edges to rows and back, in one database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._numbers: dict[str, int] = {}
        self._words: dict[int, str] = {}

    def word(self, number: int) -> str:
        """The word of a number."""
        if number not in self._words:
            self._words = dict(self._db.execute("SELECT number, word FROM word"))
        return self._words[number]

    def number(self, word: str) -> int:
        """The number of a word; the next where it has none."""
        if word not in self._numbers:
            self._db.execute("INSERT OR IGNORE INTO word(word) VALUES(?)", (word,))
            found = self._db.execute("SELECT number FROM word WHERE word=?", (word,)).fetchone()
            self._numbers[word] = found[0]
        return self._numbers[word]

    def rows(self, edges: Sequence[Edge]) -> Iterator[Row]:
        """Edges as rows.  Raises `ValueError` for one without a node at an end, which is a bug."""
        number, node = self.number, self._nodes(edges)
        for subject, relation, object_, confidence, origin, spans in edges:
            if subject not in node or object_ not in node:
                raise ValueError(f"an edge has no node at one end: {subject} {relation} {object_}")
            certainty = round(round(confidence, 4) * UNIT)
            written = self._written(spans, _paper(subject, object_), node) if spans else ""
            yield node[subject], number(relation), node[object_], certainty, number(origin), written

    def _nodes(self, edges: Iterable[Edge]) -> dict[str, int]:
        """The numbers of all nodes that edges name: asked for at once, they take a third of the time."""
        named = {end for edge in edges for end in (edge.subject, edge.object)}
        named.update(span.paper for edge in edges for span in edge.spans[:1])
        query = "SELECT id, number FROM node WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._db.execute(query, (json.dumps(sorted(named)),)))

    def _written(self, spans: Iterable[Span], near: str, node: Mapping[str, int]) -> str:
        number = self.number
        return ";".join([
            f"{field == 'abstract':d},{start},{end - start},{round(confidence * UNIT)}"
            f",{number(extractor)}" + ("" if paper == near else f",{node[paper]}")
            for paper, field, start, end, confidence, extractor in spans
        ])  # fmt: skip

    def edge(
        self, subject: str, relation: int, object_: str, certainty: int, origin: int, written: str
    ) -> Edge:
        """The edge of a row, whose nodes are given by name."""
        spans = tuple(self._spans(written, _paper(subject, object_))) if written else ()
        word = self.word
        return Edge(subject, word(relation), object_, certainty / UNIT, word(origin), spans)

    def _spans(self, written: str, near: str) -> Iterator[Span]:
        for one in written.split(";"):
            field, start, length, certainty, extractor, *paper = map(int, one.split(","))
            place = self._name(paper[0]) if paper else near
            confidence, word = certainty / UNIT, self.word(extractor)
            yield Span(place, _FIELDS[field], start, start + length, confidence, word)

    def _name(self, number: int) -> str:
        found: tuple[str] = self._db.execute(
            "SELECT id FROM node WHERE number=?", (number,)
        ).fetchone()
        return found[0]


def _paper(subject: str, object_: str) -> str:
    """The end of an edge that is a paper; "" where none is."""
    if subject.startswith("paper/"):
        return subject
    return object_ if object_.startswith("paper/") else ""
