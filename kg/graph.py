"""Owns how the graph is laid out in networkx: the only code that knows.

A node's key is its id and its attribute `value` the `Paper` or `Entity` itself, beside the plain
attributes `type` and `label` that networkx's own algorithms and writers can use.  An edge's key
is its relation and its attribute `value` the `Statement`, beside `confidence`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import networkx as nx

from kg.model import Entity, Graph, Paper, Statement


def assemble(
    papers: Iterable[Paper],
    entities: Iterable[Entity],
    statements: Iterable[Statement],
    metadata: dict[str, str] | None = None,
) -> nx.MultiDiGraph[str]:
    """Put typed nodes and edges together; every statement's ends must be among the nodes.

    Raises `ValueError` for a dangling edge: that is a bug, not a fault of the input.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(metadata=dict(metadata or {}))
    for paper in papers:
        graph.add_node(f"paper/{paper.id}", value=paper, type="Paper", label=paper.title)
    for entity in entities:
        graph.add_node(entity.id, value=entity, type=entity.type, label=entity.name)
    for statement in statements:
        if statement.subject not in graph or statement.object not in graph:
            raise ValueError(f"an edge has no node at one end: {statement}")
        graph.add_edge(
            statement.subject,
            statement.object,
            key=statement.relation,
            value=statement,
            confidence=statement.confidence,
        )
    return graph


def from_graph(graph: Graph) -> nx.MultiDiGraph[str]:
    """The networkx graph of anything that gives papers, entities and statements."""
    return assemble(graph.papers(), graph.entities(), graph.statements(), graph.metadata())


class GraphView:
    """A networkx graph as the sorted streams that exporters read (`kg.model.Graph`)."""

    def __init__(self, graph: nx.MultiDiGraph[str]) -> None:
        self.networkx = graph

    def papers(self) -> Iterator[Paper]:
        """Papers by id."""
        return iter(sorted((v for v in self._values() if isinstance(v, Paper)), key=lambda p: p.id))

    def entities(self) -> Iterator[Entity]:
        """All other nodes, by id."""
        found = (v for v in self._values() if isinstance(v, Entity))
        return iter(sorted(found, key=lambda e: e.id))

    def _values(self) -> Iterator[Paper | Entity]:
        for _, attributes in self.networkx.nodes.items():
            yield cast(Paper | Entity, attributes["value"])

    def statements(self) -> Iterator[Statement]:
        """Edges by subject, relation and object."""
        edges = (cast(Statement, row["value"]) for _, _, row in self.networkx.edges(data=True))
        return iter(sorted(edges, key=lambda s: (s.subject, s.relation, s.object)))

    def metadata(self) -> dict[str, str]:
        """What made the graph."""
        return dict(self.networkx.graph["metadata"])
