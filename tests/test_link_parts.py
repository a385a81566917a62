"""Linking in parts: what is decided about components of names is what is decided about all."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import pytest

from kg.extract.pipeline import load
from kg.link import Linkage, Linker, Overrides, parts
from kg.link.decision import Slip, slips_of
from kg.link.known import Known
from kg.link.papers import Merger, blocks
from kg.model import Facts, Paper
from kg.readers import sources
from kg.vocabulary import load as load_vocabulary
from tests.conftest import EXAMPLES

# Short forms of two senses, of one, and of a known name; slips; versions; a name written out.
TEXTS = (
    ("Graph pooling with region alignment (RA)", "We use region alignment (RA) on GPT-Zeta-7B."),
    ("Robust aggregation (RA) for bandits", "Robust aggregation (RA) beats GPT-Zeta and ResNet."),
    ("On RA", "We compare RA with subtoken regularization and GPT-Zeta-7B."),
    ("Subtoken regularisation again", "Subtoken regularization helps neural machine translation."),
    ("More on subtoken regularization", "Subtoken regularization and subtoken regularizaton."),
    ("Zero-shot NER", "Zero-shot NER and zero-shot named entity recognition on CoNLL-2003."),
)
OVERRIDES = Overrides(
    same=(("Method", "GPT-Zeta", "Zeta"),), different=(("Method", "ResNet", "RA"),)
)


@pytest.fixture(scope="module")
def read() -> list[tuple[Paper, Facts]]:
    """The example papers and those above, with what they say."""
    found = (item for one in sources.find([str(EXAMPLES)]) for item in sources.read(one))
    papers = [item for item in found if isinstance(item, Paper)]
    papers += [Paper(f"t{i}", title, text) for i, (title, text) in enumerate(TEXTS)]
    return list(zip(papers, load().extract(papers), strict=True))


@pytest.fixture(scope="module")
def known() -> Known:
    """The names that ship with kg."""
    return Known(load_vocabulary())


def linked(known: Known, read: list[tuple[Paper, Facts]]) -> Linker:
    linker = Linker(known, OVERRIDES)
    for paper, facts in read:
        linker.add(paper, facts)
    return linker


def in_parts(known: Known, read: list[tuple[Paper, Facts]]) -> Iterator[tuple[Linkage, set[str]]]:
    """A linkage for each component of the names, and the names that it decides about."""
    whole = linked(known, read)
    slips = list(slips_of(whole.names))
    rows = [row for half in (read[::2], read[1::2]) for row in parts.rows(linked(known, half))]
    ties = nx.Graph(tie for row in rows for tie in parts.ties(known, row))
    ties.add_edges_from([*parts.said(OVERRIDES), *((a, b) for a, b, _ in slips)])
    ties.add_nodes_from(parts.read(row[1]) for row in rows)
    for names in nx.connected_components(ties):
        part = Linker(known, OVERRIDES)
        part.origins = whole.origins
        for row in rows:
            if parts.read(row[1]) in names:
                parts.put(part, row)
        ours: list[Slip] = [slip for slip in slips if slip[0] in names]
        yield part.finish(ours), {parts.written(name) for name in names}


def test_parts_decide_as_the_whole_does(known: Known, read: list[tuple[Paper, Facts]]) -> None:
    """Things, edges between them, and what each paper's names stand for."""
    whole = linked(known, read).finish()
    outcomes, things, statements = {}, {}, set()
    for linkage, names in in_parts(known, read):
        outcomes |= {n: parts.outcome(linkage, parts.read(n)) for n in names}
        things |= {e.id: e for e, ours, _ in parts.things(linkage) if ours or e.id not in things}
        statements |= set(linkage.statements())
    assert len(outcomes) > 200
    assert any(one.senses for one in outcomes.values())
    assert sorted(things.values(), key=lambda e: e.id) == list(whole.entities())
    assert statements == set(whole.statements())
    for paper, facts in read:
        needs = {parts.written(n) for n in parts.needs(known, paper, facts)}
        part = parts.Part(known, [outcomes[n] for n in needs & outcomes.keys()])
        assert part.resolve(paper, facts) == whole.resolve(paper, facts)
        for result in facts.results:
            for type_, name in (("Method", result.method), ("Dataset", result.dataset)):
                ours = part.name_to_entity(paper.id, type_, name or "")
                assert ours == whole.name_to_entity(paper.id, type_, name or "")


def test_records_are_grouped_in_parts(read: list[tuple[Paper, Facts]]) -> None:
    """What shares no block, directly or by others, may be grouped apart."""
    papers = [paper for paper, _ in read]
    whole, shared = Merger[int](), nx.Graph()
    for place, paper in enumerate(papers):
        whole.add(place, paper)
        shared.add_edges_from((place, block) for block in blocks(paper))
    found = []
    for members in nx.connected_components(shared):
        part, near = Merger[int](), Merger[int]()
        for place in sorted(m for m in members if isinstance(m, int)):
            part.add(place, papers[place])
            near.add(place, papers[place])
        found += list(part.groups(near.neighbours()))
    assert sorted(found) == sorted(whole.groups())
    assert max(map(len, found)) == 2
