"""Owns what the SPARQL 1.1 Protocol says of requests: where the query is, what is refused, and
which form the answer takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SOLUTIONS = {
    "application/sparql-results+json": "application/sparql-results+json",
    "application/json": "application/sparql-results+json",
    "application/sparql-results+xml": "application/sparql-results+xml",
    "application/xml": "application/sparql-results+xml",
    "text/csv": "text/csv",
    "text/tab-separated-values": "text/tab-separated-values",
}
TRUTHS = {key: value for key, value in SOLUTIONS.items() if not key.startswith("text/")}
TRIPLES = {
    "text/turtle": "text/turtle",
    "application/n-triples": "application/n-triples",
    "text/plain": "application/n-triples",
    "application/ld+json": "application/ld+json",
    "application/rdf+xml": "application/rdf+xml",
    "application/xml": "application/rdf+xml",
}
_BY_KIND = {"select": SOLUTIONS, "ask": TRUTHS, "construct": TRIPLES}

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# Everything in which a keyword may stand without being one, then words.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""'
    r"|'''(?:[^\\]|\\.)*?'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>"
    r"|#[^\n\r]*"
    r"|[?$@][\w-]+"
    r"|[\w.-]*:[\w.%\\:-]*"
    r"|(?P<word>\w+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Refused(Exception):  # noqa: N818 - it is what happened, not an error of ours
    """A request that is not answered: the status of the response, and why."""

    status: int
    reason: str


def accepted(header: str) -> dict[str, str]:
    """The media type of the answer for each kind of query, by an `Accept` header.

    A kind of which no type is accepted takes its first: the query decides the kind, and a client
    that asks for CSV of a CONSTRUCT is better served by Turtle than by an error.
    """
    wanted = _ranked(header)
    return {kind: _first(wanted, offers) for kind, offers in _BY_KIND.items()}


def _ranked(header: str) -> list[str]:
    """The media ranges of an `Accept` header, best first, those of q=0 left out."""
    ranges: list[tuple[float, int, str]] = []
    for number, part in enumerate(header.split(",")):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        if name and quality > 0:
            ranges.append((-quality, number, name))
    return [name for _, _, name in sorted(ranges)]


def _first(wanted: list[str], offers: dict[str, str]) -> str:
    for name in wanted:
        if name in offers:
            return offers[name]
        if name.endswith("/*"):
            main = name[:-1]
            for offer, media_type in offers.items():
                if main in ("*/", offer[: len(main)]):
                    return media_type
    return next(iter(offers.values()))


def check_query(query: str) -> None:
    """Raise `Refused` for a query that calls another endpoint.

    The engine decodes `\\u` escapes before it parses, so the keyword is looked for in every
    reading of them; outside of strings, IRIs, comments, variables and prefixed names, the word
    SERVICE can be nothing but the keyword.
    """
    for _ in range(8):
        if any((word := t["word"]) and word.upper() == "SERVICE" for t in _TOKEN.finditer(query)):
            raise Refused(403, "SERVICE is refused: this endpoint asks no other")
        decoded = _ESCAPE.sub(_character, query)
        if decoded == query:
            return
        query = decoded
    raise Refused(400, "the query escapes its escapes too often")


def _character(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
