"""Owns the reader of CSL-JSON (`csl-json`), as Zotero and citation processors write it.

[{"id": "…", "type": "article-journal", "title": "…", "abstract": "…", "DOI": "…",
  "author": [{"given": "…", "family": "…"}], "issued": {"date-parts": [[2021, 3]]}}]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record
from kg.readers.dates import from_parts
from kg.readers.json_stream import Record, parts, text
from kg.readers.text import plain

_TYPE = re.compile(
    rb'"type"\s*:\s*"(article|article-journal|paper-conference|report|manuscript|chapter|book|thesis|webpage|dataset|post|post-weblog|software|speech)"'
)


def sniff(head: bytes) -> bool:
    """Whether a title stands in it beside CSL's own way of names, dates or types."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    marks = (b'"date-parts"' in head, b'"family"' in head, bool(_TYPE.search(head)))
    return start in (b"[", b"{") and b'"title"' in head and sum(marks) >= 2


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one bibliography."""
    yield from json_stream.read_objects(stream, source, "csl-json", ("item", "items.item"), _paper)


def _paper(row: Record, place: Source) -> Paper | Unread:
    url, number = text(row, "URL"), text(row, "number")
    arxiv = number if "arxiv" in f"{url}{text(row, 'container-title', 'publisher')}".lower() else ""
    notes = _note(text(row, "note"))
    return record.paper(
        place,
        text(row, "title"),
        text(row, "abstract"),
        key=text(row, "citation-key", "id"),
        published=from_parts(row.get("issued")),
        authors=authors(row),
        venue=text(row, "container-title", "event-title", "event", "publisher"),
        url=url,
        stated={
            "doi": text(row, "DOI") or notes.get("doi"),
            "pmid": text(row, "PMID") or notes.get("pmid"),
            "pmcid": text(row, "PMCID") or notes.get("pmcid"),
            "arxiv": arxiv or notes.get("arxiv"),
        },
        links=record.code_links(text(row, "note")),
    )


def _note(note: str) -> dict[str, str]:
    """What Zotero keeps in a note: lines such as `PMID: 123` and `arXiv: 1706.03762`."""
    rows = (line.partition(":") for line in note.splitlines()[:100])
    return {key.strip().lower(): value.strip() for key, _, value in rows if value}


def authors(row: Record) -> tuple[str, ...]:
    """Names of CSL's authors: `given family`, with particles and suffixes, or as they stand."""
    keys = ("given", "non-dropping-particle", "dropping-particle", "family", "suffix")
    found = (
        plain(" ".join(text(a, key) for key in keys)) or plain(text(a, "literal", "name"))
        for a in parts(row, "author")
    )
    return tuple(name for name in found if name)
