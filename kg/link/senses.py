"""Owns what a short form stands for: in the paper that defines it, and across papers.

A paper's own definition always counts for that paper.  Over all papers, a short form whose
definitions agree is one thing with its long form everywhere; one that papers define in different
ways has senses, and a paper that does not define it takes the sense that most papers mean, if
most is clear, or is left apart, marked ambiguous.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from kg.link.acronyms import definitions
from kg.link.normal import key
from kg.model import Facts, Mention, Paper

Key = tuple[str, str]  # (type, normal form): a name as linking compares it

_CLEAR = 0.75  # share of the definitions from which the commonest sense stands for all


def paper_definitions(paper: Paper, facts: Facts) -> dict[Key, Key]:
    """Short form -> long form, as keys, of the definitions in a paper that join two mentions."""
    typed: dict[str, list[Mention]] = {}
    for mention in facts.mentions:
        typed.setdefault(mention.text, []).append(mention)
    found: dict[Key, Key] = {}
    for text in (paper.title, paper.abstract):
        for short, long in definitions(text) if "(" in text or "for" in text else ():
            for mention in _first(typed, short):
                if _named(typed, long, mention.type):
                    _note(found, mention.type, short, long)
    _adjacent(paper, facts, found)
    return found


def _first(typed: Mapping[str, list[Mention]], short: str) -> Iterable[Mention]:
    return typed.get(short, [])[:1]


def _named(typed: Mapping[str, list[Mention]], long: str, type_: str) -> bool:
    """Whether the long form, or most of it, is a mention of the type."""
    return any(m.type == type_ for m in typed.get(long, ())) or any(
        text in long and 2 * len(text) > len(long) and any(m.type == type_ for m in rows)
        for text, rows in typed.items()
    )


def _note(found: dict[Key, Key], type_: str, short: str, long: str) -> None:
    a, b = (type_, key(type_, short)), (type_, key(type_, long))
    if a != b:
        found.setdefault(a, b)


def _adjacent(paper: Paper, facts: Facts, found: dict[Key, Key]) -> None:
    """Two mentions of one type of which the second stands in brackets behind the first."""
    texts = {"title": paper.title, "abstract": paper.abstract}
    ordered = sorted(facts.mentions, key=lambda m: (m.field, m.start))
    for a, b in zip(ordered, ordered[1:], strict=False):
        if a.field != b.field or a.type != b.type or b.start - a.end not in (1, 2):
            continue
        text = texts[a.field]
        if text[a.end : b.start].strip() != "(" or not text[b.end : b.end + 1] == ")":
            continue
        short, long = (a.text, b.text) if len(a.text) < len(b.text) else (b.text, a.text)
        if len(short) <= 15 and " " not in short and short != short.lower():
            _note(found, a.type, short, long)


class Senses:
    """Counts, over papers, which long form each short form is defined as."""

    def __init__(self) -> None:
        self._long: dict[Key, Counter[Key]] = defaultdict(Counter)

    def add(self, found: Mapping[Key, Key]) -> None:
        """Note the definitions of one paper."""
        for short, long in found.items():
            self._long[short][long] += 1

    def short_forms(self) -> list[Key]:
        """All short forms that any paper defines, sorted."""
        return sorted(self._long)

    def senses(self, short: Key) -> list[tuple[Key, int]]:
        """(long form, papers) of a short form, the commonest first."""
        return sorted(self._long.get(short, Counter()).items(), key=lambda row: (-row[1], row[0]))

    def clear(self, senses: list[tuple[Key, int]]) -> Key | None:
        """The sense that stands for all papers that define none, or None where it is in doubt."""
        total = sum(papers for _, papers in senses)
        long, papers = senses[0]
        return long if papers >= _CLEAR * total else None
