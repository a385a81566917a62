"""Owns the export to Cypher, for `cypher-shell` and other property-graph databases.

    CREATE CONSTRAINT kg_id IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE;
    MERGE (n:Thing {id: 'method/bert'}) SET n:Method, n.label = 'BERT';
    MATCH (a:Thing {id: 'paper/1810.04805'}), (b:Thing {id: 'method/bert'})
      MERGE (a)-[r:INTRODUCES]->(b) SET r.confidence = 0.98;

Run a second time, it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, BinaryIO

from kg.export.rows import edge_row, node_row, utf8
from kg.model import Graph
from kg.rdf import nodes

_ESCAPED = re.compile(r"[\\'\x00-\x1f\x7f\u2028\u2029]")
_KEPT = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def export(graph: Graph, stream: BinaryIO) -> None:
    """Write one statement a line: a constraint, then the nodes, then the edges."""
    stream.write(b"CREATE CONSTRAINT kg_id IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE;\n")
    for id_, thing in nodes(graph):
        row = node_row(id_, thing)
        settings = _settings("n", {k: v for k, v in row.items() if k not in ("id", "type")})
        line = f"MERGE (n:Thing {{id: {_value(id_)}}}) SET n:{row['type']}{settings};\n"
        stream.write(utf8(line))
    for statement in graph.statements():
        row = edge_row(statement)
        ends = (
            f"(a:Thing {{id: {_value(row['subject'])}}}), (b:Thing {{id: {_value(row['object'])}}})"
        )
        settings = _settings("r", {k: row[k] for k in ("confidence", "origin", "mentions")})
        edge = f"MERGE (a)-[r:{relationship_type(statement.relation)}]->(b) SET {settings[2:]}"
        stream.write(utf8(f"MATCH {ends} {edge};\n"))


def relationship_type(relation: str) -> str:
    """A relation as Neo4j writes types: `evaluatesOn` is `EVALUATES_ON`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", relation).upper()


def _settings(variable: str, row: Mapping[str, Any]) -> str:
    return "".join(f", {variable}.{key} = {_value(value)}" for key, value in row.items())


def _value(value: object) -> str:
    """A Cypher literal: a string, a number, or a list of strings."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, int | float):
        return repr(value)
    return f"'{_ESCAPED.sub(_escape, str(value))}'"


def _escape(found: re.Match[str]) -> str:
    return _KEPT.get(found[0], f"\\u{ord(found[0]):04x}")
