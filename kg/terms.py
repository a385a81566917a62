"""Owns the prefixes and namespaces of the vocabularies that the RDF is written in."""

from __future__ import annotations

from kg.schema import DCAT, FABIO, FAIR4ML, LPWC, LPWC_P, MLS, NAMESPACE, NODE_TYPES, SCHEMA_ORG

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
DC = "http://purl.org/dc/elements/1.1/"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
FOAF = "http://xmlns.com/foaf/0.1/"
PRISM = "http://prismstandard.org/namespaces/basic/2.0/"
SHACL = "http://www.w3.org/ns/shacl#"
SPDX = "http://spdx.org/rdf/terms#"

VOCABULARIES: dict[str, str] = {
    "dc": DC,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "fabio": FABIO,
    "fair4ml": FAIR4ML,
    "foaf": FOAF,
    "kg": NAMESPACE,
    "lpwc": LPWC,
    "lpwcp": LPWC_P,
    "mls": MLS,
    "oa": OA,
    "owl": OWL,
    "prism": PRISM,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA_ORG,
    "skos": SKOS,
    "xsd": XSD,
}

# Nodes whose ids are one word under their segment, so that `method:bert` needs no escapes.
_SHORT = ("dataset", "method", "metric", "paper", "task")
# Beside the nodes of the schema: what evidence and provenance add, each under its own segment.
EVIDENCE_SEGMENTS = ("build", "extractor", "mention", "source", "span", "statement", "text")


def prefixes(base: str) -> dict[str, str]:
    """Prefix -> IRI: the vocabularies, and one for each segment under `base` (`method:bert`)."""
    segments = (*(row.segment for row in NODE_TYPES.values()), *EVIDENCE_SEGMENTS)
    return VOCABULARIES | {segment: f"{base}{segment}/" for segment in segments}


def written_prefixes(base: str) -> dict[str, str]:
    """The prefixes for documents: those that shorten what we write without escapes."""
    return VOCABULARIES | {segment: f"{base}{segment}/" for segment in _SHORT}
