"""Owns the pairs of long and short form that a paper defines: "masked language modeling (MLM)".

After Schwartz and Hearst 2003: the short form stands in brackets behind the long one (or the
other way round), and its letters are found in the long form from right to left, the first at the
start of a word.  Added to theirs: plural short forms, a hyphen as the start of a word, brackets
inside a term ("autoregressive (AR) models"), and "X, short for Y".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BRACKET = re.compile(r"\(([^()]{2,60}?)\)")
_SHORT = re.compile(r"[A-Za-z0-9][\w.+\-/]{0,14}$")
_SHORT_FOR = re.compile(
    r"\b([A-Z][\w+\-]{1,11}),? (?:short for|which stands for|stands for|standing for) (?:the )?([A-Za-z][\w \-]{4,80})"
)
_WORD = re.compile(r"[\w+]+")


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """(short form, long form) for each definition in a text."""
    for match in _BRACKET.finditer(text):
        inside = re.split(r"[,;]| or | i\.e\. ", match.group(1))[0].strip()
        before = text[max(0, match.start() - 120) : match.start()].rstrip()
        if _is_short(inside):
            long = _long_form(inside, before)
            if long:
                yield inside, long
        else:
            short = before.rsplit(" ", 1)[-1]
            if _is_short(short) and _long_form(short, inside) == inside:
                yield short, inside
    for match in _SHORT_FOR.finditer(text):
        if _matches(match.group(1), match.group(2)):
            yield match.group(1), match.group(2).strip()


def _is_short(text: str) -> bool:
    return (
        bool(_SHORT.fullmatch(text))
        and sum(c.isupper() for c in text) >= 1
        and len(text) <= 12
        and not text.isdigit()
    )


def _long_form(short: str, before: str) -> str | None:
    """The shortest run of words that ends `before` and holds the letters of `short`."""
    bare = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    letters = [c.lower() for c in bare if c.isalnum()]
    at = len(before)
    for index in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (
            before[at].lower() != letters[index] or (index == 0 and not _starts_word(before, at))
        ):
            at -= 1
        if at < 0:
            return None
    long = before[at:]
    sensible = len(long) > len(bare) and len(_WORD.findall(long)) <= min(
        len(letters) + 5, 2 * len(letters)
    )
    return long if sensible and not re.search(r"[.;!?](?:\s|$)", long) else None


def _starts_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _matches(short: str, long: str) -> bool:
    return _long_form(short, long.strip()) is not None
