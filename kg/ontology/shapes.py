"""Owns the SHACL shapes: what every node of an export has, and what its values are like."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.schema import DETAILS, NODE_TYPES, RELATIONS
from kg.terms import SHACL, VOCABULARIES

_DATES = ("xsd:date", "xsd:gYearMonth", "xsd:gYear", "xsd:string")
# By its look: the reasoner that pySHACL loads takes every xsd:gMonthDay for ill-formed.
_MONTH_AND_DAY = '[ sh:pattern "^--[01][0-9]-[0-3][0-9]$" ]'


@dataclass(frozen=True, slots=True)
class Property:
    """What the values of one property are: `[least..most]` of them, each as `each` says."""

    path: str
    each: str
    least: int = 0
    most: int | None = None

    def turtle(self) -> str:
        """The property shape."""
        counts = f" sh:minCount {self.least} ;" if self.least else ""
        counts += f" sh:maxCount {self.most} ;" if self.most is not None else ""
        return f"[ sh:path {self.path} ;{counts} {self.each} ]"


def shapes() -> str:
    """The shapes in Turtle."""
    prefixes = {**VOCABULARIES, "sh": SHACL}
    head = "\n".join(f"@prefix {p}: <{iri}> ." for p, iri in prefixes.items())
    blocks = [_shape(target, rows) for target, rows in _targets()]
    return head + "\n\n" + "\n\n".join(blocks) + "\n"


def _shape(target: str, rows: Sequence[Property]) -> str:
    name = target.partition(":")[2]
    lines = [f"    sh:property {row.turtle()}" for row in rows]
    head = f"kg:{name}Shape a sh:NodeShape ;\n    sh:targetClass {target} ;\n    sh:nodeKind sh:IRI ;\n"
    return head + " ;\n".join(lines) + " ."


def _text(least: int = 0, most: int | None = None, *paths: str) -> list[Property]:
    return [Property(path, "sh:datatype xsd:string", least, most) for path in paths]


def _iris(least: int = 0, most: int | None = None, *paths: str) -> list[Property]:
    return [Property(path, "sh:nodeKind sh:IRI", least, most) for path in paths]


def _of(path: str, class_: str, least: int = 0, most: int | None = None) -> Property:
    return Property(path, f"sh:class {class_}", least, most)


def _count(path: str, least: int = 0) -> Property:
    return Property(path, "sh:datatype xsd:nonNegativeInteger", least, 1)


def _targets() -> Iterator[tuple[str, list[Property]]]:
    own = {"Paper": _paper(), "Repository": _repository(), "Result": _result()}
    for name in NODE_TYPES:
        rows = own.get(name) or _linked()
        yield f"kg:{name}", [*rows, *_details(f"kg:{name}"), *_relations(name)]
    yield "kg:Text", [_of("dcterms:isPartOf", "kg:Paper", 1, 1), *_details("kg:Text", 1)]
    yield (
        "rdf:Statement",
        [
            *_iris(1, 1, "rdf:subject", "rdf:predicate", "rdf:object"),
            _of("prov:wasDerivedFrom", "oa:SpecificResource"),
            *_details("rdf:Statement", 1),
        ],
    )
    yield (
        "oa:Annotation",
        [
            *_iris(1, 1, "oa:hasBody", "oa:motivatedBy"),
            _of("oa:hasTarget", "oa:SpecificResource", 1, 1),
            _of("prov:wasAttributedTo", "prov:SoftwareAgent", 0, 1),
            *_details("oa:Annotation", 1),
        ],
    )
    yield (
        "oa:SpecificResource",
        [
            _of("oa:hasSource", "kg:Text", 1, 1),
            Property("oa:hasSelector", "sh:nodeKind sh:IRI", 2, 2),
        ],
    )
    yield "oa:TextPositionSelector", [_count("oa:start", 1), _count("oa:end", 1)]
    yield "oa:TextQuoteSelector", _text(1, 1, "oa:prefix", "oa:exact", "oa:suffix")
    yield (
        "prov:Activity",
        [
            _of("prov:wasAssociatedWith", "prov:SoftwareAgent", 1),
            _of("prov:used", "prov:Entity"),
            *_details("prov:Activity"),
        ],
    )
    yield "prov:SoftwareAgent", _text(1, 1, "rdfs:label")
    digest = Property("kg:sha256", 'sh:datatype xsd:string ; sh:pattern "^[0-9a-f]{64}$"', 0, 1)
    yield "prov:Entity", [*_text(0, 1, "rdfs:label"), digest]


def _paper() -> list[Property]:
    dates = " ".join([*(f"[ sh:datatype {name} ]" for name in _DATES), _MONTH_AND_DAY])
    return [
        *_text(1, 1, "dcterms:title"),
        *_text(1, None, "dcterms:identifier"),
        *_text(0, 1, "dcterms:abstract", "prism:publicationName", "schema:sourceOrganization"),
        *_text(0, None, "dc:creator", "fabio:hasArXivId", "prism:doi"),
        Property("dcterms:issued", f"sh:or ( {dates} )", 0, 1),
        *_iris(0, None, "prov:wasDerivedFrom", "skos:exactMatch", "foaf:page"),
    ]


def _linked() -> list[Property]:
    return [
        *_text(1, 1, "skos:prefLabel"),
        *_text(0, None, "skos:altLabel"),
        *_iris(0, None, "skos:exactMatch", "schema:subjectOf", "foaf:homepage"),
    ]


def _repository() -> list[Property]:
    address = Property("fabio:hasURL", "sh:datatype xsd:anyURI", 0, 1)
    return [*_text(1, 1, "skos:prefLabel"), *_iris(0, 1, "schema:codeRepository"), address]


def _result() -> list[Property]:
    number = Property("mls:hasValue", "sh:datatype xsd:decimal", 0, 1)
    return [*_text(1, 1, "skos:prefLabel", "lpwcp:metricValue"), number]


def _details(domain: str, least: int = 0) -> Iterator[Property]:
    for row in DETAILS.values():
        if domain not in row.domain:
            continue
        each = f"sh:datatype {row.range}" if row.range.startswith("xsd:") else "sh:nodeKind sh:IRI"
        if row.values:
            each += f" ; sh:in ( {' '.join(map(json.dumps, row.values))} )"
        if row.name == "confidence":
            each += " ; sh:minInclusive 0 ; sh:maxInclusive 1"
        yield Property(f"kg:{row.name}", each, least, 1)


def _relations(name: str) -> Iterator[Property]:
    for row in RELATIONS.values():
        if name not in row.domain:
            continue
        classes = " ".join(f"[ sh:class kg:{end} ]" for end in row.range)
        each = f"sh:class kg:{row.range[0]}" if len(row.range) == 1 else f"sh:or ( {classes} )"
        yield Property(f"kg:{row.name}", each)
