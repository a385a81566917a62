"""Owns which mentions of a paper name the same thing, and the role that the paper gives each thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kg.extract.linear import load
from kg.extract.role_features import places, thing_features
from kg.model import Mention


def things(title: str, abstract: str, mentions: Sequence[Mention]) -> list[list[int]]:
    """Indices of the mentions that name the same thing: one type, and one folded surface.

    Spelling, plural and "long form (ACRONYM)" are folded, inside this paper only.
    """
    texts = {"title": title, "abstract": abstract}
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(key: tuple[str, str]) -> tuple[str, str]:
        while parent.get(key, key) != key:
            key = parent[key]
        return key

    keys = [(m.type, fold_surface(m.text)) for m in mentions]
    for key in keys:
        parent.setdefault(key, key)
    order = sorted(range(len(mentions)), key=lambda i: (mentions[i].field, mentions[i].start))
    for i, j in pairwise(order):
        a, b = mentions[i], mentions[j]
        if a.field == b.field and a.type == b.type:
            text = texts[a.field]
            if text[a.end : b.start].strip() == "(" and text[b.end : b.end + 1] in (")", ",", ";"):
                parent[root(keys[j])] = root(keys[i])
    groups: dict[tuple[str, str], list[int]] = {}
    for index, key in enumerate(keys):
        groups.setdefault(root(key), []).append(index)
    return list(groups.values())


_SEPARATORS = re.compile(r"[\s\-_]+")


def fold_surface(text: str) -> str:
    """The surface without case, hyphens and plural, for comparison inside one paper."""
    folded = _SEPARATORS.sub(" ", text).strip().lower()
    if folded.endswith("ies") and len(folded) > 5:
        return folded[:-3] + "y"
    return (
        folded[:-1]
        if folded.endswith("s") and not folded.endswith("ss") and len(folded) > 2
        else folded
    )


def assign_roles(title: str, abstract: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, each with the role that the paper gives the thing it names, and how surely.

    All mentions of one thing get one role.  `role_confidence` is the calibrated probability.
    """
    placed = places(title, abstract, mentions)
    groups = things(title, abstract, mentions)
    counts = Counter(mentions[group[0]].type for group in groups)
    classifiers = load("roles")
    given: dict[int, tuple[str, float]] = {}
    for group in groups:
        members = [(mentions[i], placed[i]) for i in group]
        classifier = classifiers[members[0][0].type]
        chances = classifier.probabilities(thing_features(members, counts))
        best = max(chances)
        given.update(dict.fromkeys(group, (classifier.labels[chances.index(best)], best)))
    return [
        replace(m, role=given[i][0], role_confidence=given[i][1]) for i, m in enumerate(mentions)
    ]
