"""Owns the export to a folder of CSV for `neo4j-admin database import`.

nodes.csv           id:ID,:LABEL,label,aliases:string[],…
relationships.csv   :START_ID,:TYPE,:END_ID,confidence:double,origin,mentions:long

neo4j-admin database import full kg --multiline-fields=true
    --nodes=graph-neo4j/nodes.csv --relationships=graph-neo4j/relationships.csv
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.export.cypher import relationship_type
from kg.export.rows import EDGE_COLUMNS, NODE_COLUMNS, edge_row, node_row
from kg.export.tables import write_csv
from kg.model import Graph
from kg.rdf import nodes

_DELIMITER = ";"  # between the items of a list, unless told otherwise with --array-delimiter
_SUFFIXES = {str: "", int: ":long", float: ":double", list: ":string[]"}
_NODES = {"id": "id:ID", "type": ":LABEL"}
_EDGES = {"subject": ":START_ID", "relation": ":TYPE", "object": ":END_ID"}


def export(graph: Graph, folder: Path) -> None:
    """Write the two tables, whose headers say the types."""
    headers = {key: _NODES.get(key, key + _SUFFIXES[type_]) for key, type_ in NODE_COLUMNS.items()}
    write_csv(folder / "nodes.csv", list(headers.values()), _nodes(graph, headers))
    headers = {key: _EDGES.get(key, key + _SUFFIXES[type_]) for key, type_ in EDGE_COLUMNS.items()}
    write_csv(folder / "relationships.csv", list(headers.values()), _edges(graph, headers))


def _nodes(graph: Graph, headers: dict[str, str]) -> Iterator[dict[str, Any]]:
    for id_, thing in nodes(graph):
        row = node_row(id_, thing)
        row["type"] = f"Thing;{row['type']}"
        yield {headers[key]: _plain(value) for key, value in row.items()}


def _edges(graph: Graph, headers: dict[str, str]) -> Iterator[dict[str, Any]]:
    for statement in graph.statements():
        row = edge_row(statement)
        row["relation"] = relationship_type(statement.relation)
        yield {headers[key]: value for key, value in row.items()}


def _plain(value: object) -> object:
    """A list as neo4j-admin splits it; a delimiter inside an item, it could not tell apart."""
    if isinstance(value, list):
        return _DELIMITER.join(item.replace(_DELIMITER, ",") for item in value)
    return value
