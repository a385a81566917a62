"""Owns the straight line on Spark: the same graph as `kg.pipeline.build` makes, past one machine.

    sources ──▶ records ──▶ papers ──▶ facts ──▶ counts ──▶ decisions ──▶ nodes, edges, triples

Each table lies on disk, cut into partitions, and no step holds papers, mentions or names on the
driver.  `docs/scale.md` says what passes between the steps.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.export.rows import EDGE_COLUMNS, NODE_COLUMNS
from kg.export.tables import EVIDENCE
from kg.extract.workers import model_name, one_thread
from kg.link import Overrides
from kg.pipeline import Progress, Report
from kg.rdf.names import Names
from kg.rdf.provenance import extractor_triples, provenance_triples
from kg.readers import sources
from kg.spark import graph, names, papers
from kg.spark.session import scratch, session
from kg.spark.tables import Tables

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

FOLDER = "graph-spark"  # of the outputs: triples/, nodes/, edges/ and evidence/ in partitions
_SUFFIX = {"triples": ".nt.gz"}
_SQL = {str: "string", int: "long", float: "double", list: "array<string>"}


def build(
    inputs: Sequence[str],
    outputs: Path,
    *,
    master: str = "local[*]",
    format_: str | None = None,
    vocabulary: Sequence[Path] = (),
    links: Path | None = None,
    profile: str = "default",
    progress: Progress = lambda stage, done, total: None,
) -> Report:
    """Build the graph of `inputs` in `outputs`/graph-spark: N-Triples and Parquet, in partitions.

    All of it is made anew.  Raises `KgError` for what the user can mend; what was there is then
    as it was.
    """
    one_thread()
    found = sources.find(inputs)
    if any(source.data is not None for source in found):
        raise KgError("-: Spark reads files, not standard input.", code=2)
    lists = tuple(path.absolute() for path in vocabulary)
    overrides = Overrides.read(links) if links else Overrides()
    model = model_name(profile, vocabulary)
    progress("start", 0, None)
    with scratch(outputs) as folder, session(master, folder) as spark:
        tables = Tables(spark, folder)
        progress("read", 0, None)
        read = papers.records(tables, found, format_)
        progress("merge", 0, None)
        merged = papers.papers(tables, read)
        progress("extract", 0, None)
        facts = papers.facts(tables, merged, profile, lists)
        progress("link", 0, None)
        decided, needed = _link(tables, facts, lists, overrides)
        progress("assemble", 0, None)
        assembled = graph.assemble(tables, facts, needed, lists)
        finished = graph.finish(tables, assembled, decided)
        progress("write", 0, None)
        made = assembled.union(finished)
        _write(made, read, model, folder / FOLDER)
        report = _report(outputs, read, facts, made)
        _into_place(folder / FOLDER, outputs / FOLDER)
    return report


def _link(
    tables: Tables, facts: DataFrame, lists: names.Lists, overrides: Overrides
) -> tuple[DataFrame, DataFrame]:
    gathered = names.gather(tables, facts, lists)
    counts = names.count(tables, gathered)
    slips = names.slips(tables, counts)
    origins = names.origins(gathered)
    decided = names.decide(tables, counts, slips, lists, overrides, origins)
    return decided, names.needed(tables, gathered, decided)


def _write(made: DataFrame, read: DataFrame, model: str, folder: Path) -> None:
    """The tables of the graph, and its triples with those that say what made it."""
    triples = made.where("kind = 'triples'").select("text")
    whole = triples.union(_provenance(made, read, model))
    whole.write.text((folder / "triples").as_uri(), compression="gzip")
    for name, columns in (("nodes", NODE_COLUMNS), ("edges", EDGE_COLUMNS), ("evidence", EVIDENCE)):
        form = ", ".join(f"`{column}` {_SQL[type_]}" for column, type_ in columns.items())
        rows = made.where(f"kind = '{name}'").selectExpr(f"from_json(text, '{form}') row")
        rows.select("row.*").write.parquet((folder / name).as_uri())


def _provenance(made: DataFrame, read: DataFrame, model: str) -> DataFrame:
    metadata = {"software": f"kg {version('kg')}", "model": model}
    held = read.where("kind = 'source'").select("place", "text").collect()
    metadata |= {f"source:{row.place}": row.text for row in sorted(held)}
    extractors = made.where("kind = 'extractor'").select("key").distinct().collect()
    iris = Names()
    lines = [
        *provenance_triples(iris, metadata),
        *extractor_triples(iris, [r.key for r in extractors]),
    ]
    text = "".join(lines).rstrip("\n")
    return made.sparkSession.createDataFrame([(text,)], "text string").coalesce(1)


def _report(outputs: Path, read: DataFrame, facts: DataFrame, made: DataFrame) -> Report:
    kinds = {row.kind: row["count"] for row in read.groupBy("kind").count().collect()}
    unread = read.where("kind = 'unread'").select("place", "line", "text").collect()
    written = {row.kind: row["count"] for row in made.groupBy("kind").count().collect()}
    count = facts.count()
    return Report(
        outputs / FOLDER, kinds.get("source", 0), kinds.get("record", 0), count, count,
        written.get("nodes", 0) - count, written.get("edges", 0),
        tuple(tuple(row) for row in sorted(unread)),
    )  # fmt: skip


def _into_place(made: Path, folder: Path) -> None:
    """The new folder in the place of the old, which is gone only then; parts by their numbers."""
    old = made.with_name(f"{made.name}-old")
    try:
        for table in made.iterdir():
            for part in table.iterdir():
                if part.name.startswith("part-"):
                    part.rename(table / (part.name[:10] + _SUFFIX.get(table.name, ".parquet")))
                else:  # what Spark notes for itself
                    part.unlink()
        if folder.exists():
            os.replace(folder, old)
        os.replace(made, folder)
    except OSError as error:
        raise KgError(f"{folder}: cannot be written: {error.strerror or error}.") from None
    shutil.rmtree(old, ignore_errors=True)
