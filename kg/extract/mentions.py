"""Owns what counts as a mention: where the tagger and the gazetteer meet.

The tagger reads the context and wins wherever the two overlap; the gazetteer adds names that the
tagger passed over.  The model card holds the measurement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from spacy.tokens import Doc, Span

from kg.extract.gazetteer import KNOWN
from kg.extract.ner import SPANS
from kg.model import Field, Mention

_ADDRESS = re.compile(
    r"(?:https?://|www\.|\b\w[\w.-]*\.(?:com|io|org|net|ai|co|dev|edu)/)\S+", re.IGNORECASE
)
GAZETTEER_CONFIDENCE = 0.8  # how often such a span was right on the annotated training pages


def combine(
    doc: Doc, title: str, abstract: str, confidence: Mapping[tuple[int, int], float]
) -> list[Mention]:
    """The mentions of a Doc, in its order: tagged spans, and known names that overlap none.

    The Doc's text is the title, a line feed and the abstract; `confidence` is the tagger's, by
    (start, end) in characters.  Spans that cross fields or stand in an address are left out.
    """
    rows = [(span, confidence[span.start_char, span.end_char], "ner") for span in doc.spans[SPANS]]
    held = {i for span, _, _ in rows for i in range(span.start, span.end)}
    for span in doc.spans[KNOWN]:
        if held.isdisjoint(range(span.start, span.end)):
            rows.append((span, GAZETTEER_CONFIDENCE, "gazetteer"))
    rows.sort(key=lambda row: row[0].start)
    taken = {"title": _addresses(title), "abstract": _addresses(abstract)}
    return [
        Mention(field, start, end, span.text, span.label_, "", sure, 1.0, extractor)
        for span, sure, extractor in rows
        for field, start, end in _placed(span, len(title))
        if not any(start < e and s < end for s, e in taken[field])
    ]


def _addresses(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in _ADDRESS.finditer(text)] if "/" in text else []


def _placed(span: Span, title_end: int) -> Iterator[tuple[Field, int, int]]:
    """The field of a span and its offsets there; none where it crosses from one to the other."""
    start, end = span.start_char, span.end_char
    if end <= title_end:
        yield "title", start, end
    elif start > title_end:
        yield "abstract", start - title_end - 1, end - title_end - 1
