"""Owns the written forms of papers and facts: the JSON line of `kg extract`, and the store's.

The line of `kg extract` is for other programs: objects with full names (`schemas/extract.schema.json`
states it).  The store's form is for the next run: arrays without names, and no text that the
paper already holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import orjson

from kg.model import (
    CodeLink,
    Definition,
    Entity,
    Facts,
    Field,
    Link,
    Mention,
    Name,
    Named,
    Paper,
    Relation,
    Result,
    Source,
)
from kg.names.normal import cut
from kg.schema import ROLES

_TYPES = tuple(ROLES)
_FIELDS: tuple[Field, Field] = ("title", "abstract")
_ROLES = tuple(("", *roles) for roles in ROLES.values())  # of each type; none comes first
_NUMBERS = {
    type_: (number, {role: at for at, role in enumerate(roles)})
    for number, (type_, roles) in enumerate(zip(_TYPES, _ROLES, strict=True))
}
_DIGITS = 4  # decimals kept of a confidence
_UNIT = 10**_DIGITS


def text_of(paper: Paper, field: Field) -> str:
    """The field of a paper that offsets count in."""
    return paper.title if field == "title" else paper.abstract


def extract_line(paper: Paper, facts: Facts) -> dict[str, Any]:
    """One line of `kg extract`."""
    return {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "mentions": [_mention_row(m) for m in facts.mentions],
        "results": [_result_row(r) for r in facts.results],
        "code": [c.url for c in facts.code],
    }


def sure_line(row: dict[str, Any], min_confidence: float) -> dict[str, Any]:
    """A line of `kg extract` without the mentions and results that are less sure."""
    kept = {
        name: [x for x in row[name] if x.get("confidence", 1.0) >= min_confidence]
        for name in ("mentions", "results")
        if name in row
    }
    return row | kept


def _mention_row(mention: Mention) -> dict[str, Any]:
    return {
        "field": mention.field,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "type": mention.type,
        "role": mention.role,
        "entity": mention.entity,
        "name": mention.name,
        "confidence": round(mention.confidence, _DIGITS),
        "roleConfidence": round(mention.role_confidence, _DIGITS),
        "extractor": mention.extractor,
    }


def _result_row(result: Result) -> dict[str, Any]:
    names = ("method", "dataset", "metric", "task", "value", "number", "unit", "kind", "better")
    row: dict[str, Any] = {name: getattr(result, name) for name in names}
    span = {"field": result.field, "start": result.start, "end": result.end}
    return row | span | {"confidence": round(result.confidence, _DIGITS)}


def read_extract_line(row: dict[str, Any], paper: Paper) -> Facts:
    """The facts of a line of `kg extract`; what is not stated takes the model's defaults."""
    mentions = tuple(
        Mention(
            field=cast(Field, m["field"]),
            start=m["start"],
            end=m["end"],
            text=m.get("text") or text_of(paper, m["field"])[m["start"] : m["end"]],
            type=m["type"],
            role=m.get("role") or "",
            confidence=m.get("confidence", 1.0),
            role_confidence=m.get("roleConfidence", 1.0),
            extractor=m.get("extractor", ""),
        )
        for m in row.get("mentions", ())
    )
    known = Result._fields
    results = tuple(
        Result(**{k: v for k, v in r.items() if k in known}) for r in row.get("results", ())
    )
    code = tuple(CodeLink(url) for url in row.get("code", ()))
    return Facts(paper.id, mentions, results, code)


def dump_facts(facts: Facts) -> str:
    """Facts as the store keeps them: without the paper's id, which the store's key holds.

    A name stands there once, [type, text, folded words] in the first list, and by number in mentions
    and definitions; so do the extractors, in the second.  Folded words, hyphens between, are left out
    where they are the text in small letters.  Types, fields and roles are numbers too, and confidences
    count ten-thousandths.
    """
    names: dict[tuple[int, str], int] = {}
    extractors: dict[str, int] = {}
    mentions = []
    for field, start, _, text, type_, role, sure, role_sure, by, _, _ in facts.mentions:
        number, roles = _NUMBERS[type_]
        name = names.setdefault((number, text), len(names))
        where, extractor = int(field == "abstract"), extractors.setdefault(by, len(extractors))
        both = round(sure * _UNIT), round(role_sure * _UNIT)
        mentions.append((name, where, start, roles[role], *both, extractor))
    definitions = [
        (
            names.setdefault((number, short), len(names)),
            names.setdefault((number, long), len(names)),
            int(sure),
        )
        for short, long, type_, sure in facts.definitions or ()
        for number in (_NUMBERS[type_][0],)
    ]
    return _json(
        [
            [_name_row(*name) for name in names],
            list(extractors),
            mentions,
            [_rounded(r) for r in facts.results],
            [_rounded(c) for c in facts.code],
            definitions,
            [tuple(row) for row in facts.relations],
        ]
    )


def _name_row(type_: int, text: str) -> tuple[int | str, ...]:
    folded = cut(text, _TYPES[type_])
    return (type_, text) if folded == _plainly(text) else (type_, text, folded)


def _plainly(text: str) -> str:
    """The folded words of a name that is written as they are, as most are."""
    return text.lower().replace(" ", "-")


def load_facts(text: str, paper: str) -> Facts:
    """Facts from the store's form, for the paper of this id that holds their text."""
    named, extractors, mentions, results, code, definitions, relations = _parsed(text)
    names = [(_TYPES[row[0]], _ROLES[row[0]], row[1], len(row[1])) for row in named]
    return Facts(
        paper,
        tuple([
            Mention(_FIELDS[field], start, start + length, text, type_, roles[role],
                    sure / _UNIT, role_sure / _UNIT, extractors[by])
            for name, field, start, role, sure, role_sure, by in mentions
            for type_, roles, text, length in (names[name],)
        ]),
        tuple([Result(*row) for row in results]),
        tuple([CodeLink(*row) for row in code]),
        tuple([
            Definition(names[short][2], names[long][2], names[short][0], sure == 1)
            for short, long, sure in definitions
        ]),
        tuple([Relation(*row) for row in relations]),
    )  # fmt: skip


def load_named(text: str) -> Named:
    """What linking wants of facts at first, from the store's form: a third of the work."""
    named, _, mentions, _, _, definitions, _ = _parsed(text)
    names: list[Name] = [
        (_TYPES[row[0]], row[1], row[2] if len(row) > 2 else _plainly(row[1])) for row in named
    ]
    counts = [0] * len(names)
    for mention in mentions:
        counts[mention[0]] += 1
    told = [(names[short], names[long], sure == 1) for short, long, sure in definitions]
    if told and not counts[-1]:  # names that stand in definitions alone come last
        counts = counts[: counts.index(0)]
    return Named(names[: len(counts)], counts, told)


def dump_paper(paper: Paper) -> str:
    """A paper as the store keeps it: only the fields that differ from their defaults."""
    pairs = zip(Paper._fields, paper, strict=True)
    row: dict[str, Any] = {name: v for name, v in pairs if v is not None and v != ()}
    if paper.sources:
        row["sources"] = [(s.file, s.line, s.format) for s in paper.sources]
    if paper.links:
        row["links"] = [(link.kind, link.url) for link in paper.links]
    return _json(row)


def load_paper(text: str) -> Paper:
    """A paper from the store's form."""
    row = _parsed(text)
    row["sources"] = tuple([Source(*s) for s in row.get("sources", ())])
    for name, make in (("links", _link), ("identifiers", tuple), ("authors", str)):
        if name in row:
            row[name] = tuple(map(make, row[name]))
    row.setdefault("title", "")
    row.setdefault("abstract", "")
    return Paper(**row)


def _link(row: list[str]) -> Link:
    return Link(*row)


def dump_entity(entity: Entity) -> str:
    """What the store keeps of an entity beside its id, type and name; "" where there is no more."""
    if entity.link_status == "new" and not (
        entity.aliases or entity.identifiers or entity.properties
    ):
        return ""
    return _json([entity.aliases, entity.identifiers, entity.link_status, entity.properties])


def load_entity(id_: str, type_: str, name: str, more: str) -> Entity:
    """An entity from the store's form."""
    if not more:
        return Entity(id_, type_, name)
    aliases, identifiers, status, properties = _parsed(more)
    return Entity(
        id_,
        type_,
        name,
        tuple(aliases),
        tuple(map(tuple, identifiers)),
        status,
        tuple(map(tuple, properties)),
    )


def _rounded(row: Iterable[Any]) -> list[Any]:
    return [_r(v) if isinstance(v, float) else v for v in row]


def _r(number: float) -> float:
    return round(number, _DIGITS)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


_parsed = orjson.loads
