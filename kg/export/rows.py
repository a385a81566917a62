"""Owns the graph as flat rows, for the formats that know nodes, edges and plain values only.

Lists (aliases, authors, identifiers, sources) stay lists here; a format that has none joins them.
"""

from __future__ import annotations

from typing import Any

from kg.errors import KgError
from kg.model import Entity, Evidence, Paper, Statement

# Columns of a node and of an edge, with the type of each: str, int, float, or list of str.
NODE_COLUMNS: dict[str, type] = {
    "id": str,
    "type": str,
    "label": str,
    "abstract": str,
    "published": str,
    "venue": str,
    "organization": str,
    "url": str,
    "authors": list,
    "author_count": int,
    "upvotes": int,
    "aliases": list,
    "identifiers": list,
    "sources": list,
    "status": str,
    "value": str,
    "number": float,
    "unit": str,
    "kind": str,
    "better": str,
    "host": str,
}
EDGE_COLUMNS: dict[str, type] = {
    "subject": str,
    "relation": str,
    "object": str,
    "confidence": float,
    "origin": str,
    "mentions": int,
}
EVIDENCE_COLUMNS: dict[str, type] = {
    "paper": str,
    "field": str,
    "start": int,
    "end": int,
    "quote": str,
    "sentence": str,
    "sentence_start": int,
    "confidence": float,
    "extractor": str,
}


def node_row(id_: str, thing: Paper | Entity) -> dict[str, Any]:
    """A node as a row: id, type and label, and what else of `NODE_COLUMNS` has a value."""
    row = {"id": id_} | (_paper(thing) if isinstance(thing, Paper) else _entity(thing))
    return {
        key: row[key]
        for key in NODE_COLUMNS
        if key == "label" or row.get(key) not in (None, "", [])
    }


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "type": "Paper",
        "label": paper.title,
        "abstract": paper.abstract,
        "published": paper.published,
        "venue": paper.venue,
        "organization": paper.organization,
        "url": paper.url,
        "authors": list(paper.authors),
        "author_count": paper.author_count,
        "upvotes": paper.upvotes,
        "identifiers": [f"{scheme}:{value}" for scheme, value in paper.identifiers],
        "sources": [f"{source.file}:{source.line}" for source in paper.sources],
    }


def _entity(entity: Entity) -> dict[str, Any]:
    row: dict[str, Any] = {
        "type": entity.type,
        "label": entity.name,
        "aliases": list(entity.aliases),
        "identifiers": [f"{scheme}:{value}" for scheme, value in entity.identifiers],
        "status": entity.link_status,
    }
    for key, value in entity.properties:
        if key == "number":
            row[key] = _number(str(value))
        elif key in NODE_COLUMNS:
            row[key] = str(value)
    return row


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def edge_row(row: Statement) -> dict[str, Any]:
    """An edge as a row: `EDGE_COLUMNS`."""
    return {
        "subject": row.subject,
        "relation": row.relation,
        "object": row.object,
        "confidence": round(row.confidence, 4),
        "origin": row.origin,
        "mentions": len(row.evidence),
    }


def evidence_row(one: Evidence) -> dict[str, Any]:
    """A span as a row: `EVIDENCE_COLUMNS`."""
    return {
        "paper": one.paper,
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
        "sentence": one.sentence,
        "sentence_start": one.sentence_start,
        "confidence": round(one.confidence, 4),
        "extractor": one.extractor,
    }


def utf8(text: str) -> bytes:
    """The text as UTF-8; `KgError` for half of a surrogate pair, which UTF-8 cannot hold."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        shown = text[:60].encode("ascii", "backslashreplace").decode()
        raise KgError(
            f"cannot write {shown!r}: it holds half of a surrogate pair, which is no character; "
            "mend the source and build again."
        ) from None


def joined(value: object) -> str:
    """A value as text, for formats without lists: items joined by `|`."""
    return "|".join(value) if isinstance(value, list) else str(value)
