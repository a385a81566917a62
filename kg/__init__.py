"""Owns the public face of the library: the verbs of the command line, in the same words.

>>> import kg
>>> kg.build(["pages/"], Path("outputs"))
>>> graph = kg.open_graph(Path("outputs"))       # three sorted streams, from disk
>>> kg.to_networkx(graph), kg.to_rdflib(graph)   # for people and their other libraries
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.errors import KgError
    from kg.graph import from_graph as to_networkx
    from kg.model import Entity, Evidence, Facts, Graph, Mention, Paper, Result, Statement
    from kg.pipeline import build
    from kg.pipeline import extract as extract_facts
    from kg.rdf import to_rdflib
    from kg.store import open_graph

__all__ = [
    "Entity",
    "Evidence",
    "Facts",
    "Graph",
    "KgError",
    "Mention",
    "Paper",
    "Result",
    "Statement",
    "build",
    "extract_facts",
    "open_graph",
    "to_networkx",
    "to_rdflib",
]

# Where each name stands; imported when it is first asked for, so that `import kg` costs nothing.
_HOMES = {
    **dict.fromkeys(
        ("Entity", "Evidence", "Facts", "Graph", "Mention", "Paper", "Result", "Statement"),
        "kg.model",
    ),
    "KgError": "kg.errors",
    "build": "kg.pipeline",
    "extract_facts": "kg.pipeline",
    "open_graph": "kg.store",
    "to_networkx": "kg.graph",
    "to_rdflib": "kg.rdf",
}
_NAMES = {"to_networkx": "from_graph", "extract_facts": "extract"}  # `kg.extract` is the package


def __getattr__(name: str) -> Any:
    """The value of a public name, from the module that owns it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), _NAMES.get(name, name))
