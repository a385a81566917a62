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
_NEAR = 4096  # bytes from the beginning in which the list begins
_LIST = re.compile(rb'"(?:' + "|".join(_LISTS).encode() + rb')"\s*:\s*\[\s*\{')
_TITLE = re.compile(rb'"[^"]{0,12}title"\s*:', re.IGNORECASE)


def sniff(head: bytes) -> bool:
    """Whether it is a list with a title in it, or an object that holds one; not JSON Lines."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    title = _TITLE.search(start)
    if title is None or start[:1] not in (b"[", b"{"):
        return False
    held = _LIST.search(start[:_NEAR])
    within = held is not None and held.start() < title.start()
    return start[:1] == b"[" or within or b'"title"' not in start.split(b"\n", 1)[0]


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one list."""
    paths = (*(f"{name}.item" for name in _LISTS), "item")
    yield from json_stream.read_objects(stream, source, "json", paths, _paper)


def _paper(row: Record, place: Source) -> Paper | Unread:
    return columns.paper(row, columns.mapping(row), place)
