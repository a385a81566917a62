"""Owns the reader of tables (`csv`): CSV, TSV and their kin, with a header that names the columns.

    UID,title,authors,abstract
    x1,A Title,Ada Byron|Alan Kay,"Its abstract, in quotes."

Which column holds what is guessed from the header; `kg formats FILE` shows it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import KgError
from kg.model import Paper, Source, Unread
from kg.readers import columns, record
from kg.readers.lines import text_lines

_DELIMITERS = ",\t;|"
_LONGEST = 4 * 1024 * 1024  # characters of a field; the module's own limit is 128 Ki
_BOM = b"\xef\xbb\xbf"


def sniff(head: bytes) -> bool:
    """Whether the first line names a title and one more field of a paper."""
    return len(describe_mapping(head)) >= 2


def describe_mapping(head: bytes) -> dict[str, list[str]]:
    """field -> its columns, as the first line shows; empty where it names no title."""
    first = head.removeprefix(_BOM).lstrip(b"\r\n").split(b"\n", 1)[0][:20_000]
    if b"\0" in first or first[:1] in (b"{", b"[", b"<", b"@", b"%"):
        return {}
    line = first.decode("utf-8", "replace").strip("\r\n")
    found = columns.mapping(_header(line, _delimiter(line)))
    return found if "title" in found else {}


def _delimiter(line: str) -> str:
    """The one that shows most known columns; the comma where none does."""
    return max(_DELIMITERS, key=lambda d: len(columns.mapping(_header(line, d))))


def _header(line: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one table, a row each."""
    numbered = text_lines(stream, source)
    number, first = next(((n, line) for n, line in numbered if line.strip()), (1, ""))
    delimiter = _delimiter(first)
    header = _header(first, delimiter)
    known = columns.mapping(header)
    if "title" not in known:
        raise KgError(f"{source}:{number}: no column for the title in: {first.strip()[:200]}")
    csv.field_size_limit(_LONGEST)
    rows = csv.reader((line + "\n" for _, line in numbered), delimiter=delimiter)
    while True:
        place = Source(source, number + rows.line_num + 1, "csv")
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Unread(place, f"broken table, no more is read: {error}")
            return
        if row is None:
            return
        cells = _aligned(row, header, known, delimiter)
        if cells is None:
            yield Unread(place, f"{len(row)} cells under a header of {len(header)}")
        elif any(cell.strip() for cell in cells):
            yield columns.paper(dict(zip(header, cells, strict=False)), known, place)


def _aligned(
    row: list[str], header: list[str], known: dict[str, list[str]], delimiter: str
) -> list[str] | None:
    """The row's cells under their names; None where they would stand under wrong ones.

    Some write a last column of running text without quotes: what is too much is then its own,
    if an address stands where one is due.
    """
    width = len(header)
    if not any(cell.strip() for cell in row[width:]):
        return row
    urls = [header.index(column) for column in known.get("url", ())]
    running = header[-1] in known.get("abstract", ())
    if not running or not urls or not all(record.web(row[at]) for at in urls):
        return None
    return [*row[: width - 1], delimiter.join(row[width - 1 :])]
