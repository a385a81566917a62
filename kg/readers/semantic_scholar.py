"""Owns the reader of Semantic Scholar (`semantic-scholar`): API answers, bulk lines, SciRepEval triples.

    {"data": [{"paperId": "…", "title": "…", "abstract": "…", "externalIds": {"ArXiv": "…"}, …}]}
    {"corpusid": 1, "title": "…", "externalids": {"DOI": "…"}, "authors": [{"name": "…"}], …}
    [{"query": {"sha": "…", "title": "…", "abstract": "…"}, "pos": {…}, "neg": {…}}]

The bulk release keeps abstracts apart from titles; a line of abstracts alone has no title.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record
from kg.readers.dates import iso_date
from kg.readers.json_stream import Record, named, part, text
from kg.readers.text import folded

_MARKS = (
    b'"externalIds"',
    b'"externalids"',
    b'"corpusid"',
    b'"corpus_id"',
    b'"paperAbstract"',
    b'"corpusId"',
)
_SCHEMES = {
    "arxiv": "ArXiv",
    "doi": "DOI",
    "acl": "ACL",
    "dblp": "DBLP",
    "pmid": "PubMed",
    "pmcid": "PubMedCentral",
}


def sniff(head: bytes) -> bool:
    """Whether fields stand in it that only this source gives."""
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] not in (b"{", b"["):
        return False
    return any(mark in head for mark in _MARKS) or (b'"paperId"' in head and b'"title"' in head)


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one answer or part of a release."""
    paths = ("data.item", "recommendedPapers.item", "item")
    yield from json_stream.read_objects(stream, source, "semantic-scholar", paths, _papers)


def _papers(row: Record, place: Source) -> Iterator[Paper | Unread]:
    """The paper of an object, or the papers of a triple."""
    inner = [row[key] for key in ("query", "pos", "neg", "cand") if isinstance(row.get(key), dict)]
    inner += (
        [c for c in row.get("candidates") or () if isinstance(c, dict)]
        if isinstance(row.get("candidates"), list)
        else []
    )
    for each in inner or [
        part(row, "citedPaper") or part(row, "citingPaper") or part(row, "paper") or row
    ]:
        yield _paper(each, place)


def _paper(row: Record, place: Source) -> Paper | Unread:
    external = {
        str(key).casefold(): value
        for key, value in {**part(row, "externalids"), **part(row, "externalIds")}.items()
    }
    key, number = text(row, "paperId", "sha", "id"), _corpus(row, external)
    stated: Mapping[str, object] = {
        scheme: external.get(name.casefold()) for scheme, name in _SCHEMES.items()
    }
    return record.paper(
        place,
        text(row, "title"),
        text(row, "abstract", "paperAbstract"),
        key=key or number,
        published=iso_date(text(row, "publicationDate", "publicationdate"))
        or iso_date(row.get("year")),
        authors=named(row, "authors", "name"),
        venue=text(row, "venue") or text(part(row, "publicationVenue"), "name") or _journal(row),
        url=text(row, "url", "s2Url"),
        stated={**stated, "s2": key or number, "doi": stated["doi"] or text(row, "doi")},
        addresses=[text(part(row, "openAccessPdf"), "url")],
    )


def _corpus(row: Record, external: Mapping[str, object]) -> str:
    keys = (
        row.get("corpusId"),
        row.get("corpusid"),
        row.get("corpus_id"),
        external.get("corpusid"),
    )
    numbers = (n for n in keys if isinstance(n, int | str) and not isinstance(n, bool))
    return next((f"CorpusID:{folded(str(n))}" for n in numbers if n), "")


def _journal(row: Record) -> str:
    return text(part(row, "journal"), "name") or text(row, "journalName")
