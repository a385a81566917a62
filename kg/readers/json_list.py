"""Owns the reader of plain JSON (`json`): a list of objects with a title, under the usual names.

    [{"id": "…", "title": "…", "abstract": "…", "authors": ["…"], "year": 2020, "url": "…"}, …]

The list may stand alone, or under `papers`, `data`, `results`, `items`, `records` or `documents`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import columns, json_stream
from kg.readers.json_stream import Record

_LISTS = ("papers", "data", "results", "items", "records", "documents", "articles", "entries")
_TITLE = re.compile(rb'"[^"]{0,12}title"\s*:', re.IGNORECASE)


def sniff(head: bytes) -> bool:
    """Whether it is JSON with a title in it."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{") and bool(_TITLE.search(head))


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one list."""
    paths = (*(f"{name}.item" for name in _LISTS), "item")
    yield from json_stream.read_objects(stream, source, "json", paths, _paper)


def _paper(row: Record, place: Source) -> Paper | Unread:
    return columns.paper(row, columns.mapping(row), place)
