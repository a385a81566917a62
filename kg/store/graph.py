"""Owns reading a finished graph from the store: what exporters, `kg show` and `kg stats` ask.

Spans are stored as offsets; quotes and sentences are cut from the paper's text as a statement is
read.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from kg.extract.sentences import sentences
from kg.model import Entity, Evidence, Field, Paper, Statement
from kg.records import load_entity, load_paper, text_of

_COLUMNS = "subject, relation, object, confidence, origin, evidence"
_NEAR = 256  # texts whose sentences are at hand: statements come a paper at a time, mostly
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Bounds = list[tuple[int, int]]


class StoredGraph:
    """The graph in a database of this layout (`kg.model.Graph`), and questions about parts of it."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._db = connection
        self.path = path

    def papers(self) -> Iterator[Paper]:
        """Papers by id."""
        query = "SELECT d.paper FROM paper p JOIN document d ON d.id = p.document ORDER BY p.id"
        for (text,) in self._db.execute(query):
            yield load_paper(text)

    def entities(self) -> Iterator[Entity]:
        """All other nodes, by id."""
        for (text,) in self._db.execute("SELECT entity FROM entity ORDER BY id"):
            yield load_entity(text)

    def statements(self) -> Iterator[Statement]:
        """Edges by subject, relation and object."""
        return self._statements(f"SELECT {_COLUMNS} FROM statement ORDER BY 1, 2, 3")

    def claims(self, relation: str) -> Iterator[Statement]:
        """The edges of one relation, by object: what is said of each thing, together.

        Their evidence has offsets but no words: to be compared and kept, not shown.
        """
        query = f"SELECT {_COLUMNS} FROM statement WHERE relation = ? ORDER BY object, subject"
        for row in self._db.execute(query, (relation,)):
            yield _statement(row, _without_words)

    def about(self, node: str) -> Iterator[Statement]:
        """The edges that begin or end at a node, by subject, relation and object."""
        query = f"""SELECT {_COLUMNS} FROM statement WHERE subject = ? UNION
                    SELECT {_COLUMNS} FROM statement WHERE object = ? ORDER BY 1, 2, 3"""
        return self._statements(query, node, node)

    def label(self, node: str) -> str:
        """What people call a node: a paper's title, an entity's name, or the id where neither is held."""
        if paper := self.paper(node):
            return paper.title
        entity = self.entity(node)
        return entity.name if entity else node

    def paper(self, node: str) -> Paper | None:
        """The paper of a node id, if it is one."""
        key = node.removeprefix("paper/")
        query = "SELECT d.paper FROM paper p JOIN document d ON d.id = p.document WHERE p.id=?"
        found = self._db.execute(query, (key,)).fetchone()
        return load_paper(found[0]) if found and key != node else None

    def entity(self, node: str) -> Entity | None:
        """The entity of a node id, if it is held."""
        found = self._db.execute("SELECT entity FROM entity WHERE id=?", (node,)).fetchone()
        return load_entity(found[0]) if found else None

    def node_ids(self) -> Iterator[tuple[str, ...]]:
        """(id,) of every node, sorted."""
        query = (
            "SELECT 'paper/' || id AS node FROM paper UNION ALL SELECT id FROM entity ORDER BY node"
        )
        yield from self._db.execute(query)

    def edge_ids(self) -> Iterator[tuple[str, ...]]:
        """(subject, relation, object) of every edge, sorted."""
        query = "SELECT subject, relation, object FROM statement ORDER BY 1, 2, 3"
        yield from self._db.execute(query)

    def types(self) -> dict[str, int]:
        """How many nodes there are of each type."""
        rows = dict(self._db.execute("SELECT type, count(*) FROM entity GROUP BY type"))
        return {"Paper": self.counts()["paper"], **rows}

    def relations(self) -> dict[str, int]:
        """How many edges there are of each relation."""
        query = "SELECT relation, count(*) FROM statement GROUP BY relation ORDER BY 1"
        return dict(self._db.execute(query))

    def most_linked(self, type_: str, limit: int) -> list[tuple[str, str, int]]:
        """(id, name, papers) of the things of a type that the most papers name."""
        query = """SELECT e.id, e.entity, count(DISTINCT s.subject) AS papers FROM entity e
                   JOIN statement s ON s.object = e.id AND s.subject GLOB 'paper/*'
                   WHERE e.type = ? GROUP BY e.id ORDER BY papers DESC, e.id LIMIT ?"""
        rows = self._db.execute(query, (type_, limit))
        return [(id_, load_entity(text).name, papers) for id_, text, papers in rows]

    def metadata(self) -> dict[str, str]:
        """What made the graph: software, model, and each source's digest."""
        query = """SELECT key, value FROM meta WHERE key IN ('software', 'model', 'vocabulary')
                   UNION ALL SELECT key, value FROM meta WHERE key GLOB 'source:*' ORDER BY key"""
        return dict(self._db.execute(query))

    def counts(self) -> dict[str, int]:
        """Rows of each half, for reports."""
        tables = ("source", "record", "draft", "paper", "entity", "statement")
        return {t: int(self._db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]) for t in tables}

    def unread(self) -> Iterator[tuple[str, int, str]]:
        """Parts of sources that could not be read: (file, line, why)."""
        for file, rows in self._db.execute("SELECT file, unread FROM source ORDER BY file"):
            yield from ((file, line, why) for line, why in json.loads(rows))

    def get(self, key: str) -> str | None:
        """A fact about the build."""
        found = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return found[0] if found else None

    def _statements(self, query: str, *values: str) -> Iterator[Statement]:
        text_and_bounds = lru_cache(maxsize=_NEAR)(self._text_and_bounds)

        def cut(row: list[Any]) -> Evidence:
            paper, field, start, end, confidence, extractor = row
            text, bounds = text_and_bounds(paper, field)
            first, last = enclosing(bounds, start, end, len(text))
            quote, sentence = text[start:end], text[first:last]
            return Evidence(paper, field, start, end, quote, sentence, first, confidence, extractor)

        for row in self._db.execute(query, values):
            yield _statement(row, cut)

    def _text_and_bounds(self, node: str, field: Field) -> tuple[str, Bounds]:
        paper = self.paper(node)
        text = text_of(paper, field) if paper else ""
        return text, sentences(text)


def _statement(row: tuple[Any, ...], evidence: Any) -> Statement:
    subject, relation, object_, confidence, origin, rows = row
    spans = tuple(evidence(span) for span in json.loads(rows))
    return Statement(subject, relation, object_, confidence, spans, origin)


def _without_words(row: list[Any]) -> Evidence:
    paper, field, start, end, confidence, extractor = row
    return Evidence(paper, field, start, end, "", "", 0, confidence, extractor)


def dump_evidence(evidence: Iterable[Evidence]) -> str:
    """Evidence as the store keeps it: where the spans are, and nothing that the text says."""
    return _JSON(
        [[e.paper, e.field, e.start, e.end, round(e.confidence, 4), e.extractor] for e in evidence]
    )


def joined(ours: str, more: str) -> str:
    """Two JSON arrays as one."""
    return ours if more == "[]" else more if ours == "[]" else f"{ours[:-1]},{more[1:]}"


def enclosing(bounds: Bounds, start: int, end: int, length: int) -> tuple[int, int]:
    """The bounds of the sentence (or sentences, where a span crosses) around a span."""
    at = bisect_right(bounds, (start, length + 1))
    first = bounds[at - 1][0] if at else 0
    last = next((e for _, e in bounds[max(at - 1, 0) :] if e >= end), length)
    return first, last
