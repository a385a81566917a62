"""Owns the triples of the nodes themselves: papers and entities with their labels and metadata."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from kg.model import Entity, Paper, Source
from kg.rdf.names import ANY_URI, COUNT, Names, address, date, decimal, text, typed
from kg.schema import FABIO, IDENTIFIER_URLS, LPWC_P, MLS, NAMESPACE, NODE_TYPES, SCHEMA_ORG
from kg.terms import DC, DCTERMS, FOAF, PRISM, PROV, RDF, SKOS

TYPE = NamedNode(RDF + "type")
_CLASSES = {
    name: tuple(NamedNode(iri) for iri in (NAMESPACE + name, *row.parents))
    for name, row in NODE_TYPES.items()
}
_IDENTIFIER, _TITLE = NamedNode(DCTERMS + "identifier"), NamedNode(DCTERMS + "title")
_ABSTRACT, _ISSUED = NamedNode(DCTERMS + "abstract"), NamedNode(DCTERMS + "issued")
_CREATOR, _VENUE = NamedNode(DC + "creator"), NamedNode(PRISM + "publicationName")
_ORGANIZATION = NamedNode(SCHEMA_ORG + "sourceOrganization")
_AUTHORS, _UPVOTES = NamedNode(NAMESPACE + "authorCount"), NamedNode(NAMESPACE + "upvotes")
_PAGE, _HOMEPAGE = NamedNode(FOAF + "page"), NamedNode(FOAF + "homepage")
_DERIVED, _IS_PART_OF = NamedNode(PROV + "wasDerivedFrom"), NamedNode(DCTERMS + "isPartOf")
_PREFERRED, _OTHER = NamedNode(SKOS + "prefLabel"), NamedNode(SKOS + "altLabel")
_EXACT_MATCH, _SUBJECT_OF = NamedNode(SKOS + "exactMatch"), NamedNode(SCHEMA_ORG + "subjectOf")
_PLAIN = {"arxiv": NamedNode(FABIO + "hasArXivId"), "doi": NamedNode(PRISM + "doi")}
_STATUS = NamedNode(NAMESPACE + "linkStatus")
_REPOSITORY = NamedNode(SCHEMA_ORG + "codeRepository")
_HAS_URL = NamedNode(FABIO + "hasURL")
_METRIC_VALUE, _VALUE = NamedNode(LPWC_P + "metricValue"), NamedNode(MLS + "hasValue")
# Properties of entities that are kept as text, by key: our own term for each.
_OWN = {
    key: NamedNode(NAMESPACE + name)
    for key, name in {
        "unit": "unit",
        "kind": "kind",
        "better": "better",
        "host": "host",
    }.items()
}
# What names a publication: on anything but a paper it names what was written about the thing.
_PUBLICATIONS = frozenset(
    ("acl", "arxiv", "dblp", "doi", "openalex", "openreview", "pmcid", "pmid", "s2")
)
_LINKED = frozenset(("Method", "Dataset", "Task", "Metric"))  # the types that names are linked to


def paper_triples(names: Names, paper: Paper) -> Iterator[Triple]:
    """One paper: what it is called, when and where it appeared, where it was read."""
    node = names.node(f"paper/{paper.id}")
    for class_ in _CLASSES["Paper"]:
        yield Triple(node, TYPE, class_)
    yield Triple(node, _IDENTIFIER, text(paper.id))
    yield Triple(node, _TITLE, text(paper.title))
    if paper.abstract:
        yield Triple(node, _ABSTRACT, text(paper.abstract))
    yield from _metadata(node, paper)
    yield from _identifiers(node, paper.identifiers, "Paper")
    for source in dict.fromkeys(paper.sources):
        yield Triple(node, _DERIVED, _place(names, source))


def place_triples(names: Names, paper: Paper) -> Iterator[Triple]:
    """Which source each place is in that the paper was read at."""
    for source in dict.fromkeys(paper.sources):
        yield Triple(_place(names, source), _IS_PART_OF, names.node(f"source/{source.file}"))


def _metadata(node: NamedNode, paper: Paper) -> Iterator[Triple]:
    if paper.published:
        yield Triple(node, _ISSUED, date(paper.published))
    for author in dict.fromkeys(paper.authors):
        yield Triple(node, _CREATOR, text(author))
    for predicate, count in ((_AUTHORS, paper.author_count), (_UPVOTES, paper.upvotes)):
        if count is not None and count >= 0:
            yield Triple(node, predicate, typed(str(count), COUNT))
    for predicate, value in ((_VENUE, paper.venue), (_ORGANIZATION, paper.organization)):
        if value:
            yield Triple(node, predicate, text(value))
    if paper.url and (page := address(paper.url)):
        yield Triple(node, _PAGE, page)


def _place(names: Names, source: Source) -> NamedNode:
    """A line of a source, from 1."""
    return names.iri(f"source/{source.file}/line/{source.line}")


def entity_triples(names: Names, entity: Entity) -> Iterator[Triple]:
    """One entity: its names, identifiers, and what a result or repository has beside them."""
    node = names.node(entity.id)
    for class_ in _CLASSES[entity.type]:
        yield Triple(node, TYPE, class_)
    yield Triple(node, _PREFERRED, text(entity.name))
    for alias in dict.fromkeys(entity.aliases):
        if alias != entity.name:
            yield Triple(node, _OTHER, text(alias))
    if entity.type in _LINKED:
        yield Triple(node, _STATUS, text(entity.link_status))
    yield from _identifiers(node, entity.identifiers, entity.type)
    for key, value in entity.properties:
        yield from _property(node, key, str(value))


def _identifiers(
    node: NamedNode, identifiers: tuple[tuple[str, str], ...], type_: str
) -> Iterator[Triple]:
    for scheme, value in identifiers:
        if type_ == "Paper" and scheme in _PLAIN:
            yield Triple(node, _PLAIN[scheme], text(value))
    for scheme, value in identifiers:
        target = address(IDENTIFIER_URLS.get(scheme, "{}").format(value))
        if target is None:
            yield Triple(node, _IDENTIFIER, text(f"{scheme}:{value}"))
        elif scheme == "homepage":
            yield Triple(node, _HOMEPAGE, target)
        elif scheme in _PUBLICATIONS and type_ != "Paper":
            yield Triple(node, _SUBJECT_OF, target)
        else:
            yield Triple(node, _EXACT_MATCH, target)


def _property(node: NamedNode, key: str, value: str) -> Iterator[Triple]:
    if key == "value":
        yield Triple(node, _METRIC_VALUE, text(value))
    elif key == "number":
        if (number := decimal(value)) is not None:
            yield Triple(node, _VALUE, number)
    elif key == "url":
        if (place := address(value)) is not None:
            yield Triple(node, _REPOSITORY, place)
            yield Triple(node, _HAS_URL, typed(place.value, ANY_URI))
    elif key in _OWN:
        yield Triple(node, _OWN[key], text(value))
