"""Owns the triples of what made the graph: the build, its software, and the sources it read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Triple

from kg.rdf.names import Names, text
from kg.rdf.nodes import TYPE
from kg.schema import NAMESPACE
from kg.terms import PROV, RDFS

_ACTIVITY, _AGENT = NamedNode(PROV + "Activity"), NamedNode(PROV + "SoftwareAgent")
_ENTITY, _USED = NamedNode(PROV + "Entity"), NamedNode(PROV + "used")
_ASSOCIATED, _LABEL = NamedNode(PROV + "wasAssociatedWith"), NamedNode(RDFS + "label")
_GENERATED, _DERIVED = NamedNode(PROV + "wasGeneratedBy"), NamedNode(PROV + "wasDerivedFrom")
_SHA256 = NamedNode(NAMESPACE + "sha256")
_DETAILS = {key: NamedNode(NAMESPACE + key) for key in ("model", "vocabulary")}
_SOURCE = "source:"


def provenance_triples(names: Names, metadata: dict[str, str]) -> Iterator[Triple]:
    """The graph, the build that made it, the software and model that did, and the sources.

    No clock: the same sources and software give the same triples.
    """
    graph, build, software = names.iri("build/graph"), names.iri("build"), names.iri("build/kg")
    files = {k.removeprefix(_SOURCE): v for k, v in metadata.items() if k.startswith(_SOURCE)}
    yield Triple(graph, TYPE, _ENTITY)
    yield Triple(graph, _GENERATED, build)
    for file in files:
        yield Triple(graph, _DERIVED, names.iri(f"source/{file}"))
    yield Triple(build, TYPE, _ACTIVITY)
    yield Triple(build, _ASSOCIATED, software)
    for key, predicate in _DETAILS.items():
        if key in metadata:
            yield Triple(build, predicate, text(metadata[key]))
    for file in files:
        yield Triple(build, _USED, names.iri(f"source/{file}"))
    yield from _agent(software, metadata.get("software", "kg"))
    for file, digest in files.items():
        node = names.iri(f"source/{file}")
        yield Triple(node, TYPE, _ENTITY)
        yield Triple(node, _LABEL, text(file))
        yield Triple(node, _SHA256, text(digest))


def extractor_triples(names: Names, extractors: Iterable[str]) -> Iterator[Triple]:
    """The parts of the software that mentions are attributed to."""
    for name in sorted(filter(None, extractors)):
        yield from _agent(names.iri(f"extractor/{name}"), name)


def _agent(node: NamedNode, label: str) -> Iterator[Triple]:
    yield Triple(node, TYPE, _AGENT)
    yield Triple(node, _LABEL, text(label))
