"""Owns reading a finished graph from the store: what exporters, `kg show` and `kg stats` ask.

Spans are stored as offsets; quotes and sentences are cut from the paper's text as a statement is
read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from functools import lru_cache

from kg.evidence import Bounds, Edge, Span, with_words
from kg.extract.sentences import sentences
from kg.model import Entity, Evidence, Field, Paper, Statement
from kg.records import load_entity, load_paper, text_of
from kg.store.edges import Edges

# The ends of an edge by name; in the order of the subjects' names where nothing else is asked.
_EDGES = """SELECT s.id, t.relation, o.id, t.confidence, t.origin, t.evidence
            FROM node s CROSS JOIN statement t ON t.subject = s.number
            CROSS JOIN node o ON o.number = t.object CROSS JOIN word w ON w.number = t.relation"""
_SORTED = "ORDER BY s.id, w.word, o.id"
_NEAR = 256  # texts whose sentences are at hand: statements come a paper at a time, mostly


class StoredGraph:
    """The graph in a database of this layout (`kg.model.Graph`), and questions about parts of it."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._db = connection
        self._edges = Edges(connection)
        self.path = path
        self.min_confidence = 0.0

    def leave_out_below(self, min_confidence: float) -> None:
        """From here on hold only the edges that are at least so sure, and the things at one of them.

        Papers stay.  All questions see it, as views stand before the tables of this connection.
        """
        self.min_confidence = float(min_confidence)
        self._db.execute(f"""CREATE TEMP VIEW statement AS SELECT * FROM main.statement
            WHERE confidence / 10000.0 >= {self.min_confidence!r}""")
        self._db.execute("""CREATE TEMP VIEW node AS SELECT * FROM main.node n
            WHERE document NOTNULL
               OR EXISTS (SELECT 1 FROM statement s WHERE s.subject = n.number)
               OR EXISTS (SELECT 1 FROM statement s WHERE s.object = n.number)""")

    def papers(self) -> Iterator[Paper]:
        """Papers by id."""
        query = """SELECT d.paper FROM node n JOIN document d ON d.id = n.document
                   WHERE n.id GLOB 'paper/*' ORDER BY n.id"""
        for (text,) in self._db.execute(query):
            yield load_paper(text)

    def entities(self) -> Iterator[Entity]:
        """All other nodes, by id."""
        query = "SELECT id, type, name, more FROM node WHERE document IS NULL ORDER BY id"
        for id_, type_, name, more in self._db.execute(query):
            yield load_entity(id_, self._edges.word(type_), name, more)

    def statements(self) -> Iterator[Statement]:
        """Edges by subject, relation and object."""
        return self._statements(f"{_EDGES} {_SORTED}")

    def id_of(self, number: int) -> str:
        """The id of the node of a number."""
        return self._edges.id_of(number)

    def about(self, node: str) -> Iterator[Statement]:
        """The edges that begin or end at a node, by subject, relation and object."""
        found = self._db.execute("SELECT number FROM node WHERE id=?", (node,)).fetchone()
        ends = "SELECT subject, relation, object FROM statement"
        query = f"""{_EDGES} WHERE (t.subject, t.relation, t.object) IN
                    ({ends} WHERE subject = ?1 UNION {ends} WHERE object = ?1) {_SORTED}"""
        return self._statements(query, *found) if found else iter(())

    def label(self, node: str) -> str:
        """What people call a node: a paper's title, an entity's name, or the id where neither is held."""
        if paper := self.paper(node):
            return paper.title
        entity = self.entity(node)
        return entity.name if entity else node

    def paper(self, node: str) -> Paper | None:
        """The paper of a node id, if it is one."""
        query = "SELECT d.paper FROM node n JOIN document d ON d.id = n.document WHERE n.id=?"
        found = self._db.execute(query, (node,)).fetchone()
        return load_paper(found[0]) if found else None

    def entity(self, node: str) -> Entity | None:
        """The entity of a node id, if it is held."""
        query = "SELECT type, name, more FROM node WHERE id=? AND document IS NULL"
        found = self._db.execute(query, (node,)).fetchone()
        return load_entity(node, self._edges.word(found[0]), *found[1:]) if found else None

    def node_ids(self) -> Iterator[tuple[str, ...]]:
        """(id,) of every node, sorted."""
        yield from self._db.execute("SELECT id FROM node ORDER BY id")

    def edge_ids(self) -> Iterator[tuple[str, ...]]:
        """(subject, relation, object) of every edge, sorted."""
        for subject, relation, object_, *_ in self._db.execute(f"{_EDGES} {_SORTED}"):
            yield subject, self._edges.word(relation), object_

    def types(self) -> dict[str, int]:
        """How many nodes there are of each type."""
        query = """SELECT word, count(*) FROM node JOIN word ON word.number = type
                   GROUP BY word ORDER BY word != 'Paper', word"""
        return {"Paper": 0, **dict(self._db.execute(query))}

    def relations(self) -> dict[str, int]:
        """How many edges there are of each relation."""
        query = """SELECT word, count(*) FROM statement JOIN word ON word.number = relation
                   GROUP BY word ORDER BY word"""
        return dict(self._db.execute(query))

    def most_linked(self, type_: str, limit: int) -> list[tuple[str, str, int]]:
        """(id, name, papers) of the things of a type that the most papers name."""
        query = """SELECT n.id, n.name, count(DISTINCT t.subject) AS papers FROM word w
                   JOIN node n ON n.type = w.number JOIN statement t ON t.object = n.number
                   JOIN node p ON p.number = t.subject AND p.document IS NOT NULL
                   WHERE w.word = ? GROUP BY n.number ORDER BY papers DESC, n.id LIMIT ?"""
        return list(self._db.execute(query, (type_, limit)))

    def metadata(self) -> dict[str, str]:
        """What made the graph: software, model, each source's digest; and what was left out."""
        query = """SELECT key, value FROM meta WHERE key IN ('software', 'model', 'vocabulary')
                   UNION ALL SELECT key, value FROM meta WHERE key GLOB 'source:*' ORDER BY key"""
        left_out = {"min-confidence": str(self.min_confidence)} if self.min_confidence else {}
        return left_out | dict(self._db.execute(query))

    def counts(self) -> dict[str, int]:
        """Rows of each half, for reports."""
        tables = {name: name for name in ("source", "record", "draft", "statement")}
        tables |= {"paper": "node WHERE document NOTNULL", "entity": "node WHERE document ISNULL"}
        return {
            name: int(self._db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])
            for name, rows in tables.items()
        }

    def unread(self) -> Iterator[tuple[str, int, str]]:
        """Parts of sources that could not be read: (file, line, why)."""
        for file, rows in self._db.execute("SELECT file, unread FROM source ORDER BY file"):
            yield from ((file, line, why) for line, why in json.loads(rows))

    def get(self, key: str) -> str | None:
        """A fact about the build."""
        found = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return found[0] if found else None

    def _statements(self, query: str, *values: int) -> Iterator[Statement]:
        text_and_bounds = lru_cache(maxsize=_NEAR)(self._text_and_bounds)

        def cut(span: Span) -> Evidence:
            return with_words(span, *text_and_bounds(span.paper, span.field))

        for row in self._db.execute(query, values):
            yield _statement(self._edges.edge(*row), cut)

    def _text_and_bounds(self, node: str, field: Field) -> tuple[str, Bounds]:
        paper = self.paper(node)
        text = text_of(paper, field) if paper else ""
        return text, sentences(text)


def _statement(edge: Edge, evidence: Callable[[Span], Evidence]) -> Statement:
    subject, relation, object_, confidence, origin, spans = edge
    return Statement(subject, relation, object_, confidence, tuple(map(evidence, spans)), origin)
