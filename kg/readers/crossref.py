"""Owns the reader of Crossref works (`crossref`): lists and single works of the API, dumps of lines.

{"message": {"items": [{"DOI": "10.…", "title": ["…"], "abstract": "<jats:p>…</jats:p>",
  "author": [{"given": "…", "family": "…"}], "container-title": ["…"], "issued": {…}}]}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record
from kg.readers.csl import authors
from kg.readers.dates import from_parts
from kg.readers.json_stream import Record, part, parts, text
from kg.readers.text import distinct, plain

_MARKS = (b'"is-referenced-by-count"', b'"reference-count"', b'"content-domain"', b'"indexed"')


_HEADING = re.compile(r"<(jats:)?title>\s*(?:abstract|summary)\W*</(jats:)?title>", re.IGNORECASE)


def sniff(head: bytes) -> bool:
    """Whether a DOI stands in it beside fields that only Crossref gives."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    return start in (b"[", b"{") and b'"DOI"' in head and sum(m in head for m in _MARKS) >= 2


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one response or dump."""
    paths = ("message.items.item", "items.item", "message", "item")
    yield from json_stream.read_objects(stream, source, "crossref", paths, _paper)


def _paper(row: Record, place: Source) -> Paper | Unread:
    title, subtitle = text(row, "title"), text(row, "subtitle")
    people = authors(row)
    institutions = [plain(text(i, "name")) for i in parts(row, "institution")]
    employers = [
        plain(text(e, "name")) for a in parts(row, "author") for e in parts(a, "affiliation")
    ]
    dates = (
        from_parts(row.get(key))
        for key in ("published", "issued", "published-online", "published-print")
    )
    resource = text(part(row, "resource", "primary"), "URL")
    return record.paper(
        place,
        f"{title}: {subtitle}" if subtitle and subtitle not in title else title,
        _HEADING.sub("", text(row, "abstract")),
        key=text(row, "DOI").lower(),
        published=next((date for date in dates if date), None),
        authors=people,
        venue=text(row, "container-title") or text(part(row, "event"), "name"),
        organization=distinct(employers) or distinct(institutions),
        url=text(row, "URL") or resource or f"https://doi.org/{text(row, 'DOI')}",
        stated={"doi": text(row, "DOI")},
        addresses=[resource, *(text(link, "URL") for link in parts(row, "link"))],
    )
