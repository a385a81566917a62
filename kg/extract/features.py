"""What the tagger knows of a word from its spelling alone.

A word form is described by its row in a vocabulary of common words (lower case, digits folded to 0), by its
spelling pattern, and by a bag of hashed character pieces with case kept, so that a form never seen before is
still described. Hashed pieces after Bojanowski et al. 2017 (fastText); hashing after Svenstrup et al. 2017.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

SHAPES = 1024
"""Rows of the spelling-pattern table; row 0 stands for no word."""
GRAMS = 32768
"""Rows of the character-piece table."""
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """Table rows that describe one word form: vocabulary (0 is unknown), pattern, character pieces."""

    vocab: int
    shape: int
    grams: tuple[int, ...]


def bucket(text: str, size: int) -> int:
    """A stable hash of `text` below `size`."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % size


def norm(word: str) -> str:
    """The form under which the vocabulary lists a word: lower case, every digit a 0."""
    return _DIGIT.sub("0", word.lower())


def shape(word: str) -> str:
    """The spelling pattern of a word: X, x, d or the character itself, runs cut at three."""
    marks: list[str] = []
    for char in word[:24]:
        mark = "X" if char.isupper() else "x" if char.islower() else "d" if char.isdigit() else char
        if marks[-3:] != [mark] * 3:
            marks.append(mark)
    return "".join(marks)


def grams(word: str) -> tuple[int, ...]:
    """Hashed character pieces of a word: itself, its ends, its runs of three and four (case kept)."""
    padded = f"<{word[:24]}>"
    pieces = {padded, f"^{word[:2]}", f"^{word[:3]}", f"^{word[:4]}"}
    pieces |= {f"{word[-2:]}$", f"{word[-3:]}$", f"{word[-4:]}$"}
    for i in range(len(padded) - 3):
        pieces.add(padded[i : i + 3])
        pieces.add(padded[i : i + 4])
    pieces.add(padded[-3:])
    crc32 = zlib.crc32
    # In order, as the vectors of a bag are summed, and a set's order is another in each process.
    return tuple(sorted({crc32(p.encode("utf-8", "surrogatepass")) % GRAMS for p in pieces}))


def describe(word: str, vocab: Mapping[str, int]) -> WordFeatures:
    """All features of one word form."""
    return WordFeatures(vocab.get(norm(word), 0), 1 + bucket(shape(word), SHAPES - 1), grams(word))
