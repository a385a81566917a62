"""Owns the reader of Hugging Face's API for daily papers (`hf-daily`): JSON, with code and upvotes.

    [{"paper": {"id": "2310.00001", "title": "…", "summary": "…", "upvotes": 3,
                "authors": [{"name": "…"}], "publishedAt": "2023-10-01T…",
                "githubRepo": "https://github.com/…", "organization": {"fullname": "…"}}, …}]

The object of one paper (`/api/papers/ID`) is read as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record
from kg.readers.dates import iso_date
from kg.readers.json_stream import Record, named, part, text, whole

_MARKS = (b'"submittedOnDailyAt"', b'"submittedOnDailyBy"', b'"discussionId"', b'"githubRepo"')


def sniff(head: bytes) -> bool:
    """Whether fields stand in it that only this site gives."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{") and any(
        mark in head for mark in _MARKS
    )


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one response."""
    paths = ("item", "papers.item", "dailyPapers.item")
    yield from json_stream.read_objects(stream, source, "hf-daily", paths, _paper)


def _paper(row: Record, place: Source) -> Paper | Unread:
    inner = part(row, "paper") or row
    organization = part(inner, "organization") or part(row, "organization")
    number = text(inner, "id")
    return record.paper(
        place,
        text(inner, "title") or text(row, "title"),
        text(inner, "summary") or text(row, "summary"),
        key=number,
        published=iso_date(inner.get("publishedAt") or row.get("publishedAt")),
        authors=named(inner, "authors", "name"),
        upvotes=whole(inner.get("upvotes")),
        organization=text(organization, "fullname", "name") or None,
        url=f"https://huggingface.co/papers/{number}" if number else "",
        stated={"arxiv": number},
        links=[
            record.link("code", inner.get("githubRepo")),
            record.link("project", inner.get("projectPage")),
        ],
    )
