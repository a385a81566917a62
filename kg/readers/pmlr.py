"""Owns the reader of front matter (`pmlr`): Markdown posts of proceedings, one paper a file.

---
title: A Title
abstract: Its abstract.
author:
- given: Ada
  family: Byron
date: 2021-07-08
container-title: Proceedings of …
---
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kg.errors import KgError
from kg.model import Paper, Source, Unread
from kg.readers import columns, record
from kg.readers.csl import authors
from kg.readers.dates import from_parts, iso_date
from kg.readers.json_stream import text
from kg.readers.lines import text_lines

_LONGEST = 1024 * 1024  # characters of front matter
_TITLE = re.compile(rb"^title\s*:", re.MULTILINE)


def sniff(head: bytes) -> bool:
    """Whether it opens with front matter that has a title."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    return head.startswith((b"---\n", b"---\r\n")) and bool(
        _TITLE.search(head.split(b"\n---", 1)[0])
    )


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """The paper of one post."""
    import yaml

    place = Source(source, 1, "pmlr")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        row = yaml.load(_front(stream, source), Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        yield Unread(place, f"broken YAML: {(str(error) or 'unreadable').splitlines()[0]}")
        return
    if isinstance(row, dict):
        yield _paper({str(key): value for key, value in row.items()}, place)
    else:
        yield Unread(place, "no fields in the front matter")


def _front(stream: BinaryIO, source: str) -> str:
    """The text between the first two lines of dashes."""
    held, size = [], 0
    for number, line in text_lines(stream, source):
        if line.rstrip() in ("---", "...") and number > 1:
            break
        size += len(line)
        if size > _LONGEST:
            raise KgError(f"{source}:{number}: front matter of over 1 MiB.")
        if number > 1:
            held.append(line)
    return "\n".join(held)


def _paper(row: Mapping[str, Any], place: Source) -> Paper | Unread:
    if not isinstance(row.get("author"), list) or not authors(row):
        return columns.paper(row, columns.mapping(row), place)
    return record.paper(
        place,
        text(row, "title"),
        text(row, "abstract"),
        key=text(row, "id"),
        published=iso_date(row.get("date")) or from_parts(row.get("issued")),
        authors=authors(row),
        venue=text(row, "container-title", "booktitle", "series"),
        url=text(row, "url", "pdf"),
        stated={"doi": text(row, "doi", "DOI"), "openreview": text(row, "openreview")},
        addresses=[text(row, "pdf")],
        links=[record.link("code", text(row, key)) for key in ("software", "code", "github")],
    )
