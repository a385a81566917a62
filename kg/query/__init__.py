"""Owns SPARQL over the graph: the engine, its prefixes, and errors that say where.

The engine is Oxigraph.  The graph's triples are indexed once a build, on disk beside it
(`kg.query.index`), so that a question costs what answering it costs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.errors import KgError
from kg.model import Graph
from kg.query.canned import Question, bind, questions
from kg.query.index import load, opened
from kg.schema import DEFAULT_BASE
from kg.terms import prefixes

Answer = QuerySolutions | QueryBoolean | QueryTriples
__all__ = ["Answer", "Question", "ask", "bind", "load", "opened", "questions", "run"]

_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_DECLARED = re.compile(r"\bPREFIX\s+([A-Za-z][\w.-]*)?:", re.IGNORECASE)
_USED = re.compile(r"(?<![\w<:/?$.-])([A-Za-z][\w-]*):(?=[\w\\%:-])")
_QUOTED = re.compile(r"<[^<>\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*")


def ask(graph: Graph, query: str, *, base: str = DEFAULT_BASE) -> Answer:
    """Answer a query over a graph that is held in memory for it; see `run`."""
    return run(load(graph, base=base), query, prefixes(base))


def run(store: Store, query: str, known: Mapping[str, str], name: str = "query") -> Answer:
    """Answer a query: solutions, a truth or triples, each to be read once.

    Raises `KgError` (code 2) with line and column where the query is malformed.
    """
    try:
        return store.query(query, prefixes=dict(known))
    except SyntaxError as error:
        raise KgError(f"{name}:{_explained(str(error), query, known)}", code=2) from None
    except UnicodeEncodeError:
        raise KgError(f"{name}: not text: it holds half of a surrogate pair.", code=2) from None
    except (OSError, RuntimeError) as error:
        raise KgError(f"{name}: {error}") from None


def _explained(message: str, query: str, known: Mapping[str, str]) -> str:
    """Line, column and what is wrong there, in one line."""
    found = _PLACE.match(message)
    if not found:
        return f" {message.splitlines()[0][:200]}"
    line, column, expected = int(found[1]), int(found[2]), found[3]
    rows = query.split("\n")
    rest = rows[line - 1][column - 1 :].strip() if line <= len(rows) else ""
    near = f"before {rest[:30]!r}" if rest else "at the end of the line"
    short = "\n" not in expected and len(expected) < 60
    parts = [f"{line}:{column}: not SPARQL, {near}", expected if short else ""]
    plain = _QUOTED.sub(" ", query)
    missing = set(_USED.findall(plain)) - set(known) - set(_DECLARED.findall(plain)) - {"_"}
    if missing:
        parts = [parts[0], f"no PREFIX for {', '.join(sorted(missing))}"]
    return "; ".join(part for part in parts if part)
