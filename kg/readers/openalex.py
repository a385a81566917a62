"""Owns the reader of OpenAlex works (`openalex`): pages of the API, one work, and the snapshot's lines.

{"meta": {…}, "results": [{"id": "https://openalex.org/W1", "title": "…", "doi": "…",
  "abstract_inverted_index": {"We": [0, 4], "train": [1], …}, "authorships": […], …}]}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record
from kg.readers.dates import iso_date
from kg.readers.json_stream import Record, part, parts, text
from kg.readers.text import distinct, plain

_LONGEST = 50_000  # words of an abstract: positions beyond it are a broken index


def sniff(head: bytes) -> bool:
    """Whether works stand in it."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{") and b"openalex.org/W" in head


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one page or part of the snapshot."""
    yield from json_stream.read_objects(
        stream, source, "openalex", ("results.item", "item"), _paper
    )


def _paper(row: Record, place: Source) -> Paper | Unread:
    ids = part(row, "ids")
    work = text(row, "id").rsplit("/", 1)[-1]
    locations = [part(row, "primary_location"), *parts(row, "locations")]
    landing = text(part(row, "primary_location"), "landing_page_url")
    return record.paper(
        place,
        text(row, "title", "display_name"),
        inverted(row.get("abstract_inverted_index")) or text(row, "abstract"),
        key=work,
        published=iso_date(row.get("publication_date")) or iso_date(row.get("publication_year")),
        authors=_authors(row),
        venue=text(part(row, "primary_location", "source"), "display_name"),
        organization=distinct(_institutions(row)),
        url=landing or text(row, "doi", "id"),
        stated={
            "openalex": text(row, "id"),
            "doi": text(row, "doi") or text(ids, "doi"),
            "pmid": text(ids, "pmid"),
            "pmcid": text(ids, "pmcid"),
        },
        addresses=[
            text(place, key) for place in locations for key in ("landing_page_url", "pdf_url")
        ],
    )


def inverted(index: object) -> str:
    """The text of which an inverted index is made: each word at its positions."""
    if not isinstance(index, dict):
        return ""
    words: dict[int, str] = {}
    for word, places in index.items():
        for at in places if isinstance(places, list) else ():
            if isinstance(at, int) and 0 <= at < _LONGEST:
                words[at] = word
    return " ".join(words[at] for at in sorted(words))


def _authors(row: Record) -> tuple[str, ...]:
    rows = parts(row, "authorships")
    names = (
        plain(text(part(a, "author"), "display_name") or text(a, "raw_author_name")) for a in rows
    )
    return tuple(name for name in names if name)


def _institutions(row: Record) -> list[str]:
    rows = (i for a in parts(row, "authorships") for i in parts(a, "institutions"))
    return [plain(text(institution, "display_name")) for institution in rows]
