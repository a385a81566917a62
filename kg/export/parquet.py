"""Owns the export to a folder of Parquet: the tables of `kg.export.tables`, typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import KgError
from kg.export.tables import tables
from kg.model import Graph

_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), list: pa.list_(pa.string())}
_BATCH = 20_000  # rows held at once


def export(graph: Graph, folder: Path, *, evidence: bool = True) -> None:
    """Write nodes.parquet, edges.parquet and evidence.parquet; lists stay lists."""
    for name, (columns, rows) in tables(graph, evidence).items():
        schema = pa.schema([(key, _TYPES[type_]) for key, type_ in columns.items()])
        with pq.ParquetWriter(folder / f"{name}.parquet", schema) as writer:
            for batch in _batches(rows, schema, name):
                writer.write_batch(batch)


def _batches(rows: Iterable[Mapping[str, Any]], schema: Any, name: str) -> Iterator[Any]:
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        try:
            yield pa.RecordBatch.from_pylist(batch, schema=schema)
        except UnicodeEncodeError as error:
            raise KgError(
                f"cannot write a row of {name}.parquet: it holds half of a surrogate pair "
                f"(U+{ord(error.object[error.start]):04X}); mend the source and build again."
            ) from None
