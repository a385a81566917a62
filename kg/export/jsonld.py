"""Owns the export to JSON-LD, compacted with the context that `schemas/context.jsonld` publishes.

{"@context": {…},
 "@graph": [
{"@id": "method/bert", "@type": ["Method", "lpwc:method", "mls:Algorithm"],
 "skos:prefLabel": "BERT", "introducedBy": "paper/1810.04805"},
…]}
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any, BinaryIO

from pyoxigraph import Literal, NamedNode, Triple

from kg.model import Graph
from kg.ontology.context import Context
from kg.rdf import triples
from kg.schema import DEFAULT_BASE
from kg.terms import RDF

_TYPE = RDF + "type"


def export(
    graph: Graph, stream: BinaryIO, *, base: str = DEFAULT_BASE, evidence: bool = True
) -> None:
    """Write one JSON object, whose `@graph` has a node a line."""
    context = Context(base)
    stream.write(b'{"@context": ' + _dump(context.document()) + b',\n"@graph": [')
    between = b"\n"
    rows = triples(graph, base=base, evidence=evidence)
    for subject, about in groupby(rows, key=lambda triple: triple.subject):
        assert isinstance(subject, NamedNode)
        stream.write(between + _dump(_node(context, subject.value, list(about))))
        between = b",\n"
    stream.write(b"\n]}\n")


def _node(context: Context, subject: str, about: list[Triple]) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": context.relative(subject)}
    for triple in about:
        if triple.predicate.value == _TYPE:
            assert isinstance(triple.object, NamedNode)
            key, value = "@type", context.name(triple.object.value)
        else:
            key = context.name(triple.predicate.value)
            value = _object(context, key, triple.object)
        if key not in node:
            node[key] = value
        elif isinstance(node[key], list):
            node[key].append(value)
        else:
            node[key] = [node[key], value]
    return node


def _object(context: Context, key: str, term: object) -> Any:
    """The value as plain as the context lets it be."""
    expected = context.type_of(key)
    if isinstance(term, NamedNode):
        if expected == "@id":
            return context.relative(term.value)
        return {"@id": context.relative(term.value)}
    assert isinstance(term, Literal)
    datatype = context.name(term.datatype.value)
    if expected == datatype or (expected is None and datatype == "xsd:string"):
        return term.value
    return {"@value": term.value, "@type": datatype}


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
