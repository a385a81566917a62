"""Owns what all stages are made of: tables of plain rows, functions over them, and components.

A stage is a function from rows to rows, sent to where the rows are (`flat`).  Rows that must be
seen together are brought together first (`together`): Spark sorts them by a key, and the function
walks along them, so that no group has to fit in memory.  What a stage made is kept as Parquet
(`Tables.keep`), from which a later one starts anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.spark.session import told

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Row = tuple[Any, ...]
Rows = Iterator[Any]  # each a Row, whose columns its reader knows
Function = Callable[[Rows], Iterator[Row]]

_BATCH = 1024  # rows handed over at once
_FEW = 2_000_000  # edges whose components one task finds, in some 500 MB


class Tables:
    """The tables of one build, in a folder that all workers see."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.spark = spark
        self._folder = folder
        self.parts = 2 * spark.sparkContext.defaultParallelism  # of a table that is cut by key

    def keep(self, name: str, table: DataFrame) -> DataFrame:
        """The table, worked out now and read from disk from here on."""
        path = (self._folder / name).as_uri()
        table.write.mode("overwrite").parquet(path)
        return self.spark.read.schema(table.schema).parquet(path)

    def rows(self, rows: Iterable[Row], columns: str) -> DataFrame:
        """A table of a few rows that the driver holds, each a task of its own."""
        held = list(rows)
        cut = self.spark.sparkContext.parallelize(held, max(1, len(held)))
        return self.spark.createDataFrame(cut, columns)

    def together(self, table: DataFrame, key: str, *order: str) -> DataFrame:
        """The rows of one key in one task, one after the other."""
        return table.repartition(self.parts, key).sortWithinPartitions(key, *order)


def flat(table: DataFrame, function: Function, columns: str) -> DataFrame:
    """What a function makes of the rows of each partition; `columns` as "name type, …".

    A `KgError` in it reaches the driver as one.
    """

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        yield from _packed(function(_rows(batches)), columns)

    return table.mapInArrow(run, columns)


def _rows(batches: Iterator[Any]) -> Iterator[Row]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _packed(rows: Iterator[Row], columns: str) -> Iterator[Any]:
    import pyarrow as pa

    types = {"string": pa.string(), "long": pa.int64(), "double": pa.float64(),
             "array<string>": pa.list_(pa.string())}  # fmt: skip
    schema = pa.schema([(n, types[t]) for n, t in (c.split(" ") for c in columns.split(", "))])
    try:
        while batch := list(islice(rows, _BATCH)):
            yield pa.RecordBatch.from_arrays(
                [
                    pa.array(c, f.type)
                    for c, f in zip(zip(*batch, strict=True), schema, strict=True)
                ],
                schema=schema,
            )
    except KgError as error:
        raise told(error) from None


def components(tables: Tables, name: str, edges: DataFrame, few: int = _FEW) -> DataFrame:
    """(node, component) of every node that an edge (a, b) touches; the least node names its component.

    Up to `few` edges go through one task.  More are cut by node, in alternating large-star and
    small-star (Kiveris et al., "Connected Components in MapReduce and Beyond", 2014): each round
    is a few group-bys, and their number grows with the logarithm of the nodes.
    """
    edges = edges.where("a <> b").selectExpr("greatest(a, b) a", "least(a, b) b").distinct()
    edges = tables.keep(f"{name}-edges", edges)
    if edges.count() > few:
        edges = _stars(tables, name, edges)
    else:
        edges = flat(edges.coalesce(1), _joined, "a string, b string")
    both = edges.selectExpr("a node", "b component")
    return tables.keep(f"{name}-components", both.union(edges.selectExpr("b", "b").distinct()))


def _joined(rows: Rows) -> Iterator[Row]:
    """Each node with the least of its component, but for that one."""
    above: dict[str, str] = {}

    def least(node: str) -> str:
        while (up := above.get(node)) is not None:
            above[node] = above.get(up, up)
            node = up
        return node

    for a, b in rows:
        low, high = sorted((least(a), least(b)))
        if low != high:
            above[high] = low
    yield from ((node, least(node)) for node in list(above))


def _stars(tables: Tables, name: str, edges: DataFrame) -> DataFrame:
    from pyspark.sql import functions as f

    before, round_ = None, 0
    while True:
        now = edges.select(f.count("*"), f.sum(f.xxhash64("a", "b").cast("decimal(38,0)"))).first()
        if now == before:
            return edges
        before, round_ = now, round_ + 1
        edges = tables.keep(f"{name}-{round_}", _small_star(_large_star(edges)))


def _large_star(edges: DataFrame) -> DataFrame:
    """Each node's greater neighbours, to the least of all its neighbours and itself."""
    both = edges.union(edges.selectExpr("b a", "a b"))
    least = both.groupBy("a").agg({"b": "min"}).selectExpr("a", "least(a, `min(b)`) low")
    return both.join(least, "a").where("b > a").selectExpr("b a", "low b").distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """Each node and its lesser neighbours, to the least of these."""
    least = edges.groupBy("a").agg({"b": "min"}).selectExpr("a", "`min(b)` low")
    moved = edges.join(least, "a").where("b <> low").selectExpr("b a", "low b")
    return moved.union(least).distinct()
