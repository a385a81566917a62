"""Owns the export to the concrete syntaxes of RDF, all but N-Triples written by Oxigraph.

Turtle, one subject after the other:

    method:bert a kg:Method , lpwc:method , mls:Algorithm ;
        skos:prefLabel "BERT" ;
        kg:introducedBy paper:1810.04805 .
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.export.streams import MendedXml, SortedHeader
from kg.export.xml import checked
from kg.model import Graph
from kg.rdf import evidence_lines, lines, parsed, triples
from kg.schema import DEFAULT_BASE
from kg.terms import written_prefixes


def turtle(
    graph: Graph, stream: BinaryIO, *, base: str = DEFAULT_BASE, evidence: bool = True
) -> None:
    """Write Turtle: subjects in the order of the graph, with prefixes for people."""
    rows = triples(graph, base=base, evidence=evidence)
    _serialize(rows, SortedHeader(stream), RdfFormat.TURTLE, base)


def ntriples(
    graph: Graph, stream: BinaryIO, *, base: str = DEFAULT_BASE, evidence: bool = True
) -> None:
    """Write N-Triples: one triple a line, nothing abbreviated."""
    chunks = lines(graph, base=base, evidence=evidence)
    while several := list(islice(chunks, 64)):
        stream.write("".join(several).encode())


def trig(
    graph: Graph, stream: BinaryIO, *, base: str = DEFAULT_BASE, evidence: bool = True
) -> None:
    """Write TriG: the graph as the default graph, its evidence in `<base>graph/evidence`."""
    _serialize(_quads(graph, base, evidence), SortedHeader(stream), RdfFormat.TRIG, base)


def _quads(graph: Graph, base: str, evidence: bool) -> Iterator[Quad]:
    for triple in triples(graph, base=base, evidence=False):
        yield Quad(triple.subject, triple.predicate, triple.object)
    if evidence:
        name = NamedNode(base + "graph/evidence")
        for triple in parsed(evidence_lines(graph, base=base)):
            yield Quad(triple.subject, triple.predicate, triple.object, name)


def rdfxml(
    graph: Graph, stream: BinaryIO, *, base: str = DEFAULT_BASE, evidence: bool = True
) -> None:
    """Write RDF/XML.  Raises `KgError` for characters that XML has no way to write."""
    rows = _writable_in_xml(triples(graph, base=base, evidence=evidence))
    prefixes = written_prefixes(base)
    out = cast(BinaryIO, MendedXml(stream))  # all of it that Oxigraph asks of one
    serialize(rows, out, RdfFormat.RDF_XML, prefixes=prefixes)


def _writable_in_xml(rows: Iterable[Triple]) -> Iterator[Triple]:
    for triple in rows:
        value = triple.object
        if isinstance(value, Literal):
            checked(value.value)
        yield triple


def _serialize(
    rows: Iterable[Triple] | Iterable[Quad], stream: SortedHeader, format_: RdfFormat, base: str
) -> None:
    serialize(rows, cast(BinaryIO, stream), format_, prefixes=written_prefixes(base))
    stream.close()
