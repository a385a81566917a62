"""Owns the decoding of LaTeX in bibliographies: accents, commands and braces, not formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

from kg.readers.text import folded

_LATEX = re.compile(r"[\\{}~]|--|``|''")
_BARE = re.compile(r"(?<!\\)[%#&]")  # as exports leave them; to LaTeX "%" begins a comment
_ESCAPED = re.compile(r"\\.")
_DEEPEST = 40
_LONGEST = 100_000


def decoded(text: str) -> str:
    """The text that LaTeX would set, formulas as they stand; as given where it cannot be parsed."""
    if not _LATEX.search(text):
        return folded(text)
    if len(text) > _LONGEST or _depth(text) > _DEEPEST:
        return folded(re.sub(r"[{}]", "", text))
    return folded(" ".join(map(_set, _pieces(text))))


def _pieces(text: str) -> Iterator[str]:
    """Words, joined where a brace or a formula spans them: most are plain, and need no parser."""
    held: list[str] = []
    braces = dollars = 0
    for word in text.split():
        held.append(word)
        if "{" in word or "}" in word or "$" in word:
            bare = _ESCAPED.sub("", word)
            braces += bare.count("{") - bare.count("}")
            dollars += bare.count("$")
        if braces <= 0 and dollars % 2 == 0:
            yield " ".join(held)
            held, braces = [], 0
    yield " ".join(held)


def _set(piece: str) -> str:
    if not _LATEX.search(piece):
        return piece
    try:
        return str(_converter()(_BARE.sub(r"\\\g<0>", piece)))
    except Exception:  # the library lets many kinds through; the text is then left as it stands
        return re.sub(r"[{}]", "", piece)


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in re.findall(r"[{}\[\]$]|\\begin", text):
        depth += -1 if bracket in "}]" else 1
        deepest = max(deepest, depth)
    return deepest


@lru_cache(maxsize=1)
def _converter() -> Callable[[str], Any]:
    """The library's function, with its table of commands made once and not for each text."""
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import get_default_latex_context_db

    nodes = LatexNodes2Text(math_mode="verbatim", strict_latex_spaces=False, keep_comments=True)
    return partial(nodes.latex_to_text, latex_context=get_default_latex_context_db())
