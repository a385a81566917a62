"""Owns the graph as RDF: the one place that turns papers, entities and statements into triples.

A statement is a plain triple, and beside it a resource that says how sure it is and why:

    paper:1810.04805 kg:introduces method:bert .

    statement:paper/1810.04805/introduces/method/bert a rdf:Statement ;
        rdf:subject paper:1810.04805 ; rdf:predicate kg:introduces ; rdf:object method:bert ;
        kg:confidence 0.98 ; kg:origin "extracted" ;
        prov:wasDerivedFrom span:1810.04805/abstract/57-61 .

    mention:1810.04805/abstract/57-61/method/bert a oa:Annotation ;
        oa:hasBody method:bert ; oa:hasTarget span:1810.04805/abstract/57-61 ; …

The span has an `oa:TextPositionSelector` and an `oa:TextQuoteSelector`; the quote's prefix, exact
text and suffix, put together, are the sentence.  Every resource has an IRI that follows from the
graph alone: no blank nodes, no counters.  `docs/rdf.md` gives the reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import TYPE_CHECKING, BinaryIO, cast

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.model import Entity, Graph, Paper, Statement
from kg.rdf.evidence import plain_triples, reason_triples, text_triples
from kg.rdf.names import Names
from kg.rdf.nodes import entity_triples, paper_triples, place_triples
from kg.rdf.provenance import extractor_triples, provenance_triples
from kg.schema import DEFAULT_BASE
from kg.terms import XSD, written_prefixes

if TYPE_CHECKING:
    import rdflib


def lines(graph: Graph, *, base: str = DEFAULT_BASE, evidence: bool = True) -> Iterator[str]:
    """The graph as lines of N-Triples, node by node in the order of their ids, in constant memory.

    With `evidence` the edges of each node are followed by their confidence, spans and mentions.
    A chunk is one line or several.  Raises `KgError` for text that no format of RDF can hold (half
    of a surrogate pair), and for a base that no IRI can be made under.
    """
    return _lines(graph, Names(base), evidence)


def _lines(graph: Graph, names: Names, evidence: bool) -> Iterator[str]:
    extractors: set[str] = set()
    edges = groupby(graph.statements(), key=lambda s: s.subject)
    subject, rows = next(edges, ("", iter(())))
    for node, thing in nodes(graph):
        held: list[Statement] = []
        if subject == node:
            held = list(rows)
            subject, rows = next(edges, ("", iter(())))
        yield from node_lines(names, thing, held, evidence, extractors)
    if subject:
        raise ValueError(f"edges of {subject!r}, which is no node or not in its order")
    yield from provenance_triples(names, graph.metadata())
    yield from extractor_triples(names, extractors)


def node_lines(
    names: Names,
    thing: Paper | Entity,
    held: Sequence[Statement],
    evidence: bool,
    extractors: set[str],
) -> Iterator[str]:
    """One node with the edges that begin at it, in the order of their ends; adds the extractors
    that they rest on to `extractors`."""
    if isinstance(thing, Paper):
        yield from paper_triples(names, thing)
    else:
        yield from entity_triples(names, thing)
    for row in held:
        yield from plain_triples(names, row)
    if isinstance(thing, Paper):
        yield from place_triples(names, thing)
        if evidence:
            yield from text_triples(names, thing)
    if evidence:
        yield from reason_triples(names, held, extractors)


def evidence_lines(graph: Graph, *, base: str = DEFAULT_BASE) -> Iterator[str]:
    """What `lines` gives beyond the bare graph, on its own."""
    names = Names(base)
    extractors: set[str] = set()
    for paper in graph.papers():
        yield from text_triples(names, paper)
    for _, rows in groupby(graph.statements(), key=lambda s: s.subject):
        yield from reason_triples(names, rows, extractors)
    yield from extractor_triples(names, extractors)


def triples(graph: Graph, *, base: str = DEFAULT_BASE, evidence: bool = True) -> Iterator[Triple]:
    """The graph as triples of Oxigraph; see `lines`."""
    return parsed(lines(graph, base=base, evidence=evidence))


def parsed(chunks: Iterator[str]) -> Iterator[Triple]:
    """Lines of N-Triples as Oxigraph reads them."""
    stream = cast(BinaryIO, Readable(chunks))  # all of it that Oxigraph asks of one
    return (quad.triple for quad in parse(stream, RdfFormat.N_TRIPLES))


class Readable:
    """Chunks of text as a stream of bytes to read from."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks, self._rest = chunks, b""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; none at the end."""
        while not self._rest:
            if not (several := list(islice(self._chunks, 64))):
                return b""
            self._rest = "".join(several).encode()
        found, self._rest = (
            (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        )
        return found


def to_rdflib(graph: Graph, *, base: str = DEFAULT_BASE, evidence: bool = True) -> rdflib.Graph:
    """The graph as an rdflib Graph, for people and their other libraries; all of it in memory."""
    import rdflib

    found = rdflib.Graph()
    for prefix, iri in written_prefixes(base).items():
        found.bind(prefix, iri)
    for row in triples(graph, base=base, evidence=evidence):
        found.add((_rdflib(row.subject), _rdflib(row.predicate), _rdflib(row.object)))
    return found


def _rdflib(term: object) -> rdflib.URIRef | rdflib.Literal:
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    assert isinstance(term, Literal)
    plain = term.datatype.value == XSD + "string"
    return rdflib.Literal(
        term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value)
    )


def nodes(graph: Graph) -> Iterator[tuple[str, Paper | Entity]]:
    """Papers and entities as one stream of (id, value), by id."""
    papers = ((f"paper/{paper.id}", paper) for paper in graph.papers())
    entities = ((entity.id, entity) for entity in graph.entities())
    return merge(papers, entities, key=lambda pair: pair[0])
