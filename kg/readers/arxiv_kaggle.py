"""Owns the reader of arXiv's metadata as JSON Lines (`arxiv-kaggle`): the Kaggle snapshot, daily dumps.

    {"id": "0704.0001", "title": "…", "abstract": "…", "authors_parsed": [["Last", "First", ""]],
     "doi": "10.…", "journal-ref": "…", "comments": "…", "versions": [{"created": "…"}]}
    {"id": "2503.11731", "title": "…", "summary": "…", "abs": "https://arxiv.org/abs/…", "authors": […]}

Titles and abstracts keep the TeX of their formulas, as arXiv shows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record
from kg.readers.dates import iso_date
from kg.readers.json_stream import Record, named, parts, text
from kg.readers.text import names, plain, split_names


def sniff(head: bytes) -> bool:
    """Whether the first object has the fields of the snapshot or of a daily dump."""
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] not in (b"{", b"["):
        return False
    snapshot = b'"authors_parsed"' in head or (b'"journal-ref"' in head and b'"categories"' in head)
    daily = b'"summary"' in head and (b'"abs"' in head or b'"categories"' in head)
    return snapshot or (daily and b"arxiv.org" in head)


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one dump, a line each, or of one list."""
    yield from json_stream.read_objects(stream, source, "arxiv-kaggle", ("item",), _paper)


def _paper(row: Record, place: Source) -> Paper | Unread:
    number = text(row, "id", "abs")
    versions = parts(row, "versions")
    comments = text(row, "comments", "comment")
    first = text(versions[0], "created") if versions else text(row, "published")
    return record.paper(
        place,
        text(row, "title"),
        text(row, "abstract", "summary"),
        key=text(row, "id"),
        published=iso_date(first) or iso_date(text(row, "published", "update_date", "updated")),
        authors=_authors(row),
        venue=text(row, "journal-ref", "journal_ref"),
        url=text(row, "abs") or (f"https://arxiv.org/abs/{number}" if number else ""),
        stated={"arxiv": number, "doi": text(row, "doi").split(" ")[0]},
        links=record.code_links(comments),
    )


def _authors(row: Record) -> tuple[str, ...]:
    parsed = row.get("authors_parsed")
    if isinstance(parsed, list) and parsed:
        found = (
            [part for part in name[:3] if isinstance(part, str)]
            for name in parsed
            if isinstance(name, list)
        )
        ordered = (plain(" ".join([*name[1:2], *name[:1], *name[2:]])) for name in found)
        return tuple(name for name in ordered if name)
    return named(row, "authors", "name") or names([*split_names(text(row, "authors"))])
