"""Owns evidence in its two forms: spans with offsets, as it is stored, and with words, as it is shown.

The words of a span and of the sentence around it stand in the paper's text already; to cut them out
costs more than to find an edge, so that it is done when an edge is read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from kg.model import Evidence, Field

Node = TypeVar("Node", bound=str | int)  # a node's id, or its number in a store
Place = tuple[Field, int, int, float, str]  # a `Span` of a paper that is known: all but the paper


class Span(NamedTuple):
    """Where evidence stands, and how sure it is: `Evidence` without its words."""

    paper: str
    field: Field
    start: int
    end: int
    confidence: float
    extractor: str


class Edge(NamedTuple):
    """A `Statement` whose evidence is spans."""

    subject: str
    relation: str
    object: str
    confidence: float
    origin: str
    spans: tuple[Span, ...]


class Said(NamedTuple, Generic[Node]):
    """An edge that one paper says; `places` are those of its evidence in that paper."""

    subject: Node
    relation: str
    object: Node
    confidence: float
    origin: str
    places: Sequence[Place]


Bounds = Sequence[tuple[int, int]]


def with_words(span: Span, text: str, bounds: Bounds) -> Evidence:
    """A span with its quote and sentence, of the field's text and the bounds of its sentences."""
    paper, field, start, end, confidence, extractor = span
    first, last = enclosing(bounds, start, end, len(text))
    return Evidence(
        paper, field, start, end, text[start:end], text[first:last], first, confidence, extractor
    )


def enclosing(bounds: Bounds, start: int, end: int, length: int) -> tuple[int, int]:
    """The bounds of the sentence (or sentences, where a span crosses) around a span."""
    at = bisect_right(bounds, (start, length + 1))
    first = bounds[at - 1][0] if at else 0
    last = next((e for _, e in bounds[max(at - 1, 0) :] if e >= end), length)
    return first, last
