"""Owns what counts as a mention: where the tagger and the gazetteer meet, and every repeat of it.

The tagger reads the context and wins wherever the two overlap; the gazetteer adds names that the
tagger passed over.  `training/MODEL_CARD` holds the measurement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from spacy.tokens import Doc, Span

from kg.extract.gazetteer import KNOWN
from kg.model import Field, Mention

_ADDRESS = re.compile(
    r"(?:https?://|www\.|\b\w[\w.-]*\.(?:com|io|org|net|ai|co|dev|edu)/)\S+", re.IGNORECASE
)
GAZETTEER_CONFIDENCE = 0.8  # how often such a span was right on the annotated training pages


def combine(
    doc: Doc, title_end: int, tagged: Sequence[Span], confidence: Mapping[tuple[int, int], float]
) -> list[Mention]:
    """The mentions of a Doc, in its order: tagged spans, and known names that overlap none.

    `title_end` is the length of the title, after which a line feed and the abstract follow;
    `confidence` is the tagger's, by (start, end) in characters.  Spans that cross fields or stand
    in an address are left out.
    """
    taken = _addresses(doc.text)
    rows: list[tuple[Span, float, str]] = []
    for span in tagged:
        rows.append((span, confidence.get((span.start_char, span.end_char), 1.0), "ner"))
    held = {i for span in tagged for i in range(span.start, span.end)}
    for span in doc.spans[KNOWN]:
        if held.isdisjoint(range(span.start, span.end)):
            rows.append((span, GAZETTEER_CONFIDENCE, "gazetteer"))
    rows.sort(key=lambda row: row[0].start)
    return list(_placed(rows, title_end, taken))


def _addresses(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in _ADDRESS.finditer(text)] if "." in text else []


def _placed(
    rows: Iterable[tuple[Span, float, str]], title_end: int, taken: list[tuple[int, int]]
) -> Iterable[Mention]:
    for span, confidence, extractor in rows:
        start, end = span.start_char, span.end_char
        if start < title_end < end or any(start < e and s < end for s, e in taken):
            continue
        field: Field = "title" if end <= title_end else "abstract"
        shift = 0 if field == "title" else title_end + 1
        yield Mention(
            field,
            start - shift,
            end - shift,
            span.text,
            span.label_,
            "",
            confidence,
            1.0,
            extractor,
        )
