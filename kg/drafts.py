"""Owns the step from records to drafts: one paper for each group of records that are one.

Most records are a paper by themselves and stay as they are.  Of those the number of the document
goes on, and their text is neither written nor read again.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator

from kg.link.origins import digest, marks
from kg.link.papers import Merger, identifiers, merge
from kg.model import Paper
from kg.store import DraftRow, Store

Place = tuple[str, int]  # file, and which of its records
_DIGEST = 16  # bytes


def content(paper: Paper) -> bytes:
    """The digest of all that extraction reads of a paper."""
    text = f"{paper.title}\0{paper.abstract}".encode()
    return hashlib.blake2b(text, digest_size=_DIGEST).digest()


def digests(paper: Paper) -> bytes:
    """The digests of what tells the paper, one behind the other (`kg.link.origins`)."""
    return b"".join(map(digest, marks(paper)))


def alone(paper: Paper) -> Paper:
    """What merging makes of one record, which most papers have: the record itself, mostly."""
    names, links = identifiers(paper), tuple(sorted(set(paper.links)))
    if names == paper.identifiers and links == paper.links:
        return paper
    return paper._replace(identifiers=names, links=links)


class Drafts:
    """Gathers the records of a store, and gives the papers to build from."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._merger: Merger[Place] = Merger()
        self._first: dict[str, int] = {}  # the number of each file's first record
        self._ids: list[str] = []
        self._contents = bytearray()
        self._marks: list[bytes] = []
        self._links = array("I")
        self._documents = array("Q")  # 0 where merging changes even a record by itself
        for document, place, paper in store.records():
            self._add(document, place, paper)

    def _add(self, document: int, place: Place, paper: Paper) -> None:
        self._merger.add(place, paper)
        self._first.setdefault(place[0], len(self._ids) - place[1])
        self._ids.append(paper.id)
        self._contents += content(paper)
        self._marks.append(digests(paper))
        self._links.append(len(paper.links))
        self._documents.append(document if alone(paper) is paper else 0)

    def rows(self) -> Iterator[DraftRow]:
        """Each paper; ids that two papers share are told apart."""
        taken: set[str] = set()
        for places in self._merger.groups():
            row = self._kept(places, taken) or self._merged(places, taken)
            taken.add(row.id)
            yield row

    def _kept(self, places: list[Place], taken: set[str]) -> DraftRow | None:
        """The row of a record that is a paper as it stands."""
        number = self._first[places[0][0]] + places[0][1]
        id_, document = self._ids[number], self._documents[number]
        if len(places) > 1 or not document or id_ in taken:
            return None
        digest_ = bytes(self._contents[number * _DIGEST : (number + 1) * _DIGEST])
        return DraftRow(id_, digest_, document, self._marks[number], self._links[number])

    def _merged(self, places: Iterable[Place], taken: set[str]) -> DraftRow:
        records = [self._store.record(*place) for place in places]
        paper = merge(records) if len(records) > 1 else alone(records[0])
        digest_ = content(paper)
        if paper.id in taken:
            paper = paper._replace(id=f"{paper.id}-{digest_.hex()[:8]}")
        document, links = self._store.document(paper), len(paper.links)
        return DraftRow(paper.id, digest_, document, digests(paper), links)
