"""Owns the step from a paper's linked facts to edges, and from those to the edges between things.

One paper at a time: what a paper says depends on no other paper once its names are linked, so a
hundred thousand papers are assembled as one is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import cast

from kg.evidence import Edge, Span, enclosing, with_words
from kg.extract.repos import classify, fold
from kg.extract.sentences import sentences
from kg.identifiers import slug
from kg.model import CodeLink, Entity, Evidence, Facts, Field, Mention, Paper, Result, Statement
from kg.records import text_of
from kg.schema import ROLES, entity_id

# The entity that a name stands for in a paper: (type, surface) -> id, or None.
Resolver = Callable[[str, str], str | None]
# The paper that introduces a thing, of (confidence, paper) of each that claims it, or None.
Chooser = Callable[[str, list[tuple[float, str]]], str | None]

_TRAINED = re.compile(
    r"\b(?:pre-?)?trained (?:only |solely |jointly )?on\b"
    r"(?:(?!transfer|evaluat|test|fine-?tun|appl|compar)[^.;]){0,50}$",
    re.IGNORECASE,
)
_BASED = re.compile(
    r"\b(?:(?:based|built|builds|building) (?:up)?on(?: top of)?|extends|an extension of|extending)\s+"
    r"(?:the |a |an )?$",
    re.IGNORECASE,
)
# One of these stands in whatever the two above find; most texts have none.
_CUES = (
    "trained on", "trained only on", "trained solely on", "trained jointly on", "based on",
    "based upon", "built on", "built upon", "builds on", "builds upon", "building on",
    "building upon", "extends", "an extension of", "extending",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assembled:
    """What one paper adds to the graph: nodes of its own, and edges."""

    entities: tuple[Entity, ...]
    statements: tuple[Statement, ...]


def assemble_paper(paper: Paper, facts: Facts, resolve: Resolver) -> Assembled:
    """The nodes (results, repositories, metrics named by results alone) and edges of one paper.

    `facts` are linked: each mention has its entity.  Edges are each once, in no set order.
    """
    things = [mention.entity for mention in facts.mentions]
    entities, edges = assemble_edges(paper, facts, things, resolve)
    bounds = {"title": sentences(paper.title), "abstract": sentences(paper.abstract)}

    def cut(span: Span) -> Evidence:
        return with_words(span, text_of(paper, span.field), bounds[span.field])

    statements = (
        Statement(e.subject, e.relation, e.object, e.confidence, tuple(map(cut, e.spans)), e.origin)
        for e in edges
    )
    return Assembled(tuple(entities), tuple(statements))


def assemble_edges(
    paper: Paper, facts: Facts, things: Sequence[str], resolve: Resolver
) -> tuple[Iterable[Entity], Iterable[Edge]]:
    """What `assemble_paper` gives, with the spans of the evidence in the place of its words.

    That is all that the store keeps; to cut the words out would cost more than all the rest.
    `things` are the entities of the mentions, in their order.
    """
    entities: dict[str, Entity] = {}
    edges = _Edges()
    node = f"paper/{paper.id}"
    _mentions(node, facts, things, edges)
    _code(node, paper, facts, edges, entities)
    _results(node, paper, facts, edges, entities, resolve)
    _between(node, paper, facts, things, edges)
    return entities.values(), edges


class _Edges:
    """Edges by their ends and relation, with the evidence gathered."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], tuple[float, str, dict[Span, None]]] = {}

    def add(
        self,
        subject: str,
        relation: str,
        object_: str,
        confidence: float,
        spans: Iterable[Span],
        origin: str = "extracted",
    ) -> None:
        """Note an edge; a second time, its evidence, and its confidence if higher."""
        place = subject, relation, object_
        known = self._found.get(place)
        if known is None:
            self._found[place] = (confidence, origin, dict.fromkeys(spans))
        else:
            best, first, rows = known
            rows.update(dict.fromkeys(spans))
            self._found[place] = (max(confidence, best), first, rows)

    def __iter__(self) -> Iterator[Edge]:
        for (subject, relation, object_), (confidence, origin, spans) in self._found.items():
            yield Edge(subject, relation, object_, confidence, origin, tuple(spans))


def _mentions(node: str, facts: Facts, things: Sequence[str], edges: _Edges) -> None:
    """An edge from the paper to each thing that it names, in the one role that weighs most."""
    by_entity: dict[str, list[Mention]] = {}
    for mention, entity in zip(facts.mentions, things, strict=True):
        by_entity.setdefault(entity, []).append(mention)
    for entity, mentions in by_entity.items():
        role = settled_role(mentions)
        confidence = max(m.confidence * m.role_confidence for m in mentions if m.role == role)
        spans = [Span(node, m.field, m.start, m.end, m.confidence, m.extractor) for m in mentions]
        edges.add(node, ROLES[mentions[0].type][role], entity, confidence, spans)


def settled_role(mentions: Sequence[Mention]) -> str:
    """The one role of a thing in a paper: the heaviest by confidence, then the schema's order."""
    first = mentions[0].role
    if all(m.role == first for m in mentions):
        return first
    weights: dict[str, float] = {}
    for mention in mentions:
        weights[mention.role] = weights.get(mention.role, 0.0) + mention.role_confidence
    order = list(ROLES[mentions[0].type])
    return max(weights, key=lambda role: (round(weights[role], 6), -order.index(role)))


def _code(
    node: str, paper: Paper, facts: Facts, edges: _Edges, entities: dict[str, Entity]
) -> None:
    """An edge to each address; what the source states comes first."""
    for stated in paper.links:
        kind, repository = classify(stated.url)
        link = CodeLink(stated.url, kind, repository, True, confidence=1.0, extractor="source")
        edges.add(node, "hasOfficialCode", _repository(link, entities), 1.0, (), "stated")
    for link in facts.code:
        relation = "hasOfficialCode" if link.official else "hasCode"
        span = Span(node, link.field, link.start, link.end, link.confidence, link.extractor)
        edges.add(node, relation, _repository(link, entities), link.confidence, [span])


def _repository(link: CodeLink, entities: dict[str, Entity]) -> str:
    """The node of an address: `owner/name` on its host, or the page itself."""
    place = link.repository or fold(link.url)
    node = entity_id("Repository", "/".join(slug(part) for part in place.split("/") if part))
    host, _, rest = place.partition("/")
    properties = (("host", host), ("kind", link.kind), ("url", link.url))
    entities.setdefault(
        node, Entity(node, "Repository", rest or host, properties=properties, link_status="known")
    )
    return node


def _results(
    node: str,
    paper: Paper,
    facts: Facts,
    edges: _Edges,
    entities: dict[str, Entity],
    resolve: Resolver,
) -> None:
    """A node for each stated number, joined to what it is a number of."""
    for index, result in enumerate(facts.results, 1):
        number = entity_id("Result", f"{paper.id}/{index}")
        entities[number] = _result_node(number, result)
        spans = [Span(node, result.field, result.start, result.end, result.confidence, "results")]
        edges.add(node, "reports", number, result.confidence, spans)
        ends = _ends(result, entities, resolve)
        for relation, end in ends.items():
            edges.add(number, relation, end, result.confidence, spans)
        if "ofMethod" in ends and "onDataset" in ends:
            method, dataset = ends["ofMethod"], ends["onDataset"]
            edges.add(method, "evaluatedOn", dataset, result.confidence, spans, "derived")


def _result_node(node: str, result: Result) -> Entity:
    names = [n for n in (result.metric, result.value) if n]
    label = " ".join(names) + (f" on {result.dataset}" if result.dataset else "")
    pairs = {
        "better": result.better,
        "kind": result.kind,
        "number": result.number,
        "unit": result.unit,
        "value": result.value,
    }
    properties = tuple((key, value) for key, value in sorted(pairs.items()) if value)
    return Entity(node, "Result", label, properties=properties)


def _ends(result: Result, entities: dict[str, Entity], resolve: Resolver) -> dict[str, str]:
    """The nodes that a result joins, by relation."""
    named = {
        "ofMethod": ("Method", result.method),
        "onDataset": ("Dataset", result.dataset),
        "inMetric": ("Metric", result.metric),
        "forTask": ("Task", result.task),
    }
    ends = {rel: resolve(type_, name) for rel, (type_, name) in named.items() if name}
    if (
        result.metric and ends.get("inMetric") is None
    ):  # "3x faster": the metric goes without its name
        node = entity_id("Metric", slug(result.metric))
        entities.setdefault(node, Entity(node, "Metric", result.metric))
        ends["inMetric"] = node
    return {rel: end for rel, end in ends.items() if end}


def _between(node: str, paper: Paper, facts: Facts, things: Sequence[str], edges: _Edges) -> None:
    """Edges between a method that the paper introduces and what the same sentence says of it."""
    named = list(zip(facts.mentions, things, strict=True))
    ours = [row for row in named if row[0].type == "Method" and row[0].role == "introduces"]
    text = f"{paper.title}\n{paper.abstract}".lower() if ours else ""
    if not any([cue in text for cue in _CUES]):  # noqa: C419 - a generator takes thrice as long
        return
    for mention, thing in named:
        if mention.type not in ("Dataset", "Method") or mention.role == "introduces":
            continue
        text = text_of(paper, mention.field)
        first, _ = enclosing(sentences(text), mention.start, mention.end, len(text))
        relation, cue = (
            ("trainedOn", _TRAINED) if mention.type == "Dataset" else ("basedOn", _BASED)
        )
        match = cue.search(text[first : mention.start])
        found = match and _nearest(ours, mention.field, first, first + match.start())
        if found and found[1] != thing:
            confidence = 0.7 * min(found[0].confidence, mention.confidence)
            span = Span(
                node, mention.field, mention.start, mention.end, mention.confidence, "sentence"
            )
            edges.add(found[1], relation, thing, confidence, [span])


def _nearest(
    ours: Sequence[tuple[Mention, str]], field: Field, start: int, end: int
) -> tuple[Mention, str] | None:
    """The last of our methods named between two places of a field, close to the second."""
    found = [
        row
        for row in ours
        if row[0].field == field and start <= row[0].start and end - 60 < row[0].end <= end
    ]
    return max(found, key=lambda row: row[0].end, default=None)


def introducers(
    claims: Iterable[tuple[str, float, str]], choose: Chooser
) -> Iterator[tuple[str, str]]:
    """Which paper introduces each thing: (thing, paper), of (thing, confidence, paper) by thing.

    `choose` is given a thing and (confidence, paper) of each paper that claims it, best first, and
    says which one it is, or None.
    """
    for thing, rows in groupby(claims, key=itemgetter(0)):
        ranked = sorted(((confidence, paper) for _, confidence, paper in rows), key=_best_first)
        paper = choose(thing, ranked)
        if any(claimant == paper for _, claimant in ranked):
            yield thing, cast(str, paper)


def _best_first(claim: tuple[float, str]) -> tuple[float, str]:
    return -claim[0], claim[1]


def introductions(claims: Iterable[Statement], choose: Chooser) -> Iterator[Statement]:
    """`introducedBy` from `introduces`, which are sorted by object: the edge that `introducers`
    chooses, turned around, with the evidence of the claim."""
    for thing, rows in groupby(claims, key=attrgetter("object")):
        by_paper = {row.subject: row for row in rows}
        said = ((thing, row.confidence, paper) for paper, row in by_paper.items())
        for _, paper in introducers(said, choose):
            yield replace(
                by_paper[paper],
                subject=thing,
                relation="introducedBy",
                object=paper,
                origin="derived",
            )
