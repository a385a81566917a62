"""Owns the normal form of a name: what is left when only spelling is taken away.

    "Large-Language Models"  -> largelanguagemodel
    "LLaMA-2", "Llama 2"     -> llama2
    "tokenisation"           -> tokenization
    "BERT model"             -> bert             (a Method's tail; "language model" keeps its own)
    "$\\text{B}^3$ F1"        -> b3f1

Names of one type and one normal form are one thing; everything else about names builds on that.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def _set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


_LATEX = re.compile(
    r"\\(?:text|textsc|textbf|textit|texttt|emph|mathrm|mathbf|mathcal|mathbb|operatorname|bf|it|sc|tt)\b\s*"
)
_SYMBOL = re.compile(r"\\([a-zA-Z]+)")
_PLAIN = re.compile(r"[A-Za-z0-9 .+\-]+")  # nothing to clean: most names
_DEBRIS = re.compile(r"[{}$\\^~\"'`’‘“”!?™®†‡*]")
_POSSESSIVE = re.compile(r"['’]s\b")
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_NESTED = re.compile(r"(?<=\S)\s*\(\s*[^()\s]{1,12}\s*\)\s*(?=\S)")  # "autoregressive (AR) models"
_CLOSING = re.compile(r"\s*\([^()]*\)\s*$")
_SEPARATORS = str.maketrans(dict.fromkeys("-_/:,;()[]|·", " "))
_VERSION = re.compile(r"(?<!^)(?<![0-9])v(?=\d)")
_GLUE = re.compile(r"(?<!\d)-|-(?!\d)")
_MIXED = re.compile(r"[^\W\d_].*\d|\d.*[^\W\d_]")
_DIGIT = re.compile(r"\d")
_ZERO = re.compile(r"(?<=\d)\.0(?!\d)")
_GREEK = {c: unicodedata.name(c).split()[-1].lower() for c in "αβγδεζηθικλμνξπρστυφχψω"}

# Words that the field spells in two ways, in the form that is kept.
_WORDS = {
    "modelling": "modeling", "modelled": "modeled", "labelling": "labeling", "labelled": "labeled",
    "unlabelled": "unlabeled", "signalling": "signaling", "travelling": "traveling",
    "behaviour": "behavior", "behavioural": "behavioral", "colour": "color", "neighbour": "neighbor",
    "neighbourhood": "neighborhood", "centre": "center", "dialogue": "dialog", "catalogue": "catalog",
    "grey": "gray", "programme": "program", "artefact": "artifact", "analyse": "analyze",
    "defence": "defense", "licence": "license", "metre": "meter", "tumour": "tumor", "haze": "haze",
    "adaption": "adaptation", "corpora": "corpus", "indices": "index", "indexes": "index",
    "matrices": "matrix", "vertices": "vertex", "hypotheses": "hypothesis", "criteria": "criterion", "caches": "cache",
    "analyses": "analysis", "bases": "base", "databases": "database", "axes": "axis",
    "convolution": "convolutional", "nets": "network", "net": "network",
    "finetuned": "finetuned", "modality": "modal",
}  # fmt: skip
_UNFOLDED: dict[str, list[str]] = {}
for _spelled, _kept in _WORDS.items():
    _UNFOLDED.setdefault(_kept, []).append(_spelled)
# British -ise by its stems: "-ise" alone would take "noise", "precise" and "supervised" along.
_ISE = re.compile(
    r"(token|general|normal|optim|minim|maxim|summar|local|organ|categor|real|visual|regular|"
    r"quant|initial|parallel|random|character|personal|special|standard|util|recogn|binar|"
    r"linear|factor|vector|lemmat|diar|memor|synthes|anonym|penal|custom|stabil|equal|"
    r"discret|parametr|polar|harmon|contextual|featur|item|global|crystal|mobil|central|"
    r"decentral|desensit|serial|virtual|hybrid|marginal|orthogonal|diagonal|capital|final|"
    r"formal|ideal|moral|neutral|popular|modular|tabular|verbal|vocal|symbol|prior|author|"
    r"theor|sensit|mot|winsor)is(e|ed|es|er|ers|ing|ation|ations|able|ability)\b"
)
_SINGULAR = _set(
    "analysis bias gas lens series news basis axis corpus thesis status bus plus focus virus radius "
    "chaos canvas atlas pegasus gloss less loss class process access cross dense yes this is as us "
    "kubernetes bayes wordpress redis means pos los ss dbs squares"
)
# As they are written: "A" and "Based" may be part of a name ("ImageNet-A").
_FILLERS = frozenset({"the", "The", "a", "an", "and", "And", "based", "Based", "&"})

# Tails that say what kind of thing a name is; they go where a proper name is left.
_TAILS = {
    "Method": _set(
        "model models method methods algorithm algorithms framework frameworks approach approaches "
        "architecture architectures technique techniques module modules network networks family "
        "optimizer tokenizer series system systems backbone loss mechanism"
    ),
    "Dataset": _set(
        "dataset datasets benchmark benchmarks corpus corpora database data collection suite "
        "leaderboard set sets task tasks challenge"
    ),
    "Task": _set("task tasks problem problems"),
    "Metric": _set("score scores metric metrics measure measures value values"),
}
_ALWAYS = {
    "Task": _TAILS["Task"],
    "Dataset": frozenset({"dataset", "datasets", "benchmark", "benchmarks", "corpus"}),
}  # these go from common nouns too
_MECHANISM = frozenset({"mechanism", "mechanisms"})


@lru_cache(maxsize=1 << 13)
def clean(surface: str) -> str:
    """The surface without LaTeX, quotes, Unicode's variants of one character, and inner brackets."""
    if _PLAIN.fullmatch(surface):
        return surface.strip(" .-") or surface
    text = unicodedata.normalize("NFKC", surface)
    text = "".join(_GREEK.get(c, c) for c in text)
    text = _POSSESSIVE.sub("", _HYPHENS.sub("-", text))
    text = _SYMBOL.sub(r"\1", _LATEX.sub("", text))
    text = _DEBRIS.sub("", text)
    text = _NESTED.sub(" ", text)
    return _CLOSING.sub("", text).strip(" .,;:-") or text.strip()


def words(surface: str) -> list[str]:
    """The words of a name as written, without tails and fillers told apart yet."""
    if surface.isascii():  # letters, digits, spaces and hyphens need no cleaning
        spaced = surface.replace("-", " ")
        if spaced.replace(" ", "").isalnum():
            return spaced.split()
    return clean(surface).translate(_SEPARATORS).split()


def singular(word: str) -> str:
    """A word's singular by rule, in lower case; an acronym's plural s goes, its own S stays."""
    low = word.casefold()
    if len(low) < 3 or not low.endswith("s") or low in _SINGULAR:
        return low
    if word.endswith("S") and word[:-1] != word[:-1].lower():
        return low
    if low.endswith(("ss", "us", "is", "ics", "ous")) and not word[:-1].isupper():
        return low
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if low.endswith(("sses", "xes", "ches", "shes", "zes")):
        return low[:-2]
    return low[:-1]


def is_proper(word: str) -> bool:
    """Whether a word looks like a name: a capital inside of it, or letters with digits."""
    rest = word[1:]
    return rest != rest.lower() or (not word.isalpha() and _MIXED.search(word) is not None)


def _without_tail(parts: list[str], type_: str) -> list[str]:
    tails, always = _TAILS[type_], _ALWAYS.get(type_, frozenset())
    while len(parts) > 1:
        tail = parts[-1].casefold()
        named = len(parts) <= 3 and is_proper(parts[-2])
        attention = tail in _MECHANISM and parts[-2].casefold() != "attention"
        if not ((tail in tails and named) or tail in always or attention):
            break
        parts = parts[:-1]
    return parts


@lru_cache(maxsize=1 << 15)
def fold_word(word: str) -> str:
    """One word in American spelling, singular, lower case, without accents."""
    low = word.casefold()
    low = _WORDS.get(low) or singular(word)
    low = _WORDS.get(low, low)
    if "is" in low:
        low = _ISE.sub(r"\1iz\2", low)
    if low.isascii():
        return low
    return "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))


@lru_cache(maxsize=1 << 12)
def stem(folded: str) -> str:
    """Letters that every word begins with that `fold_word` folds so, of those in ASCII."""
    begin = folded.partition("iz")[0].removesuffix("y")
    for spelled in _UNFOLDED.get(folded, ()):
        while not spelled.startswith(begin):
            begin = begin[:-1]
    return begin


@lru_cache(maxsize=1 << 13)
def parts(surface: str, type_: str) -> tuple[str, ...]:
    """The folded words of a name, without fillers and the tail of its type."""
    shown = _without_tail(words(surface), type_)
    kept = [w for w in shown if w not in _FILLERS] or shown
    return tuple(map(fold_word, kept))


@lru_cache(maxsize=1 << 15)  # a few names make most mentions
def key(surface: str, type_: str) -> str:
    """The normal form: equal for two spellings of one name."""
    if surface.isalpha() and surface.isascii():
        return fold_word(surface)  # one word, as a third of names are
    return key_of(cut(surface, type_), surface)


def key_of(folded: str, surface: str) -> str:
    """The normal form of a name that was folded before (`cut`)."""
    return glued(folded) or surface.casefold()


def cut(surface: str, type_: str) -> str:
    """The folded words of a name, hyphens between: all that its normal form is made of."""
    return "-".join(parts(surface, type_))


def join(folded: tuple[str, ...]) -> str:
    """Folded words as one key."""
    return glued("-".join(folded))


def glued(folded: str) -> str:
    """Folded words, hyphens between, as one key: without the hyphens (but for digits, or "2-7B" were
    "27B"), versions without their v, "2.0" as "2"."""
    bare = folded.replace("-", "")
    if bare.isalpha() or _DIGIT.search(folded) is None:  # the first is quicker, and mostly enough
        return bare
    return _GLUE.sub("", _VERSION.sub("", _ZERO.sub("", folded)))


@lru_cache(maxsize=1 << 12)  # asked of each mention several times
def is_acronym(surface: str) -> bool:
    """Whether a surface may be short for something: one word, mostly capitals, up to ten letters."""
    text = clean(surface)
    if not 2 <= len(text) <= 10 or " " in text:
        return False
    stem = text[:-1] if text.endswith("s") else text
    capitals = sum(c.isupper() for c in stem)
    return capitals >= 2 and capitals * 2 >= sum(c.isalpha() for c in stem)


@lru_cache(maxsize=1 << 14)
def is_name(surface: str) -> bool:
    """Whether a surface may be the name that a bracket spells out: one word, a capital or digit."""
    text = clean(surface)
    return (
        2 <= len(text) <= 15 and " " not in text and any(c.isupper() or c.isdigit() for c in text)
    )
