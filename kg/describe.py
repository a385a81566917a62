"""Owns the answer to "what is this?": a name looked up, and what the graph says of the thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from kg.errors import KgError
from kg.model import Entity, Graph, Paper, Statement
from kg.schema import NODE_TYPES
from kg.store import Store

_NEAR = 3  # near misses that are offered
_NEAR_SCORE = 60  # of 100, by rapidfuzz


@dataclass(frozen=True, slots=True)
class Found:
    """A node with the edges at it."""

    node: str
    value: Entity | Paper
    statements: tuple[Statement, ...]


def find(store: Store, name: str, type_: str | None = None) -> list[Found]:
    """The nodes of that name, alias, title or id; `KgError` with the near misses where there is none."""
    nodes = _matching(store, name, type_)
    if not nodes:
        sure = (
            f" at a confidence of {store.min_confidence:g} or more" if store.min_confidence else ""
        )
        raise KgError(f"nothing is called {name!r} here{sure}.{_hint(store, name)}")
    return [Found(node, value, tuple(store.about(node))) for node, value in nodes]


def _named(graph: Graph) -> Iterable[tuple[str, Entity | Paper, Sequence[str]]]:
    for entity in graph.entities():
        if entity.type != "Result":
            yield entity.id, entity, (entity.id, entity.name, *entity.aliases)
    for paper in graph.papers():
        yield f"paper/{paper.id}", paper, (f"paper/{paper.id}", paper.id, paper.title)


def _matching(store: Store, name: str, type_: str | None) -> list[tuple[str, Entity | Paper]]:
    """Nodes with exactly this name first; without regard to case if there are none."""
    folded = name.casefold()
    exact, loose = [], []
    for node, value, names in _named(store):
        if type_ and NODE_TYPES[type_].segment != node.split("/", 1)[0]:
            continue
        if name in names:
            exact.append((node, value))
        elif any(n.casefold() == folded for n in names):
            loose.append((node, value))
    return exact or loose


def _hint(store: Store, name: str) -> str:
    names = sorted({n for _, _, names in _named(store) for n in names[1:]})
    close = process.extract(
        name,
        names,
        scorer=fuzz.WRatio,
        processor=str.casefold,
        limit=_NEAR,
        score_cutoff=_NEAR_SCORE,
    )
    return f" Did you mean {', '.join(n for n, _, _ in close)}?" if close else ""
