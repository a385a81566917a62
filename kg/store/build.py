"""Owns what a build keeps between runs, and what it replaces at its end.

SQLite keeps every commit whole through a crash, and lets readers go on while a build writes.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from kg.errors import KgError
from kg.evidence import Said
from kg.model import Facts, Named, Paper, Statement
from kg.records import dump_paper, load_facts, load_named, load_paper
from kg.store.drafts import Draft, DraftRow
from kg.store.edges import certainty
from kg.store.graph import StoredGraph
from kg.store.layout import FILE_NAME, STATEMENT_INDEX, check, explained, prepare, tune
from kg.store.nodes import Nodes

_PAGE = 256  # texts fetched at once


class Store(StoredGraph):
    """The database of one output folder; also the graph that exporters read (`kg.model.Graph`)."""

    @classmethod
    def create(cls, path: Path | None) -> Self:
        """Open for building, made where it is missing; None keeps it in a file that is soon gone.

        Raises `KgError` where the folder cannot be written, the file is not ours or newer than
        this program, or another build holds it.
        """
        name = str(path) if path else ""
        try:
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(name, isolation_level=None, timeout=0.5)
            check(db, name, reading=False)
            tune(db)
            db.create_function("digest", 1, _digest, deterministic=True)
            store = cls(db, name)
            with store.writing():
                prepare(db)
        except (OSError, sqlite3.Error) as error:
            raise explained(error, name) from None
        return store

    @classmethod
    def open(cls, path: Path, *, min_confidence: float = 0.0) -> Self:
        """Open a finished build for reading, less what is not so sure; `KgError` where there is none."""
        if not 0 <= min_confidence <= 1:
            raise KgError(f"a confidence is from 0 to 1, which {min_confidence} is not.", code=2)
        if path.is_dir():
            path = path / FILE_NAME
        if not path.exists():
            raise KgError(f"{path}: no graph here yet. Build one: kg build PAPERS -o {path.parent}")
        try:
            address = f"{path.absolute().as_uri()}?mode=ro"
            db = sqlite3.connect(address, uri=True, isolation_level=None)
            check(db, str(path), reading=True)
            store = cls(db, str(path))
            # Killed before its first commit, a build leaves a file without tables.
            finished = db.execute("PRAGMA user_version").fetchone()[0] and store.get("built")
            if finished and min_confidence:
                store.leave_out_below(min_confidence)
        except sqlite3.Error as error:
            raise explained(error, str(path)) from None
        if not finished:
            raise KgError(
                f"{path}: its build did not finish. Run it again: kg build PAPERS -o {path.parent}"
            )
        return store

    def leave(self) -> None:
        """Give the file back to another process that writes it, as it is."""
        self._db.close()

    def close(self) -> None:
        """Give the file back, as one file: readers need not be able to write beside it."""
        with suppress(sqlite3.Error):  # one who reads it now keeps the journal, which is as good
            if not self._db.in_transaction and self._db.total_changes:
                self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise explained(error, self.path) from None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing: what is done inside is kept together, or not at all."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has rolled back already
                self._db.execute("ROLLBACK")
            raise

    def put(self, key: str, value: str) -> None:
        """Note a fact about the build."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES(?,?)", (key, value))

    # What was read

    def sources(self) -> dict[str, tuple[str, str, str]]:
        """(SHA-256, format, reader's stamp) of each source that is held, by its name."""
        rows = self._db.execute("SELECT file, sha256, format, reader FROM source ORDER BY file")
        return {file: tuple(rest) for file, *rest in rows}

    def put_source(
        self, file: str, held: tuple[str, str, str], unread: Sequence[tuple[int, str]]
    ) -> None:
        """Note that a source was read to its end, as `sources` tells it, and the parts of it
        (line, why) that were not."""
        sha256, format_, reader = held
        row = (file, format_, sha256, self._count(file), json.dumps(unread), reader)
        self._db.execute("INSERT OR REPLACE INTO source VALUES(?,?,?,?,?,?)", row)

    def put_records(self, file: str, papers: Iterable[Paper]) -> None:
        """Keep the papers of a source, by their place in it, instead of those that it had."""
        query = """SELECT d.id, d.paper FROM record r JOIN document d ON d.id = r.document
                   WHERE file=? AND ordinal=?"""
        held = self._count(file)
        count = 0

        def rows() -> Iterator[tuple[str, int, int]]:
            nonlocal count
            for ordinal, paper in enumerate(papers):
                count += 1
                place = (file, ordinal)
                yield *place, self._document(paper, query, place if ordinal < held else None)

        self._db.executemany("INSERT OR REPLACE INTO record VALUES(?,?,?)", rows())
        self._db.execute("DELETE FROM record WHERE file=? AND ordinal >= ?", (file, count))

    def _count(self, file: str) -> int:
        """How many records of a source are held."""
        query = "SELECT count(*) FROM record WHERE file=?"
        return int(self._db.execute(query, (file,)).fetchone()[0])

    def _document(self, paper: Paper, query: str, place: tuple[str | int, ...] | None) -> int:
        """The number of a paper's written form: of the one that the query finds at a place, where that
        is the same, else of a new one."""
        text = dump_paper(paper)
        found = self._db.execute(query, place).fetchone() if place else None
        if found and found[1] == text:
            return int(found[0])
        done = self._db.execute("INSERT INTO document(paper) VALUES(?)", (text,))
        return done.lastrowid or 0

    def remove_source(self, file: str) -> int:
        """Forget a source and its records; how many records it had, -1 where it is not held."""
        held = self._db.execute("SELECT records FROM source WHERE file=?", (file,)).fetchone()
        self._db.execute("DELETE FROM record WHERE file=?", (file,))
        self._db.execute("DELETE FROM source WHERE file=?", (file,))
        return int(held[0]) if held else -1

    def records(self) -> Iterator[tuple[int, tuple[str, int], Paper]]:
        """Every paper as each source gives it, by source and place: (document, place, paper)."""
        query = """SELECT d.id, file, ordinal, d.paper FROM record r JOIN document d
                   ON d.id = r.document ORDER BY file, ordinal"""
        for document, file, ordinal, text in self._db.execute(query):
            yield document, (file, ordinal), load_paper(text)

    def record(self, file: str, ordinal: int) -> Paper:
        """One paper as a source gives it."""
        query = """SELECT d.paper FROM record r JOIN document d ON d.id = r.document
                   WHERE file=? AND ordinal=?"""
        return load_paper(self._db.execute(query, (file, ordinal)).fetchone()[0])

    def put_drafts(self, rows: Iterable[DraftRow]) -> None:
        """Replace the papers to build from."""
        self._db.execute("DELETE FROM draft")
        self._db.executemany("INSERT INTO draft VALUES(?,?,?,?,?)", rows)

    def marked(self, digests: Collection[bytes]) -> Iterator[Paper]:
        """The papers to build from that have a mark of one of these digests, which are of one length."""
        size = len(next(iter(digests), b"")) or 1
        for document, marks in self._db.execute("SELECT document, marks FROM draft"):
            if any([marks[at : at + size] in digests for at in range(0, len(marks), size)]):  # noqa: C419 - quicker
                query = "SELECT paper FROM document WHERE id=?"
                yield load_paper(self._db.execute(query, (document,)).fetchone()[0])

    def document(self, paper: Paper) -> int:
        """The number of the written form of a paper that no record gives as it is: the one in the last
        graph, where it is the same."""
        query = """SELECT d.id, d.paper FROM node n JOIN document d ON d.id = n.document
                   WHERE n.id=?"""
        return self._document(paper, query, (f"paper/{paper.id}",))

    # What extraction made of it

    def missing(self, model: str) -> int:
        """How many texts this model has not read yet."""
        query = f"SELECT count(DISTINCT d.content) FROM {_UNREAD}"
        return int(self._db.execute(query, (model,)).fetchone()[0])

    def texts(self, model: str) -> Iterator[tuple[bytes, Paper]]:
        """The first paper of each text that this model has not read yet, by id, a page at a time."""
        query = f"""SELECT d.id, d.content, t.paper FROM {_UNREAD} AND d.id > ?
                    AND d.id = (SELECT min(id) FROM draft WHERE content = d.content)
                    ORDER BY d.id LIMIT {_PAGE}"""
        last = ""
        while rows := self._db.execute(query, (model, last)).fetchall():
            yield from ((content, load_paper(text)) for _, content, text in rows)
            last = rows[-1][0]

    def put_facts(self, model: str, rows: Iterable[tuple[bytes, str]]) -> None:
        """Keep extracted facts, written by `records.dump_facts`, by the digest of their text."""
        number = self._edges.number(model)
        values = ((content, number, text) for content, text in rows)
        query = "INSERT OR REPLACE INTO facts(content, model, facts) VALUES(?,?,?)"
        self._db.executemany(query, values)

    def named(self, model: str) -> Iterator[Named]:
        """The names in every paper to build from, by the paper's id."""
        for _, _, _, facts in self._db.execute(_DRAFTS, (model,)):
            yield load_named(facts)

    def drafts(self, model: str) -> Iterator[tuple[Draft, Facts]]:
        """Every paper to build from with its facts, by the paper's id."""
        for id_, document, links, facts in self._db.execute(_DRAFTS, (model,)):
            yield Draft(self._db, id_, document, links), load_facts(facts, id_)

    def papers_to_build(self, model: str) -> Iterator[tuple[Paper, Facts]]:
        """The same, with all that is known of each paper."""
        for draft, facts in self.drafts(model):
            yield draft.paper, facts

    # The graph

    def clear_graph(self) -> None:
        """Make room for the graph of this build, whose papers are the drafts."""
        for table in ("node", "statement"):
            self._db.execute(f"DELETE FROM {table}")
        self._db.execute(
            """INSERT INTO node(id, type, document)
               SELECT 'paper/' || id, ?, document FROM draft ORDER BY id""",
            (self._edges.number("Paper"),),
        )
        self._db.execute("DROP INDEX statement_object")  # made at once, it costs half as much

    def publish(self, built: str) -> None:
        """Say that the graph is whole, and of what; forget what nothing rests on any more."""
        self._db.execute(STATEMENT_INDEX)
        self._db.execute("DELETE FROM meta WHERE key GLOB 'source:*'")
        self._db.execute("INSERT INTO meta SELECT 'source:' || file, sha256 FROM source")
        self._db.execute("DELETE FROM facts WHERE content NOT IN (SELECT content FROM draft)")
        self._db.execute("""DELETE FROM document WHERE id NOT IN (SELECT document FROM record
                            UNION SELECT document FROM draft)""")
        self.put("built", built)

    def nodes(self) -> Nodes:
        """What numbers and keeps the nodes beside those of the papers, which count from 1 by id."""
        return Nodes(self._db, self._edges)

    def put_edges(self, said: Iterable[tuple[int, Iterable[Said[int]]]]) -> None:
        """Keep the edges that each paper says, by the numbers of nodes; one that is there already takes
        the further evidence and the higher confidence."""
        rows = self._edges.rows(said)
        self._db.executemany(f"INSERT INTO statement VALUES(?,?,?,?,?,?) {_OR_ADD}", rows)

    def put_introductions(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Turn around the edge in which a paper introduces a thing, of (thing, paper) by number, and
        keep both."""
        number = self._edges.number
        words = number("introduces"), number("introducedBy"), number("derived")
        self._db.executemany(
            f"""INSERT INTO statement SELECT t.object, ?4, t.subject, t.confidence, ?5, t.evidence
                FROM statement t WHERE t.subject = ?2 AND t.relation = ?3 AND t.object = ?1 {_OR_ADD}""",
            ((thing, paper, *words) for thing, paper in pairs),
        )

    def put_statements(self, statements: Iterable[Statement]) -> None:
        """Keep edges that rest on no paper's words.  Raises `ValueError` for one without a node at
        an end, which is a bug."""
        number = self._edges.number
        for s in statements:
            done = self._db.execute(
                f"""INSERT INTO statement SELECT s.number, ?2, o.number, ?4, ?5, ''
                    FROM node s CROSS JOIN node o WHERE s.id = ?1 AND o.id = ?3 {_OR_ADD}""",
                (
                    s.subject,
                    number(s.relation),
                    s.object,
                    certainty(s.confidence),
                    number(s.origin),
                ),
            )
            if not done.rowcount:
                raise ValueError(
                    f"an edge has no node at one end: {s.subject} {s.relation} {s.object}"
                )


# What an edge that is there already takes from another: the further evidence, the higher confidence.
_OR_ADD = """ON CONFLICT DO UPDATE SET confidence = max(confidence, excluded.confidence),
             evidence = trim(evidence || ';' || excluded.evidence, ';')"""
_MODEL = "SELECT number FROM word WHERE word = ?"
_DRAFTS = f"""SELECT d.id, d.document, d.links, f.facts FROM draft d
             JOIN facts f ON f.content = d.content AND f.model = ({_MODEL}) ORDER BY d.id"""
_UNREAD = f"""draft d JOIN document t ON t.id = d.document LEFT JOIN facts f
             ON f.content = d.content AND f.model = ({_MODEL}) WHERE f.content IS NULL"""


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
