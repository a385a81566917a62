"""Owns the reader of DBLP (`dblp`), which has titles and no abstracts: search answers and the dump.

<result><hits><hit><info><title>…</title><authors><author>…</author></authors><venue>…</venue>
  <year>2025</year><key>journals/…</key><doi>10.…</doi></info></hit></hits></result>
<dblp><article key="journals/…"><author>…</author><title>…</title><year>…</year>
  <journal>…</journal><ee>https://doi.org/…</ee></article></dblp>
{"result": {"hits": {"hit": [{"info": {"title": "…", …}}]}}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record, xml_stream
from kg.readers.dates import ymd
from kg.readers.json_stream import Record, part, text
from kg.readers.xml_stream import Element, find_all, said, words

_KINDS = ("article", "inproceedings", "incollection", "phdthesis", "mastersthesis", "book", "data")
_PASSED = ("www", "proceedings", "person")  # home pages of people, and volumes
_ELEMENT = re.compile(rb"<(?:" + "|".join(_KINDS).encode() + rb")\s[^>]*key=\"")
_NUMBERED = re.compile(r"\s+\d{4}$")  # what tells people of one name apart


def sniff(head: bytes) -> bool:
    """Whether it is a search answer or part of the dump."""
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return b'"hits"' in head and b"dblp.org" in head
    hits = b"<hits" in head and b"<info>" in head
    return hits or b"<dblp" in head or (b"dblp" in head and bool(_ELEMENT.search(head)))


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one answer or dump."""
    head, whole = xml_stream.peeked(stream)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        paths = ("result.hits.hit.item", "item")
        yield from json_stream.read_objects(whole, source, "dblp", paths, _hit)
    else:
        yield from xml_stream.read_elements(
            whole, source, "dblp", ("info", *_KINDS, *_PASSED), _papers
        )


def _papers(row: Element, place: Source) -> Iterator[Paper | Unread]:
    if xml_stream.name(row) not in _PASSED:
        yield _paper(row, place)


def _paper(row: Element, place: Source) -> Paper | Unread:
    key = row.get("key") or said(row, "key")
    people = [words(a) for path in ("authors/author", "author") for a in find_all(row, path)]
    return _made(
        place,
        said(row, "title"),
        key,
        people,
        said(row, "venue") or said(row, "journal") or said(row, "booktitle") or said(row, "school"),
        said(row, "year"),
        said(row, "doi"),
        [words(e) for e in find_all(row, "ee")],
    )


def _hit(row: Record, place: Source) -> Paper | Unread:
    info = part(row, "info")
    listed = part(info, "authors").get("author")
    people = [
        a if isinstance(a, dict) else {"text": a}
        for a in (listed if isinstance(listed, list) else [listed])
    ]
    return _made(
        place,
        text(info, "title"),
        text(info, "key"),
        [text(person, "text") for person in people],
        text(info, "venue"),
        text(info, "year"),
        text(info, "doi"),
        [text(info, "ee")],
    )


def _made(
    place: Source,
    title: str,
    key: str,
    people: list[str],
    venue: str,
    year: str,
    doi: str,
    ee: list[str],
) -> Paper | Unread:
    return record.paper(
        place,
        title.removesuffix("."),
        key=key,
        published=ymd(year),
        authors=[name for person in people if (name := _NUMBERED.sub("", person))],
        venue=venue,
        url=next((a for a in ee if record.web(a)), f"https://dblp.org/rec/{key}" if key else ""),
        stated={"dblp": key, "doi": doi, "arxiv": _corr(key)},
        addresses=ee,
    )


def _corr(key: str) -> str:
    """The arXiv number in a key of CoRR, `journals/corr/abs-1706-03762`."""
    found = re.fullmatch(r"journals/corr/abs-(\d{4})-(\d{4,5})", key)
    return f"{found[1]}.{found[2]}" if found else ""
