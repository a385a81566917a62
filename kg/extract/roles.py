"""Owns which mentions of a paper name the same thing, and the role that the paper gives each thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from kg.extract.linear import load
from kg.extract.role_features import ONLY_TRAINED_ON, places, thing_features
from kg.model import Mention

# A dataset of which no more than "trained on" is said is used, not evaluated on.  The words are too
# rare for the classifier to trust; on the annotated training papers it holds for 14 of 17.
_TRAINED_ON = 0.82


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
    given: dict[int, tuple[str, float]] = {}
    for group in groups:
        members = [(mentions[i], placed[i]) for i in group]
        type_ = members[0][0].type
        given.update(dict.fromkeys(group, _decide(type_, thing_features(members, counts))))
    return [
        m._replace(role=given[i][0], role_confidence=given[i][1]) for i, m in enumerate(mentions)
    ]


def _decide(type_: str, features: set[str]) -> tuple[str, float]:
    """The likeliest role and its probability."""
    if type_ == "Dataset" and ONLY_TRAINED_ON in features:
        return "uses", _TRAINED_ON
    classifier = load("roles")[type_]
    chances = classifier.probabilities(features)
    best = max(chances)
    return classifier.labels[chances.index(best)], best
