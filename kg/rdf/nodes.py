"""Owns the triples of the nodes themselves: papers and entities with their labels and metadata."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Entity, Paper, Source
from kg.rdf.names import ANY_URI, COUNT, Names, address, date, decimal, line, term, text, typed
from kg.schema import FABIO, IDENTIFIER_URLS, LPWC_P, MLS, NAMESPACE, NODE_TYPES, SCHEMA_ORG
from kg.terms import DC, DCTERMS, FOAF, PRISM, PROV, RDF, SKOS

TYPE = term(RDF + "type")
_CLASSES = {
    name: tuple(term(iri) for iri in (NAMESPACE + name, *row.parents))
    for name, row in NODE_TYPES.items()
}
_IDENTIFIER, _TITLE = term(DCTERMS + "identifier"), term(DCTERMS + "title")
_ABSTRACT, _ISSUED = term(DCTERMS + "abstract"), term(DCTERMS + "issued")
_CREATOR, _VENUE = term(DC + "creator"), term(PRISM + "publicationName")
_ORGANIZATION = term(SCHEMA_ORG + "sourceOrganization")
_AUTHORS, _UPVOTES = term(NAMESPACE + "authorCount"), term(NAMESPACE + "upvotes")
_PAGE, _HOMEPAGE = term(FOAF + "page"), term(FOAF + "homepage")
_DERIVED, _IS_PART_OF = term(PROV + "wasDerivedFrom"), term(DCTERMS + "isPartOf")
_PREFERRED, _OTHER = term(SKOS + "prefLabel"), term(SKOS + "altLabel")
_EXACT_MATCH, _SUBJECT_OF = term(SKOS + "exactMatch"), term(SCHEMA_ORG + "subjectOf")
_PLAIN = {"arxiv": term(FABIO + "hasArXivId"), "doi": term(PRISM + "doi")}
_STATUS = term(NAMESPACE + "linkStatus")
_REPOSITORY = term(SCHEMA_ORG + "codeRepository")
_HAS_URL = term(FABIO + "hasURL")
_METRIC_VALUE, _VALUE = term(LPWC_P + "metricValue"), term(MLS + "hasValue")
# Properties of entities that are kept as text, by key: our own term for each.
_OWN = {
    key: term(NAMESPACE + name)
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


def paper_triples(names: Names, paper: Paper) -> Iterator[str]:
    """One paper: what it is called, when and where it appeared, where it was read."""
    node = names.node(f"paper/{paper.id}")
    for class_ in _CLASSES["Paper"]:
        yield line(node, TYPE, class_)
    yield line(node, _IDENTIFIER, text(paper.id))
    yield line(node, _TITLE, text(paper.title))
    if paper.abstract:
        yield line(node, _ABSTRACT, text(paper.abstract))
    yield from _metadata(node, paper)
    yield from _identifiers(node, paper.identifiers, "Paper")
    for source in dict.fromkeys(paper.sources):
        yield line(node, _DERIVED, _place(names, source))


def place_triples(names: Names, paper: Paper) -> Iterator[str]:
    """Which source each place is in that the paper was read at."""
    for source in dict.fromkeys(paper.sources):
        yield line(_place(names, source), _IS_PART_OF, names.node(f"source/{source.file}"))


def _metadata(node: str, paper: Paper) -> Iterator[str]:
    if paper.published:
        yield line(node, _ISSUED, date(paper.published))
    for author in dict.fromkeys(paper.authors):
        yield line(node, _CREATOR, text(author))
    for predicate, count in ((_AUTHORS, paper.author_count), (_UPVOTES, paper.upvotes)):
        if count is not None and count >= 0:
            yield line(node, predicate, typed(str(count), COUNT))
    for predicate, value in ((_VENUE, paper.venue), (_ORGANIZATION, paper.organization)):
        if value:
            yield line(node, predicate, text(value))
    if paper.url and (page := address(paper.url)):
        yield line(node, _PAGE, page)


def _place(names: Names, source: Source) -> str:
    """A line of a source, from 1."""
    return names.iri(f"source/{source.file}/line/{source.line}")


def entity_triples(names: Names, entity: Entity) -> Iterator[str]:
    """One entity: its names, identifiers, and what a result or repository has beside them."""
    node = names.node(entity.id)
    for class_ in _CLASSES[entity.type]:
        yield line(node, TYPE, class_)
    yield line(node, _PREFERRED, text(entity.name))
    for alias in dict.fromkeys(entity.aliases):
        if alias != entity.name:
            yield line(node, _OTHER, text(alias))
    if entity.type in _LINKED:
        yield line(node, _STATUS, text(entity.link_status))
    yield from _identifiers(node, entity.identifiers, entity.type)
    for key, value in entity.properties:
        yield from _property(node, key, str(value))


def _identifiers(node: str, identifiers: tuple[tuple[str, str], ...], type_: str) -> Iterator[str]:
    for scheme, value in identifiers:
        if type_ == "Paper" and scheme in _PLAIN:
            yield line(node, _PLAIN[scheme], text(value))
    for scheme, value in identifiers:
        target = address(IDENTIFIER_URLS.get(scheme, "{}").format(value))
        if target is None:
            yield line(node, _IDENTIFIER, text(f"{scheme}:{value}"))
        elif scheme == "homepage":
            yield line(node, _HOMEPAGE, target)
        elif scheme in _PUBLICATIONS and type_ != "Paper":
            yield line(node, _SUBJECT_OF, target)
        else:
            yield line(node, _EXACT_MATCH, target)


def _property(node: str, key: str, value: str) -> Iterator[str]:
    if key == "value":
        yield line(node, _METRIC_VALUE, text(value))
    elif key == "number":
        if (number := decimal(value)) is not None:
            yield line(node, _VALUE, number)
    elif key == "url":
        if (place := address(value)) is not None:
            yield line(node, _REPOSITORY, place)
            yield line(node, _HAS_URL, typed(place[1:-1], ANY_URI))
    elif key in _OWN:
        yield line(node, _OWN[key], text(value))
