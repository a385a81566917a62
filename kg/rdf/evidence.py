"""Owns the triples of edges: the plain statement, how sure it is, and the spans that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.model import Evidence, Paper, Statement
from kg.rdf.names import COUNT, Names, confidence, line, term, text, typed
from kg.rdf.nodes import TYPE
from kg.schema import NAMESPACE, NODE_TYPES, OBJECT_PARENTS, RELATIONS
from kg.terms import DCTERMS, OA, PROV, RDF

_RELATIONS = {
    name: tuple(term(iri) for iri in (NAMESPACE + name, *row.parents))
    for name, row in RELATIONS.items()
}
_OF_OBJECT = {
    (relation, NODE_TYPES[type_].segment): tuple(term(iri) for iri in parents)
    for (relation, type_), parents in OBJECT_PARENTS.items()
}
_STATEMENT, _SUBJECT = term(RDF + "Statement"), term(RDF + "subject")
_PREDICATE, _OBJECT = term(RDF + "predicate"), term(RDF + "object")
_CONFIDENCE, _ORIGIN = term(NAMESPACE + "confidence"), term(NAMESPACE + "origin")
_DERIVED, _ATTRIBUTED = term(PROV + "wasDerivedFrom"), term(PROV + "wasAttributedTo")
_ANNOTATION, _BODY = term(OA + "Annotation"), term(OA + "hasBody")
_TARGET, _MOTIVE = term(OA + "hasTarget"), term(OA + "motivatedBy")
_IDENTIFYING, _SPECIFIC = term(OA + "identifying"), term(OA + "SpecificResource")
_SOURCE, _SELECTOR = term(OA + "hasSource"), term(OA + "hasSelector")
_POSITION, _QUOTE = term(OA + "TextPositionSelector"), term(OA + "TextQuoteSelector")
_START, _END, _EXACT = term(OA + "start"), term(OA + "end"), term(OA + "exact")
_PREFIX, _SUFFIX = term(OA + "prefix"), term(OA + "suffix")
_TEXT, _TEXT_PROPERTY = term(NAMESPACE + "Text"), term(NAMESPACE + "textProperty")
_IS_PART_OF = term(DCTERMS + "isPartOf")
_FIELDS = {name: term(DCTERMS + name) for name in ("title", "abstract")}


def plain_triples(names: Names, row: Statement) -> Iterator[str]:
    """The edge itself, in our term and in those of others that it implies."""
    subject, object_ = names.node(row.subject), names.node(row.object)
    for predicate in _RELATIONS[row.relation]:
        yield line(subject, predicate, object_)
    for predicate in _OF_OBJECT.get((row.relation, row.object.partition("/")[0]), ()):
        yield line(subject, predicate, object_)


def text_triples(names: Names, paper: Paper) -> Iterator[str]:
    """The texts of a paper that spans are spans of, and which of its properties holds each."""
    for field in ("title", "abstract") if paper.abstract else ("title",):
        node = names.iri(f"text/{paper.id}/{field}")
        yield line(node, TYPE, _TEXT)
        yield line(node, _IS_PART_OF, names.node(f"paper/{paper.id}"))
        yield line(node, _TEXT_PROPERTY, _FIELDS[field])


def reason_triples(names: Names, rows: Iterable[Statement], extractors: set[str]) -> Iterator[str]:
    """What the edges of one subject rest on; adds the extractors met to `extractors`.

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


def _statement(names: Names, row: Statement, spans: Iterable[str]) -> str:
    ends = f"{names.path(row.subject)}/{row.relation}/{names.path(row.object)}"
    node = term(f"{names.base}statement/{ends}")
    triples = [
        line(node, TYPE, _STATEMENT),
        line(node, _SUBJECT, names.node(row.subject)),
        line(node, _PREDICATE, _RELATIONS[row.relation][0]),
        line(node, _OBJECT, names.node(row.object)),
        line(node, _CONFIDENCE, confidence(row.confidence)),
        line(node, _ORIGIN, text(row.origin)),
    ]
    start = f"{names.base}span/"
    triples += [line(node, _DERIVED, term(start + span)) for span in spans]
    return "".join(triples)


def _mention(names: Names, one: Evidence, span: str, body: str) -> str:
    node = term(f"{names.base}mention/{span}/{names.path(body)}")
    triples = [
        line(node, TYPE, _ANNOTATION),
        line(node, _BODY, names.node(body)),
        line(node, _TARGET, term(f"{names.base}span/{span}")),
        line(node, _MOTIVE, _IDENTIFYING),
        line(node, _CONFIDENCE, confidence(one.confidence)),
    ]
    if one.extractor:
        triples.append(line(node, _ATTRIBUTED, names.node(f"extractor/{one.extractor}")))
    return "".join(triples)


def _span(names: Names, one: Evidence, id_: str) -> str:
    span = f"<{names.base}span/{id_}"
    position, quoted = f"{span}/position>", f"{span}/quote>"
    source = names.node(f"text/{one.paper[6:]}/{one.field}")
    before = one.start - one.sentence_start
    prefix, suffix = one.sentence[:before], one.sentence[before + len(one.quote) :]
    return (
        f"{span}> {TYPE} {_SPECIFIC} .\n"
        f"{span}> {_SOURCE} {source} .\n"
        f"{span}> {_SELECTOR} {position} .\n"
        f"{span}> {_SELECTOR} {quoted} .\n"
        f"{position} {TYPE} {_POSITION} .\n"
        f"{position} {_START} {typed(str(one.start), COUNT)} .\n"
        f"{position} {_END} {typed(str(one.end), COUNT)} .\n"
        f"{quoted} {TYPE} {_QUOTE} .\n"
        f"{quoted} {_PREFIX} {text(prefix)} .\n"
        f"{quoted} {_EXACT} {text(one.quote)} .\n"
        f"{quoted} {_SUFFIX} {text(suffix)} .\n"
    )
