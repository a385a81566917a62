"""Owns the export to GraphML, for yEd, igraph, networkx and others.

<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="n_label" for="node" attr.name="label" attr.type="string"/>
  <graph edgedefault="directed">
    <node id="method/bert"><data key="n_label">BERT</data></node>
    <edge source="paper/1810.04805" target="method/bert">
      <data key="e_relation">introduces</data>
    </edge>
  </graph>
</graphml>
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from lxml import etree

from kg.export.rows import EDGE_COLUMNS, NODE_COLUMNS, edge_row, node_row
from kg.export.xml import element, xml_document
from kg.model import Graph
from kg.rdf import nodes

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_TYPES = {str: "string", int: "long", float: "double", list: "string"}
_NODE = [name for name in NODE_COLUMNS if name != "id"]
_EDGE = [name for name in EDGE_COLUMNS if name not in ("subject", "object")]


def export(graph: Graph, stream: BinaryIO) -> None:
    """Write one directed graph; lists are joined by `|`."""
    with xml_document(stream, "graphml", _NAMESPACE) as out:
        for prefix, names, columns in (("n", _NODE, NODE_COLUMNS), ("e", _EDGE, EDGE_COLUMNS)):
            for name in names:
                out.write(_key(prefix, name, columns[name]))
        with out.element("graph", edgedefault="directed"):
            for id_, thing in nodes(graph):
                out.write(_item("node", {"id": id_}, "n", _NODE, node_row(id_, thing)))
            for statement in graph.statements():
                row = edge_row(statement)
                ends = {"source": row["subject"], "target": row["object"]}
                out.write(_item("edge", ends, "e", _EDGE, row))


def _key(prefix: str, name: str, type_: type) -> etree._Element:
    which = "node" if prefix == "n" else "edge"
    attributes = {"id": f"{prefix}_{name}", "for": which, "attr.name": name}
    return element("key", attributes | {"attr.type": _TYPES[type_]})


def _item(
    tag: str, attributes: dict[str, str], prefix: str, names: list[str], row: Mapping[str, Any]
) -> etree._Element:
    item = element(tag, attributes)
    for name in names:
        if name in row:
            item.append(element("data", {"key": f"{prefix}_{name}"}, row[name]))
    return item
