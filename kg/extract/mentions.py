"""Owns what counts as a mention: where the tagger and the gazetteer meet.

The tagger reads the context and wins wherever the two overlap; the gazetteer adds names that the
tagger passed over.  The model card holds the measurement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from spacy.tokens import Doc, Span

from kg.extract.gazetteer import KNOWN, THEIRS
from kg.extract.ner import SPANS
from kg.model import Field, Mention

_ADDRESS = re.compile(
    r"(?:https?://|www\.|\b\w[\w.-]*\.(?:com|io|org|net|ai|co|dev|edu)/)\S+", re.IGNORECASE
)
ADDED = ("Dataset", "Task")  # the curated names of other types add more wrong mentions than right
ADDED_CONFIDENCE = 0.45  # how often an added span is right: 8 of 19 on the two development sets
OVERRULED_CONFIDENCE = 0.7  # of a tagged span whose type the vocabulary has set
LEAST = 0.4  # a tagged span less sure than this is left out: it is wrong more often than right
UNSURE = 0.85  # a tagger less sure than this of a known proper name's type is overruled


def combine(
    doc: Doc, title: str, abstract: str, confidence: Mapping[tuple[int, int], float]
) -> list[Mention]:
    """The mentions of a Doc, in its order: tagged spans, and known names that overlap none.

    The Doc's text is the title, a line feed and the abstract; `confidence` is the tagger's, by
    (start, end) in characters.  Spans that cross fields or stand in an address are left out.
    """
    known = {(span.start, span.end): span for span in doc.spans[KNOWN]}
    tagged = [_tagged(span, confidence, known) for span in doc.spans[SPANS]]
    rows = [row for row in tagged if row[2] >= LEAST]
    held = {i for span, *_ in rows for i in range(span.start, span.end)}
    for span in doc.spans[KNOWN]:
        wanted = span.id_ == THEIRS or span.label_ in ADDED
        if wanted and held.isdisjoint(range(span.start, span.end)):
            rows.append((span, span.label_, ADDED_CONFIDENCE, "gazetteer"))
    rows.sort(key=lambda row: row[0].start)
    taken = {"title": _addresses(title), "abstract": _addresses(abstract)}
    return [
        Mention(field, start, end, span.text, type_, "", sure, 1.0, extractor)
        for span, type_, sure, extractor in rows
        for field, start, end in _placed(span, len(title))
        if not any(start < e and s < end for s, e in taken[field])
    ]


def _tagged(
    span: Span, confidence: Mapping[tuple[int, int], float], known: Mapping[tuple[int, int], Span]
) -> tuple[Span, str, float, str]:
    """A span of the tagger's, with the vocabulary's type where that is the surer."""
    sure = confidence[span.start_char, span.end_char]
    name = known.get((span.start, span.end))
    if name is None or name.label_ == span.label_:
        return span, span.label_, sure, "ner"
    proper = span.text != span.text.lower()
    if name.id_ == THEIRS or (proper and sure < UNSURE):
        return span, name.label_, OVERRULED_CONFIDENCE, "gazetteer"
    return span, span.label_, sure, "ner"


def _addresses(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in _ADDRESS.finditer(text)] if "/" in text else []


def _placed(span: Span, title_end: int) -> Iterator[tuple[Field, int, int]]:
    """The field of a span and its offsets there; none where it crosses from one to the other."""
    start, end = span.start_char, span.end_char
    if end <= title_end:
        yield "title", start, end
    elif start > title_end:
        yield "abstract", start - title_end - 1, end - title_end - 1
