"""Owns the decoding of LaTeX in bibliographies: accents, commands and braces, not formulas."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from kg.readers.text import folded

_LATEX = re.compile(r"[\\{}~]|--|``|''")
_BARE = re.compile(r"(?<!\\)[%#&]")  # as exports leave them; to LaTeX "%" begins a comment
_DEEPEST = 40
_LONGEST = 100_000


def decoded(text: str) -> str:
    """The text that LaTeX would set, formulas as they stand; as given where it cannot be parsed."""
    if not _LATEX.search(text):
        return folded(text)
    if len(text) > _LONGEST or _depth(text) > _DEEPEST:
        return folded(re.sub(r"[{}]", "", text))
    try:
        plain = _converter().latex_to_text(_BARE.sub(r"\\\g<0>", text))
    except Exception:  # the library lets many kinds through; the text is then left as it stands
        plain = re.sub(r"[{}]", "", text)
    return folded(plain)


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in re.findall(r"[{}\[\]$]|\\begin", text):
        depth += -1 if bracket in "}]" else 1
        deepest = max(deepest, depth)
    return deepest


@lru_cache(maxsize=1)
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="verbatim", strict_latex_spaces=False, keep_comments=True)
