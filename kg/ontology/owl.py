"""Owns the ontology: classes and properties with labels, domains, ranges and what they align to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

from kg.schema import DETAILS, NAMESPACE, NODE_TYPES, OBJECT_PARENTS, RELATIONS, Relation
from kg.terms import VOCABULARIES

_HEAD = "The graph of papers that kg builds: who introduces, uses, compares and measures what."


def ontology() -> str:
    """The ontology in Turtle."""
    blocks = [_header(), *_classes(), _disjoint(), *_relations(), *_details()]
    prefixes = "\n".join(f"@prefix {p}: <{iri}> ." for p, iri in VOCABULARIES.items())
    return prefixes + "\n\n" + "\n\n".join(blocks) + "\n"


def block(subject: str, rows: Iterable[tuple[str, str]]) -> str:
    """One subject and its properties, a line each."""
    lines = [f"    {predicate} {value}" for predicate, value in rows if value]
    return f"{subject}\n" + " ;\n".join(lines) + " ."


def quoted(text: str) -> str:
    """Plain text as a Turtle string in English; JSON's escapes are Turtle's."""
    return f"{json.dumps(text, ensure_ascii=False)}@en"


def short(iri: str) -> str:
    """An IRI with its prefix."""
    found = [(p, ns) for p, ns in VOCABULARIES.items() if iri.startswith(ns)]
    prefix, namespace = max(found, key=lambda pair: len(pair[1]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


def _header() -> str:
    number = version("kg")
    ns = NAMESPACE.rstrip("#/")
    rows = [
        ("a", "owl:Ontology"),
        ("owl:versionIRI", f"<{ns}/{number}>"),
        ("owl:versionInfo", json.dumps(number)),
        ("dcterms:title", quoted("Knowledge graph of papers")),
        ("rdfs:comment", quoted(_HEAD)),
        ("dcterms:license", "<https://spdx.org/licenses/MIT>"),
    ]
    return block(f"<{ns}>", rows)


def _classes() -> Iterator[str]:
    for row in NODE_TYPES.values():
        parents = " , ".join(map(short, row.parents))
        yield block(f"kg:{row.name}", _described("owl:Class", row.name, row.comment, parents))
    comment = "The title or the abstract of a paper, as the text that offsets count in."
    yield block("kg:Text", _described("owl:Class", "Text", comment, ""))


def _described(type_: str, label: str, comment: str, parents: str) -> list[tuple[str, str]]:
    return [
        ("a", type_),
        ("rdfs:label", quoted(label)),
        ("rdfs:comment", quoted(comment)),
        ("rdfs:subClassOf", parents),
        ("rdfs:isDefinedBy", f"<{NAMESPACE.rstrip('#/')}>"),
    ]


def _disjoint() -> str:
    members = " ".join(f"kg:{name}" for name in (*NODE_TYPES, "Text"))
    return f"[] a owl:AllDisjointClasses ;\n    owl:members ( {members} ) ."


def _relations() -> Iterator[str]:
    for row in RELATIONS.values():
        parents = [short(iri) for iri in row.parents]
        if row.name == "introducedBy":
            parents.append("[ owl:inverseOf kg:introduces ]")
        rows = [
            ("a", "owl:ObjectProperty"),
            ("rdfs:label", quoted(row.label)),
            ("rdfs:comment", quoted(row.comment)),
            ("rdfs:domain", _union([f"kg:{name}" for name in row.domain])),
            ("rdfs:range", _union([f"kg:{name}" for name in row.range])),
            ("rdfs:subPropertyOf", " , ".join(parents)),
            ("skos:scopeNote", _note(row)),
            ("rdfs:isDefinedBy", f"<{NAMESPACE.rstrip('#/')}>"),
        ]
        yield block(f"kg:{row.name}", rows)


def _note(row: Relation) -> str:
    """What is stated beside the relation for objects of some type, which OWL RL cannot say."""
    notes = [
        f"Where the object is a {type_}, {' and '.join(map(short, parents))} is stated too."
        for (relation, type_), parents in OBJECT_PARENTS.items()
        if relation == row.name
    ]
    return quoted(" ".join(notes)) if notes else ""


def _details() -> Iterator[str]:
    for row in DETAILS.values():
        literal = row.range.startswith("xsd:")
        rows = [
            ("a", "owl:DatatypeProperty" if literal else "owl:ObjectProperty"),
            ("rdfs:label", quoted(row.label)),
            ("rdfs:comment", quoted(row.comment)),
            ("rdfs:domain", _union(row.domain)),
            ("rdfs:range", row.range if literal else ""),
            ("rdfs:isDefinedBy", f"<{NAMESPACE.rstrip('#/')}>"),
        ]
        yield block(f"kg:{row.name}", rows)


def _union(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"[ a owl:Class ; owl:unionOf ( {' '.join(names)} ) ]"
