"""Owns the export to node-link JSON, which `networkx.node_link_graph` and D3 open.

{"directed": true, "multigraph": true, "graph": {"software": "kg 0.1.0"},
 "nodes": [{"id": "method/bert", "type": "Method", "label": "BERT", "aliases": []}, …],
 "edges": [{"source": "paper/1810.04805", "target": "method/bert", "key": "introduces",
            "confidence": 0.98, "evidence": [{"field": "abstract", "start": 57, …}]}, …]}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from kg.export.rows import edge_row, evidence_row, node_row
from kg.model import Graph, Statement
from kg.rdf import nodes


def export(graph: Graph, stream: BinaryIO, *, evidence: bool = True) -> None:
    """Write one JSON object, a node or an edge a line."""
    stream.write(b'{"directed": true, "multigraph": true, "graph": ')
    stream.write(_dump(graph.metadata()))
    stream.write(b',\n"nodes": [')
    _write_all(stream, (node_row(node, thing) for node, thing in nodes(graph)))
    stream.write(b'],\n"edges": [')
    _write_all(stream, (_edge(row, evidence) for row in graph.statements()))
    stream.write(b"]}\n")


def _edge(row: Statement, evidence: bool) -> dict[str, Any]:
    flat = edge_row(row)
    edge = {"source": flat["subject"], "target": flat["object"], "key": flat["relation"]}
    edge |= {"confidence": flat["confidence"], "origin": flat["origin"]}
    if evidence:
        edge["evidence"] = [evidence_row(one) for one in row.evidence]
    return edge


def _write_all(stream: BinaryIO, rows: Iterable[Mapping[str, Any]]) -> None:
    between = b"\n"
    for row in rows:
        stream.write(between + _dump(row))
        between = b",\n"


def _dump(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")
