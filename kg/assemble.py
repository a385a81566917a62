"""Owns the step from a paper's linked facts to edges, and from those to the edges between things.

One paper at a time: what a paper says depends on no other paper once its names are linked, so a
hundred thousand papers are assembled as one is.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Generic

from kg.evidence import Node, Place, Said, Span, with_words
from kg.extract.repos import classify, fold
from kg.extract.sentences import sentences
from kg.identifiers import slug
from kg.model import CodeLink, Entity, Evidence, Facts, Mention, Paper, Readable, Result, Statement
from kg.records import text_of
from kg.schema import ROLES, entity_id

# The entity that a name stands for in a paper: (type, surface) -> its node, or None.
Resolver = Callable[[str, str], Node | None]
# The paper that introduces a thing, of (confidence, paper) of each that claims it, or None.
Chooser = Callable[[list[tuple[float, str]]], str | None]
_UNIT = 10_000  # of a confidence


@dataclass(frozen=True, slots=True)
class Assembled:
    """What one paper adds to the graph: nodes of its own, and edges."""

    entities: tuple[Entity, ...]
    statements: tuple[Statement, ...]


def assemble_paper(paper: Paper, facts: Facts, resolve: Resolver[str]) -> Assembled:
    """The nodes (results, repositories, metrics named by results alone) and edges of one paper.

    `facts` are linked: each mention has its entity.  Edges are each once, in no set order.
    """
    entities: dict[str, Entity] = {}

    def put(entity: Entity) -> str:
        return entities.setdefault(entity.id, entity).id

    node = f"paper/{paper.id}"
    things = [mention.entity for mention in facts.mentions]
    said = assemble_edges(paper, facts, node, things, resolve, put)
    bounds = {"title": sentences(paper.title), "abstract": sentences(paper.abstract)}

    def cut(place: Place) -> Evidence:
        return with_words(Span(node, *place), text_of(paper, place[0]), bounds[place[0]])

    statements = (
        Statement(
            e.subject, e.relation, e.object, e.confidence, tuple(map(cut, e.places)), e.origin
        )
        for e in said
    )
    return Assembled(tuple(entities.values()), tuple(statements))


def assemble_edges(
    paper: Readable,
    facts: Facts,
    node: Node,
    things: Sequence[Node],
    resolve: Resolver[Node],
    put: Callable[[Entity], Node],
) -> Collection[Said[Node]]:
    """The edges of one paper, each once, by whatever stands for nodes, with the places of evidence.

    `node` is the paper's, and `things` are those that its mentions name, in their order; `put` makes
    a node of an entity that the paper has of its own, and gives the one that is there already.
    """
    edges: _Edges[Node] = _Edges()
    _mentions(node, facts, things, edges)
    _code(node, paper, facts, edges, put)
    _results(node, paper, facts, edges, resolve, put)
    _between(facts, things, edges)
    return edges.found.values()


class _Edges(Generic[Node]):
    """Edges by their ends and relation, with the evidence gathered."""

    def __init__(self) -> None:
        self.found: dict[tuple[Node, str, Node], Said[Node]] = {}

    def add(
        self,
        subject: Node,
        relation: str,
        object_: Node,
        confidence: float,
        places: Sequence[Place],
        origin: str = "extracted",
    ) -> None:
        """Note an edge; a second time, its evidence, and its confidence if higher."""
        ends = subject, relation, object_
        known: Said[Node] | None = self.found.get(ends)
        if known is not None:
            places = list(dict.fromkeys((*known.places, *places)))
            confidence, origin = max(confidence, known.confidence), known.origin
        self.found[ends] = Said(subject, relation, object_, confidence, origin, places)


def _mentions(node: Node, facts: Facts, things: Sequence[Node], edges: _Edges[Node]) -> None:
    """An edge from the paper to each thing that it names, in the one role that weighs most."""
    by_thing: dict[Node, list[Mention]] = {}
    for mention, thing in zip(facts.mentions, things, strict=True):
        by_thing.setdefault(thing, []).append(mention)
    found = edges.found  # no two of these are one edge: each thing comes once
    for thing, mentions in by_thing.items():
        role = settled_role(mentions)
        confidence = max([m.confidence * m.role_confidence for m in mentions if m.role == role])
        relation = ROLES[mentions[0].type][role]
        places: list[Place] = [
            (field, start, end, sure, by)
            for field, start, end, _, _, _, sure, _, by, _, _ in mentions
        ]
        found[node, relation, thing] = Said(node, relation, thing, confidence, "extracted", places)


def settled_role(mentions: Sequence[Mention]) -> str:
    """The one role of a thing in a paper: the heaviest by confidence, then the schema's order."""
    first = mentions[0].role
    if len(mentions) == 1 or all([m.role == first for m in mentions]):  # noqa: C419 - twice as fast
        return first
    weights: dict[str, float] = {}
    for mention in mentions:
        weights[mention.role] = weights.get(mention.role, 0.0) + mention.role_confidence
    order = list(ROLES[mentions[0].type])
    return max(weights, key=lambda role: (round(weights[role], 6), -order.index(role)))


def _code(
    node: Node, paper: Readable, facts: Facts, edges: _Edges[Node], put: Callable[[Entity], Node]
) -> None:
    """An edge to each address; what the source states comes first."""
    for stated in paper.links:
        kind, repository = classify(stated.url)
        link = CodeLink(stated.url, kind, repository, True, confidence=1.0, extractor="source")
        edges.add(node, "hasOfficialCode", put(_repository(link)), 1.0, (), "stated")
    for link in facts.code:
        relation = "hasOfficialCode" if link.official else "hasCode"
        place: Place = (link.field, link.start, link.end, link.confidence, link.extractor)
        edges.add(node, relation, put(_repository(link)), link.confidence, [place])


def _repository(link: CodeLink) -> Entity:
    """The node of an address: `owner/name` on its host, or the page itself."""
    place = link.repository or fold(link.url)
    node = entity_id("Repository", "/".join(slug(part) for part in place.split("/") if part))
    host, _, rest = place.partition("/")
    properties = (("host", host), ("kind", link.kind), ("url", link.url))
    return Entity(node, "Repository", rest or host, properties=properties, link_status="known")


def _results(
    node: Node,
    paper: Readable,
    facts: Facts,
    edges: _Edges[Node],
    resolve: Resolver[Node],
    put: Callable[[Entity], Node],
) -> None:
    """A node for each stated number, joined to what it is a number of."""
    for index, result in enumerate(facts.results, 1):
        number = put(_result_node(entity_id("Result", f"{paper.id}/{index}"), result))
        places: list[Place] = [
            (result.field, result.start, result.end, result.confidence, "results")
        ]
        edges.add(node, "reports", number, result.confidence, places)
        ends = _ends(result, resolve, put)
        for relation, end in ends.items():
            edges.add(number, relation, end, result.confidence, places)
        if "ofMethod" in ends and "onDataset" in ends:
            method, dataset = ends["ofMethod"], ends["onDataset"]
            edges.add(method, "evaluatedOn", dataset, result.confidence, places, "derived")


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


def _ends(
    result: Result, resolve: Resolver[Node], put: Callable[[Entity], Node]
) -> dict[str, Node]:
    """The nodes that a result joins, by relation."""
    named = (
        ("ofMethod", "Method", result.method),
        ("onDataset", "Dataset", result.dataset),
        ("inMetric", "Metric", result.metric),
        ("forTask", "Task", result.task),
    )
    ends: dict[str, Node] = {}
    for relation, type_, name in named:
        if name and (end := resolve(type_, name)) is not None:
            ends[relation] = end
    if result.metric and "inMetric" not in ends:  # "3x faster": the metric goes without its name
        metric = Entity(entity_id("Metric", slug(result.metric)), "Metric", result.metric)
        ends["inMetric"] = put(metric)
    return ends


def _between(facts: Facts, things: Sequence[Node], edges: _Edges[Node]) -> None:
    """Edges between a method that the paper introduces and what the same sentence says of it."""
    for relation, subject, object_ in facts.relations:
        ours, other = facts.mentions[subject], facts.mentions[object_]
        if things[subject] != things[object_]:
            confidence = 0.7 * min(ours.confidence, other.confidence)
            place: Place = (other.field, other.start, other.end, other.confidence, "sentence")
            edges.add(things[subject], relation, things[object_], confidence, [place])


class Claims:
    """Which papers claim to introduce which thing, all by number; ten bytes a claim."""

    def __init__(self) -> None:
        self._things, self._papers = array("i"), array("i")
        self._confidences = array("H")

    def add(self, paper: int, edges: Iterable[Said[int]]) -> None:
        """Note those of the edges that a paper says."""
        for edge in edges:
            if edge.relation == "introduces":
                self._things.append(edge.object)
                self._papers.append(paper)
                self._confidences.append(round(edge.confidence * _UNIT))

    def by_thing(self) -> Iterator[tuple[int, list[tuple[float, int]]]]:
        """Each thing, in order, with (confidence, paper) of the papers that claim it, in theirs."""
        order = sorted(range(len(self._things)), key=self._things.__getitem__)
        for thing, rows in groupby(order, key=self._things.__getitem__):
            yield thing, [(self._confidences[at] / _UNIT, self._papers[at]) for at in rows]


def introducer(claims: Iterable[tuple[float, str]], choose: Chooser) -> str | None:
    """Which paper introduces a thing, of (confidence, paper) of each that claims to; None where in
    doubt.  `choose` is given the claims, best first, and names a paper."""
    ranked = sorted(claims, key=_best_first)
    paper = choose(ranked)
    return paper if any(claimant == paper for _, claimant in ranked) else None


def _best_first(claim: tuple[float, str]) -> tuple[float, str]:
    return -claim[0], claim[1]


def introductions(
    claims: Iterable[Statement], choose: Callable[[str, list[tuple[float, str]]], str | None]
) -> Iterator[Statement]:
    """`introducedBy` from `introduces`, which are sorted by object: the edge of the `introducer` turned
    around, with the evidence of the claim.  `choose` is told the thing, too."""
    for thing, rows in groupby(claims, key=attrgetter("object")):
        by_paper = {row.subject: row for row in rows}
        said = ((row.confidence, paper) for paper, row in by_paper.items())
        paper = introducer(said, partial(choose, thing))
        if paper:
            yield replace(
                by_paper[paper],
                subject=thing,
                relation="introducedBy",
                object=paper,
                origin="derived",
            )
