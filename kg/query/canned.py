"""Owns the canned questions: one `.rq` file each, whose head says what it asks and takes.

    # State of the art: the results on a dataset in a metric, best first.
    # ?dataset Dataset: the dataset, such as ImageNet
    SELECT ?method ?value WHERE {
      VALUES ?dataset { UNDEF }
      …

The files are plain SPARQL 1.1 and run as they are on any engine, over everything.  A value takes
the place of `UNDEF` as a term that the engine wrote, so that no text of a user is ever spliced in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

from kg.errors import KgError
from kg.rdf.names import path_of
from kg.schema import NAMESPACE
from kg.terms import RDF, SKOS

_TYPE, _PREFERRED = NamedNode(RDF + "type"), NamedNode(SKOS + "prefLabel")
_PARAMETER = re.compile(r"# \?(\w+) ([\w|]+): (.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question takes: `kinds` are node types, or "text"."""

    name: str
    kinds: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Question:
    """A canned question: its name, what it asks, what it takes, and its SPARQL."""

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    sparql: str


@cache
def questions() -> dict[str, Question]:
    """All canned questions, by name."""
    folder = files("kg.query").joinpath("questions")
    found = sorted((f.name, f) for f in folder.iterdir() if f.name.endswith(".rq"))
    return {name[:-3]: read(name, file.read_text(encoding="utf-8")) for name, file in found}


def read(name: str, sparql: str) -> Question:
    """A question from the text of its file."""
    head = [line for line in sparql.splitlines() if line.startswith("# ")]
    rows = [found for line in head if (found := _PARAMETER.fullmatch(line))]
    parameters = tuple(Parameter(r[1], tuple(r[2].split("|")), r[3]) for r in rows)
    return Question(name.removesuffix(".rq"), head[0][2:], parameters, sparql)


def question(name: str) -> Question:
    """The question of that name; `KgError` (code 2) with near misses otherwise."""
    known = questions()
    if name not in known:
        near = _near(name, known)
        raise KgError(
            f"{name!r} is no SPARQL query, no file, and no canned question{near}. "
            "List them: kg query --list",
            code=2,
        )
    return known[name]


def bind(asked: Question, values: Mapping[str, str], store: Store, base: str) -> str:
    """The question's SPARQL with its parameters filled in; those not given stay free.

    A thing is meant by its id (`dataset/glue`) or by a name of it, whatever its case.  Raises
    `KgError` (code 2) where a parameter or a thing is not known, with near misses.
    """
    sparql = asked.sparql
    known = {p.name: p for p in asked.parameters}
    for name, value in values.items():
        if name not in known:
            takes = ", ".join(known) or "nothing"
            raise KgError(
                f"{asked.name} has no {name!r}{_near(name, known)}; it takes {takes}.", code=2
            )
        terms = _terms(known[name], value, store, base)
        free = f"VALUES ?{name} {{ UNDEF }}"
        assert free in sparql, f"{asked.name}.rq: {free}"
        sparql = sparql.replace(free, f"VALUES ?{name} {{ {' '.join(terms)} }}")
    return sparql


def _terms(parameter: Parameter, value: str, store: Store, base: str) -> list[str]:
    """The value as terms of SPARQL, written by the engine."""
    if parameter.kinds == ("text",):
        try:
            return [str(Literal(value))]
        except ValueError:
            raise KgError(f"{parameter.name}: not text that can be asked for.", code=2) from None
    found = _things(parameter, value, store, base)
    if found:
        return [str(iri) for iri in found]
    names = {str(row[1].value): None for row in _labels(store, parameter.kinds, "")}
    kinds = " or ".join(kind.lower() for kind in parameter.kinds)
    raise KgError(f"no {kinds} is called {value!r}{_near(value, names)}.", code=2)


def _things(parameter: Parameter, value: str, store: Store, base: str) -> list[NamedNode]:
    """The things that a value means: by id, else by best name as spelled, in any case, by alias."""
    try:
        folded = Literal(value.lower())
        ids = [iri for iri in (value, base + path_of(value)) if ":" in iri]
        for iri in (NamedNode(i) for i in ids if not re.search(r"[\s<>\"{}|\\^`]", i)):
            if any(True for _ in store.quads_for_pattern(iri, _TYPE, None)):
                return [iri]
    except ValueError:
        return []
    rows = _labels(store, parameter.kinds, f"FILTER(LCASE(STR(?label)) = {folded})")
    for sure in (lambda r: r[2] == _PREFERRED and r[1].value == value,
                 lambda r: r[2] == _PREFERRED, lambda r: True):  # fmt: skip
        if found := sorted({r[0] for r in rows if sure(r)}, key=str):
            return found
    return []


def _labels(store: Store, kinds: tuple[str, ...], only: str) -> list[QuerySolution]:
    """(thing, name, property) of the names of every thing of these types."""
    classes = " ".join(f"<{NAMESPACE}{kind}>" for kind in kinds)
    rows = store.query(
        f"SELECT ?thing ?label ?of {{ VALUES ?class {{ {classes} }} "
        f"VALUES ?of {{ {_PREFERRED} <{SKOS}altLabel> }} ?thing ?of ?label ; a ?class {only} }}"
    )
    assert isinstance(rows, QuerySolutions)
    return list(rows)


def _near(name: str, known: Mapping[str, object]) -> str:
    """`; did you mean …`, where something is close."""
    folded = {key.casefold(): key for key in reversed(list(known))}
    close = get_close_matches(name.casefold(), folded, n=3)
    return f"; did you mean {' or '.join(folded[c] for c in close)}" if close else ""
