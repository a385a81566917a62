"""The spaCy component that finds mentions of methods, datasets, tasks and metrics, and its tokenizer.

A paper is one Doc of title, line feed and abstract.  Found mentions are put in `doc.spans[SPANS]`, and the
probability that each is right in `doc.user_data[CONFIDENCE]`, by (start, end) in characters.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.vocab import Vocab

from kg.errors import KgError
from kg.extract.decode import Tagged, read_off
from kg.extract.tagger import Tagger, Words

SPANS = "ner"
"""The span group that holds the mentions."""
CONFIDENCE = "ner_confidence"
"""The key of `doc.user_data` under which the mentions' probabilities are held."""
WEIGHTS = Path(__file__).parent / "weights"
_TEXTS = "kg_words"
_PIECE = re.compile(r"(\w+|[^\w\s]|\s)( ?)")
_AT_ONCE = 8  # papers in one pass of the network; more gain nothing


class Scorer(Protocol):
    """What gives each word of each paper its log-probabilities, (words, labels)."""

    calibration: dict[str, tuple[float, float]]

    def log_probs(self, papers: Sequence[Words]) -> list[NDArray[np.float32]]:
        """One array for each paper."""


class WordTokenizer:
    """Cuts text as the tagger was trained on: runs of word characters, and single other characters."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The text as a Doc; a space belongs to the word before it, other blanks are tokens."""
        pieces = _PIECE.findall(text)
        words = [word for word, _ in pieces]
        doc = Doc(self.vocab, words, [gap == " " for _, gap in pieces])
        doc.user_data[_TEXTS] = words  # asking each token again would cost as much as tagging
        return doc

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterator[Doc]:
        """A Doc for each text."""
        return (self(text) for text in texts)

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing: it has no state."""
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> "WordTokenizer":
        """Itself: it has no state."""
        return self

    def to_disk(self, _path: str | Path, **_: Any) -> None:
        """Write nothing: it has no state."""

    def from_disk(self, _path: str | Path, **_: Any) -> "WordTokenizer":
        """Itself: it has no state."""
        return self


def blank() -> Language:
    """An empty English pipeline that cuts text as the tagger was trained on."""
    import spacy

    nlp = spacy.blank("en")
    nlp.tokenizer = WordTokenizer(nlp.vocab)
    return nlp


def scorer(profile: str) -> Scorer:
    """The network of a profile: "default" is the one there is."""
    if profile == "default":
        return Tagger.load(WEIGHTS / "ner.npz")
    raise KgError(f"no model profile {profile!r}")


@Language.factory("kg_ner", default_config={"profile": "default"})
def make_ner(nlp: Language, name: str, profile: str) -> "NerTagger":
    """The component as spaCy makes it."""
    return NerTagger(scorer(profile))


class NerTagger:
    """Puts mentions and their probabilities on a Doc."""

    def __init__(self, network: Scorer) -> None:
        self.network = network

    def __call__(self, doc: Doc) -> Doc:
        """The same Doc, tagged."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """The same Docs in the same order; those of like length go through the network together."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            order = sorted(range(len(batch)), key=lambda i: len(batch[i]))
            for k in range(0, len(order), _AT_ONCE):
                self._tag([batch[i] for i in order[k : k + _AT_ONCE]])
            yield from batch

    def _tag(self, docs: Sequence[Doc]) -> None:
        read = [_words(doc) for doc in docs]
        scores = self.network.log_probs([words for words, _ in read])
        for doc, (_, places), rows in zip(docs, read, scores, strict=True):
            self._put(doc, places, list(read_off(rows)))

    def _put(self, doc: Doc, places: Sequence[int], found: Sequence[Tagged]) -> None:
        spans, confidence = [], {}
        for tag in found:
            first, last = places[tag.first], places[tag.last]
            if last - first > tag.last - tag.first and "\n" in doc[first:last].text:
                continue
            span = Span(doc, first, last + 1, tag.type)
            spans.append(span)
            slope, offset = self.network.calibration[tag.type]
            odds = math.log(max(tag.probability, 1e-6) / max(1 - tag.probability, 1e-6))
            key = (span.start_char, span.end_char)
            confidence[key] = round(1 / (1 + math.exp(-slope * odds - offset)), 4)
        doc.spans[SPANS] = SpanGroup(doc, name=SPANS, spans=spans)
        doc.user_data[CONFIDENCE] = confidence


def _words(doc: Doc) -> tuple[Words, list[int]]:
    """The visible words of a Doc as the network reads them, and the token at which each stands."""
    texts: list[str] = doc.user_data.pop(_TEXTS, None) or [token.text for token in doc]
    line_end = texts.index("\n") if "\n" in texts else 0
    visible = ~np.fromiter(map(str.isspace, texts), bool, len(texts))
    at = np.flatnonzero(visible)
    flags = np.zeros((len(at), 2), np.float32)
    flags[:, 0] = at < line_end
    glued = visible[:-1] & ~doc.to_array("SPACY")[:-1].astype(bool)  # to the token before
    flags[1:, 1] = glued[at[1:] - 1]
    return Words(list(compress(texts, visible.tolist())), flags), at.tolist()
