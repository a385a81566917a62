"""Owns the numbers of nodes while a graph is written: edges need them before the rows are there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from kg.model import Entity
from kg.records import dump_entity
from kg.store.edges import Edges


class Nodes:
    """The nodes of a graph that is being written, those of its papers first."""

    def __init__(self, db: sqlite3.Connection, edges: Edges) -> None:
        self._db = db
        self._number = edges.number
        self._last = int(db.execute("SELECT coalesce(max(number), 0) FROM node").fetchone()[0])
        self._waiting: list[tuple[int, Entity]] = []
        self._shared: dict[str, int] = {}  # nodes asked for since the last `keep`, by id

    def add_all(self, entities: Iterable[Entity]) -> int:
        """Keep nodes, none of which is there; the number of the first, from which they count on."""
        first = self._last + 1
        for entity in entities:
            self._add(entity)
            if len(self._waiting) == _TOGETHER:
                self.keep()
        self.keep()
        return first

    def put(self, entity: Entity) -> int:
        """The number of a node, which is kept where it is not there already.

        A result is its paper's own, and waits for `keep`.
        """
        if entity.type == "Result":
            return self._add(entity)
        if entity.id not in self._shared:
            query = "SELECT number FROM node WHERE id=?"
            found = self._db.execute(query, (entity.id,)).fetchone()
            self._shared[entity.id] = int(found[0]) if found else self._add(entity)
        return self._shared[entity.id]

    def _add(self, entity: Entity) -> int:
        self._last += 1
        self._waiting.append((self._last, entity))
        return self._last

    def keep(self) -> None:
        """Write the nodes that wait."""
        number = self._number
        rows = [(at, e.id, number(e.type), e.name, dump_entity(e)) for at, e in self._waiting]
        self._db.executemany(
            "INSERT INTO node(number, id, type, name, more) VALUES(?,?,?,?,?)", rows
        )
        self._waiting.clear()
        self._shared.clear()


_TOGETHER = 256
