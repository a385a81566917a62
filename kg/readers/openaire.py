"""Owns the reader of OpenAIRE's graph (`openaire`): pages of its API, and lines of its dumps.

    {"header": {…}, "results": [{"mainTitle": "…", "descriptions": ["…"], "authors": [{"fullName": "…"}],
      "pids": [{"scheme": "doi", "value": "10.…"}], "publicationDate": "2020-06-01", …}]}

Products that are not publications (`type`: dataset, software, other) are papers too where a title
stands, as authors deposit preprints under them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record
from kg.readers.dates import iso_date
from kg.readers.json_stream import Record, named, part, parts, text
from kg.readers.text import distinct, plain

_SCHEMES = {"doi": "doi", "pmid": "pmid", "pmc": "pmcid", "arxiv": "arxiv", "handle": ""}


def sniff(head: bytes) -> bool:
    """Whether fields stand in it that only this source gives."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[") and b'"mainTitle"' in head


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one page or dump."""
    yield from json_stream.read_objects(
        stream, source, "openaire", ("results.item", "item"), _paper
    )


def _paper(row: Record, place: Source) -> Paper | Unread:
    stated: dict[str, object] = {}
    for pid in [*parts(row, "pids"), *parts(row, "pid")]:
        scheme = _SCHEMES.get(text(pid, "scheme").lower(), "")
        stated.setdefault(scheme or "other", text(pid, "value"))
    stated.pop("other", None)
    urls = [url for i in parts(row, "instances") for url in named(i, "urls")]
    title, subtitle = text(row, "mainTitle"), text(row, "subTitle")
    return record.paper(
        place,
        f"{title}: {subtitle}" if subtitle and subtitle not in title else title,
        text(row, "descriptions", "description"),
        key=text(row, "id"),
        published=iso_date(text(row, "publicationDate")),
        authors=named(row, "authors", "fullName"),
        venue=text(part(row, "container"), "name"),
        organization=distinct([plain(text(o, "legalName")) for o in parts(row, "organizations")]),
        url=next(iter(urls), ""),
        stated=stated,
        addresses=urls,
        links=[record.link("code", text(row, "codeRepositoryUrl"))],
    )
