"""Owns which mentions of a paper name the same thing, and the role that the paper gives each thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from kg.extract.linear import load
from kg.extract.role_features import ONLY_TRAINED_ON, places, thing_features
from kg.model import Mention
from kg.names.variants import parents

# A dataset of which no more than "trained on" is said is used, not evaluated on.  The words are too
# rare for the classifier to trust; on the annotated training papers it holds for 14 of 17.
_TRAINED_ON = 0.82
# How sure it must be that a paper introduces a thing for its versions and sizes to be introduced too, as
# 16 of 16 are in the annotated papers: "xAR-H" beside "xAR".  Of 228 that the classifier had otherwise in
# 100,000 papers, all of those read held above this bound, and hardly half below.
_OWN = 0.9


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
    given |= dict(_versions(mentions, groups, given))
    return [
        m._replace(role=given[i][0], role_confidence=given[i][1]) for i, m in enumerate(mentions)
    ]


def _versions(
    mentions: Sequence[Mention], groups: list[list[int]], given: Mapping[int, tuple[str, float]]
) -> Iterator[tuple[int, tuple[str, float]]]:
    """The mentions of versions and sizes of what the paper surely introduces, with its role."""
    own = {
        (m.type, fold_surface(m.text)): given[i]
        for i, m in enumerate(mentions)
        if given[i][0] == "introduces" and given[i][1] >= _OWN
    }
    if own:
        for group in groups:
            if given[group[0]][0] != "introduces":
                above = (a for i in group for a in parents(mentions[i].type, mentions[i].text))
                keys = ((mentions[group[0]].type, fold_surface(a)) for a in above)
                role = next((own[key] for key in keys if key in own), None)
                yield from ((i, role) for i in group if role)


def _decide(type_: str, features: set[str]) -> tuple[str, float]:
    """The likeliest role and its probability."""
    if type_ == "Dataset" and ONLY_TRAINED_ON in features:
        return "uses", _TRAINED_ON
    classifier = load("roles")[type_]
    chances = classifier.probabilities(features)
    best = max(chances)
    return classifier.labels[chances.index(best)], best
