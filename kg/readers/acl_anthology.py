"""Owns the reader of the ACL Anthology (`acl-anthology`): its XML, one collection a file.

<collection id="2024.conll"><volume id="1"><meta><booktitle>…</booktitle><year>2024</year></meta>
  <paper id="1"><title>…<fixed-case>LLM</fixed-case>…</title>
    <author><first>…</first><last>…</last><affiliation>…</affiliation></author>
    <abstract>…</abstract><url>2024.conll-1.1</url><doi>10.…</doi>
    <pwccode url="https://github.com/…">…</pwccode></paper>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import record, xml_stream
from kg.readers.dates import ymd
from kg.readers.text import distinct, plain
from kg.readers.xml_stream import Element, find, find_all, said, words

_COLLECTION = re.compile(rb"<collection\s[^>]*id=\"")


def sniff(head: bytes) -> bool:
    """Whether it is a collection of volumes."""
    return bool(_COLLECTION.search(head)) and b"<volume" in head


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one collection."""
    volume = _Volume()
    yield from xml_stream.read_elements(
        stream, source, "acl-anthology", ("meta", "paper"), volume.papers
    )


class _Volume:
    """What the volume that is being read says for all its papers."""

    def __init__(self) -> None:
        self.booktitle, self.date = "", ""

    def papers(self, row: Element, place: Source) -> Iterator[Paper | Unread]:
        """The paper of an element; none of a volume's own."""
        if xml_stream.name(row) == "meta":
            month = re.split(r"[\s/–-]", said(row, "month"))[0]
            self.booktitle, self.date = said(row, "booktitle"), ymd(said(row, "year"), month) or ""
        else:
            yield self._paper(row, place)

    def _paper(self, row: Element, place: Source) -> Paper | Unread:
        key = _anthology_id(row)
        code = [record.link("code", e.get("url")) for e in find_all(row, "pwccode")]
        software = [
            record.link("code", words(e))
            for e in find_all(row, "attachment")
            if e.get("type") in ("software", "code") and "/" in words(e)
        ]
        return record.paper(
            place,
            said(row, "title"),
            said(row, "abstract"),
            key=key,
            published=ymd(said(row, "year")) or self.date or None,
            authors=[name for a in find_all(row, "author") if (name := _person(a))],
            venue=said(row, "booktitle") or said(row, "journal-title") or self.booktitle,
            organization=distinct(
                [words(e).strip(" ,") for e in find_all(row, "author/affiliation")]
            ),
            url=f"https://aclanthology.org/{key}/" if key else "",
            stated={"acl": key, "doi": said(row, "doi")},
            addresses=[words(find(row, "url"))],
            links=[*code, *software],
        )


def _person(author: Element) -> str:
    return plain(f"{said(author, 'first')} {said(author, 'last')}") or words(author)


def _anthology_id(row: Element) -> str:
    """The paper's identifier: its own address, or that of collection, volume and number."""
    url = said(row, "url").rstrip("/")
    if url and "://" not in url:
        return url
    if "aclanthology.org/" in url:
        return url.rsplit("/", 1)[-1]
    volume = row.getparent()
    collection = volume.getparent() if volume is not None else None
    if volume is None or collection is None or not collection.get("id"):
        return ""
    return f"{collection.get('id')}-{volume.get('id')}.{row.get('id')}"
