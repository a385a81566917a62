"""Owns the published contract in `schemas/`: all of it follows from the tables of `kg/schema.py`.

    python -m kg.ontology schemas      writes it anew; a test compares

Ontology and shapes are written as text, in the order of the tables, so that a change of a row is
a change of a line.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from kg.ontology.context import Context
from kg.ontology.extract import extract_schema
from kg.ontology.owl import ontology
from kg.ontology.shapes import shapes

__all__ = ["Context", "documents", "ontology", "shapes", "write"]


def documents() -> dict[str, str]:
    """Every file of `schemas/`: its path there, and its text."""
    queries = files("kg.query").joinpath("questions")
    found = {
        "ontology.ttl": ontology(),
        "shapes.ttl": shapes(),
        "context.jsonld": _json({"@context": Context().document()}),
        "extract.schema.json": _json(extract_schema()),
    }
    for file in sorted(queries.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".rq"):
            found[f"queries/{file.name}"] = file.read_text(encoding="utf-8")
    return found


def write(folder: Path) -> None:
    """Write every document into `folder`."""
    for name, text in documents().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
