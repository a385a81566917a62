"""Owns the lock that keeps two builds out of one folder.

A build is many transactions, so SQLite's own lock on the store does not span it.  A second, empty
database does: its lock is held for as long as the process lives, and no longer, on every system.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kg.store.layout import FILE_NAME, explained

_LOCK = ".kg.lock"  # stays behind, empty: a lock file that is deleted locks nobody out


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder for one build; `KgError` where another holds it, or it cannot be written."""
    name = str(folder / FILE_NAME)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(folder / _LOCK, isolation_level=None, timeout=0.5)
    except (OSError, sqlite3.Error) as error:
        raise explained(error, name) from None
    with closing(db):
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise explained(error, name) from None
        yield
