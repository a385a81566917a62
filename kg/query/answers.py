"""Owns how an answer is written: a table for people, CSV or JSON for programs, Turtle for triples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
)

Answer = QuerySolutions | QueryBoolean | QueryTriples
_FORMATS = {"csv": QueryResultsFormat.CSV, "json": QueryResultsFormat.JSON}


def write(answer: Answer, stream: BinaryIO, format_: str, known: Mapping[str, str]) -> None:
    """Write an answer as `csv`, `json` (SPARQL 1.1 results) or `tsv` (short names, for a look).

    Triples of CONSTRUCT and DESCRIBE are Turtle, whatever the format.
    """
    if isinstance(answer, QueryTriples):
        answer.serialize(stream, RdfFormat.TURTLE)
    elif isinstance(answer, QueryBoolean):
        stream.write(
            b'{"head":{},"boolean":%s}\n' % _truth(answer)
            if format_ == "json"
            else _truth(answer) + b"\n"
        )
    elif format_ in _FORMATS:
        answer.serialize(stream, _FORMATS[format_])
        stream.write(b"\n" if format_ == "json" else b"")
    else:
        stream.write("\t".join(columns(answer)).encode() + b"\n")
        for row in rows(answer, known):
            stream.write("\t".join(map(_one_line, row)).encode() + b"\n")


def columns(answer: QuerySolutions) -> list[str]:
    """The names of the variables, in order."""
    return [variable.value for variable in answer.variables]


def rows(answer: QuerySolutions, known: Mapping[str, str]) -> Iterator[list[str]]:
    """Each solution as text: `method:bert` for an IRI, the bare value for a literal."""
    longest = sorted(known.items(), key=lambda item: -len(item[1]))
    for solution in answer:
        yield [_short(term, longest) for term in solution]


def _short(term: object, known: list[tuple[str, str]]) -> str:
    if isinstance(term, NamedNode):
        for prefix, iri in known:
            if term.value.startswith(iri):
                return f"{prefix}:{term.value[len(iri) :]}"
        return term.value
    return term.value if isinstance(term, Literal) else "" if term is None else str(term)


def _one_line(text: str) -> str:
    return text.replace("\t", " ").replace("\r", " ").replace("\n", " ")


def _truth(answer: QueryBoolean) -> bytes:
    return b"true" if answer else b"false"
