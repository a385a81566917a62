"""Owns normal forms: the key under which the spellings of one name are equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LATEX = re.compile(
    r"\\(?:text(?:bf|it|sc|tt|rm)?|emph|mathrm|mathbf|mathcal)\s*\{([^{}]*)\}|[${}\\]"
)
_ACRONYM = re.compile(r"\s*\([^()]{1,15}\)\s*")  # "autoregressive (AR) models"
_SEPARATORS = re.compile(r"[\s\-_/·‐‑–—]+")
_NOT_KEY = re.compile(r"[\"'“”‘’`,;:()\[\]^~*]")
_VERSION = re.compile(r"(?<=[a-z])\s*v(?=\d)")
# Words that a name carries behind it without being part of it.
_TAILS = {
    "Method": "model models method methods algorithm algorithms architecture architectures "
    "framework frameworks approach network networks based models",
    "Dataset": "dataset datasets benchmark benchmarks corpus data set task tasks",
    "Task": "task tasks problem",
    "Metric": "score scores metric metrics value values rate",
}
_TAIL_WORDS = {type_: frozenset(words.split()) for type_, words in _TAILS.items()}
_BRITISH = [
    (re.compile(r"is(?=(?:e[ds]?|er|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|al)?$)"), "or"),
    (re.compile(r"ll(?=(?:ed|ing|er)$)"), "l"),
]
_ISE_WORDS = frozenset(
    "noise precise raise wise exercise supervise supervised advise disguise promise otherwise revised rise".split()
)
_UNCOUNTED = frozenset(
    "bias analysis synthesis basis gas loss cross ss lens consensus corpus hypothesis us axis kinetics".split()
)


@lru_cache(maxsize=1 << 16)
def key(type_: str, surface: str) -> str:
    """The normal form of a surface: equal for spellings that differ in case, hyphens, number,
    LaTeX, British spelling, or a tail such as "model" behind a proper name."""
    words = _words(surface)
    while (
        len(words) > 1 and words[-1].casefold() in _TAIL_WORDS.get(type_, ()) and proper(words[:-1])
    ):
        words = words[:-1]
    folded = [_american(w.casefold()) for w in words]
    if folded:
        folded[-1] = singular(folded[-1])
    joined = "".join(folded)
    return _VERSION.sub("", joined) or surface.casefold()


def _words(surface: str) -> list[str]:
    text = unicodedata.normalize("NFKC", surface)
    text = _LATEX.sub(lambda m: m.group(1) or "", text)
    text = _ACRONYM.sub(" ", text).strip() or text
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return [w for w in _SEPARATORS.split(_NOT_KEY.sub("", plain)) if w]


def proper(words: list[str]) -> bool:
    """Whether words name something by themselves: a capital inside a word, a digit, an acronym."""
    return any(any(c.isupper() for c in w[1:]) or any(c.isdigit() for c in w) for w in words)


def singular(word: str) -> str:
    """The word without the plural: "LLMs", "networks", "strategies", "losses"."""
    if (
        word in _UNCOUNTED
        or len(word) < 3
        or not word.endswith("s")
        or word.endswith(("ss", "us", "is", "ics"))
    ):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


def _american(word: str) -> str:
    if word in _ISE_WORDS or len(word) < 5:
        return word
    for pattern, instead in _BRITISH:
        word = pattern.sub(instead, word)
    return word
