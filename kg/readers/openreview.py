"""Owns the reader of OpenReview's API (`openreview`), version 1 and version 2.

    {"notes": [{"id": "…", "forum": "…", "cdate": 1540035843524,
      "content": {"title": "…", "abstract": "…", "authors": ["…"], "venue": "…", "code": "…"}}]}

In version 2 each field of `content` is `{"value": …}`.  Crawls that hold submissions within
venues are read too.  Reviews and other replies are no papers and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import json_stream, record
from kg.readers.dates import iso_date
from kg.readers.json_stream import Record, named, part, text
from kg.readers.text import split_names

_CODE = ("code", "code_url", "github", "code_of_submission", "software")
_PROJECT = ("project_page", "project", "website", "html")


def sniff(head: bytes) -> bool:
    """Whether notes with content stand in it."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[")
    return start and b'"content"' in head and (b'"forum"' in head or b'"invitation' in head)


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one answer or crawl."""
    paths = ("notes.item", "item.submissions.item", "submissions.item", "item")
    yield from json_stream.read_objects(stream, source, "openreview", paths, _papers)


def _papers(row: Record, place: Source) -> Iterator[Paper | Unread]:
    content = {
        key: value.get("value") if isinstance(value, dict) else value
        for key, value in part(row, "content").items()
    }
    reply = (
        row.get("replyto") and row.get("replyto") != row.get("id") and not content.get("abstract")
    )
    if not reply:
        yield _paper(row, content, place)


def _paper(row: Record, content: Record, place: Source) -> Paper | Unread:
    forum = text(row, "forum", "id")
    dates = (iso_date(row.get(key)) for key in ("pdate", "odate", "cdate", "tcdate"))
    links = [record.link("code", text(content, key)) for key in _CODE]
    links += [record.link("project", text(content, key)) for key in _PROJECT]
    return record.paper(
        place,
        text(content, "title"),
        text(content, "abstract"),
        key=forum,
        published=next((date for date in dates if date), None),
        authors=named(content, "authors") or split_names(text(content, "authors")),
        venue=text(content, "venue") or _venue(row, content),
        url=f"https://openreview.net/forum?id={forum}" if forum else "",
        stated={"openreview": forum},
        addresses=[text(content, key) for key in ("pdf", "html", "ee", "doi", "arxiv")],
        links=links,
    )


def _venue(row: Record, content: Record) -> str:
    """The venue's identifier, as in `NIPS.cc/2018/Workshop/CDNNRIA`, where no name is given."""
    invitation = text(row, "invitation", "invitations").split("/-/")[0]
    return text(content, "venueid") or invitation
