"""Owns the export to GEXF 1.3, which Gephi opens.

<gexf xmlns="http://gexf.net/1.3" version="1.3">
  <graph defaultedgetype="directed">
    <attributes class="node"><attribute id="type" title="type" type="string"/></attributes>
    <nodes>
      <node id="method/bert" label="BERT">
        <attvalues><attvalue for="type" value="Method"/></attvalues>
      </node>
    </nodes>
    <edges>
      <edge id="0" source="paper/1810.04805" target="method/bert" label="introduces"/>
    </edges>
  </graph>
</gexf>
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from lxml import etree

from kg.export.rows import EDGE_COLUMNS, NODE_COLUMNS, edge_row, joined, node_row
from kg.export.xml import element, xml_document
from kg.model import Graph
from kg.rdf import nodes

_NAMESPACE = "http://gexf.net/1.3"
_TYPES = {str: "string", int: "long", float: "double", list: "string"}
_NODE = {name: type_ for name, type_ in NODE_COLUMNS.items() if name not in ("id", "label")}
_EDGE = {name: type_ for name, type_ in EDGE_COLUMNS.items() if name not in ("subject", "object")}


def export(graph: Graph, stream: BinaryIO) -> None:
    """Write one directed graph; an edge's weight is its confidence, lists are joined by `|`."""
    with (
        xml_document(stream, "gexf", _NAMESPACE, version="1.3") as out,
        out.element("graph", defaultedgetype="directed"),
    ):
        for class_, columns in (("node", _NODE), ("edge", _EDGE)):
            out.write(_declared(class_, columns))
        with out.element("nodes"):
            for id_, thing in nodes(graph):
                row = node_row(id_, thing)
                out.write(_item("node", {"id": id_, "label": row.get("label", id_)}, _NODE, row))
        with out.element("edges"):
            for number, statement in enumerate(graph.statements()):
                row = edge_row(statement)
                ends = {"id": str(number), "source": row["subject"], "target": row["object"]}
                # An edge of weight 0 is none to Gephi.
                weight = {"label": row["relation"], "weight": str(max(row["confidence"], 0.0001))}
                out.write(_item("edge", ends | weight, _EDGE, row))


def _declared(class_: str, columns: Mapping[str, type]) -> etree._Element:
    group = element("attributes", {"class": class_})
    for name, type_ in columns.items():
        group.append(element("attribute", {"id": name, "title": name, "type": _TYPES[type_]}))
    return group


def _item(
    tag: str, attributes: dict[str, str], columns: Mapping[str, type], row: Mapping[str, Any]
) -> etree._Element:
    item = element(tag, attributes)
    values = element("attvalues", {})
    for name in columns:
        if name in row:
            values.append(element("attvalue", {"for": name, "value": joined(row[name])}))
    item.append(values)
    return item
