"""Owns what the role classifier sees of a thing in a paper: names of features, all present or not.

A mention is seen through its sentence, in which every mention is replaced by its type and every
number by "#", so that what is learnt are the words around names rather than the names.  Features
are added to one set, and those of a sentence are spelled once for all its mentions, as most of
the time of finding roles goes into them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.extract.context import PLACEHOLDER, list_head, tokenize
from kg.extract.cue_words import CUES, RELATIONS
from kg.extract.sentences import sentences
from kg.model import Mention

_OWN = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|[Ii]n this (?:paper|work|study|article)|[Tt]his (?:paper|work|study|article))\b"
)
ONLY_TRAINED_ON = "only trained on"
_TRAINED = frozenset(
    {"train", "trained", "training", "pretrain", "pretrained", "pretraining", "trains", "pretrains"}
)
_NEAR = 6  # words on either side that count as near


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of a sentence, and the features that they are near to or far from a mention."""

    tokens: list[str]
    mark: str  # "t" in the title, where the same word says something else
    near_left: list[str]
    near_right: list[str]
    far_left: list[str]
    far_right: list[str]
    cues: list[tuple[str, int]]  # with the token at which each first stands


@dataclass(frozen=True, slots=True)
class Place:
    """Where one mention stands: its sentence, its token in it, and where that sentence stands."""

    words: Words
    token: int
    number: int  # of the sentence, the title being -1
    zone: str  # title, before the authors speak of their own work, or own
    of: int  # how many sentences the abstract has


def places(title: str, abstract: str, mentions: Sequence[Mention]) -> list[Place]:
    """The place of each mention, in their order."""
    spans = sentences(abstract)
    own = next((i for i, (a, b) in enumerate(spans) if _OWN.search(abstract, a, b)), len(spans))
    found = _placed(title, "title", mentions, [(0, len(title))], 0)
    found |= _placed(abstract, "abstract", mentions, spans or [(0, 0)], own)
    return [found[m.field, m.start] for m in mentions]


def _placed(
    text: str, field: str, mentions: Sequence[Mention], parts: list[tuple[int, int]], own: int
) -> dict[tuple[str, int], Place]:
    """The places of the mentions in one field, by field and start."""
    starts = [start for start, _ in parts]
    inside: dict[int, list[Mention]] = {}
    for m in sorted((m for m in mentions if m.field == field), key=lambda m: m.start):
        inside.setdefault(max(0, bisect_right(starts, m.start) - 1), []).append(m)
    found = {}
    for number, held in inside.items():
        replaced = [(m.start, m.end, PLACEHOLDER[m.type]) for m in held]
        sentence = tokenize(text, *parts[number], replaced)
        words = _words(sentence.tokens, field == "title")
        zone = "title" if field == "title" else "own" if number >= own else "before"
        index = -1 if field == "title" else number
        of = 0 if field == "title" else len(parts)
        for m in held:
            found[field, m.start] = Place(words, sentence.at[m.start], index, zone, of)
    return found


def _words(tokens: list[str], title: bool) -> Words:
    f = "t" if title else ""
    return Words(
        tokens,
        f,
        [f"{f}l:{t}" for t in tokens],
        [f"{f}r:{t}" for t in tokens],
        [f"{f}L:{t}" for t in tokens],
        [f"{f}R:{t}" for t in tokens],
        [(cue, tokens.index(cue)) for cue in CUES.intersection(tokens)],
    )


def thing_features(members: Sequence[tuple[Mention, Place]], counts: Mapping[str, int]) -> set[str]:
    """The features of a thing named by `members`; `counts` are things by type in the paper."""
    first, place = members[0]
    surfaces = {m.text for m, _ in members}
    zones = [p.zone for _, p in members]
    found = {
        f"n={min(len(members), 6)}",
        f"first={_where(place)}",
        f"last={_where(members[-1][1])}",
        f"things={min(counts[first.type], 8)}",
        f"fields={''.join(sorted({m.field[0] for m, _ in members}))}",
        f"surfaces={min(len(surfaces), 4)}",
        "zones=" + " ".join(sorted(set(zones))),
        f"own={zones.count('own')}",
    }
    if all(_trained_on(p) for _, p in members):
        found.add(ONLY_TRAINED_ON)
    for text in surfaces:
        _add_name(found, text)
    for _, place in members:
        _add_words(found, place)
        _add_cues(found, place)
        _add_lead(found, place)
    return found


def _trained_on(place: Place) -> bool:
    """Whether "trained on", and no more than that, is said of the mention."""
    tokens, head = place.words.tokens, list_head(place.words.tokens, place.token)
    if head and tokens[head - 1] == "the":
        head -= 1
    return head > 1 and tokens[head - 1] == "on" and tokens[head - 2] in _TRAINED


def _where(place: Place) -> str:
    if place.number < 0:
        return "title"
    if place.number == 0:
        return "opening"
    if place.number == place.of - 1:
        return "end"
    return str(1 + 3 * place.number // max(place.of, 1))


def _add_name(found: set[str], text: str) -> None:
    """The form of a name, its head word, and the name itself."""
    words = text.lower().split()
    found.update(
        (
            "shape=" + _shape(text),
            f"words={min(len(words), 5)}",
            "head=" + " ".join(words[-1:]),
            "name=" + " ".join(words),
        )
    )


def _shape(text: str) -> str:
    letters = "".join(c for c in text if c.isalpha())
    if letters.islower() or not letters:
        kind = "lower"
    elif letters.isupper():
        kind = "upper"
    elif letters[1:].islower() and text[:1].isupper():
        kind = "capital"
    else:
        kind = "title" if " " in text else "camel"
    return kind + ("#" if any(c.isdigit() for c in text) else "")


def _add_words(found: set[str], place: Place) -> None:
    """The words on either side, near and far, and the ones beside the mention in order."""
    words, at, f = place.words, place.token, place.words.mark
    tokens = words.tokens
    near, after = max(0, at - _NEAR), at + 1 + _NEAR
    found.update(words.near_left[near:at])
    found.update(words.near_right[at + 1 : after])
    found.update(words.far_left[:near])
    found.update(words.far_right[after:])
    l1 = tokens[at - 1] if at else "<"
    l2 = tokens[at - 2] if at > 1 else "<"
    r1 = tokens[at + 1] if at + 1 < len(tokens) else ">"
    r2 = tokens[at + 2] if at + 2 < len(tokens) else ">"
    zone = place.zone
    found.update(
        (
            f"{f}l1={l1}", f"{zone} l1={l1}", f"{zone} r1={r1}", f"{f}l2={l2} {l1}",
            f"{f}r1={r1}", f"{f}r2={r1} {r2}", f"{f}lr={l1} {r1}",
        )
    )  # fmt: skip
    if at > 2:
        found.add(f"{f}l3={tokens[at - 3]} {l2} {l1}")
    if f:
        _add_title(found, tokens, at)


def _add_title(found: set[str], tokens: list[str], at: int) -> None:
    """Where in the title the mention stands, and whether it is what a colon sets apart."""
    found.add("title:" + ("start" if at == 0 else "end" if at == len(tokens) - 1 else "inside"))
    if ":" in tokens[at + 1 : at + 3]:
        found.add("title:named")
    elif ":" in tokens[:at]:
        found.add("title:aftercolon")


def _add_cues(found: set[str], place: Place) -> None:
    """Telling words anywhere in the sentence, by side and nearness."""
    tokens, at, zone = place.words.tokens, place.token, place.zone
    near = tokens[max(0, at - _NEAR) : at] + tokens[at + 1 : at + 1 + _NEAR]
    for cue, index in place.words.cues:
        found.add(f"{zone} cue={cue}")
        found.add(f"cue={cue} {'after' if index < at else 'before'} near={cue in near}")


def _add_lead(found: set[str], place: Place) -> None:
    """What leads up to the enumeration that the mention is a member of."""
    tokens, f = place.words.tokens, place.words.mark
    head = list_head(tokens, place.token)
    before = tokens[max(0, head - 5) : head]
    found.add(f"{f}h1={before[-1] if before else '<'}")
    found.add(f"{f}h2={' '.join(before[-2:])}")
    if before:
        found.add(f"{f}h3={' '.join(before[-3:])}")
    for relation, words in RELATIONS.items():
        if not words.isdisjoint(before):
            found.add(f"{f}lead={relation} {before[-1]}")
            found.add(f"lead={relation}")
            if not words.isdisjoint(before[-2:]):
                found.add(f"next to={relation}")
