"""Owns where the sentences of an abstract begin and end: one regular expression and its exceptions.

A stop ends a sentence when white space and something that can open one follow, unless the word
before it is an abbreviation.  There is no model in it, so it costs microseconds and never moves.
"""

from __future__ import annotations

import re
from functools import lru_cache

# A stop, its closing quotes and brackets, then space; or a blank line; or a stop that lost its
# space ("forecasting.The model").  "!" and "?" end a sentence too; ":" and ";" do not.
_STOP = re.compile(
    r"""[.!?…]+["'”’)\]}]*(?=\s+\S)
    | \n[ \t]*\n
    | (?<=[a-z)%]{3})\.(?=(?:The|This|These|We|Our|In|It|To|For|However|Each|Finally)[ ,])""",
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[^\s(\[{\"'“‘]*$")
_OPENER = re.compile(r"\s*[\"'“‘(\[{]*(\S)")

# Before a number or a name these end nothing ("Fig. 3", "et al. 2020", "vs. BERT").
_NEVER = frozenset({
    "e.g", "i.e", "cf", "viz", "resp", "vs", "ca", "approx", "fig", "figs", "eq", "eqs", "eqn",
    "tab", "thm", "lem", "prop", "def", "alg", "ref", "refs", "dr", "mr", "mrs", "ms", "prof",
    "st", "no", "nos", "vol", "p", "pp", "ch", "ed", "eds", "incl", "excl", "esp", "w.r.t",
    "w.l.o.g", "a.k.a", "s.t", "i.i.d", "dept", "univ", "jan", "feb", "mar", "apr", "jun",
    "jul", "aug", "sep", "sept", "oct", "nov", "dec",
})  # fmt: skip
# These may end one: they do before a capital that opens a common sentence word.
_PERHAPS = frozenset({
    "al", "etc", "sec", "inc", "ltd", "corp", "co", "jr", "sr", "u.s", "u.k", "u.s.a", "a.i",
    "ph.d", "b.sc", "m.sc",
})  # fmt: skip
_COMMON_OPENER = re.compile(
    r"\W*(?:The|This|These|That|Those|We|Our|In|It|Its|On|To|For|However|Here|Although|While|When"
    r"|A|An|As|By|From|With|Using|Moreover|Furthermore|Finally|Such|There|They|Their|Unlike"
    r"|Despite|And|But|Also|Then|First|Second|Most|Many|Recent|Our|Experiments?|Results?)\b"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of `text`, in order, without the space around them.

    Every character that is not white space lies in exactly one span.
    """
    return list(_spans(text))


@lru_cache(maxsize=4)  # roles, results and evidence ask for the same abstract in turn
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    start = 0
    for stop in _STOP.finditer(text):
        if _ends(text, start, stop.start(), stop.end()):
            _append(spans, text, start, stop.end())
            start = stop.end()
    _append(spans, text, start, len(text))
    return tuple(spans)


def sentence_at(spans: list[tuple[int, int]], offset: int) -> int:
    """The index in `spans` of the sentence that holds `offset` (the one before it, if in a gap)."""
    for index in range(len(spans) - 1, -1, -1):
        if spans[index][0] <= offset:
            return index
    return 0


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add the span, less the space at its ends, if anything is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _ends(text: str, start: int, stop: int, after: int) -> bool:
    """Whether the stop at `stop`, closed at `after`, ends the sentence that began at `start`."""
    if text[stop] != ".":
        return text[stop] == "\n" or _opens(text, after)
    if text.startswith("...", stop) or text.startswith("…", stop):
        return _opens(text, after)
    match = _WORD_BEFORE.search(text, max(start, stop - 40), stop)
    word = match.group().casefold() if match else ""
    if word in _NEVER:
        return False
    if word in _PERHAPS or _is_initial(text, start, stop):
        return _COMMON_OPENER.match(text, after) is not None
    return _opens(text, after)


def _is_initial(text: str, start: int, stop: int) -> bool:
    """Whether one capital alone stands before the stop, as in "J. Smith" ("vitamin C." is rare)."""
    before = stop - 2
    return text[stop - 1 : stop].isupper() and (before < start or text[before] in " .-(")


def _opens(text: str, after: int) -> bool:
    """Whether what follows can open a sentence: a capital, digit, symbol, or a name as "iGPT"."""
    opener = _OPENER.match(text, after)
    if opener is None:
        return False
    letter = text[opener.start(1)]
    if text.startswith("http", opener.start(1)):
        return True
    if not letter.islower():
        return letter not in ",;:.!?)]}%"
    return text[opener.start(1) + 1 : opener.start(1) + 2].isupper()
