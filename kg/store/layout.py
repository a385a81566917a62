"""Owns the tables of the store, the way from an older layout to this one, and the file's faults.

Two halves.  What was paid for and is kept: `source` and `record` (what was read, where), `draft`
(the records folded into papers) and `facts` (what extraction made of each text, by the text's
digest and the model's name).  What follows from it and is replaced whole at the end of a build:
`node` and `statement`, which are the graph.

A paper's text is written once, in `document`: its record, its draft and its node nearly always say
the same.  Rows that hold text have integer keys, as SQLite moves what is longer
than a quarter of a page out of the row in tables that have none.  An edge is five small numbers
and its spans: nodes go by number there, and so do the few `word`s that recur in all edges.
"""

from __future__ import annotations

import sqlite3

from kg.errors import KgError

FILE_NAME = "kg.sqlite"
VERSION = 6  # of the layout below; `_MIGRATIONS[n]` leads from n to n + 1
_APPLICATION = 0x6B67  # "kg", so that another program's database is not taken for ours
_PAGE = 8192  # bytes: five abstracts
STATEMENT_INDEX = (
    "CREATE INDEX IF NOT EXISTS statement_object ON statement(object, relation, subject)"
)
_GRAPH = f"""
CREATE TABLE word(number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE TABLE node(
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type INTEGER NOT NULL,
    document INTEGER, name TEXT, more TEXT
);
CREATE TABLE statement(
    subject INTEGER, relation INTEGER, object INTEGER,
    confidence INTEGER NOT NULL, origin INTEGER NOT NULL, evidence TEXT NOT NULL,
    PRIMARY KEY (subject, relation, object)
) WITHOUT ROWID;
{STATEMENT_INDEX};
"""
# `model` is the number of a word.
_FACTS = """
CREATE TABLE facts(
    id INTEGER PRIMARY KEY, content BLOB NOT NULL, model INTEGER NOT NULL, facts TEXT NOT NULL,
    UNIQUE (content, model)
);
"""
_LAYOUT = f"""
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source(
    file TEXT PRIMARY KEY, format TEXT NOT NULL, sha256 TEXT NOT NULL,
    records INTEGER NOT NULL, unread TEXT NOT NULL, reader TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE document(id INTEGER PRIMARY KEY, paper TEXT NOT NULL);
CREATE TABLE record(
    file TEXT NOT NULL, ordinal INTEGER NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (file, ordinal)
) WITHOUT ROWID;
{_FACTS}
CREATE TABLE draft(
    id TEXT PRIMARY KEY, content BLOB NOT NULL, document INTEGER NOT NULL,
    marks BLOB NOT NULL, links INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX draft_content ON draft(content);
{_GRAPH}"""
_MIGRATIONS: dict[int, str] = {
    # 1 held each paper's text in three tables.  Their texts move to `document`; what had been
    # extracted, which is what costs, moves as it is.
    1: """
ALTER TABLE source ADD COLUMN reader TEXT NOT NULL DEFAULT '';
CREATE TABLE document(id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, paper TEXT NOT NULL);
INSERT OR IGNORE INTO document(digest, paper)
    SELECT digest(paper), paper FROM record UNION ALL SELECT digest(paper), paper FROM draft
    UNION ALL SELECT digest(paper), paper FROM paper;
ALTER TABLE record RENAME TO old_record;
CREATE TABLE record(
    file TEXT NOT NULL, ordinal INTEGER NOT NULL, document INTEGER NOT NULL,
    PRIMARY KEY (file, ordinal)
) WITHOUT ROWID;
INSERT INTO record SELECT file, ordinal, d.id FROM old_record r
    JOIN document d ON d.digest = digest(r.paper);
DROP TABLE old_record;
ALTER TABLE draft RENAME TO old_draft;
CREATE TABLE draft(
    id TEXT PRIMARY KEY, content BLOB NOT NULL, document INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO draft SELECT r.id, content, d.id FROM old_draft r
    JOIN document d ON d.digest = digest(r.paper);
DROP TABLE old_draft;
CREATE INDEX draft_content ON draft(content);
ALTER TABLE paper RENAME TO old_paper;
CREATE TABLE paper(id TEXT PRIMARY KEY, document INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO paper SELECT r.id, d.id FROM old_paper r JOIN document d ON d.digest = digest(r.paper);
DROP TABLE old_paper;
ALTER TABLE facts RENAME TO old_facts;
CREATE TABLE facts(
    id INTEGER PRIMARY KEY, content BLOB NOT NULL, model TEXT NOT NULL, facts TEXT NOT NULL,
    UNIQUE (content, model)
);
INSERT INTO facts(content, model, facts) SELECT content, model, facts FROM old_facts;
DROP TABLE old_facts;
INSERT OR REPLACE INTO meta SELECT 'source:' || file, sha256 FROM source
""",
    # 2 held the graph by the names of nodes.  It follows from what was extracted, so the build
    # that is under way makes it anew.
    2: f"""
DROP TABLE paper;
DROP TABLE entity;
DROP TABLE statement;
{_GRAPH}
DELETE FROM meta WHERE key = 'built'
""",
    # 3 held facts in another written form, of models that are gone: texts are extracted anew.  The graph
    # is as it was, and can be read until its build has ended.
    3: "DELETE FROM facts",
    # 4 held facts with models, roles and extractors by name, and of papers not what tells them beside
    # their text.  Papers are made from their records again, and texts read anew.
    4: f"""
DROP TABLE facts;
{_FACTS}
ALTER TABLE draft ADD COLUMN marks BLOB NOT NULL DEFAULT x'';
ALTER TABLE draft ADD COLUMN links INTEGER NOT NULL DEFAULT 0;
DELETE FROM meta WHERE key = 'merged'
""",
    # 5 found documents by their digests, which lie all over the file, and held facts without what their
    # names are folded to: texts are extracted anew.
    5: """
ALTER TABLE document RENAME TO old_document;
CREATE TABLE document(id INTEGER PRIMARY KEY, paper TEXT NOT NULL);
INSERT INTO document SELECT id, paper FROM old_document;
DROP TABLE old_document;
DELETE FROM facts
""",
}


def prepare(db: sqlite3.Connection) -> None:
    """Bring a new or older file to this layout, in the transaction that is open."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    scripts = [_MIGRATIONS[step] for step in range(version, VERSION)] if version else [_LAYOUT]
    for script in scripts:
        for command in script.split(";"):
            db.execute(command)
    db.execute(f"PRAGMA application_id={_APPLICATION}")
    db.execute(f"PRAGMA user_version={VERSION}")


def tune(db: sqlite3.Connection) -> None:
    """Settings of a connection that writes: readers go on meanwhile, and 32 MiB of pages at hand."""
    db.execute(f"PRAGMA page_size={_PAGE}")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("PRAGMA cache_size=-32768")


def check(db: sqlite3.Connection, name: str, *, reading: bool) -> None:
    """That the file is ours, and of a version that this program can use."""
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
    if reading and 0 < version < VERSION:
        raise KgError(
            f"{name}: written by an older kg; bring it up to date by building again: kg build."
        )


_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_MACHINE = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_TOOBIG,
}  # fmt: skip


def explained(error: OSError | sqlite3.Error, name: str) -> Exception:
    """The error as a user can mend it; the error itself where it is a bug of ours."""
    if isinstance(error, OSError):
        return KgError(f"{name}: cannot be written or read: {error.strerror or error}.")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest tells kinds of I/O errors
    if code in _BUSY:
        return busy(name)
    if code in _DAMAGED:
        return KgError(f"{name}: damaged, or not a database of kg; move it away and build again.")
    if code == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR:
        return KgError(
            f"{name}: cannot be written or read: {error}. Is the disk full? What was built before"
            " is kept; make room and run the same command again."
        )
    if code in _MACHINE:
        return KgError(f"{name}: cannot be written or read: {error}.")
    return error


def busy(name: str) -> KgError:
    """What the second of two builds is told."""
    return KgError(
        f"{name}: another build is writing here; wait for it, or choose another folder with -o."
    )
