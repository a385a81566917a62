"""Owns the reader of Parquet (`parquet`): rows with the columns that JSON Lines have as keys.

    id: string   title: string   abstract: string   authors: list<string>   year: int64

Row groups are read one after the other; a row's number, from 1, stands for its line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from kg.errors import KgError
from kg.model import Paper, Source, Unread
from kg.readers import jsonl

_BATCH = 1024  # rows held at once


def sniff(head: bytes) -> bool:
    """Whether the file begins as Parquet does."""
    return head.startswith(b"PAR1")


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one file; a row without a title is an `Unread`, and the rest is read."""
    for number, row in enumerate(_rows(stream, source), 1):
        plain = json.loads(json.dumps(row, default=str))  # dates and decimals as text
        yield jsonl.paper(plain, Source(source, number, "parquet"))


def _rows(stream: BinaryIO, source: str) -> Iterator[dict[str, Any]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise KgError(f"{source}: to read Parquet, pip install 'kg[parquet]'") from None
    try:
        for batch in pq.ParquetFile(stream).iter_batches(_BATCH):
            yield from batch.to_pylist()
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
        raise KgError(f"{source}: broken Parquet: {reason}.") from None
