"""Owns the reader of JSON Lines (`jsonl`): one object a line, `{"id", "title", "abstract", …}`.

    {"id": "p1", "title": "A Title", "abstract": "Its abstract.", "year": 2019}

`title` is needed; `id` is kept as given, or made from the title.  Known beside these: `published`
or `date` or `year`, `authors` (strings, or objects with `name`), `venue`, `url`, `arxiv`, `doi`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kg.identifiers import arxiv_id, doi, slug
from kg.model import Paper, Source, Unread
from kg.readers.lines import raw_lines


def sniff(head: bytes) -> bool:
    """Whether the first line is an object with a title."""
    first = head.lstrip(b"\xef\xbb\xbf \r\n\t").split(b"\n", 1)[0]
    return first.startswith(b"{") and b'"title"' in first


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one file; a line that is no paper is an `Unread`, and the rest is read."""
    for number, line in raw_lines(stream, source):
        if line.strip():
            yield _paper(line, Source(source, number, "jsonl"))


def _paper(line: bytes, place: Source) -> Paper | Unread:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Unread(place, f"broken JSON: {error}")
    if not isinstance(row, dict):
        return Unread(place, "not an object with a title")
    title, abstract = _text(row, "title"), _text(row, "abstract")
    if not title:
        return Unread(place, 'no "title"')
    return Paper(
        id=_id(row) or slug(title),
        title=title,
        abstract=abstract,
        sources=(place,),
        published=_date(row),
        authors=_authors(row.get("authors")),
        venue=_text(row, "venue") or None,
        url=_text(row, "url") or None,
        identifiers=_identifiers(row),
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return _sound(value) if isinstance(value, str) else ""


def _sound(text: str) -> str:
    """Text that UTF-8 can hold: JSON may escape halves of surrogate pairs, and NUL."""
    return (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    )


def _id(row: Mapping[str, Any]) -> str:
    value = row.get("id")
    return (
        _sound(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    )


def _date(row: Mapping[str, Any]) -> str | None:
    for key in ("published", "date", "year"):
        value = row.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999:
            return str(value)
        if isinstance(value, str) and value[:4].isdecimal() and len(value) >= 4:
            return value[:10]
    return None


def _authors(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    names = (row.get("name") if isinstance(row, dict) else row for row in value)
    return tuple(_sound(name) for name in names if isinstance(name, str) and name)


def _identifiers(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = {
        "arxiv": arxiv_id(_text(row, "arxiv")) or arxiv_id(_text(row, "url")),
        "doi": doi(_text(row, "doi")) or doi(_text(row, "url")),
    }
    return tuple(sorted((scheme, value) for scheme, value in found.items() if value))
