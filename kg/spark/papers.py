"""Owns the first half on Spark: sources to records, records to papers, papers to facts.

    sources ──▶ records ──blocks──▶ pairs ──components──▶ papers ──▶ facts

Records are compared within blocks (an identifier, a title, a draw of words); components of what
the pairs join are each grouped as all records are on one machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from kg.drafts import content
from kg.extract.workers import extract_all
from kg.link.papers import Merger, blocks, merge, rank
from kg.model import Paper, Unread
from kg.readers import add_plugins, sources
from kg.records import dump_paper, load_paper
from kg.spark.tables import Row, Rows, Tables, components, flat

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Place = tuple[str, int]  # of a record: its source, and which it is there


def records(tables: Tables, found: Sequence[sources.Opened], format_: str | None) -> DataFrame:
    """(kind, place, line, text): of each source its digest, its records, and what was not read."""
    held = [(s.name, str(s.path or ""), s.member or "", s.met) for s in found]
    named = tables.rows(held, "name string, path string, member string, met boolean")
    read = flat(named, partial(_read, format_), "kind string, place string, line long, text string")
    return tables.keep("records", read)


def _read(format_: str | None, rows: Rows) -> Iterator[Row]:
    add_plugins()
    for name, path, member, met in rows:
        opened = sources.Opened(name, Path(path), None, member or None, met)
        yield "source", name, 0, opened.sha256()
        ordinal = 0
        for item in sources.read(opened, format_ or sources.detect(opened)):
            if isinstance(item, Unread):
                yield "unread", name, item.source.line, item.reason
            else:
                yield "record", f"{ordinal} {name}", 0, dump_paper(item)
                ordinal += 1


def _place(text: str) -> Place:
    ordinal, _, name = text.partition(" ")
    return name, int(ordinal)


def papers(tables: Tables, read: DataFrame) -> DataFrame:
    """(id, rank, paper) of each paper, once; ids that two papers share are not yet told apart."""
    held = read.where("kind = 'record'").select("place", "text")
    filed = tables.keep("blocks", flat(held, _blocks, "block string, place string"))
    shared = filed.groupBy("block").agg({"place": "min", "*": "count"}).where("`count(1)` > 1")
    shared = tables.keep("shared", shared.selectExpr("block", "`min(place)` first"))
    edges = filed.join(shared.where("block not like 'words %'"), "block")
    near = filed.join(shared.where("block like 'words %'"), "block").join(held, "place")
    near = tables.together(near.select("block", "place", "text"), "block")
    near = tables.keep("near", flat(near, _near, "a string, b string").distinct())
    joined = components(
        tables, "papers", edges.selectExpr("place a", "first b").union(near.select("a", "b"))
    )
    tied = near.join(joined, near.a == joined.node).selectExpr("component", "a place", "b text")
    lone = held.join(joined, held.place == joined.node, "left")
    lone = lone.selectExpr("coalesce(component, place) component", "place", "text")
    rows = lone.selectExpr("*", "true record").union(tied.selectExpr("*", "false record"))
    made = flat(tables.together(rows, "component"), _merge, "id string, rank string, paper string")
    return tables.keep("papers", made)


def _blocks(rows: Rows) -> Iterator[Row]:
    for place, text in rows:
        yield from ((block, place) for block in blocks(load_paper(text)))


def _near(rows: Rows) -> Iterator[Row]:
    """The neighbours of each block that share most words."""
    for _, group in groupby(rows, key=itemgetter(0)):
        merger: Merger[Place] = Merger()
        written = {}
        for _, place, text in group:
            written[_place(place)] = place
            merger.add(_place(place), load_paper(text))
        yield from ((written[a], written[b]) for a, b in merger.neighbours())


def _merge(rows: Rows) -> Iterator[Row]:
    """The papers of each component."""
    for _, group in groupby(rows, key=itemgetter(0)):
        held: dict[Place, Paper] = {}
        near: list[tuple[Place, Place]] = []
        for _, place, text, record in group:
            if record:
                held[_place(place)] = load_paper(text)
            else:
                near.append((_place(place), _place(text)))
        for places in _grouped(held, near):
            first = min(rank(place, held[place]) for place in places)
            paper = merge([held[place] for place in places])
            yield paper.id, json.dumps(first), dump_paper(paper)


def _grouped(
    held: dict[Place, Paper], near: Sequence[tuple[Place, Place]]
) -> Iterator[list[Place]]:
    if len(held) == 1:
        yield list(held)
        return
    merger: Merger[Place] = Merger()
    for place, paper in held.items():
        merger.add(place, paper)
    yield from merger.groups(near)


def facts(tables: Tables, made: DataFrame, profile: str, vocabulary: Sequence[Path]) -> DataFrame:
    """(id, paper, facts) of each paper, its id its own."""
    rows = tables.together(made, "id")
    extract = partial(_extract, profile, tuple(vocabulary))
    return tables.keep("facts", flat(rows, extract, "id string, paper string, facts string"))


def _extract(profile: str, vocabulary: tuple[Path, ...], rows: Rows) -> Iterator[Row]:
    """The facts of papers; the model is loaded once a process, which Spark uses again."""
    waiting: list[Paper] = []

    def texts() -> Iterator[tuple[bytes, Paper]]:
        for paper in _unique(rows):
            waiting.append(paper)
            yield b"", paper

    for found in extract_all(texts(), 1, profile, vocabulary, 1):
        done, waiting[:] = waiting[: len(found)], waiting[len(found) :]
        for paper, (_, text) in zip(done, found, strict=True):
            yield paper.id, dump_paper(paper), text


def _unique(rows: Rows) -> Iterator[Paper]:
    """Papers by id; of those that share one, all but the first with a digest of their text."""
    for id_, group in groupby(rows, key=itemgetter(0)):
        ranked = [(json.loads(rank_), text) for _, rank_, text in group]
        for at, (_, text) in enumerate(sorted(ranked)):
            paper = load_paper(text)
            yield paper._replace(id=f"{id_}-{content(paper).hex()[:8]}") if at else paper
