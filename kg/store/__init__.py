"""Owns what has been read, extracted and linked, on disk, between runs: one SQLite file.

layout.py   the tables, their versions, and what a fault of the file means to a user
lock.py     one build at a time in a folder
graph.py    the finished graph, read
build.py    what a build keeps and replaces
drafts.py   the papers to build from
edges.py    how an edge is written in its row
nodes.py    the numbers of nodes while a graph is written
"""

from pathlib import Path

from kg.store.build import Store
from kg.store.drafts import DraftRow
from kg.store.layout import FILE_NAME, VERSION
from kg.store.lock import alone

__all__ = ["FILE_NAME", "VERSION", "DraftRow", "Store", "alone", "open_graph"]


def open_graph(path: Path, *, min_confidence: float = 0.0) -> Store:
    """The graph of a finished build, from its folder or file; `KgError` where there is none.

    Edges less sure than `min_confidence` are left out, and the things that hang on them alone.
    """
    return Store.open(path, min_confidence=min_confidence)
