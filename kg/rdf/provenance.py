"""Owns the triples of what made the graph: the build, its software, and the sources it read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.rdf.names import Names, line, term, text
from kg.rdf.nodes import TYPE
from kg.schema import NAMESPACE
from kg.terms import PROV, RDFS

_ACTIVITY, _AGENT = term(PROV + "Activity"), term(PROV + "SoftwareAgent")
_ENTITY, _USED = term(PROV + "Entity"), term(PROV + "used")
_ASSOCIATED, _LABEL = term(PROV + "wasAssociatedWith"), term(RDFS + "label")
_GENERATED, _DERIVED = term(PROV + "wasGeneratedBy"), term(PROV + "wasDerivedFrom")
_SHA256 = term(NAMESPACE + "sha256")
_DETAILS = {key: term(NAMESPACE + key) for key in ("model", "vocabulary")}
_SOURCE = "source:"


def provenance_triples(names: Names, metadata: dict[str, str]) -> Iterator[str]:
    """The graph, the build that made it, the software and model that did, and the sources.

    No clock: the same sources and software give the same triples.
    """
    graph, build, software = names.iri("build/graph"), names.iri("build"), names.iri("build/kg")
    files = {k.removeprefix(_SOURCE): v for k, v in metadata.items() if k.startswith(_SOURCE)}
    yield line(graph, TYPE, _ENTITY)
    yield line(graph, _GENERATED, build)
    for file in files:
        yield line(graph, _DERIVED, names.iri(f"source/{file}"))
    yield line(build, TYPE, _ACTIVITY)
    yield line(build, _ASSOCIATED, software)
    for key, predicate in _DETAILS.items():
        if key in metadata:
            yield line(build, predicate, text(metadata[key]))
    for file in files:
        yield line(build, _USED, names.iri(f"source/{file}"))
    yield from _agent(software, metadata.get("software", "kg"))
    for file, digest in files.items():
        node = names.iri(f"source/{file}")
        yield line(node, TYPE, _ENTITY)
        yield line(node, _LABEL, text(file))
        yield line(node, _SHA256, text(digest))


def extractor_triples(names: Names, extractors: Iterable[str]) -> Iterator[str]:
    """The parts of the software that mentions are attributed to."""
    for name in sorted(filter(None, extractors)):
        yield from _agent(names.iri(f"extractor/{name}"), name)


def _agent(node: str, label: str) -> Iterator[str]:
    yield line(node, TYPE, _AGENT)
    yield line(node, _LABEL, text(label))
