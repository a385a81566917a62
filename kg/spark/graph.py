"""Owns the second half on Spark: papers and decisions to the graph, as rows and as triples.

    facts, outcomes ──assemble──▶ a paper's nodes and edges ──▶ written
                                  what papers say of things ──by thing──▶ written

All edges of a paper and of its results are its own, and are written where it is assembled.  What
several papers say of one thing is brought together by the thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from kg.assemble import assemble_paper, introductions
from kg.export.rows import edge_row, evidence_row, node_row
from kg.link import parts
from kg.link.origins import Origins
from kg.model import Entity, Paper, Statement
from kg.rdf import node_lines
from kg.rdf.names import Names
from kg.records import load_facts, load_paper
from kg.spark.names import Lists, known, load_outcome
from kg.spark.tables import Row, Rows, Tables, flat
from kg.spark.written import dump_statement, dump_thing, load_statement, load_thing

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_COLUMNS = "kind string, key string, place string, text string"
# The rows about a thing are sorted by kind and place: of several nodes of one id the first is
# kept, and of edges said twice the first says where they come from.
_OURS, _VOCABULARY, _SAID, _EDGE, _LINKED, _CLAIM, _ABOUT = (
    "1 ours", "2 vocabulary", "3 said", "4 edge", "5 linked", "6 claim", "7 about"
)  # fmt: skip
_OF_LINKING = {kind[2:]: kind for kind in (_OURS, _VOCABULARY, _LINKED, _ABOUT)}


def assemble(tables: Tables, papers: DataFrame, needed: DataFrame, lists: Lists) -> DataFrame:
    """Rows of `_COLUMNS`: what is written of each paper, and what it says of things, by thing."""
    rows = papers.join(needed, "id", "left").select("id", "paper", "facts", "outcomes")
    return tables.keep("assembled", flat(rows, partial(_assemble, lists), _COLUMNS))


def _assemble(lists: Lists, rows: Rows) -> Iterator[Row]:
    names, iris = known(lists), Names()
    for _, text, written, outcomes in rows:
        paper = load_paper(text)
        facts = load_facts(written, paper.id)
        part = parts.Part(names, map(load_outcome, outcomes or ()))
        resolved = part.resolve(paper, facts)
        added = assemble_paper(paper, resolved, partial(part.name_to_entity, paper.id))
        yield from _written_paper(iris, paper, added.entities, added.statements)
        yield from _of_things(paper, added.entities, added.statements)


def _written_paper(
    iris: Names, paper: Paper, entities: Iterable[Entity], statements: Iterable[Statement]
) -> Iterator[Row]:
    """The paper and its results, with the edges that begin there."""
    held: dict[str, list[Statement]] = {}
    for row in statements:
        held.setdefault(row.subject, []).append(row)
    yield from _written(iris, f"paper/{paper.id}", paper, held.get(f"paper/{paper.id}", []))
    for entity in entities:
        if entity.type == "Result":
            yield from _written(iris, entity.id, entity, held.get(entity.id, []))


def _of_things(
    paper: Paper, entities: Sequence[Entity], statements: Iterable[Statement]
) -> Iterator[Row]:
    for at, entity in enumerate(entities):
        if entity.type != "Result":
            yield _SAID, entity.id, f"{paper.id} {at:06}", dump_thing(entity)
    for row in statements:
        if not row.subject.startswith(("paper/", "result/")):
            yield _EDGE, row.subject, paper.id, dump_statement(row)
        elif row.relation == "introduces":
            yield _CLAIM, row.object, paper.title, dump_statement(row)


def finish(tables: Tables, assembled: DataFrame, decided: DataFrame) -> DataFrame:
    """Rows of `_COLUMNS`: what is written of things."""
    from pyspark.sql import functions as f

    numbered = f.create_map(*[f.lit(x) for pair in _OF_LINKING.items() for x in pair])
    ours = decided.where("kind <> 'outcome'").select(
        "key", numbered[f.col("kind")].alias("kind"), f.lit("").alias("place"), "text"
    )
    said = assembled.where("kind like '_ %'").select("key", "kind", "place", "text")
    rows = tables.together(ours.union(said), "key", "kind", "place")
    return tables.keep("finished", flat(rows, _finish, _COLUMNS))


def _finish(rows: Rows) -> Iterator[Row]:
    iris = Names()
    for id_, group in groupby(rows, key=itemgetter(0)):
        held: dict[str, list[Row]] = {}
        for _, kind, place, text in group:
            held.setdefault(kind, []).append((place, text))
        node = next((held[k][0][1] for k in (_OURS, _VOCABULARY, _SAID) if k in held), None)
        edges = _joined(held)
        if node:
            yield from _written(iris, id_, load_thing(node), edges)
        elif edges:
            raise ValueError(f"edges of {id_!r}, which is no node")


def _joined(held: dict[str, list[Row]]) -> list[Statement]:
    """The edges of a thing, each once, with all that they rest on."""
    found: dict[tuple[str, str, str], Statement] = {}
    said = [load_statement(text) for kind in (_EDGE, _LINKED) for _, text in held.get(kind, ())]
    for row in [*said, *_introduced(held)]:
        ends = (row.subject, row.relation, row.object)
        old = found.get(ends)
        found[ends] = row if old is None else replace(
            old,
            confidence=max(old.confidence, row.confidence),
            evidence=old.evidence + row.evidence,
        )  # fmt: skip
    return [row for _, row in sorted(found.items())]


def _introduced(held: dict[str, list[Row]]) -> Iterator[Statement]:
    """Which paper introduces the thing, of those that claim to."""
    if _ABOUT not in held or _CLAIM not in held:
        return
    origins, claims = Origins(()), []
    for title, text in held[_CLAIM]:
        claims.append(load_statement(text))
        origins.add(Paper(claims[-1].subject.removeprefix("paper/"), title, ""))
    names, origin = json.loads(held[_ABOUT][0][1])
    yield from introductions(claims, lambda _, ranked: origins.introducer(names, origin, ranked))


def _written(
    iris: Names, id_: str, thing: Paper | Entity, statements: Sequence[Statement]
) -> Iterator[Row]:
    """A node with its edges, in each form that is written."""
    extractors: set[str] = set()
    triples = "".join(node_lines(iris, thing, statements, True, extractors))
    yield "triples", id_, "", triples.rstrip("\n")
    yield "nodes", id_, "", _json(node_row(id_, thing))
    for row in statements:
        yield "edges", id_, "", _json(edge_row(row))
        ends = {"subject": row.subject, "relation": row.relation, "object": row.object}
        for one in row.evidence:
            yield "evidence", id_, "", _json(ends | evidence_row(one))
    yield from (("extractor", name, "", "") for name in sorted(extractors))


_json = json.JSONEncoder(ensure_ascii=False).encode
