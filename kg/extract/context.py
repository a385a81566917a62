"""Owns the words around a name or a number: a sentence as tokens that carry no names.

Mentions are replaced by their types and numbers by "#", so that what is learnt from a sentence are
the words between names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\d[\d.,]*%?|\w+(?:['’]\w+)?|[^\w\s]")
PLACEHOLDER = {"Method": "@M", "Dataset": "@D", "Task": "@T", "Metric": "@E"}
# What may stand between the members of an enumeration.
_JOINERS = frozenset(
    {",", "and", "or", "/", "&", ";", "as", "well", "both", "(", ")", "e", "g", ".", "like", "such"}
    | {"including", "+"}
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as tokens, with the index of the token that stands for each replaced span."""

    tokens: list[str]
    at: dict[int, int]  # start of the span in its field -> index of its token


def tokenize(text: str, start: int, end: int, replaced: Sequence[tuple[int, int, str]]) -> Sentence:
    """The tokens of text[start:end] in lower case; `replaced` are (start, end, token), sorted."""
    tokens: list[str] = []
    at: dict[int, int] = {}
    position = start
    for span_start, span_end, token in replaced:
        if span_start > position:
            tokens += _words(text[position:span_start])
        at[span_start] = len(tokens)
        tokens.append(token)
        position = max(position, span_end)
    tokens += _words(text[position:end])
    return Sentence(tokens, at)


def _words(text: str) -> list[str]:
    return ["#" if word[0].isdigit() else word for word in _WORD.findall(text.lower())]


def list_head(tokens: Sequence[str], at: int) -> int:
    """The index at which the enumeration that holds tokens[at] begins."""
    while at > 0 and (tokens[at - 1] in _JOINERS or tokens[at - 1][:1] in {"@", ""}):
        at -= 1
    return at
