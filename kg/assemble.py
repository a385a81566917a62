"""Owns the step from a paper's linked facts to edges, and from those to the edges between things.

One paper at a time: what a paper says depends on no other paper once its names are linked, so a
hundred thousand papers are assembled as one is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kg.extract.repos import classify, fold
from kg.extract.sentences import sentences
from kg.identifiers import slug
from kg.model import CodeLink, Entity, Evidence, Facts, Field, Mention, Paper, Result, Statement
from kg.schema import ROLES, entity_id

# The entity that a name stands for in a paper: (type, surface) -> id, or None.
Resolver = Callable[[str, str], str | None]

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


@dataclass(frozen=True, slots=True)
class Assembled:
    """What one paper adds to the graph: nodes of its own, and edges."""

    entities: tuple[Entity, ...]
    statements: tuple[Statement, ...]


def assemble_paper(paper: Paper, facts: Facts, resolve: Resolver) -> Assembled:
    """The nodes (results, repositories, metrics named by results alone) and edges of one paper.

    `facts` are linked: each mention has its entity.  Edges are each once, in no set order.
    """
    cut = _Cutter(paper)
    entities: dict[str, Entity] = {}
    edges = _Edges()
    _mentions(paper, facts, cut, edges)
    _code(paper, facts, cut, edges, entities)
    _results(paper, facts, cut, edges, entities, resolve)
    _between(facts, cut, edges)
    return Assembled(tuple(entities.values()), tuple(edges.statements()))


class _Cutter:
    """Spans of a paper as evidence, with the sentence around each."""

    def __init__(self, paper: Paper) -> None:
        self.node = f"paper/{paper.id}"
        self._texts: dict[Field, str] = {"title": paper.title, "abstract": paper.abstract}
        self._bounds = {field: sentences(text) for field, text in self._texts.items()}

    def evidence(
        self, field: Field, start: int, end: int, confidence: float, extractor: str
    ) -> Evidence:
        """The evidence that a span is."""
        text = self._texts[field]
        first = max((s for s, _ in self._bounds[field] if s <= start), default=0)
        last = min((e for _, e in self._bounds[field] if e >= end), default=len(text))
        return Evidence(
            self.node,
            field,
            start,
            end,
            text[start:end],
            text[first:last],
            first,
            confidence,
            extractor,
        )


class _Edges:
    """Edges by their ends and relation, with the evidence gathered."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], tuple[float, str, list[Evidence]]] = {}

    def add(
        self,
        subject: str,
        relation: str,
        object_: str,
        confidence: float,
        evidence: Iterable[Evidence],
        origin: str = "extracted",
    ) -> None:
        """Note an edge; a second time, its evidence, and its confidence if higher."""
        known = self._found.get((subject, relation, object_))
        rows = known[2] if known else []
        rows.extend(e for e in evidence if e not in rows)
        best = max(confidence, known[0]) if known else confidence
        self._found[subject, relation, object_] = (best, known[1] if known else origin, rows)

    def statements(self) -> Iterator[Statement]:
        """The edges as values."""
        for (subject, relation, object_), (confidence, origin, evidence) in self._found.items():
            yield Statement(subject, relation, object_, confidence, tuple(evidence), origin)


def _mentions(paper: Paper, facts: Facts, cut: _Cutter, edges: _Edges) -> None:
    """An edge from the paper to each thing that it names, in the one role that weighs most."""
    by_entity: dict[str, list[Mention]] = {}
    for mention in facts.mentions:
        by_entity.setdefault(mention.entity, []).append(mention)
    for entity, mentions in by_entity.items():
        role = settled_role(mentions)
        confidence = max(m.confidence * m.role_confidence for m in mentions if m.role == role)
        evidence = [
            cut.evidence(m.field, m.start, m.end, m.confidence, m.extractor) for m in mentions
        ]
        edges.add(f"paper/{paper.id}", ROLES[mentions[0].type][role], entity, confidence, evidence)


def settled_role(mentions: Sequence[Mention]) -> str:
    """The one role of a thing in a paper: the heaviest by confidence, then the schema's order."""
    weights: dict[str, float] = {}
    for mention in mentions:
        weights[mention.role] = weights.get(mention.role, 0.0) + mention.role_confidence
    order = list(ROLES[mentions[0].type])
    return max(weights, key=lambda role: (round(weights[role], 6), -order.index(role)))


def _code(
    paper: Paper, facts: Facts, cut: _Cutter, edges: _Edges, entities: dict[str, Entity]
) -> None:
    """An edge to each address; what the source states comes first."""
    for stated in paper.links:
        kind, repository = classify(stated.url)
        link = CodeLink(stated.url, kind, repository, True, confidence=1.0, extractor="source")
        node = _repository(link, entities)
        edges.add(f"paper/{paper.id}", "hasOfficialCode", node, 1.0, [], "stated")
    for link in facts.code:
        node = _repository(link, entities)
        relation = "hasOfficialCode" if link.official else "hasCode"
        evidence = cut.evidence(link.field, link.start, link.end, link.confidence, link.extractor)
        edges.add(f"paper/{paper.id}", relation, node, link.confidence, [evidence])


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
    paper: Paper,
    facts: Facts,
    cut: _Cutter,
    edges: _Edges,
    entities: dict[str, Entity],
    resolve: Resolver,
) -> None:
    """A node for each stated number, joined to what it is a number of."""
    for index, result in enumerate(facts.results, 1):
        node = entity_id("Result", f"{paper.id}/{index}")
        entities[node] = _result_node(node, result)
        evidence = [
            cut.evidence(result.field, result.start, result.end, result.confidence, "results")
        ]
        edges.add(f"paper/{paper.id}", "reports", node, result.confidence, evidence)
        ends = _ends(result, entities, resolve)
        for relation, end in ends.items():
            edges.add(node, relation, end, result.confidence, evidence)
        if "ofMethod" in ends and "onDataset" in ends:
            edges.add(
                ends["ofMethod"],
                "evaluatedOn",
                ends["onDataset"],
                result.confidence,
                evidence,
                "derived",
            )


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


def _between(facts: Facts, cut: _Cutter, edges: _Edges) -> None:
    """Edges between a method that the paper introduces and what the same sentence says of it."""
    ours = [m for m in facts.mentions if m.type == "Method" and m.role == "introduces"]
    if not ours:
        return
    for mention in facts.mentions:
        if mention.type not in ("Dataset", "Method") or mention.role == "introduces":
            continue
        evidence = cut.evidence(
            mention.field, mention.start, mention.end, mention.confidence, "sentence"
        )
        before = evidence.sentence[: mention.start - evidence.sentence_start]
        relation, cue = (
            ("trainedOn", _TRAINED) if mention.type == "Dataset" else ("basedOn", _BASED)
        )
        match = cue.search(before)
        if not match:
            continue
        at = evidence.sentence_start + match.start()
        subject = _nearest(ours, mention.field, evidence.sentence_start, at)
        if subject and subject.entity != mention.entity:
            confidence = 0.7 * min(subject.confidence, mention.confidence)
            edges.add(subject.entity, relation, mention.entity, confidence, [evidence])


def _nearest(ours: Sequence[Mention], field: Field, start: int, end: int) -> Mention | None:
    """The last of our methods named between two places of a field, close to the second."""
    found = [
        m
        for m in ours
        if m.field == field and start <= m.start and m.end <= end and end - m.end < 60
    ]
    return max(found, key=lambda m: m.end, default=None)


def introductions(
    claims: Iterable[Statement], choose: Callable[[str, list[tuple[float, str]]], str | None]
) -> Iterator[Statement]:
    """`introducedBy` from `introduces`: one paper a thing.

    `claims` are sorted by object.  `choose` is given a thing and (confidence, paper) of each paper
    that claims it, best first, and says which one it is, or None.  The edge carries the evidence
    of the claim.
    """
    for thing, rows in groupby(claims, key=lambda s: s.object):
        ranked = sorted(rows, key=lambda s: (-s.confidence, s.subject))
        paper = choose(thing, [(s.confidence, s.subject) for s in ranked])
        claim = next((s for s in ranked if s.subject == paper), None)
        if claim:
            yield replace(
                claim,
                subject=thing,
                relation="introducedBy",
                object=claim.subject,
                origin="derived",
            )
