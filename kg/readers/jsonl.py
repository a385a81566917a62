"""Owns the reader of JSON Lines (`jsonl`): one object a line, `{"id", "title", "abstract", …}`.

    {"id": "p1", "title": "A Title", "abstract": "Its abstract.", "year": 2019}

`title` is needed; `id` is kept as given, or made from the title.  Titles and abstracts are kept to
the letter, as offsets count in them.  Known beside these, under the usual names: dates, authors
(strings, or objects with `name`), venue, organisation, address, identifiers, code, upvotes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import orjson

from kg.identifiers import slug
from kg.model import Paper, Source, Unread
from kg.readers import columns
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
        row = orjson.loads(line)
    except ValueError:  # broken, or what orjson does not take: half a surrogate pair, a huge number
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            return Unread(place, f"broken JSON: {error}")
    if not isinstance(row, dict):
        return Unread(place, "not an object with a title")
    return paper(row, place)


def paper(row: Mapping[str, Any], place: Source) -> Paper | Unread:
    """The paper of one object, or of a row of the same names."""
    title, abstract = _text(row, "title"), _text(row, "abstract")
    if not title.strip():
        return Unread(place, 'no "title"')
    known = columns.exact_paper(row, columns.mapping(row), place, _id(row), title, abstract)
    if isinstance(known, Unread):  # no letter in it; kept, as this form is the user's own
        return Paper(_id(row) or slug(title), title, abstract, (place,))
    return known


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return _sound(value) if isinstance(value, str) else ""


def _sound(text: str) -> str:
    """Text that UTF-8 can hold: JSON may escape halves of surrogate pairs, and NUL."""
    if text.isprintable():  # which these are not
        return text
    return (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    )


def _id(row: Mapping[str, Any]) -> str:
    value = row.get("id")
    return (
        _sound(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    )
