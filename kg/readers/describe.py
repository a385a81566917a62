"""Owns what is told of a source before it is built from: its format, its records, the fields filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.model import Paper, Unread
from kg.readers import columns, csv_table
from kg.readers.sources import Opened, detect, head_of, read

_ALWAYS = ("id", "title", "sources")


@dataclass(slots=True)
class Description:
    """One source in numbers: `filled` counts the papers that have each field, scheme or link."""

    name: str
    format: str
    records: int = 0
    papers: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    mapping: str = ""


def describe(opened: Opened, format_: str | None = None) -> Description:
    """Read one source to its end and count; `KgError` as reading raises it."""
    name = format_ or detect(opened)
    found = Description(opened.name, name)
    if name == "csv":
        found.mapping = columns.shown(csv_table.describe_mapping(head_of(opened)))
    _count(found, read(opened, name))
    return found


def _count(found: Description, items: Iterable[Paper | Unread]) -> None:
    for item in items:
        found.records += 1
        if isinstance(item, Unread):
            found.reasons[item.reason] += 1
        else:
            found.papers += 1
            found.filled.update(_filled(item))


def _filled(paper: Paper) -> set[str]:
    """The fields of a paper that have a value, identifiers by scheme and links by kind."""
    plain = (f for f in paper._fields if f not in (*_ALWAYS, "identifiers", "links"))
    found = {name for name in plain if getattr(paper, name) not in (None, "", ())}
    found |= {scheme for scheme, _ in paper.identifiers}
    return found | {link.kind for link in paper.links}
