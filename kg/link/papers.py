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
import zlib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import pairwise
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from kg.identifiers import slug
from kg.model import Paper

Place = TypeVar("Place", bound=Hashable)

_WORD = re.compile(r"\w+")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
# Registrants of preprint servers: such a DOI stands beside the publisher's, not against it.
_PREPRINTS = ("10.48550/", "10.1101/", "10.21203/", "10.2139/", "10.36227/", "10.31219/",
              "10.26434/", "10.20944/", "10.31234/", "10.5281/")  # fmt: skip
_SHARED = frozenset(
    {"arxiv", "doi", "acl", "pmid", "pmcid", "openreview", "openalex", "s2", "dblp"}
)
_SKETCH = 24  # hashes kept of an abstract: the error of the overlap is about 8 points
_SAME_WORDS = 0.55  # overlap of the words of a preprint's abstract and the published one's
_OTHER_WORDS = 0.10  # overlap below which one title names two papers
_NEAR_TITLE = 75.0  # of 100, by rapidfuzz's token_set_ratio
_LONG_ABSTRACT = 12  # hashes from which the overlap of two abstracts means something


def title_key(title: str) -> str:
    """The title with case, accents, punctuation and spacing folded: equal for one paper's titles."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    return "".join(c for c in folded if c.isalnum())


def abstract_sketch(abstract: str) -> tuple[int, ...]:
    """The smallest hashes of the abstract's distinct words of five letters or more.

    A bottom-k sketch (Cohen and Kaplan 2007): the overlap of two sets is read from two sketches.
    """
    words = {w for w in _WORD.findall(abstract.casefold()) if len(w) >= 5}
    return tuple(sorted(nsmallest(_SKETCH, (zlib.crc32(w.encode()) for w in words))))


def overlap(a: Sequence[int], b: Sequence[int]) -> float:
    """The Jaccard index of two sets of words, from 0 to 1, as their sketches tell it."""
    union = sorted(set(a) | set(b))[:_SKETCH]
    both = set(a) & set(b)
    return sum(h in both for h in union) / len(union) if union else 0.0


@dataclass(frozen=True, slots=True)
class _Record(Generic[Place]):
    """What is kept of a record while all are gathered."""

    key: str
    title: str
    identifiers: tuple[tuple[str, str], ...]
    surnames: frozenset[str]
    sketch: tuple[int, ...]
    place: Place


def identifiers(paper: Paper) -> tuple[tuple[str, str], ...]:
    """Identifiers in their one form: arXiv's own DOIs are arXiv numbers, values in lower case."""
    found = set()
    for scheme, value in paper.identifiers:
        arxiv = _ARXIV_DOI.fullmatch(value) if scheme == "doi" else None
        found.add(("arxiv", arxiv.group(1).lower()) if arxiv else (scheme, value))
    return tuple(sorted(found))


def _surnames(authors: Iterable[str]) -> frozenset[str]:
    names = (a.split(",")[0] if "," in a else a.rsplit(" ", 1)[-1] for a in authors)
    return frozenset(key for name in names if (key := title_key(name)))


class Merger(Generic[Place]):
    """Gathers records, each with a key of the caller's for it, and groups those of one paper."""

    def __init__(self) -> None:
        self._records: list[_Record[Place]] = []

    def add(self, place: Place, paper: Paper) -> None:
        """Note a record; its text is not kept."""
        record = _Record(
            title_key(paper.title) or paper.id,
            paper.title,
            identifiers(paper),
            _surnames(paper.authors),
            abstract_sketch(paper.abstract),
            place,
        )
        self._records.append(record)

    def groups(self) -> Iterator[list[Place]]:
        """The places of each paper's records; the same groups and order, whatever was added first."""
        records = sorted(self._records, key=lambda r: (r.key, r.identifiers, str(r.place)))
        joined = _Joined(records)
        for pairs in (_by_identifier(records), _by_title(records), _by_words(records)):
            for a, b in pairs:
                joined.join(a, b)
        for members in joined.groups():
            yield sorted((records[i].place for i in members), key=str)


class _Joined(Generic[Place]):
    """Groups of records under way (union-find), each with all its records' identifiers."""

    def __init__(self, records: Sequence[_Record[Place]]) -> None:
        self._records = records
        self._parent = list(range(len(records)))
        self._known: dict[int, dict[str, set[str]]] = {}

    def _find(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def _schemes(self, root: int) -> dict[str, set[str]]:
        if root not in self._known:
            schemes: dict[str, set[str]] = {}
            for scheme, value in self._records[root].identifiers:
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


def _by_identifier(records: Sequence[_Record[Place]]) -> Iterator[tuple[int, int]]:
    first: dict[tuple[str, str], int] = {}
    for i, record in enumerate(records):
        for identifier in record.identifiers:
            if identifier[0] in _SHARED and first.setdefault(identifier, i) != i:
                yield first[identifier], i


def _by_title(records: Sequence[_Record[Place]]) -> Iterator[tuple[int, int]]:
    """Each record with those of equal title; records are sorted by title."""
    start = 0
    for i, record in enumerate(records):
        if record.key != records[start].key:
            start = i
        for j in range(start, i):
            if not _strangers(records[j], record):
                yield j, i


def _strangers(a: _Record[Place], b: _Record[Place]) -> bool:
    """Whether one title stands over two papers: no author in common, or hardly a word."""
    if a.surnames and b.surnames:
        return a.surnames.isdisjoint(b.surnames)
    if min(len(a.sketch), len(b.sketch)) < _LONG_ABSTRACT:
        return False
    return overlap(a.sketch, b.sketch) < _OTHER_WORDS


def _by_words(records: Sequence[_Record[Place]]) -> Iterator[tuple[int, int]]:
    """Records of near titles whose abstracts share most words.

    Only records that share their three rarest-hashed words are compared: abstracts that overlap
    so much as is asked for below nearly always do in one of four such draws.
    """
    blocks: dict[tuple[int, ...], list[int]] = {}
    for i, record in enumerate(records):
        for at in (
            range(0, min(len(record.sketch), 12) - 2, 3)
            if len(record.sketch) >= _LONG_ABSTRACT
            else ()
        ):
            blocks.setdefault(record.sketch[at : at + 3], []).append(i)
    for block in blocks.values():
        for left, right in pairwise(block):
            if _near(records[left], records[right]):
                yield left, right


def _near(a: _Record[Place], b: _Record[Place]) -> bool:
    if a.key == b.key or (a.surnames and b.surnames and a.surnames.isdisjoint(b.surnames)):
        return False
    return (
        overlap(a.sketch, b.sketch) >= _SAME_WORDS
        and fuzz.token_set_ratio(a.title, b.title) >= _NEAR_TITLE
    )


def merge(papers: Sequence[Paper]) -> Paper:
    """One paper of its records: the text of the fullest, and all that any of them knows.

    An id that a source gave comes before one made from the title; among equals the least.
    """
    ranked = sorted(papers, key=lambda p: (-len(p.abstract), *_shouted(p.title), p.title, p.id))
    given = sorted(p.id for p in papers if p.id != slug(p.title))
    return replace(
        ranked[0],
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
