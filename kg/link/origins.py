"""Owns which paper of the corpus a thing comes from, by what identifiers and titles say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from zlib import crc32

from kg.link.papers import identifiers, title_key
from kg.model import Paper
from kg.names.normal import key
from kg.vocabulary import Entry

_STANDS_OUT = 0.05  # confidence by which one claim to have introduced a thing must beat the next
_NAMED = re.compile(r"^\s*(?P<name>[^:]{2,40}?)\s*(?::|\s[-–—]\s)")  # "BLINK: Better entity …"


_DIGEST = 4  # bytes
Mark = tuple[str, str]  # ("arxiv", number) or ("title", folded title): what tells a paper


def wanted(entry: Entry) -> Iterator[Mark]:
    """What tells the paper that the vocabulary says introduces a thing, the surest first."""
    arxiv = dict(entry.identifiers).get("arxiv")
    if arxiv:
        yield "arxiv", arxiv
    if entry.paper:
        yield "arxiv", entry.paper
        yield "title", title_key(entry.paper)


def marks(paper: Paper) -> Iterator[Mark]:
    """What tells a paper."""
    if paper.identifiers:
        yield from (pair for pair in identifiers(paper) if pair[0] == "arxiv")
    yield "title", title_key(paper.title)


def digest(mark: Mark) -> bytes:
    """Four bytes of a mark, by which the papers that may have it are found among many."""
    return crc32("\0".join(mark).encode()).to_bytes(_DIGEST, "little")


class Origins:
    """The papers that known things come from, and papers by the name before the colon of their title.

    It must have been told of a paper before it is asked about it.
    """

    def __init__(self, known: Iterable[Entry]) -> None:
        self._papers: dict[Mark, str] = {mark: "" for entry in known for mark in wanted(entry)}
        self._by_name: dict[str, list[str]] = {}

    def digests(self) -> frozenset[bytes]:
        """The digests of the marks of all papers that known things come from."""
        return frozenset(map(digest, self._papers))

    def add(self, paper: Paper) -> None:
        """Note a paper; a second time changes nothing."""
        node = f"paper/{paper.id}"
        for mark in marks(paper):
            if (before := self._papers.get(mark)) is not None:
                self._papers[mark] = min(node, before or node)
        if named := _NAMED.match(paper.title):
            self._by_name.setdefault(key(named["name"], "Method"), []).append(node)

    def of(self, entry: Entry) -> str | None:
        """The paper that the vocabulary says introduces a thing, where the corpus holds it."""
        found = (self._papers.get(mark) for mark in wanted(entry))
        return next((paper for paper in found if paper), None)

    def introducer(
        self, names: Iterable[str], origin: str | None, claims: list[tuple[float, str]]
    ) -> str | None:
        """Which paper introduces a thing, of (confidence, paper) best first; None where in doubt.

        The vocabulary's own knowledge (`origin`) comes first, then the paper whose title begins
        with one of its names, then the claim that stands out.
        """
        papers = [paper for _, paper in claims]
        if origin:
            return origin if origin in papers else None
        named = self.named_after(names, papers)
        if len(named) == 1:
            return named[0]
        alone = len(claims) == 1 or claims[0][0] - claims[1][0] >= _STANDS_OUT
        return papers[0] if alone else None

    def named_after(self, names: Iterable[str], papers: list[str]) -> list[str]:
        """Those of `papers` whose title begins with one of the names and a colon."""
        forms = {key(name, "Method") for name in names}
        named = {paper for form in forms for paper in self._by_name.get(form, ())}
        return [paper for paper in papers if paper in named]
