"""Owns the JSON Schema of a line of `kg extract`."""

from __future__ import annotations

from typing import Any

from kg.schema import ROLES

_NAME = {"type": ["string", "null"]}
_TEXT = {"type": "string"}
_PLACE = {"type": "integer", "minimum": 0}
_SURE = {"type": "number", "minimum": 0, "maximum": 1}
_FIELD = {"enum": ["title", "abstract"]}


def extract_schema() -> dict[str, Any]:
    """The schema of one line: a paper with its mentions, results and code addresses."""
    properties = {
        "id": _TEXT,
        "title": _TEXT,
        "abstract": _TEXT,
        "mentions": {"type": "array", "items": _mention()},
        "results": {"type": "array", "items": _result()},
        "code": {"type": "array", "items": _TEXT},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of kg extract",
        "description": "Offsets count Unicode code points in the field as given.",
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def _mention() -> dict[str, Any]:
    roles = sorted({role for roles in ROLES.values() for role in roles})
    properties = {
        "field": _FIELD,
        "start": _PLACE,
        "end": _PLACE,
        "text": _TEXT,
        "type": {"enum": list(ROLES)},
        "role": {"enum": [*roles, ""]},
        "entity": {"type": "string", "description": "The node's identifier, such as method/bert."},
        "name": {"type": "string", "description": "The node's canonical name."},
        "confidence": _SURE,
        "roleConfidence": _SURE,
        "extractor": _TEXT,
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _result() -> dict[str, Any]:
    properties = {
        "method": _NAME,
        "dataset": _NAME,
        "metric": _NAME,
        "task": _NAME,
        "value": {"type": "string", "description": "As written, with its unit."},
        "number": _TEXT,
        "unit": _TEXT,
        "kind": {"enum": ["absolute", "gain", "ratio"]},
        "better": {"enum": ["higher", "lower", ""]},
        "field": _FIELD,
        "start": _PLACE,
        "end": _PLACE,
        "confidence": _SURE,
    }
    return {
        "type": "object",
        "properties": properties,
        "required": ["method", "dataset", "metric", "value"],
    }
