"""Owns the reader of RIS (`ris`), as Zotero, EndNote and the indexes of publishers write it.

    TY  - JOUR
    TI  - A Title
    AU  - Byron, Ada
    AB  - …
    PY  - 2021
    DO  - 10.…
    ER  -

Records are cut from the stream at their ends, and each is parsed by rispy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import record
from kg.readers.dates import iso_date
from kg.readers.lines import text_lines
from kg.readers.text import distinct, names, plain

_TAG = re.compile(r"([A-Z][A-Z0-9])  ?-(?: |$)")
_TYPE = re.compile(rb"^\s*TY  ?- ?\w", re.MULTILINE)
_LONGEST = 1024 * 1024  # characters of a record


def sniff(head: bytes) -> bool:
    """Whether a record begins in it."""
    return bool(_TYPE.search(head[:4096]))


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one file."""
    for number, text in _records(stream, source):
        place = Source(source, number, "ris")
        if len(text) > _LONGEST:
            yield Unread(place, f"a record of over {_LONGEST >> 20} MiB")
        else:
            yield from _parsed(text, place)


def _records(stream: BinaryIO, source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each record: from TY to ER, or to the next TY."""
    held: list[str] = []
    number = size = 0
    for at, line in text_lines(stream, source):
        tag = _TAG.match(line)
        name = tag[1] if tag else ""
        if name in ("TY", "ER") and held:
            yield number, "\n".join([*held, "ER  - "])
            held, size = [], 0
        if name == "TY":
            number, size = at, 0
        if name == "TY" or (held and name != "ER"):
            size += len(line)
            if size <= _LONGEST + len(line):
                held.append(_spaced(line, tag))
    if held:
        yield number, "\n".join([*held, "ER  - "])


def _spaced(line: str, tag: re.Match[str] | None) -> str:
    """The line with the two spaces and the blank that the format asks for."""
    return f"{tag[1]}  - {line[tag.end() :]}" if tag else line


def _parsed(text: str, place: Source) -> Iterator[Paper | Unread]:
    import rispy

    try:
        rows = rispy.loads(text)
    except Exception as error:  # the library lets several kinds through on broken records
        yield Unread(place, f"broken RIS: {(str(error) or 'unreadable').splitlines()[0][:200]}")
        return
    for row in rows:
        yield _paper(row, place)


def _paper(row: Mapping[str, Any], place: Source) -> Paper | Unread:
    def text(*keys: str) -> str:
        values = (row.get(key) for key in keys)
        return next((t for v in values if (t := _first(v))), "")

    dates = (iso_date(text(key)) for key in ("date", "year", "publication_year"))
    urls = [
        u
        for key in ("urls", "url", "file_attachments1", "file_attachments2")
        for u in _all(row, key)
    ]
    urls += [u for key in ("link1", "link2", "link3", "link4") for u in _all(row, key)]
    people = names(_all(row, "authors") or _all(row, "first_authors"))
    return record.paper(
        place,
        text("title", "primary_title", "short_title"),
        text("abstract", "notes_abstract"),
        published=next((date for date in dates if date), None),
        authors=[_natural(person) for person in people],
        venue=text(
            "secondary_title",
            "journal_name",
            "alternate_title3",
            "alternate_title2",
            "tertiary_title",
            "publisher",
        ),
        organization=distinct([plain(o) for o in _all(row, "author_address")]),
        url=next((u for u in urls if record.web(u)), ""),
        stated={"doi": text("doi"), "arxiv": _arxiv(row)},
        addresses=urls,
        links=[link for note in _all(row, "notes") for link in record.code_links(note)],
    )


def _all(row: Mapping[str, Any], key: str) -> list[str]:
    value = row.get(key)
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]


def _first(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.strip() if isinstance(value, str) else ""


def _natural(name: str) -> str:
    """`Ada Byron` of "Byron, Ada"."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else name


def _arxiv(row: Mapping[str, Any]) -> str:
    """The number where arXiv is named as the archive."""
    values = [v for key in row for v in _all(row, key) if len(v) < 60]
    return next((v for v in values if v.lower().startswith("arxiv:")), "")
