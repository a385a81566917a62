"""Owns the triples of a build as Oxigraph holds them: in memory, or indexed on disk beside it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, cast

from pyoxigraph import RdfFormat, Store

from kg.model import Graph
from kg.rdf import Readable, lines
from kg.schema import DEFAULT_BASE

FOLDER = ".oxigraph"
_LAYOUT = 1  # of the triples; counts up when `kg.rdf` writes others for the same graph


def load(graph: Graph, *, base: str = DEFAULT_BASE) -> Store:
    """The triples of a graph in memory."""
    store = Store()
    _fill(store, graph, base)
    return store


def opened(open_graph: Callable[[Path], Graph], outputs: Path, base: str = DEFAULT_BASE) -> Store:
    """The triples of the build in `outputs`, for reading only, indexed first where need be.

    `open_graph` gives the build's graph; the index is made anew where the build has changed.
    Where the folder cannot be written, the triples are held in memory.
    """
    path = indexed(open_graph, outputs, base)
    return Store.read_only(str(path)) if path else load(open_graph(outputs), base=base)


def indexed(
    open_graph: Callable[[Path], Graph], outputs: Path, base: str = DEFAULT_BASE
) -> Path | None:
    """The folder of the index of the build in `outputs`; None where none can be written."""
    graph = open_graph(outputs)
    folder = outputs if outputs.is_dir() else outputs.parent
    path = folder / FOLDER / _stamp(graph, folder if outputs.is_dir() else outputs, base)
    if path.is_dir():
        return path
    try:
        path.parent.mkdir(exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix="new-", dir=path.parent))
    except OSError:
        return None
    try:
        build(graph, base, beside)
        return _replaced(beside, path)
    except OSError:
        return None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def build(graph: Graph, base: str, folder: Path) -> None:
    """Write the index of a graph into a folder that is empty or not there yet."""
    store = Store(str(folder))
    _fill(store, graph, base)
    store.flush()


def _fill(store: Store, graph: Graph, base: str) -> None:
    stream = cast(
        BinaryIO, Readable(lines(graph, base=base))
    )  # all of it that Oxigraph asks of one
    store.bulk_load(stream, RdfFormat.N_TRIPLES)


def _replaced(beside: Path, path: Path) -> Path:
    """Move a finished index to `path`, and drop all others but one.

    The index of this build's whole graph stays beside that of what is sure in it, and that beside
    the whole one's, so that asking both in turn is fast.
    """
    build, part, _ = path.name.partition("-")
    kept = {p for p in path.parent.glob(f"{build}*") if bool(part) != ("-" in p.name)}
    earlier = [p for p in path.parent.iterdir() if p not in {beside, path, *kept}]
    try:
        os.replace(beside, path)
    except OSError:
        if not path.is_dir():  # else another process was faster, with the same triples
            raise
    for old in earlier:
        if not old.name.startswith("new-"):
            shutil.rmtree(old, ignore_errors=True)
    return path


def _stamp(graph: Graph, place: Path, base: str) -> str:
    """A name that changes with the build, the base, the program and the layout.

    The confidence below which the graph was cut stands at its end.
    """
    files = sorted(place.glob("*.sqlite*")) if place.is_dir() else [place]
    state = [
        (f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in files if f.suffix == ".sqlite"
    ]
    metadata = graph.metadata()
    least = metadata.pop("min-confidence", "")
    parts = [_LAYOUT, version("kg"), base, state, metadata]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
    return f"{digest}-{least}" if least else digest
