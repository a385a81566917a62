"""Owns the export to a folder of CSV, for pandas, DuckDB and spreadsheets.

    nodes.csv      id,type,label,…
    edges.csv      subject,relation,object,confidence,origin,mentions
    evidence.csv   subject,relation,object,paper,field,start,end,quote,sentence,…

RFC 4180 with a header line, UTF-8; lists are joined by `|`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.export.rows import (
    EDGE_COLUMNS,
    EVIDENCE_COLUMNS,
    NODE_COLUMNS,
    edge_row,
    evidence_row,
    joined,
    node_row,
)
from kg.model import Graph
from kg.rdf import nodes

EVIDENCE = {key: EDGE_COLUMNS[key] for key in ("subject", "relation", "object")} | EVIDENCE_COLUMNS


def csv_folder(graph: Graph, folder: Path, *, evidence: bool = True) -> None:
    """Write the three tables; without `evidence` the third has its header only."""
    for name, (columns, rows) in tables(graph, evidence).items():
        write_csv(folder / f"{name}.csv", list(columns), rows)


def tables(
    graph: Graph, evidence: bool
) -> dict[str, tuple[Mapping[str, type], Iterator[dict[str, Any]]]]:
    """Name -> (columns with their types, rows as they are asked for)."""
    return {
        "nodes": (NODE_COLUMNS, (node_row(id_, thing) for id_, thing in nodes(graph))),
        "edges": (EDGE_COLUMNS, (edge_row(row) for row in graph.statements())),
        "evidence": (EVIDENCE, _evidence(graph) if evidence else iter(())),
    }


def _evidence(graph: Graph) -> Iterator[dict[str, Any]]:
    for row in graph.statements():
        ends = {"subject": row.subject, "relation": row.relation, "object": row.object}
        for one in row.evidence:
            yield ends | evidence_row(one)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """One table with its header; `KgError` for text that UTF-8 or CSV cannot hold."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for row in rows:
            try:
                writer.writerow([joined(row[key]) if key in row else "" for key in columns])
            except UnicodeEncodeError as error:
                raise KgError(
                    f"cannot write a row of {path.name}: it holds half of a surrogate pair "
                    f"(U+{ord(error.object[error.start]):04X}); mend the source and build again."
                ) from None
