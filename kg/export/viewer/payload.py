"""Owns what the page carries: the graph as columns of numbers and names, each text stored once.

Nodes are numbered by rank, so that the first view is the numbers below `backbone` and a list of
search results is in order as it stands.  A sentence is kept as a place in its paper's text and an
evidence span as a place in its sentence.  Offsets count UTF-16 units, as strings in browsers do.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kg.export.viewer.layout import BACKBONE, Layout, lay_out
from kg.model import Entity, Evidence, Graph, Paper, Statement
from kg.schema import DEFAULT_BASE, IDENTIFIER_URLS, NAMESPACE, NODE_TYPES, RELATIONS

# How much a link counts towards a node's rank, by the node's type: a hub among the metrics tells
# less about a field than one among its tasks; a result is a row of a table, not a place on a map.
WEIGHTS = {
    "Paper": 0.55,
    "Method": 1.0,
    "Dataset": 1.3,
    "Task": 1.3,
    "Metric": 0.6,
    "Repository": 0.1,
    "Result": 0.0,
}
# How well a region of the map is named after a node: a task tells best what papers are about.
APTNESS = {"Task": 1.5, "Method": 1.0, "Dataset": 1.0, "Metric": 0.01}
PAGE_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Payload:
    """`graph` draws, finds and filters; `texts` (abstracts) is read once a sentence is asked for."""

    graph: dict[str, Any]
    texts: dict[str, Any]
    names: list[str]
    types: list[str]
    sizes: list[int]
    layout: Layout
    order: list[int] = field(default_factory=list)


def to_json(value: object) -> str:
    """JSON that may stand inside a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(PAGE_ESCAPES)


def build_payload(graph: Graph, *, backbone: int = BACKBONE, base: str = DEFAULT_BASE) -> Payload:
    """Everything that the page shows, and where it stands."""
    papers, entities = list(graph.papers()), list(graph.entities())
    statements = list(_without_inverses(graph.statements()))
    ids = [f"paper/{paper.id}" for paper in papers] + [entity.id for entity in entities]
    number = {id_: index for index, id_ in enumerate(ids)}
    pairs = sorted({_pair(number[s.subject], number[s.object]) for s in statements})
    types = ["Paper"] * len(papers) + [entity.type for entity in entities]
    weight, degree = _importance(types, pairs, statements, number)
    _make_room_for_papers(weight, types, backbone)
    aptness = [APTNESS.get(type_, 0.0) for type_ in types]
    layout = lay_out(weight, pairs, aptness, backbone=backbone)
    order = layout.order
    rank = {ids[index]: position for position, index in enumerate(order)}
    names = [paper.title for paper in papers] + [entity.name for entity in entities]
    sizes = [_size(degree[index], types[index]) for index in order]
    texts = Texts(papers)
    return Payload(
        graph={
            **_schema(base),
            "metadata": graph.metadata(),
            "backbone": layout.backbone,
            "nodes": {
                "id": [_short(ids[i], types[i]) for i in order],
                "type": [list(NODE_TYPES).index(types[i]) for i in order],
                "name": [names[i] for i in order],
                "x": [round(float(layout.positions[i, 0])) for i in order],
                "y": [round(float(layout.positions[i, 1])) for i in order],
                "region": [layout.region[i] for i in order],
                "size": sizes,
            },
            "regions": _regions(layout, names),
            "papers": _papers(papers, rank),
            "entities": _entities(entities, rank),
            "edges": _edges(statements, rank, texts),
            "evidence": texts.evidence,
            "sentences": texts.sentences,
        },
        texts={"abstracts": [paper.abstract for paper in papers], "loose": texts.loose},
        names=[names[i] for i in order],
        types=[types[i] for i in order],
        sizes=sizes,
        layout=layout,
        order=order,
    )


def _without_inverses(statements: Iterable[Statement]) -> Iterable[Statement]:
    """Drop "A introduced by P" where "P introduces A" stands: one link, drawn once."""
    kept = list(statements)
    said = {(s.subject, s.relation, s.object) for s in kept}
    for statement in kept:
        inverse = RELATIONS[statement.relation].inverse
        from_paper = RELATIONS[statement.relation].domain == ("Paper",)
        if from_paper or (statement.object, inverse, statement.subject) not in said:
            yield statement


def _pair(first: int, second: int) -> tuple[int, int]:
    return (first, second) if first < second else (second, first)


def _importance(
    types: list[str],
    pairs: list[tuple[int, int]],
    statements: list[Statement],
    number: dict[str, int],
) -> tuple[list[float], list[int]]:
    """Rank weight of each node, and its links: a paper counts what others do with its own things."""
    degree = [0] * len(types)
    for pair in pairs:
        for here, there in (pair, pair[::-1]):
            degree[here] += types[there] != "Result"
    weight = [count * WEIGHTS[type_] for count, type_ in zip(degree, types, strict=True)]
    for statement in statements:
        if statement.relation == "introduces":
            weight[number[statement.subject]] += 1.5 * (degree[number[statement.object]] - 1)
    return weight, degree


def _make_room_for_papers(weight: list[float], types: list[str], backbone: int) -> None:
    """Raise the papers' weights, in place, until three in ten of the first view are papers.

    Almost all links begin at a paper: a view of hubs alone would show none of them.
    """
    share = max(3 * backbone // 10, 1)
    papers = sorted((w for w, t in zip(weight, types, strict=True) if t == "Paper"), reverse=True)
    things = sorted((w for w, t in zip(weight, types, strict=True) if t != "Paper"), reverse=True)
    if len(papers) < share or len(things) <= backbone - share:
        return
    wanted, reached = things[backbone - share], papers[share - 1]
    if 0 < reached < wanted:
        for index, type_ in enumerate(types):
            weight[index] *= wanted / reached if type_ == "Paper" else 1.0


def _size(degree: int, type_: str) -> int:
    """Half a node's width in tenths of a pixel of the first view: its area grows with its links."""
    if type_ == "Paper":
        return 38
    return round(10 * min(3.2 + 1.15 * math.sqrt(degree), 17.0))


def _short(id_: str, type_: str) -> str:
    """The identifier without its type's segment, where it begins with that."""
    segment = NODE_TYPES[type_].segment + "/"
    return id_.removeprefix(segment) if id_.startswith(segment) else "/" + id_


def _schema(base: str) -> dict[str, Any]:
    return {
        "base": base,
        "namespace": NAMESPACE,
        "identifierUrls": IDENTIFIER_URLS,
        "types": [
            {
                "name": row.name,
                "segment": row.segment,
                "plural": row.plural,
                "comment": row.comment,
                "colour": row.colour,
                "shape": row.shape,
            }
            for row in NODE_TYPES.values()
        ],
        "relations": [
            {"name": row.name, "label": row.label, "comment": row.comment}
            for row in RELATIONS.values()
        ],
    }


def _regions(layout: Layout, names: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "x": round(r.x),
            "y": round(r.y),
            "r": round(r.radius),
            "label": names[r.label] if r.label >= 0 else "others",
        }
        for r in layout.regions
    ]


def _papers(papers: list[Paper], rank: dict[str, int]) -> dict[str, Any]:
    """Columns over the papers, in the order of their abstracts in `texts`."""
    return {
        "node": [rank[f"paper/{paper.id}"] for paper in papers],
        "published": [paper.published for paper in papers],
        "authors": [list(paper.authors) or paper.author_count for paper in papers],
        "venue": _sparse(paper.venue for paper in papers),
        "upvotes": _sparse(paper.upvotes for paper in papers),
        "url": _sparse(paper.url for paper in papers),
        "identifiers": _sparse(paper.identifiers for paper in papers),
        "links": _sparse([[link.kind, link.url] for link in paper.links] for paper in papers),
        "sources": _sparse([[s.file, s.line] for s in paper.sources] for paper in papers),
    }


def _sparse(values: Iterable[object]) -> dict[int, object]:
    return {index: value for index, value in enumerate(values) if value}


def _entities(entities: list[Entity], rank: dict[str, int]) -> dict[str, Any]:
    """What only some nodes have, by the node's number."""
    ordered = sorted(entities, key=lambda entity: rank[entity.id])
    return {
        "aliases": {rank[e.id]: e.aliases for e in ordered if e.aliases},
        "identifiers": {rank[e.id]: e.identifiers for e in ordered if e.identifiers},
        "status": {rank[e.id]: e.link_status for e in ordered if e.link_status != "new"},
        "properties": {rank[e.id]: dict(e.properties) for e in ordered if e.properties},
    }


def _edges(statements: list[Statement], rank: dict[str, int], texts: Texts) -> dict[str, Any]:
    """Columns over the statements; `evidence` is how many of the evidence rows are theirs."""
    relations = list(RELATIONS)
    return {
        "subject": [rank[s.subject] for s in statements],
        "relation": [relations.index(s.relation) for s in statements],
        "object": [rank[s.object] for s in statements],
        "confidence": [round(s.confidence * 100) for s in statements],
        "origin": {i: s.origin for i, s in enumerate(statements) if s.origin != "extracted"},
        "evidence": [texts.add(s.evidence) for s in statements],
    }


class Texts:
    """Sentences and spans as places in the papers' texts, which are numbered.

    Text 2k is the title of paper k and 2k + 1 its abstract; a sentence that stands in neither
    (its paper is not in the graph, or its text has changed) is kept whole, after those.
    """

    def __init__(self, papers: list[Paper]) -> None:
        self._fields = {
            (f"paper/{paper.id}", name): (2 * index + offset, text)
            for index, paper in enumerate(papers)
            for offset, (name, text) in enumerate(
                (("title", paper.title), ("abstract", paper.abstract))
            )
        }
        self._numbers: dict[tuple[int, int, int], int] = {}
        self._loose: dict[str, int] = {}
        self._count = 2 * len(papers)
        self.sentences: dict[str, list[int]] = {"text": [], "start": [], "length": []}
        self.evidence: dict[str, list[int]] = {"sentence": [], "start": [], "length": []}

    @property
    def loose(self) -> list[str]:
        """Sentences of no text that the graph has, in the order of their numbers."""
        return list(self._loose)

    def add(self, evidence: Iterable[Evidence]) -> int:
        """Append a row for each span; returns how many."""
        rows = len(self.evidence["sentence"])
        for span in evidence:
            start = span.start - span.sentence_start
            inside = 0 <= start <= len(span.sentence)
            self.evidence["sentence"].append(self._sentence(span))
            self.evidence["start"].append(_units(span.sentence[:start]) if inside else 0)
            self.evidence["length"].append(_units(span.quote) if inside else 0)
        return len(self.evidence["sentence"]) - rows

    def _sentence(self, span: Evidence) -> int:
        begin, end = span.sentence_start, span.sentence_start + len(span.sentence)
        text, words = self._fields.get((span.paper, span.field), (-1, ""))
        if words[begin:end] != span.sentence:
            place = self._count + self._loose.setdefault(span.sentence, len(self._loose))
            return self._intern(place, 0, _units(span.sentence))
        return self._intern(text, _units(words[:begin]), _units(span.sentence))

    def _intern(self, text: int, start: int, length: int) -> int:
        key = (text, start, length)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            for column, value in zip(self.sentences.values(), key, strict=True):
                column.append(value)
        return self._numbers[key]


def _units(text: str) -> int:
    """Length in UTF-16 code units, in which JavaScript counts."""
    return len(text) if text.isascii() else sum(1 + (c > "\uffff") for c in text)
