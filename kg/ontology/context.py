"""Owns the JSON-LD context: short names for terms, and the type that each one's values have."""

from __future__ import annotations

from typing import Any

from kg.schema import DEFAULT_BASE, DETAILS, NAMESPACE, NODE_TYPES, RELATIONS
from kg.terms import VOCABULARIES

# Terms of others whose values are not plain text.
_TYPED = {
    "dcterms:isPartOf": "@id",
    "fabio:hasURL": "xsd:anyURI",
    "fair4ml:evaluatedOn": "@id",
    "fair4ml:trainedOn": "@id",
    "foaf:homepage": "@id",
    "foaf:page": "@id",
    "lpwcp:hasDataset": "@id",
    "lpwcp:hasEvaluationResult": "@id",
    "lpwcp:hasMethod": "@id",
    "lpwcp:hasOfficialRepository": "@id",
    "lpwcp:hasRepository": "@id",
    "lpwcp:hasTask": "@id",
    "lpwcp:introducedBy": "@id",
    "lpwcp:usesDataset": "@id",
    "mls:hasValue": "xsd:decimal",
    "oa:end": "xsd:nonNegativeInteger",
    "oa:hasBody": "@id",
    "oa:hasSelector": "@id",
    "oa:hasSource": "@id",
    "oa:hasTarget": "@id",
    "oa:motivatedBy": "@id",
    "oa:start": "xsd:nonNegativeInteger",
    "prov:used": "@id",
    "prov:wasAssociatedWith": "@id",
    "prov:wasAttributedTo": "@id",
    "prov:wasDerivedFrom": "@id",
    "prov:wasGeneratedBy": "@id",
    "rdf:object": "@id",
    "rdf:predicate": "@id",
    "rdf:subject": "@id",
    "schema:codeRepository": "@id",
    "schema:mentions": "@id",
    "schema:subjectOf": "@id",
    "skos:exactMatch": "@id",
}


class Context:
    """The context of documents whose nodes are under `base`."""

    def __init__(self, base: str = DEFAULT_BASE) -> None:
        self.base = base
        self._types = _TYPED | dict.fromkeys(RELATIONS, "@id")
        for name, row in DETAILS.items():
            if not row.range.startswith("xsd:"):
                self._types[name] = "@id"
            elif row.range != "xsd:string":
                self._types[name] = row.range
        self._names: dict[str, str] = {}
        self._longest = sorted(VOCABULARIES.items(), key=lambda item: -len(item[1]))

    def document(self) -> dict[str, Any]:
        """The value of `@context`."""
        document: dict[str, Any] = {"@base": self.base, **VOCABULARIES, "Text": "kg:Text"}
        for name in (*NODE_TYPES, *RELATIONS, *DETAILS):
            document[name] = f"kg:{name}"
        for name, type_ in self._types.items():
            term = name if ":" in name else f"kg:{name}"
            document[name] = {"@id": term, "@type": type_}
        return document

    def name(self, iri: str) -> str:
        """The short name of a term: ours bare, others' with their prefix."""
        if iri not in self._names:
            self._names[iri] = self._shortened(iri)
        return self._names[iri]

    def _shortened(self, iri: str) -> str:
        if iri.startswith(NAMESPACE):
            return iri.removeprefix(NAMESPACE)
        for prefix, namespace in self._longest:
            if iri.startswith(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def type_of(self, name: str) -> str | None:
        """What values of a property are read as: `@id`, a datatype, or None for plain text."""
        return self._types.get(name)

    def relative(self, iri: str) -> str:
        """An IRI as short as it resolves from `@base`."""
        if self.base.endswith("/") and len(iri) > len(self.base) and iri.startswith(self.base):
            return iri[len(self.base) :]
        return iri
