"""Owns whose number a result is: the method that the sentence says, or the paper's own.

A comparison states two ("84.2% against 82.0% for ViT-B"): a number belongs to the method whose
name is nearest by the pattern "M … value" or "value for M", and to the paper's own method where
the sentence speaks of "we", "our" or "it".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.sentences import sentences
from kg.model import Mention, Result

_OURS = re.compile(
    r"\b(?:we|our|ours|it|its|this (?:method|approach|model|work|paper)|the proposed)\b",
    re.IGNORECASE,
)
_OF_NEXT = re.compile(
    r"^[^.;]{0,12}?\b(?:for|by|of|from|with|using)\b(?: the| a)?\s*$", re.IGNORECASE
)
_AGAINST = re.compile(
    r"\b(?:over|than|compared (?:to|with)|versus|vs\.?|against|outperform\w*|surpass\w*|exceed\w*|beat\w*|from)\b",
    re.IGNORECASE,
)


def name_methods(
    abstract: str, mentions: Sequence[Mention], results: Sequence[Result]
) -> list[Result]:
    """The results, each with its method where the sentence or the paper says which; else None."""
    if not results:
        return []
    bounds = sentences(abstract)
    methods = [m for m in mentions if m.type == "Method"]
    own = _own(methods)
    return [
        r if r.method else r._replace(method=_method(abstract, r, bounds, methods, own))
        for r in results
    ]


def _own(methods: Sequence[Mention]) -> str | None:
    """What the paper calls its own method: the surest introduced name, the first of equals."""
    ours = [m for m in methods if m.role == "introduces"]
    counts: dict[str, float] = {}
    for m in ours:
        bonus = 1.0 if m.field == "title" else 0.0
        counts[m.text] = counts.get(m.text, 0.0) + m.confidence * m.role_confidence + bonus
    return max(counts, key=lambda name: counts[name], default=None)


def _method(
    abstract: str,
    result: Result,
    bounds: Sequence[tuple[int, int]],
    methods: Sequence[Mention],
    own: str | None,
) -> str | None:
    start = max((s for s, _ in bounds if s <= result.start), default=0)
    end = min((e for _, e in bounds if e >= result.end), default=len(abstract))
    inside = [m for m in methods if m.field == "abstract" and start <= m.start and m.end <= end]
    after = next((m for m in inside if m.start >= result.end), None)
    named = after is not None and after.text != after.text.lower() and after.role != "compares"
    if after and named and _OF_NEXT.match(abstract[result.end : after.start]):
        return after.text
    ours = [m for m in inside if m.role == "introduces"]
    if ours:
        before = [m for m in ours if m.end <= result.start]
        return (before[-1] if before else ours[0]).text
    if own:
        return own
    subjects = [m for m in inside if m.role != "compares" and m.end <= result.start]
    if subjects and not _AGAINST.search(abstract[start : subjects[-1].start]):
        return subjects[-1].text
    return None
