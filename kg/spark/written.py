"""Owns the written forms of things and edges on their way between tasks: whole, words and all."""

from __future__ import annotations

import json

from kg.model import Entity, Evidence, Statement
from kg.records import dump_entity, load_entity


def dump_thing(thing: Entity) -> str:
    """A thing as JSON."""
    row = (thing.id, thing.type, thing.name, dump_entity(thing))
    return json.dumps(row, ensure_ascii=False)


def load_thing(text: str) -> Entity:
    """A thing from JSON."""
    return load_entity(*json.loads(text))


def dump_statement(row: Statement) -> str:
    """An edge as JSON; confidences as the store rounds them."""
    spans = [
        (e.paper, e.field, e.start, e.end, e.quote, e.sentence, e.sentence_start,
         round(e.confidence, 4), e.extractor)
        for e in row.evidence
    ]  # fmt: skip
    values = (row.subject, row.relation, row.object, round(row.confidence, 4), spans, row.origin)
    return json.dumps(values, ensure_ascii=False)


def load_statement(text: str) -> Statement:
    """An edge from JSON."""
    subject, relation, object_, confidence, spans, origin = json.loads(text)
    evidence = tuple(Evidence(*span) for span in spans)
    return Statement(subject, relation, object_, confidence, evidence, origin)
