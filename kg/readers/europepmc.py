"""Owns the reader of Europe PMC (`europepmc`): JSON and XML answers of its search.

{"resultList": {"result": [{"pmid": "…", "doi": "…", "title": "…", "abstractText": "…",
  "authorList": {"author": [{"fullName": "…"}]}, "journalInfo": {…}, …}]}}
<responseWrapper><resultList><result><pmid>…</pmid><title>…</title>…</result></resultList></responseWrapper>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record, xml_stream
from kg.readers.dates import iso_date
from kg.readers.json_stream import Record, part, parts, text
from kg.readers.text import distinct, plain, split_names


def sniff(head: bytes) -> bool:
    """Whether a list of results stands in it, as JSON or XML."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if start == b"<":
        return b"<responseWrapper" in head and b"<result" in head
    return start in (b"{", b"[") and b'"resultList"' in head and b'"result"' in head


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one answer."""
    head, whole = xml_stream.peeked(stream)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        yield from xml_stream.read_elements(whole, source, "europepmc", ("result",), _element)
    else:
        paths = ("resultList.result.item", "item")
        yield from json_stream.read_objects(whole, source, "europepmc", paths, _paper)


def _element(element: etree._Element, place: Source) -> Paper | Unread:
    """The XML has the names of the JSON: an object of the fields that are read below."""
    say = xml_stream.said
    authors = [
        {"fullName": say(a, "fullName"), "firstName": say(a, "firstName"), "lastName": say(a, "lastName"),
         "affiliation": say(a, "authorAffiliationDetailsList/authorAffiliation/affiliation")}
        for a in element.iterfind("authorList/author")
    ]  # fmt: skip
    keys = ("id", "source", "pmid", "pmcid", "doi", "title", "authorString", "pubYear", "abstractText",
            "firstPublicationDate", "affiliation")  # fmt: skip
    row: Record = {key: say(element, key) for key in keys} | {
        "authorList": {"author": authors},
        "journalInfo": {"journal": {"title": say(element, "journalInfo/journal/title")}},
    }
    return _paper(row, place)


def _paper(row: Record, place: Source) -> Paper | Unread:
    accession = text(row, "pmid", "id")
    return record.paper(
        place,
        text(row, "title").rstrip().removesuffix("."),
        text(row, "abstractText"),
        key=accession or text(row, "doi"),
        published=iso_date(
            text(row, "firstPublicationDate", "electronicPublicationDate", "pubYear")
        ),
        authors=_authors(row),
        venue=text(part(row, "journalInfo", "journal"), "title") or text(row, "journalTitle"),
        organization=distinct(_affiliations(row)) or plain(text(row, "affiliation")) or None,
        url=f"https://europepmc.org/article/{text(row, 'source')}/{accession}"
        if text(row, "source")
        else "",
        stated={"pmid": text(row, "pmid"), "pmcid": text(row, "pmcid"), "doi": text(row, "doi")},
    )


def _authors(row: Record) -> tuple[str, ...]:
    people = parts(row, "authorList", "author")
    found = (
        plain(
            f"{text(a, 'firstName')} {text(a, 'lastName')}"
            if text(a, "firstName")
            else text(a, "fullName", "collectiveName")
        )
        for a in people
    )
    return tuple(name for name in found if name) or split_names(
        text(row, "authorString").strip().rstrip(".")
    )


def _affiliations(row: Record) -> list[str]:
    found = []
    for author in parts(row, "authorList", "author"):
        details = parts(author, "authorAffiliationDetailsList", "authorAffiliation")
        found += [plain(text(detail, "affiliation")) for detail in details] or [
            plain(text(author, "affiliation"))
        ]
    return found
