"""Leaving out what is unsure."""

from __future__ import annotations

from kg.confident import Confident
from kg.graph import GraphView, assemble
from kg.model import Entity, Paper, Statement


def test_unsure_edges_go_and_take_what_hung_on_them_alone() -> None:
    """Edges below the bound are gone, and so are things at no other edge; papers stay."""
    graph = GraphView(
        assemble(
            [Paper("p", "A title", "")],
            [Entity("method/a", "Method", "a"), Entity("method/b", "Method", "b")],
            [
                Statement("paper/p", "uses", "method/a", 0.9),
                Statement("paper/p", "uses", "method/b", 0.3),
            ],
        )
    )
    sure = Confident(graph, 0.5)
    assert [p.id for p in sure.papers()] == ["p"]
    assert [e.id for e in sure.entities()] == ["method/a"]
    assert [s.object for s in sure.statements()] == ["method/a"]
    assert sure.metadata()["min-confidence"] == "0.5"
