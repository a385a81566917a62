"""Owns how an edge is written in its row: nodes and recurring words by number, evidence as spans.

A span is `field,start,length,confidence,extractor`, with `;` between two: field 0 is the title and 1
the abstract, the confidence counts ten-thousandths.  Its paper is the end of the edge that is one,
or else stands behind, by its number:

    1,731,8,6488,21;1,950,8,5120,21        0,0,12,9000,21,40712
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from kg.evidence import Edge, Said, Span
from kg.model import Field

Row = tuple[int, int, int, int, int, str]  # as in the table `statement`

UNIT = 10_000  # of a confidence
_FIELDS: tuple[Field, Field] = ("title", "abstract")


class _Numbers(dict[str, int]):
    """The number of each word; one that has none yet gets the next."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__()
        self._db = db

    def __missing__(self, word: str) -> int:
        self._db.execute("INSERT OR IGNORE INTO word(word) VALUES(?)", (word,))
        found = self._db.execute("SELECT number FROM word WHERE word=?", (word,)).fetchone()
        self[word] = int(found[0])
        return self[word]


class Edges:
    """Edges to rows and back, in one database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._numbers = _Numbers(db)
        self._words: dict[int, str] = {}

    def word(self, number: int) -> str:
        """The word of a number."""
        if number not in self._words:
            self._words = dict(self._db.execute("SELECT number, word FROM word"))
        return self._words[number]

    def number(self, word: str) -> int:
        """The number of a word; the next where it has none."""
        return self._numbers[word]

    def rows(self, said: Iterable[tuple[int, Iterable[Said[int]]]]) -> Iterator[Row]:
        """The edges that each paper says, as rows; nodes go by number, the papers as well."""
        number = self._numbers
        for paper, edges in said:
            for subject, relation, object_, confidence, origin, places in edges:
                behind = "" if subject == paper or object_ == paper else f",{paper}"
                spans = [
                    f"{1 if field == 'abstract' else 0},{start},{end - start},{round(sure * UNIT)}"
                    f",{number[extractor]}{behind}"
                    for field, start, end, sure, extractor in places
                ]
                written = spans[0] if len(spans) == 1 else ";".join(spans)
                sure = round(round(confidence, 4) * UNIT)  # `certainty`, without a call
                yield subject, number[relation], object_, sure, number[origin], written

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
            place = self.id_of(paper[0]) if paper else near
            confidence, word = certainty / UNIT, self.word(extractor)
            yield Span(place, _FIELDS[field], start, start + length, confidence, word)

    def id_of(self, number: int) -> str:
        """The id of the node of a number."""
        found: tuple[str] = self._db.execute(
            "SELECT id FROM node WHERE number=?", (number,)
        ).fetchone()
        return found[0]


def certainty(confidence: float) -> int:
    """A confidence as it is kept."""
    return round(round(confidence, 4) * UNIT)


def _paper(subject: str, object_: str) -> str:
    """The end of an edge that is a paper; "" where none is."""
    if subject.startswith("paper/"):
        return subject
    return object_ if object_.startswith("paper/") else ""
