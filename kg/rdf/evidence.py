"""Owns the triples of edges: the plain statement, how sure it is, and the spans that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from kg.model import Evidence, Paper, Statement
from kg.rdf.names import COUNT, Names, confidence, text, typed
from kg.rdf.nodes import TYPE
from kg.schema import NAMESPACE, NODE_TYPES, OBJECT_PARENTS, RELATIONS
from kg.terms import DCTERMS, OA, PROV, RDF

_RELATIONS = {
    name: tuple(NamedNode(iri) for iri in (NAMESPACE + name, *row.parents))
    for name, row in RELATIONS.items()
}
_OF_OBJECT = {
    (relation, NODE_TYPES[type_].segment): tuple(NamedNode(iri) for iri in parents)
    for (relation, type_), parents in OBJECT_PARENTS.items()
}
_STATEMENT, _SUBJECT = NamedNode(RDF + "Statement"), NamedNode(RDF + "subject")
_PREDICATE, _OBJECT = NamedNode(RDF + "predicate"), NamedNode(RDF + "object")
_CONFIDENCE, _ORIGIN = NamedNode(NAMESPACE + "confidence"), NamedNode(NAMESPACE + "origin")
_DERIVED, _ATTRIBUTED = NamedNode(PROV + "wasDerivedFrom"), NamedNode(PROV + "wasAttributedTo")
_ANNOTATION, _BODY = NamedNode(OA + "Annotation"), NamedNode(OA + "hasBody")
_TARGET, _MOTIVE = NamedNode(OA + "hasTarget"), NamedNode(OA + "motivatedBy")
_IDENTIFYING, _SPECIFIC = NamedNode(OA + "identifying"), NamedNode(OA + "SpecificResource")
_SOURCE, _SELECTOR = NamedNode(OA + "hasSource"), NamedNode(OA + "hasSelector")
_POSITION, _QUOTE = NamedNode(OA + "TextPositionSelector"), NamedNode(OA + "TextQuoteSelector")
_START, _END, _EXACT = NamedNode(OA + "start"), NamedNode(OA + "end"), NamedNode(OA + "exact")
_PREFIX, _SUFFIX = NamedNode(OA + "prefix"), NamedNode(OA + "suffix")
_TEXT, _TEXT_PROPERTY = NamedNode(NAMESPACE + "Text"), NamedNode(NAMESPACE + "textProperty")
_IS_PART_OF = NamedNode(DCTERMS + "isPartOf")
_FIELDS = {name: NamedNode(DCTERMS + name) for name in ("title", "abstract")}


def plain_triples(names: Names, row: Statement) -> Iterator[Triple]:
    """The edge itself, in our term and in those of others that it implies."""
    subject, object_ = names.node(row.subject), names.node(row.object)
    for predicate in _RELATIONS[row.relation]:
        yield Triple(subject, predicate, object_)
    for predicate in _OF_OBJECT.get((row.relation, row.object.partition("/")[0]), ()):
        yield Triple(subject, predicate, object_)


def text_triples(names: Names, paper: Paper) -> Iterator[Triple]:
    """The texts of a paper that spans are spans of, and which of its properties holds each."""
    for field in ("title", "abstract") if paper.abstract else ("title",):
        node = names.iri(f"text/{paper.id}/{field}")
        yield Triple(node, TYPE, _TEXT)
        yield Triple(node, _IS_PART_OF, names.node(f"paper/{paper.id}"))
        yield Triple(node, _TEXT_PROPERTY, _FIELDS[field])


def reason_triples(
    names: Names, rows: Iterable[Statement], extractors: set[str]
) -> Iterator[Iterable[Triple]]:
    """What the edges of one subject rest on, in runs of triples; adds the extractors met to `extractors`.

    A derived edge carries the evidence of others, and the edges of a result that of the `reports`
    which leads to it: there the span is named, and described where it comes from.
    """
    described: set[str] = set()
    for row in rows:
        spans = _by_span(names, row.evidence)
        yield _statement(names, row, spans)
        if row.origin == "derived" or row.subject.startswith("result/"):
            continue
        for span, one in spans.items():
            if row.subject == one.paper:
                yield _mention(names, one, span, row.object)
                extractors.add(one.extractor)
            if span not in described:
                described.add(span)
                yield _span(names, one, span)


def _by_span(names: Names, evidence: Iterable[Evidence]) -> dict[str, Evidence]:
    """Each span once, by what its IRI has after `span/`; of two extractors' the first."""
    found: dict[str, Evidence] = {}
    for one in evidence:
        paper = names.path(one.paper)[6:]  # less `paper/`
        found.setdefault(f"{paper}/{one.field}/{one.start}-{one.end}", one)
    return found


def _statement(names: Names, row: Statement, spans: Iterable[str]) -> list[Triple]:
    ends = f"{names.path(row.subject)}/{row.relation}/{names.path(row.object)}"
    node = NamedNode(f"{names.base}statement/{ends}")
    triples = [
        Triple(node, TYPE, _STATEMENT),
        Triple(node, _SUBJECT, names.node(row.subject)),
        Triple(node, _PREDICATE, _RELATIONS[row.relation][0]),
        Triple(node, _OBJECT, names.node(row.object)),
        Triple(node, _CONFIDENCE, confidence(row.confidence)),
        Triple(node, _ORIGIN, text(row.origin)),
    ]
    start = f"{names.base}span/"
    triples += [Triple(node, _DERIVED, NamedNode(start + span)) for span in spans]
    return triples


def _mention(names: Names, one: Evidence, span: str, body: str) -> list[Triple]:
    node = NamedNode(f"{names.base}mention/{span}/{names.path(body)}")
    triples = [
        Triple(node, TYPE, _ANNOTATION),
        Triple(node, _BODY, names.node(body)),
        Triple(node, _TARGET, NamedNode(f"{names.base}span/{span}")),
        Triple(node, _MOTIVE, _IDENTIFYING),
        Triple(node, _CONFIDENCE, confidence(one.confidence)),
    ]
    if one.extractor:
        triples.append(Triple(node, _ATTRIBUTED, names.node(f"extractor/{one.extractor}")))
    return triples


def _span(names: Names, one: Evidence, id_: str) -> tuple[Triple, ...]:
    iri = f"{names.base}span/{id_}"
    span, position, quoted = NamedNode(iri), NamedNode(iri + "/position"), NamedNode(iri + "/quote")
    before = one.start - one.sentence_start
    return (
        Triple(span, TYPE, _SPECIFIC),
        Triple(span, _SOURCE, names.node(f"text/{one.paper[6:]}/{one.field}")),
        Triple(span, _SELECTOR, position),
        Triple(span, _SELECTOR, quoted),
        Triple(position, TYPE, _POSITION),
        Triple(position, _START, typed(str(one.start), COUNT)),
        Triple(position, _END, typed(str(one.end), COUNT)),
        Triple(quoted, TYPE, _QUOTE),
        Triple(quoted, _PREFIX, text(one.sentence[:before])),
        Triple(quoted, _EXACT, text(one.quote)),
        Triple(quoted, _SUFFIX, text(one.sentence[before + len(one.quote) :])),
    )
