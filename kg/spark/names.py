"""Owns the middle on Spark: the names of all papers to what is decided about each.

    facts ──rows──▶ counts ──ties, slips──▶ components ──decide──▶ outcomes, things, edges between

Names are counted where they stand and added up by a group-by; what must be decided together is
brought together by the components of its ties, and decided as it is on one machine.  See
`kg.link.parts`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from kg.link import Linkage, Linker, Overrides, parts
from kg.link import origins as origins_of
from kg.link.decision import SLIP, words_of
from kg.link.known import Known
from kg.link.near import SHORTEST, changed, pairs, slip
from kg.model import Paper
from kg.records import load_facts, load_paper
from kg.spark.tables import Row, Rows, Tables, components, flat
from kg.spark.written import dump_statement, dump_thing
from kg.vocabulary import load as load_vocabulary

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Lists = tuple[Path, ...]  # further vocabularies, read by each process that needs them
Origin = tuple[str, str, str]  # scheme, value, paper

_COUNTED = 4096  # papers counted together before their names are handed on
_DECIDED = 50_000  # rows about names that are decided together, or more
_COLUMNS = "kind string, name string, other string, text string, count long"
_NEED, _ORIGIN, _SLIP, _NODE = "need", "origin", "slip", "node"


@lru_cache(maxsize=1)
def known(lists: Lists) -> Known:
    """The known names, built once a process."""
    return Known(load_vocabulary(lists))


def gather(tables: Tables, papers: DataFrame, lists: Lists) -> DataFrame:
    """What the papers say of names (`kg.link.parts.Row`), which names each needs to be resolved,
    and where the things of the vocabulary come from."""
    return tables.keep("gathered", flat(papers, partial(_gather, lists), _COLUMNS))


def _gather(lists: Lists, rows: Rows) -> Iterator[Row]:
    names = known(lists)
    wanted = frozenset(mark for entry in names.entries() for mark in origins_of.wanted(entry))
    while chunk := list(islice(rows, _COUNTED)):
        linker = Linker(names)
        for id_, text, written in chunk:
            paper = load_paper(text)
            facts = load_facts(written, paper.id)
            linker.add(paper, facts)
            for form in parts.needs(names, paper, facts):
                yield _NEED, parts.written(form), "", id_, 0
            for scheme, value in wanted.intersection(origins_of.marks(paper)):
                yield _ORIGIN, scheme, value, id_, 0
        yield from parts.rows(linker)


def count(tables: Tables, gathered: DataFrame) -> DataFrame:
    """The rows about names, added up."""
    from pyspark.sql import functions as f

    rows = gathered.where(f"kind not in ('{_NEED}', '{_ORIGIN}')")
    spelled = f.expr(f"if(kind = '{parts.SPELLING}', text, '')").alias("spelled")
    added = rows.groupBy("kind", "name", "other", spelled).agg(
        f.min("text").alias("text"), f.sum("count").alias("count")
    )
    return tables.keep("counts", added.select("kind", "name", "other", "text", "count"))


def origins(gathered: DataFrame) -> list[Origin]:
    """Where the things of the vocabulary come from: at most a row for each row of it."""
    rows = gathered.where(f"kind = '{_ORIGIN}'").groupBy("name", "other").agg({"text": "min"})
    return [tuple(row) for row in rows.collect()]


def slips(tables: Tables, counts: DataFrame) -> DataFrame:
    """Names that one mistyped word sets apart, as rows of `_COLUMNS`: the score is the text.

    Two names at one edit share their first or last letters, half of them less two: those are the
    blocks.  How many names hold the two words is joined to each pair.
    """
    from pyspark.sql import functions as f

    spelled = counts.where(f"kind = '{parts.SPELLING}'")
    least = spelled.groupBy("name").agg(f.min("text").alias("text"))
    words = flat(least, _words, "word string").groupBy("word").count()
    filed = flat(least, _halves, "block string, name string, text string")
    found = flat(tables.together(filed, "block"), _apart, "a string, b string, x string, y string")
    found = tables.keep("apart", found.distinct())
    of_x = words.selectExpr("word x", "count n")
    of_y = words.selectExpr("word y", "count m")
    scored = flat(found.join(of_x, "x", "left").join(of_y, "y", "left").select("a", "b", "x", "y", "n", "m"),
                  _scored, _COLUMNS)  # fmt: skip
    return tables.keep("slips", scored)


def _words(rows: Rows) -> Iterator[Row]:
    for _, text in rows:
        yield from ((word,) for word in words_of(text))


def _halves(rows: Rows) -> Iterator[Row]:
    for name, text in rows:
        type_, form = parts.read(name)
        for size in {(len(form) - 2) // 2, (len(form) - 3) // 2} if len(form) >= SHORTEST else ():
            yield f"{type_} {form[:size]} -", name, text
            yield f"{type_} - {form[-size:]}", name, text


def _apart(rows: Rows) -> Iterator[Row]:
    """Pairs of names at one edit, and the one word of each; whole blocks at a time."""
    for chunk in _whole(rows, _DECIDED):
        texts = {parts.read(name): text for _, name, text in chunk}
        for type_ in sorted({type_ for type_, _ in texts}):
            for a, b in pairs(form for kind, form in texts if kind == type_):
                words = changed(words_of(texts[type_, a]), words_of(texts[type_, b]))
                if words:
                    yield parts.written((type_, a)), parts.written((type_, b)), *words


def _scored(rows: Rows) -> Iterator[Row]:
    for a, b, x, y, n, m in rows:
        score = slip(x, y, {x: n or 0, y: m or 0})
        if score > SLIP:
            yield _SLIP, a, b, repr(score), 0


def _whole(rows: Rows, least: int) -> Iterator[list[Row]]:
    """Rows in lists of so many or more, those of one key (their first column) together."""
    chunk: list[Row] = []
    for _, group in groupby(rows, key=itemgetter(0)):
        chunk.extend(group)
        if len(chunk) >= least:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def decide(
    tables: Tables, counts: DataFrame, slips_: DataFrame, lists: Lists,
    overrides: Overrides, origins_: Sequence[Origin],
) -> DataFrame:  # fmt: skip
    """(kind, key, text): an outcome for each name; the things, and the edges between them, by id."""
    said = [(parts.written(a), parts.written(b)) for a, b in parts.said(overrides)]
    tied = flat(counts, partial(_ties, lists), "a string, b string")
    tied = tied.union(slips_.selectExpr("name a", "other b"))
    if said:
        tied = tied.union(tables.spark.createDataFrame(said, "a string, b string"))
    joined = components(tables, "names", tied)
    nodes = joined.selectExpr(f"'{_NODE}' kind", "node name", "'' other", "'' text", "0L count")
    rows = counts.union(slips_).union(nodes).join(joined, counts.name == joined.node, "left")
    rows = rows.selectExpr(
        "coalesce(component, name) component", "kind", "name", "other", "text", "count"
    )
    decided = partial(_decide, lists, overrides, tuple(origins_))
    made = flat(tables.together(rows, "component"), decided, "kind string, key string, text string")
    return tables.keep("decided", made)


def _ties(lists: Lists, rows: Rows) -> Iterator[Row]:
    names = known(lists)
    for row in rows:
        for a, b in parts.ties(names, row):
            yield parts.written(a), parts.written(b)


def _decide(
    lists: Lists, overrides: Overrides, origins_: Iterable[Origin], rows: Rows
) -> Iterator[Row]:
    """The decision over whole components, of which many are taken at once."""
    for chunk in _whole(rows, _DECIDED):
        linkage, names = _linkage(lists, overrides, origins_, chunk)
        for name in sorted(names):
            yield "outcome", name, _dump_outcome(parts.outcome(linkage, parts.read(name)))
        for entity, ours, origin in parts.things(linkage):
            yield "ours" if ours else "vocabulary", entity.id, dump_thing(entity)
            if ours:
                yield "about", entity.id, json.dumps([[entity.name, *entity.aliases], origin])
        for statement in linkage.statements():
            yield "linked", statement.subject, dump_statement(statement)


def _linkage(
    lists: Lists, overrides: Overrides, origins_: Iterable[Origin], chunk: Iterable[Row]
) -> tuple[Linkage, set[str]]:
    linker, found, names = Linker(known(lists), overrides), [], set()
    for scheme, value, paper in origins_:
        title = value if scheme == "title" else ""
        linker.origins.add(Paper(paper, title, "", identifiers=((scheme, value),)))
    for _, kind, name, other, text, n in chunk:
        names.add(name)
        if kind == _SLIP:
            found.append((parts.read(name), parts.read(other), float(text)))
        else:
            parts.put(linker, (kind, name, other, text, n))
    return linker.finish(sorted(found)), names


def _dump_outcome(found: parts.Outcome) -> str:
    roots, things = ([(*k, v) for k, v in d.items()] for d in (found.roots, found.things))
    return json.dumps([found.name, roots, found.senses, list(found.words.items()), things])


def load_outcome(text: str) -> parts.Outcome:
    """An outcome from its written form."""
    name, roots, senses, words, things = json.loads(text)
    return parts.Outcome(
        tuple(name),
        {(a, b): tuple(root) for a, b, root in roots},
        [(tuple(sense), weight) for sense, weight in senses],
        {tuple(sense): tuple(w) for sense, w in words},
        {(a, b): tuple(thing) for a, b, thing in things},
    )


def needed(tables: Tables, gathered: DataFrame, decided: DataFrame) -> DataFrame:
    """(id, outcomes) of each paper that names anything: the decisions joined back."""
    from pyspark.sql import functions as f

    needs = gathered.where(f"kind = '{_NEED}'").selectExpr("name key", "text id")
    outcomes = decided.where("kind = 'outcome'").select("key", "text")
    listed = needs.join(outcomes, "key").groupBy("id").agg(f.collect_list("text").alias("outcomes"))
    return tables.keep("needed", listed)
