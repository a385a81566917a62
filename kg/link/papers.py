"""Owns which records are one paper: by identifier, by title, and by what their abstracts share.

Two records are one paper where they share an identifier; where their titles are alike once case
and punctuation are folded; or where the titles are near and the abstracts share most of their
words (a preprint and its published version).  Nothing joins records that contradict each other:
two arXiv numbers, two publishers' DOIs, or one title over authors or words that have nothing in
common.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from kg.identifiers import slug
from kg.link.sketches import LONG, Sketches, abstract_sketch, draws, overlap
from kg.model import Paper

Place = TypeVar("Place", bound=Hashable)

_ALNUM = re.compile(r"[^\W_]+")
_NOT_ALNUM = bytes(b for b in range(128) if not chr(b).isalnum())
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
# Registrants of preprint servers: such a DOI stands beside the publisher's, not against it.
_PREPRINTS = ("10.48550/", "10.1101/", "10.21203/", "10.2139/", "10.36227/", "10.31219/",
              "10.26434/", "10.20944/", "10.31234/", "10.5281/")  # fmt: skip
_SHARED = frozenset(
    {"arxiv", "doi", "acl", "pmid", "pmcid", "openreview", "openalex", "s2", "dblp"}
)
_SAME_WORDS = 0.55  # overlap of the words of a preprint's abstract and the published one's
_OTHER_WORDS = 0.10  # overlap below which one title names two papers
_NEAR_TITLE = 75.0  # of 100, by rapidfuzz's token_set_ratio


def title_key(title: str) -> str:
    """The title with case, accents, punctuation and spacing folded: equal for one paper's titles."""
    if title.isascii():  # as most are
        return title.encode().translate(None, _NOT_ALNUM).lower().decode()
    return "".join(_ALNUM.findall(unicodedata.normalize("NFKD", title).casefold()))


def identifiers(paper: Paper) -> tuple[tuple[str, str], ...]:
    """Identifiers in their one form: arXiv's own DOIs are arXiv numbers, values in lower case."""
    if not paper.identifiers:
        return ()
    found = set()
    for scheme, value in paper.identifiers:
        arxiv = _ARXIV_DOI.fullmatch(value) if scheme == "doi" else None
        found.add(("arxiv", arxiv.group(1).lower()) if arxiv else (scheme, value))
    return tuple(sorted(found))


def rank(place: Hashable, paper: Paper) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """Where a record stands among all: that of a paper's first record is the paper's."""
    return title_key(paper.title) or paper.id, identifiers(paper), str(place)


def blocks(paper: Paper) -> Iterator[str]:
    """Under what a record is compared with others: its identifiers, its title, draws of its words."""
    for scheme, value in identifiers(paper):
        if scheme in _SHARED:
            yield f"identifier {scheme} {value}"
    yield f"title {title_key(paper.title) or paper.id}"
    yield from (f"words {draw}" for draw in draws(abstract_sketch(paper.abstract)))


def _surnames(authors: Iterable[str]) -> str:
    """The folded surnames, once each, with spaces between them: a set of them would be ten times as large."""
    names = (a.split(",")[0] if "," in a else a.rsplit(" ", 1)[-1] for a in authors)
    return " ".join({key: None for name in names if (key := title_key(name))})


class Merger(Generic[Place]):
    """Gathers records, each with a key of the caller's for it, and groups those of one paper.

    Of a record are kept its title, identifiers, surnames and the sketch of its abstract, each in a
    list of its own: an object a record would double what it costs.
    """

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._keys: list[str] = []
        self._titles: list[str] = []
        self._identifiers: list[tuple[tuple[str, str], ...]] = []
        self._surnames: list[str] = []
        self._sketches = Sketches()

    def add(self, place: Place, paper: Paper) -> None:
        """Note a record; its text is not kept."""
        self._places.append(place)
        self._keys.append(title_key(paper.title) or paper.id)
        self._titles.append(paper.title)
        self._identifiers.append(identifiers(paper))
        self._surnames.append(_surnames(paper.authors) if paper.authors else "")
        self._sketches.append(paper.abstract)

    def groups(self, near: Iterable[tuple[Place, Place]] | None = None) -> Iterator[list[Place]]:
        """The places of each paper's records; the same groups and order, whatever was added first.

        `near` are pairs of records that share most words; they are found, where not given.
        """
        order, places = self._order(), self._places
        joined = _Joined([self._identifiers[i] for i in order])
        words = self._by_words(order) if near is None else self._given(order, near)
        for pairs in (self._by_identifier(order), self._by_title(order), words):
            for a, b in pairs:
                joined.join(a, b)
        for members in joined.groups():
            found = [places[order[i]] for i in members]
            yield sorted(found, key=str) if len(found) > 1 else found

    def neighbours(self) -> Iterator[tuple[Place, Place]]:
        """Each record with the next, where they share most words: of records that share a draw."""
        for left, right in pairwise(self._order()):
            if self._near(left, right):
                yield self._places[left], self._places[right]

    def _order(self) -> list[int]:
        keys, identifiers, places = self._keys, self._identifiers, self._places
        return sorted(range(len(keys)), key=lambda i: (keys[i], identifiers[i], str(places[i])))

    def _given(
        self, order: Sequence[int], near: Iterable[tuple[Place, Place]]
    ) -> list[tuple[int, int]]:
        at = {self._places[record]: place for place, record in enumerate(order)}
        return sorted({(at[left], at[right]) for left, right in near})

    def _by_identifier(self, order: Sequence[int]) -> Iterator[tuple[int, int]]:
        first: dict[tuple[str, str], int] = {}
        for at, record in enumerate(order):
            for identifier in self._identifiers[record]:
                if identifier[0] in _SHARED and first.setdefault(identifier, at) != at:
                    yield first[identifier], at

    def _by_title(self, order: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Each record with those of equal title; the order is by title."""
        start = 0
        for at, record in enumerate(order):
            if self._keys[record] != self._keys[order[start]]:
                start = at
            for before in range(start, at):
                if not self._strangers(order[before], record):
                    yield before, at

    def _strangers(self, a: int, b: int) -> bool:
        """Whether one title stands over two papers: no author in common, or hardly a word."""
        if self._surnames[a] and self._surnames[b]:
            return self._other_authors(a, b)
        left, right = self._sketches[a], self._sketches[b]
        return min(len(left), len(right)) >= LONG and overlap(left, right) < _OTHER_WORDS

    def _other_authors(self, a: int, b: int) -> bool:
        left, right = self._surnames[a].split(), self._surnames[b].split()
        return bool(left and right) and set(left).isdisjoint(right)

    def _by_words(self, order: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Records of near titles whose abstracts share most words."""
        for left, right in self._sketches.neighbours(order, _SAME_WORDS):
            if self._near(order[left], order[right]):
                yield left, right

    def _near(self, a: int, b: int) -> bool:
        if self._keys[a] == self._keys[b] or self._other_authors(a, b):
            return False
        return (
            overlap(self._sketches[a], self._sketches[b]) >= _SAME_WORDS
            and fuzz.token_set_ratio(self._titles[a], self._titles[b]) >= _NEAR_TITLE
        )


class _Joined:
    """Groups of records under way (union-find), each with all its records' identifiers."""

    def __init__(self, identifiers: Sequence[tuple[tuple[str, str], ...]]) -> None:
        self._identifiers = identifiers
        self._parent = list(range(len(identifiers)))
        self._known: dict[int, dict[str, set[str]]] = {}

    def _find(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def _schemes(self, root: int) -> dict[str, set[str]]:
        if root not in self._known:
            schemes: dict[str, set[str]] = {}
            for scheme, value in self._identifiers[root]:
                schemes.setdefault(scheme, set()).add(value)
            self._known[root] = schemes
        return self._known[root]

    def join(self, a: int, b: int) -> None:
        """Make one group of two, unless what they hold contradicts it."""
        a, b = sorted((self._find(a), self._find(b)))
        if a == b:
            return
        left, right = self._schemes(a), self._schemes(b)
        if _contradict(left, right):
            return
        for scheme, values in right.items():
            left.setdefault(scheme, set()).update(values)
        self._parent[b] = a

    def groups(self) -> Iterator[list[int]]:
        """Members of each group, in the order of their first."""
        members: dict[int, list[int]] = {}
        for i in range(len(self._parent)):
            members.setdefault(self._find(i), []).append(i)
        yield from members.values()


def _contradict(a: dict[str, set[str]], b: dict[str, set[str]]) -> bool:
    """Whether two groups carry identifiers that one paper cannot both have."""
    for scheme in ("arxiv", "acl", "pmid", "doi"):
        left, right = (
            {v for v in side.get(scheme, ()) if not v.startswith(_PREPRINTS)} for side in (a, b)
        )
        if left and right and left.isdisjoint(right):
            return True
    return False


def same(a: Paper, b: Paper) -> bool:
    """Whether two records are one paper."""
    merger: Merger[int] = Merger()
    merger.add(0, a)
    merger.add(1, b)
    return len(list(merger.groups())) == 1


def merge(papers: Sequence[Paper]) -> Paper:
    """One paper of its records: the text of the fullest, and all that any of them knows.

    An id that a source gave comes before one made from the title; among equals the least.
    """
    ranked = sorted(papers, key=lambda p: (-len(p.abstract), *_shouted(p.title), p.title, p.id))
    given = sorted(p.id for p in papers if p.id != slug(p.title))
    return ranked[0]._replace(
        id=given[0] if given else min(p.id for p in papers),
        sources=tuple(sorted({s for p in papers for s in p.sources})),
        published=min((p.published for p in papers if p.published), key=_precision, default=None),
        authors=min((p.authors for p in papers), key=lambda a: (-len(a), a)),
        author_count=max(
            (p.author_count for p in papers if p.author_count is not None), default=None
        ),
        upvotes=max((p.upvotes for p in papers if p.upvotes is not None), default=None),
        venue=min((p.venue for p in papers if p.venue), key=_preprint_last, default=None),
        organization=min((p.organization for p in papers if p.organization), default=None),
        url=min((p.url for p in papers if p.url), default=None),
        identifiers=tuple(sorted({pair for p in papers for pair in identifiers(p)})),
        links=tuple(sorted({link for p in papers for link in p.links})),
    )


def _shouted(title: str) -> tuple[bool, int]:
    """Titles in small letters last; of the others, those with fewer capitals first."""
    return (title == title.lower(), sum(c.isupper() for c in title))


def _precision(date: str) -> tuple[bool, int, str]:
    """Dates with a year first, then the more precise, then the earlier."""
    return (date.startswith("-"), -len(date), date)


def _preprint_last(venue: str) -> tuple[bool, str]:
    return ("arxiv" in venue.casefold() or venue == "CoRR", venue)
