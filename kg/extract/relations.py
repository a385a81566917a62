"""Owns what a sentence says of a method that the paper introduces: what it builds on, what it was trained on.

The two relations are told by a cue right before the other name, with the method in the same
sentence before the cue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.extract.sentences import sentence_at, sentences
from kg.model import Field, Mention, Relation

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
_NEAR = 60  # letters between our method and the cue, at most


def find_relations(title: str, abstract: str, mentions: Sequence[Mention]) -> Iterator[Relation]:
    """`trainedOn` and `basedOn`, from a method that the paper introduces, by the mentions' numbers."""
    ours = [at for at, m in enumerate(mentions) if m.role == "introduces" and m.type == "Method"]
    whole = f"{title}\n{abstract}".lower() if ours else ""
    if not any([cue in whole for cue in _CUES]):  # noqa: C419 - a generator takes thrice as long
        return
    for at, mention in enumerate(mentions):
        if mention.type not in ("Dataset", "Method") or mention.role == "introduces":
            continue
        text = title if mention.field == "title" else abstract
        spans = sentences(text)
        first = spans[sentence_at(spans, mention.start)][0]
        relation, cue = (
            ("trainedOn", _TRAINED) if mention.type == "Dataset" else ("basedOn", _BASED)
        )
        match = cue.search(text[first : mention.start])
        if match:
            end = first + match.start()
            near = [n for n in ours if _before(mentions[n], mention.field, first, end)]
            if near:
                yield Relation(relation, max(near, key=lambda n: mentions[n].end), at)


def _before(ours: Mention, field: Field, start: int, end: int) -> bool:
    """Whether our method is named between two places of a field, close to the second."""
    return ours.field == field and start <= ours.start and end - _NEAR < ours.end <= end
