"""Owns the reader of arXiv's OAI-PMH (`arxiv-oai`): GetRecord and ListRecords, also Dublin Core.

    <OAI-PMH><ListRecords><record><header><identifier>oai:arXiv.org:2401.00001</identifier></header>
      <metadata><arXiv><id>2401.00001</id><created>2024-01-01</created><title>…</title>
        <authors><author><keyname>…</keyname><forenames>…</forenames></author></authors>
        <abstract>…</abstract></arXiv></metadata></record>

The layouts `arXiv`, `arXivRaw` and `oai_dc` are read, the last from other repositories too.
Records that were deleted at their source are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.identifiers import arxiv_id
from kg.model import Paper, Source, Unread
from kg.readers import record, xml_stream
from kg.readers.dates import iso_date
from kg.readers.text import distinct, plain, split_names
from kg.readers.xml_stream import Element, find, find_all, said, words


def sniff(head: bytes) -> bool:
    """Whether it is an answer of OAI-PMH."""
    return b"<OAI-PMH" in head or (b"openarchives.org/OAI" in head and b"<record" in head)


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one answer."""
    yield from xml_stream.read_elements(stream, source, "arxiv-oai", ("record",), _papers)


def _papers(element: Element, place: Source) -> Iterator[Paper | Unread]:
    header = find(element, "header")
    if header is not None and header.get("status") == "deleted":
        return
    metadata = find(element, "metadata/*")
    if metadata is None:
        yield Unread(place, f"no metadata: {said(element, 'header/identifier')}")
    elif xml_stream.name(metadata) == "dc":
        yield _dublin_core(metadata, place)
    else:
        yield _paper(metadata, place)


def _paper(row: Element, place: Source) -> Paper | Unread:
    number = arxiv_id(said(row, "id")) or ""
    version = find(row, "version/date")
    return record.paper(
        place,
        said(row, "title"),
        said(row, "abstract"),
        key=number,
        published=iso_date(said(row, "created")) or iso_date(words(version)),
        authors=_authors(row),
        venue=said(row, "journal-ref"),
        organization=distinct([words(e) for e in find_all(row, "authors/author/affiliation")]),
        url=f"https://arxiv.org/abs/{number}" if number else "",
        stated={"arxiv": number, "doi": said(row, "doi").split(" ")[0]},
        links=record.code_links(said(row, "comments")),
    )


def _authors(row: Element) -> tuple[str, ...]:
    keys = ("forenames", "keyname", "suffix")
    people = (" ".join(said(a, key) for key in keys) for a in find_all(row, "authors/author"))
    found = tuple(name for name in map(plain, people) if name)
    return found or split_names(said(row, "authors"))


def _dublin_core(row: Element, place: Source) -> Paper | Unread:
    addresses = [words(e) for e in find_all(row, "identifier")]
    texts = [text for e in find_all(row, "description") if (text := words(e))]
    dates = sorted(date for e in find_all(row, "date") if (date := iso_date(words(e))))
    return record.paper(
        place,
        said(row, "title"),
        next((text for text in texts if not text.startswith("Comment:")), ""),
        key=next((number for a in addresses if (number := arxiv_id(a))), ""),
        published=dates[0] if dates else None,
        authors=[name for e in find_all(row, "creator") if (name := words(e))],
        venue=said(row, "source"),
        url=next((a for a in addresses if record.web(a)), ""),
        addresses=[
            *addresses,
            *(f"https://doi.org/{a[4:]}" for a in addresses if a.startswith("doi:")),
        ],
        links=[
            link
            for text in texts
            if text.startswith("Comment:")
            for link in record.code_links(text)
        ],
    )
