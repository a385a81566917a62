"""Owns the reader of arXiv's API (`arxiv-atom`): an Atom feed.

<feed xmlns="http://www.w3.org/2005/Atom">
  <entry><id>http://arxiv.org/abs/2310.00001v1</id><title>…</title><summary>…</summary>
    <author><name>…</name></author><published>2023-10-01T…</published>
    <arxiv:comment>…</arxiv:comment><arxiv:doi>…</arxiv:doi></entry>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.identifiers import arxiv_id
from kg.model import Paper, Source, Unread
from kg.readers import record, xml_stream
from kg.readers.dates import iso_date
from kg.readers.text import distinct
from kg.readers.xml_stream import Element, find_all, said, words


def sniff(head: bytes) -> bool:
    """Whether it is a feed with arXiv in it."""
    return b"<feed" in head and b"arxiv.org" in head and b"<entry" in head


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one answer."""
    yield from xml_stream.read_elements(stream, source, "arxiv-atom", ("entry",), _paper)


def _paper(entry: Element, place: Source) -> Paper | Unread:
    address = said(entry, "id")
    number = arxiv_id(address) or ""
    return record.paper(
        place,
        said(entry, "title"),
        said(entry, "summary"),
        key=number,
        published=iso_date(said(entry, "published")) or iso_date(said(entry, "updated")),
        authors=[name for a in find_all(entry, "author") if (name := said(a, "name"))],
        venue=said(entry, "journal_ref"),
        organization=distinct([words(e) for e in find_all(entry, "author/affiliation")]),
        url=f"https://arxiv.org/abs/{number}" if number else address,
        stated={"arxiv": number, "doi": said(entry, "doi").split(" ")[0]},
        addresses=[link.get("href", "") for link in find_all(entry, "link")],
        links=record.code_links(said(entry, "comment")),
    )
