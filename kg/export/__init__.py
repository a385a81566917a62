"""Owns the table of formats that the graph is written in: one file a format, one row here.

An exporter is a function of a graph and a binary stream, with `base` and `evidence` as options;
where a format is several files, of a graph and the folder that they go into.  It is imported when
it is asked for.  Third parties add rows through the entry point group `kg.exporters`, each
naming a `Format`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from kg.errors import KgError


@dataclass(frozen=True, slots=True)
class Format:
    """One row: the name (also the option of `kg export`), where it is written, what it is for.

    `target` is `module:function`.  `suffix` ends the name of the file; where it is empty the
    format is a folder of files.  `options` are the keywords that the function takes.  `extra` is
    what has to be installed for it, as in `pip install kg[extra]`.
    """

    name: str
    target: str
    suffix: str
    summary: str
    options: tuple[str, ...] = ("base", "evidence")
    extra: str = ""

    def load(self) -> Callable[..., None]:
        """The exporter; `KgError` where a library that it needs is not installed."""
        module, _, function = self.target.partition(":")
        try:
            return getattr(import_module(module), function)  # type: ignore[no-any-return]
        except ModuleNotFoundError as error:
            if not self.extra or (error.name or "").startswith("kg."):
                raise
            raise KgError(
                f"--{self.name} needs {error.name}: pip install 'kg[{self.extra}]'", code=2
            ) from None


EXPORTERS: dict[str, Format] = {
    row.name: row
    for row in (
        Format("ttl", "kg.export.rdf:turtle", "ttl", "Turtle, for any SPARQL engine"),
        Format("nt", "kg.export.rdf:ntriples", "nt", "N-Triples, one triple a line"),
        Format("jsonld", "kg.export.jsonld:export", "jsonld", "JSON-LD with its context"),
        Format("trig", "kg.export.rdf:trig", "trig", "TriG, evidence in a graph of its own"),
        Format("rdfxml", "kg.export.rdf:rdfxml", "rdf", "RDF/XML, for older tools"),
        Format("html", "kg.export.html:export", "html", "one page to explore, no network", ("base",)),
        Format("json", "kg.export.node_link:export", "json", "node-link JSON, for networkx and D3", ("evidence",)),
        Format("graphml", "kg.export.graphml:export", "graphml", "GraphML, for yEd and igraph", ()),
        Format("gexf", "kg.export.gexf:export", "gexf", "GEXF, for Gephi", ()),
        Format("cypher", "kg.export.cypher:export", "cypher", "Cypher statements, for Neo4j", ()),
        Format("neo4j", "kg.export.neo4j:export", "", "a folder of CSV for neo4j-admin import", ()),
        Format("csv", "kg.export.tables:csv_folder", "", "a folder of CSV: nodes, edges, evidence", ("evidence",)),
        Format("parquet", "kg.export.parquet:export", "", "a folder of Parquet: nodes, edges, evidence", ("evidence",), "parquet"),
    )
}  # fmt: skip


def exporters() -> dict[str, Format]:
    """The table with the rows of third parties; theirs never take the place of ours."""
    found: dict[str, Any] = {e.name: e.load() for e in entry_points(group="kg.exporters")}
    return found | EXPORTERS
