"""Owns the papers to build from, as a build asks for them: mostly without their words."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from kg.model import Link, Paper
from kg.records import load_paper


class DraftRow(NamedTuple):
    """A paper to build from: its id, the digest of its text, the number of its document, the digests
    of what tells it (`kg.link.origins`), and how many addresses its sources state."""

    id: str
    content: bytes
    document: int
    marks: bytes
    links: int


class Draft:
    """A paper to build from (`kg.model.Readable`).  Its document, which lies anywhere in the file, is
    read where it is asked for: half of the papers are linked and assembled without."""

    __slots__ = ("_db", "_document", "_links", "_paper", "id")

    def __init__(self, db: sqlite3.Connection, id_: str, document: int, links: int) -> None:
        self.id = id_
        self._db, self._document, self._links = db, document, links
        self._paper: Paper | None = None

    @property
    def paper(self) -> Paper:
        """All that is known of the paper."""
        if self._paper is None:
            query = "SELECT paper FROM document WHERE id=?"
            self._paper = load_paper(self._db.execute(query, (self._document,)).fetchone()[0])
        return self._paper

    @property
    def title(self) -> str:
        """As in `Paper`."""
        return self.paper.title

    @property
    def abstract(self) -> str:
        """As in `Paper`."""
        return self.paper.abstract

    @property
    def links(self) -> Sequence[Link]:
        """As in `Paper`."""
        return self.paper.links if self._links else ()
