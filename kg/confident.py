"""Owns the graph less what is unsure: the same three streams, above a confidence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kg.model import Entity, Graph, Paper, Statement


class Confident:
    """A graph whose edges are all at least so sure, and whose things are all at an edge.

    Papers stay, whatever is left of their edges.
    """

    def __init__(self, graph: Graph, least: float) -> None:
        self._graph = graph
        self._least = least

    def papers(self) -> Iterator[Paper]:
        """Papers by id."""
        return self._graph.papers()

    def entities(self) -> Iterator[Entity]:
        """Things at an edge that is left, by id."""
        return (entity for entity in self._graph.entities() if entity.id in self._linked)

    def statements(self) -> Iterator[Statement]:
        """Edges that are sure enough, by subject, relation and object."""
        return (s for s in self._graph.statements() if s.confidence >= self._least)

    def metadata(self) -> dict[str, str]:
        """What made the graph, and what was left out of it."""
        return self._graph.metadata() | {"min-confidence": str(self._least)}

    @cached_property
    def _linked(self) -> frozenset[str]:
        return frozenset(end for s in self.statements() for end in (s.subject, s.object))
