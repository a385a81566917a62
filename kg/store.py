"""Owns what has been read, extracted and linked, on disk, between runs: one SQLite file.

Two halves.  What was paid for and is kept: `source` and `record` (what was read, where), `draft`
(the records folded into papers) and `facts` (what extraction made of each text, by the text's
digest and the model's name).  What follows from it and is replaced whole at the end of a build:
`paper`, `entity` and `statement`, which are the graph, sorted as exporters read it.

SQLite keeps every commit whole through a crash, lets readers go on while a build writes (WAL),
and locks out a second build.  Spans are stored as offsets; quotes and sentences are cut from the
paper's text when a statement is read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from kg.errors import KgError
from kg.extract.sentences import sentences
from kg.model import Entity, Evidence, Facts, Paper, Statement
from kg.records import (
    dump_entity,
    dump_paper,
    load_entity,
    load_facts,
    load_paper,
    text_of,
)

FILE_NAME = "kg.sqlite"
VERSION = 1  # of the layout below; `_MIGRATIONS[n]` leads from n to n + 1
_APPLICATION = 0x6B67  # "kg", so that another program's database is not taken for ours
_LAYOUT = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source(
    file TEXT PRIMARY KEY, format TEXT NOT NULL, sha256 TEXT NOT NULL,
    records INTEGER NOT NULL, unread TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE record(
    file TEXT NOT NULL, ordinal INTEGER NOT NULL, paper TEXT NOT NULL,
    PRIMARY KEY (file, ordinal)
) WITHOUT ROWID;
CREATE TABLE facts(
    content BLOB NOT NULL, model TEXT NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (content, model)
) WITHOUT ROWID;
CREATE TABLE draft(id TEXT PRIMARY KEY, content BLOB NOT NULL, paper TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX draft_content ON draft(content);
CREATE TABLE paper(id TEXT PRIMARY KEY, paper TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entity(id TEXT PRIMARY KEY, type TEXT NOT NULL, entity TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE statement(
    subject TEXT NOT NULL, relation TEXT NOT NULL, object TEXT NOT NULL,
    confidence REAL NOT NULL, origin TEXT NOT NULL, evidence TEXT NOT NULL,
    PRIMARY KEY (subject, relation, object)
) WITHOUT ROWID;
CREATE INDEX statement_object ON statement(object, relation, subject);
"""
_MIGRATIONS: dict[int, str] = {}


class Store:
    """The database of one output folder; also the graph that exporters read (`kg.model.Graph`)."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._db = connection
        self.path = path
        connection.create_function("joined", 2, _joined, deterministic=True)

    @classmethod
    def create(cls, path: Path | None) -> Self:
        """Open for building, made where it is missing; None holds it in memory.

        Raises `KgError` where the folder cannot be written, the file is not ours or newer than
        this program, or another build holds it.
        """
        name = str(path) if path else ":memory:"
        try:
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(name, isolation_level=None, timeout=0.5)
            _check(db, name)
            if path:
                db.execute("PRAGMA journal_mode=WAL")
                db.execute("PRAGMA synchronous=NORMAL")
            store = cls(db, name)
            store._lay_out()
        except (OSError, sqlite3.Error) as error:
            raise _explained(error, name) from None
        return store

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a finished build for reading; `KgError` where there is none."""
        if path.is_dir():
            path = path / FILE_NAME
        if not path.exists():
            raise KgError(f"{path}: no graph here yet. Build one: kg build PAPERS -o {path.parent}")
        try:
            db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
            )
            _check(db, str(path))
            store = cls(db, str(path))
            if not store.get("built"):
                raise KgError(
                    f"{path}: its build did not finish. Run it again: kg build PAPERS -o {path.parent}"
                )
        except sqlite3.Error as error:
            raise _explained(error, str(path)) from None
        return store

    def _lay_out(self) -> None:
        with self.writing():
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for command in _LAYOUT.split(";"):
                    self._db.execute(command)
            for step in range(max(version, 1), VERSION):
                for command in _MIGRATIONS[step].split(";"):
                    self._db.execute(command)
            self._db.execute(f"PRAGMA application_id={_APPLICATION}")
            self._db.execute(f"PRAGMA user_version={VERSION}")

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing: what is done inside is kept together, or not at all."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise _explained(error, self.path) from None

    # What was read

    def sources(self) -> dict[str, tuple[str, str]]:
        """(SHA-256, format) of each source that is held, by its name."""
        rows = self._db.execute("SELECT file, sha256, format FROM source ORDER BY file")
        return {file: (sha256, format_) for file, sha256, format_ in rows}

    def put_source(
        self, file: str, format_: str, sha256: str, unread: Sequence[tuple[int, str]]
    ) -> None:
        """Note that a source was read to its end, and the parts of it (line, why) that were not."""
        count = self._db.execute("SELECT count(*) FROM record WHERE file=?", (file,)).fetchone()[0]
        row = (file, format_, sha256, count, json.dumps(unread))
        self._db.execute("INSERT OR REPLACE INTO source VALUES(?,?,?,?,?)", row)

    def put_records(self, file: str, papers: Iterable[tuple[int, Paper]]) -> None:
        """Keep the papers of a source, by their place in it."""
        rows = ((file, ordinal, dump_paper(paper)) for ordinal, paper in papers)
        self._db.executemany("INSERT INTO record VALUES(?,?,?)", rows)

    def remove_source(self, file: str) -> int:
        """Forget a source and its records; how many records it had, -1 where it is not held."""
        held = self._db.execute("SELECT records FROM source WHERE file=?", (file,)).fetchone()
        self._db.execute("DELETE FROM record WHERE file=?", (file,))
        self._db.execute("DELETE FROM source WHERE file=?", (file,))
        return int(held[0]) if held else -1

    def records(self) -> Iterator[tuple[str, int, Paper]]:
        """Every paper as each source gives it, by source and place: (file, ordinal, paper)."""
        for file, ordinal, text in self._db.execute(
            "SELECT file, ordinal, paper FROM record ORDER BY file, ordinal"
        ):
            yield file, ordinal, load_paper(text)

    def record(self, file: str, ordinal: int) -> Paper:
        """One paper as a source gives it."""
        found = self._db.execute(
            "SELECT paper FROM record WHERE file=? AND ordinal=?", (file, ordinal)
        ).fetchone()
        return load_paper(found[0])

    def put_drafts(self, papers: Iterable[tuple[bytes, Paper]]) -> None:
        """Replace the papers to build from, each once, with the digest of its text."""
        self._db.execute("DELETE FROM draft")
        rows = ((paper.id, content, dump_paper(paper)) for content, paper in papers)
        self._db.executemany("INSERT INTO draft VALUES(?,?,?)", rows)

    # What extraction made of it

    def missing(self, model: str) -> list[bytes]:
        """Digests of the texts that this model has not read yet, in the order of their papers."""
        query = """SELECT d.content FROM draft d LEFT JOIN facts f
                   ON f.content = d.content AND f.model = ? WHERE f.content IS NULL
                   GROUP BY d.content ORDER BY min(d.id)"""
        return [content for (content,) in self._db.execute(query, (model,))]

    def texts(self, contents: Iterable[bytes]) -> Iterator[tuple[bytes, Paper]]:
        """A paper of each digest, fetched as they are asked for."""
        for content in contents:
            query = "SELECT paper FROM draft WHERE content=? ORDER BY id LIMIT 1"
            yield content, load_paper(self._db.execute(query, (content,)).fetchone()[0])

    def put_facts(self, model: str, rows: Iterable[tuple[bytes, str]]) -> None:
        """Keep extracted facts, written by `records.dump_facts`, by the digest of their text."""
        values = ((content, model, text) for content, text in rows)
        self._db.executemany("INSERT OR REPLACE INTO facts VALUES(?,?,?)", values)

    def drafts(self, model: str) -> Iterator[tuple[Paper, Facts]]:
        """Every paper to build from with its facts, by the paper's id."""
        query = """SELECT d.paper, f.facts FROM draft d JOIN facts f
                   ON f.content = d.content AND f.model = ? ORDER BY d.id"""
        for text, facts in self._db.execute(query, (model,)):
            paper = load_paper(text)
            yield paper, load_facts(facts, paper)

    # The graph

    def clear_graph(self) -> None:
        """Make room for the graph of this build, whose papers are the drafts."""
        for table in ("paper", "entity", "statement"):
            self._db.execute(f"DELETE FROM {table}")
        self._db.execute("INSERT INTO paper SELECT id, paper FROM draft ORDER BY id")

    def publish(self) -> None:
        """Say that the graph is whole, and forget facts that no paper rests on any more."""
        self._db.execute("DELETE FROM facts WHERE content NOT IN (SELECT content FROM draft)")
        self.put("built", "1")

    def put_entities(self, entities: Iterable[Entity]) -> None:
        """Keep nodes; one that is there already stays."""
        rows = ((e.id, e.type, dump_entity(e)) for e in entities)
        self._db.executemany("INSERT OR IGNORE INTO entity VALUES(?,?,?)", rows)

    def put_statements(self, statements: Iterable[Statement]) -> None:
        """Keep edges; one that is there already takes the further evidence and the higher confidence."""
        self._db.executemany(
            """INSERT INTO statement VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET
               confidence = max(confidence, excluded.confidence),
               evidence = joined(evidence, excluded.evidence)""",
            (
                (
                    s.subject,
                    s.relation,
                    s.object,
                    round(s.confidence, 4),
                    s.origin,
                    _dump_evidence(s.evidence),
                )
                for s in statements
            ),
        )

    def put(self, key: str, value: str) -> None:
        """Note a fact about the build."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES(?,?)", (key, value))

    def get(self, key: str) -> str | None:
        """A fact about the build."""
        found = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return found[0] if found else None

    def papers(self) -> Iterator[Paper]:
        """Papers by id."""
        for (text,) in self._db.execute("SELECT paper FROM paper ORDER BY id"):
            yield load_paper(text)

    def entities(self) -> Iterator[Entity]:
        """All other nodes, by id."""
        for (text,) in self._db.execute("SELECT entity FROM entity ORDER BY id"):
            yield load_entity(text)

    def statements(self) -> Iterator[Statement]:
        """Edges by subject, relation and object."""
        query = "SELECT subject, relation, object, confidence, origin, evidence FROM statement ORDER BY 1, 2, 3"
        return self._statements(query)

    def claims(self, relation: str) -> Iterator[Statement]:
        """The edges of one relation, by object: what is said of each thing, together."""
        query = """SELECT subject, relation, object, confidence, origin, evidence FROM statement
                   WHERE relation = ? ORDER BY object, subject"""
        return self._statements(query, relation)

    def about(self, node: str) -> Iterator[Statement]:
        """The edges that begin or end at a node, by subject, relation and object."""
        query = """SELECT subject, relation, object, confidence, origin, evidence FROM statement
                   WHERE subject = ? UNION
                   SELECT subject, relation, object, confidence, origin, evidence FROM statement
                   WHERE object = ? ORDER BY 1, 2, 3"""
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
        found = self._db.execute("SELECT paper FROM paper WHERE id=?", (key,)).fetchone()
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
        yield from self._db.execute(
            "SELECT subject, relation, object FROM statement ORDER BY 1, 2, 3"
        )

    def types(self) -> dict[str, int]:
        """How many nodes there are of each type."""
        rows = dict(self._db.execute("SELECT type, count(*) FROM entity GROUP BY type"))
        return {"Paper": self.counts()["paper"], **rows}

    def relations(self) -> dict[str, int]:
        """How many edges there are of each relation."""
        return dict(
            self._db.execute(
                "SELECT relation, count(*) FROM statement GROUP BY relation ORDER BY 1"
            )
        )

    def most_linked(self, type_: str, limit: int) -> list[tuple[str, str, int]]:
        """(id, name, papers) of the things of a type that the most papers name."""
        query = """SELECT e.id, e.entity, count(DISTINCT s.subject) AS papers FROM entity e
                   JOIN statement s ON s.object = e.id AND s.subject GLOB 'paper/*'
                   WHERE e.type = ? GROUP BY e.id ORDER BY papers DESC, e.id LIMIT ?"""
        rows = self._db.execute(query, (type_, limit))
        return [(id_, load_entity(text).name, papers) for id_, text, papers in rows]

    def _statements(self, query: str, *values: str) -> Iterator[Statement]:
        text_and_bounds = lru_cache(maxsize=256)(self._text_and_bounds)
        for subject, relation, object_, confidence, origin, rows in self._db.execute(query, values):
            evidence = tuple(_evidence(row, text_and_bounds) for row in json.loads(rows))
            yield Statement(subject, relation, object_, confidence, evidence, origin)

    def metadata(self) -> dict[str, str]:
        """What made the graph: software, model, and each source's digest."""
        rows = dict(
            self._db.execute(
                "SELECT key, value FROM meta WHERE key IN ('software', 'model', 'vocabulary')"
            )
        )
        digests = self._db.execute("SELECT 'source:' || file, sha256 FROM source ORDER BY file")
        return rows | dict(digests)

    def counts(self) -> dict[str, int]:
        """Rows of each half, for reports."""
        tables = ("source", "record", "draft", "paper", "entity", "statement")
        return {t: int(self._db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]) for t in tables}

    def unread(self) -> Iterator[tuple[str, int, str]]:
        """Parts of sources that could not be read: (file, line, why)."""
        for file, rows in self._db.execute("SELECT file, unread FROM source ORDER BY file"):
            yield from ((file, line, why) for line, why in json.loads(rows))

    def _text_and_bounds(self, node: str, field: Any) -> tuple[str, list[tuple[int, int]]]:
        found = self._db.execute(
            "SELECT paper FROM paper WHERE id=?", (node.removeprefix("paper/"),)
        ).fetchone()
        text = text_of(load_paper(found[0]), field) if found else ""
        return text, sentences(text)


def _dump_evidence(evidence: Iterable[Evidence]) -> str:
    rows = [
        [e.paper, e.field, e.start, e.end, round(e.confidence, 4), e.extractor] for e in evidence
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _joined(ours: str, more: str) -> str:
    """Two JSON arrays as one."""
    return ours if more == "[]" else more if ours == "[]" else f"{ours[:-1]},{more[1:]}"


def _evidence(row: list[Any], text_and_bounds: Any) -> Evidence:
    paper, field, start, end, confidence, extractor = row
    text, bounds = text_and_bounds(paper, field)
    first, last = enclosing(bounds, start, end, len(text))
    return Evidence(
        paper, field, start, end, text[start:end], text[first:last], first, confidence, extractor
    )


def enclosing(bounds: list[tuple[int, int]], start: int, end: int, length: int) -> tuple[int, int]:
    """The bounds of the sentence (or sentences, where a span crosses) around a span."""
    first = max((s for s, _ in bounds if s <= start), default=0)
    last = min((e for _, e in bounds if e >= end), default=length)
    return first, last


def _check(db: sqlite3.Connection, name: str) -> None:
    """That the file is ours, and of a version that this program knows."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and application != _APPLICATION:
        raise KgError(
            f"{name}: another program's database, left as it is; choose another folder with -o."
        )
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise KgError(
            f"{name}: written by a newer kg (layout {version}, this one knows {VERSION}); update kg."
        )


def _explained(error: Exception, name: str) -> KgError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return KgError(
            f"{name}: another build is writing here; wait for it, or choose another folder with -o."
        )
    if "not a database" in text or "malformed" in text:
        return KgError(f"{name}: damaged, or not a database of kg; move it away and build again.")
    reason = error.strerror if isinstance(error, OSError) else text
    return KgError(f"{name}: cannot be written or read: {reason}.")


def open_graph(path: Path) -> Store:
    """The graph of a finished build, from its folder or file; `KgError` where there is none."""
    return Store.open(path)
