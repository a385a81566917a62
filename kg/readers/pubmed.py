"""Owns the reader of PubMed (`pubmed`): XML of efetch and of the yearly files.

    <PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>…</PMID><Article>
      <Journal><JournalIssue><PubDate><Year>…</Year></PubDate></JournalIssue><Title>…</Title></Journal>
      <ArticleTitle>…</ArticleTitle><Abstract><AbstractText Label="METHODS">…</AbstractText></Abstract>
      <AuthorList><Author><LastName>…</LastName><ForeName>…</ForeName></Author></AuthorList>

The parts of a structured abstract keep their labels, as `METHODS: …`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import record, xml_stream
from kg.readers.dates import iso_date, ymd
from kg.readers.text import distinct, plain
from kg.readers.xml_stream import Element, find, find_all, said, words

_AFFILIATION = "MedlineCitation/Article/AuthorList/Author/AffiliationInfo/Affiliation"


def sniff(head: bytes) -> bool:
    """Whether articles of PubMed stand in it."""
    return b"<PubmedArticle" in head


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one answer or file."""
    yield from xml_stream.read_elements(stream, source, "pubmed", ("PubmedArticle",), _paper)


def _paper(row: Element, place: Source) -> Paper | Unread:
    article = find(row, "MedlineCitation/Article")
    if article is None:
        return Unread(place, "no article in it")
    number = said(row, "MedlineCitation/PMID")
    ids = {
        e.get("IdType", ""): words(e) for e in find_all(row, "PubmedData/ArticleIdList/ArticleId")
    }
    places = {e.get("EIdType", ""): words(e) for e in find_all(article, "ELocationID")}
    title = said(article, "ArticleTitle") or said(article, "VernacularTitle")
    return record.paper(
        place,
        title.removesuffix("."),
        _abstract(article),
        key=number,
        published=_date(article),
        authors=_authors(article),
        venue=said(article, "Journal/Title"),
        organization=distinct([words(e) for e in find_all(row, _AFFILIATION)]),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{number}/" if number else "",
        stated={
            "pmid": number,
            "pmcid": ids.get("pmc"),
            "doi": ids.get("doi") or places.get("doi"),
        },
    )


def _abstract(article: Element) -> str:
    parts = []
    for element in find_all(article, "Abstract/AbstractText"):
        label, text = element.get("Label", ""), words(element)
        if text:
            parts.append(f"{label}: {text}" if label and label != "UNLABELLED" else text)
    return " ".join(parts)


def _authors(article: Element) -> list[str]:
    found = []
    for author in find_all(article, "AuthorList/Author"):
        person = " ".join(said(author, key) for key in ("ForeName", "LastName", "Suffix"))
        found.append(plain(person) or said(author, "CollectiveName"))
    return [name for name in found if name]


def _date(article: Element) -> str | None:
    """When it appeared: online where that is stated, else the issue."""
    for path in ("ArticleDate", "Journal/JournalIssue/PubDate"):
        element = find(article, path)
        if element is not None:
            parts = (said(element, key) for key in ("Year", "Month", "Day"))
            if date := ymd(*parts) or iso_date(said(element, "MedlineDate")):
                return date
    return None
