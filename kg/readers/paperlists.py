"""Owns the reader of conference lists with reviews and sites (`paperlists`): JSON lists, one a conference.

[{"id": "…", "title": "…", "abstract": "…", "author": "A; B", "aff": "X;Y", "status": "Poster",
  "site": "https://openreview.net/forum?id=…", "github": "", "project": "", "bibtex": "@…"}]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record
from kg.readers.dates import iso_date
from kg.readers.json_stream import Record, text
from kg.readers.text import distinct, split_names

# What the embedded BibTeX says that no other field does; braces within are rare in both.
_VENUE = re.compile(r"\bbooktitle\s*=\s*[{\"]\s*([^{}\"]{2,300})[}\"]", re.IGNORECASE)
_YEAR = re.compile(r"\byear\s*=\s*[{\"]?\s*(\d{4})", re.IGNORECASE)


def sniff(head: bytes) -> bool:
    """Whether it is a list of objects with the fields of these lists."""
    marks = (b'"track"', b'"status"', b'"site"', b'"aff"', b'"gs_citation"', b'"author"')
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"[" and sum(m in head for m in marks) >= 4


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one conference."""
    yield from json_stream.read_objects(stream, source, "paperlists", ("item",), _paper)


def _paper(row: Record, place: Source) -> Paper | Unread:
    bibtex = text(row, "bibtex")[:20_000]
    venue, year = _VENUE.search(bibtex), _YEAR.search(bibtex)
    return record.paper(
        place,
        text(row, "title"),
        text(row, "abstract"),
        key=text(row, "id"),
        published=iso_date(text(row, "date")) or iso_date(year[1] if year else row.get("year")),
        authors=split_names(text(row, "author", "authors")),
        venue=text(row, "venue", "conference") or (venue[1] if venue else ""),
        organization=distinct(split_names(text(row, "aff").replace("|", ";"))),
        url=text(row, "site", "openreview", "oa"),
        stated={"doi": text(row, "doi"), "arxiv": text(row, "arxiv")},
        addresses=[text(row, key) for key in ("openreview", "pdf", "oa", "site")],
        links=[record.link("code", row.get("github")), record.link("project", row.get("project"))],
    )
