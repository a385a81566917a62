"""Which records are one paper."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from kg.link.papers import Merger, merge, same, title_key
from kg.link.sketches import Sketches, abstract_sketch, overlap
from kg.model import Paper, Source
from kg.readers import sources

ABSTRACT = (
    "Entity linking aligns mentions in running text with entries of a large knowledge base. "
    "We describe a simple encoder that scores candidates quickly, and show improvements over earlier "
    "systems across several public benchmarks, including domains never seen during training."
)


def paper(id_: str, title: str, abstract: str = ABSTRACT, **more: object) -> Paper:
    """A paper with this much known of it."""
    return Paper(id_, title, abstract, **more)  # type: ignore[arg-type]


def test_titles_fold_case_accents_and_punctuation() -> None:
    """Spellings of one title have one key, and other titles another."""
    assert title_key("BLINK: Better Entity-Linking!") == title_key("Blink – better entity linking")
    assert title_key("Poincaré Maps") == title_key("Poincare maps")
    assert title_key("GPT-3") != title_key("GPT-4")


SAME = [
    (paper("a", "On Linking"), paper("b", "ON LINKING.")),
    (paper("a", "On Linking", identifiers=(("arxiv", "2001.00001"),)), paper("b", "Linking, revised", "", identifiers=(("arxiv", "2001.00001"),))),
    (paper("a", "On Linking", identifiers=(("doi", "10.48550/arxiv.2001.00001"),)), paper("b", "Other", identifiers=(("arxiv", "2001.00001"),))),
    (paper("a", "On Linking", identifiers=(("doi", "10.48550/arXiv.2001.00001"),)), paper("b", "On Linking", identifiers=(("doi", "10.1145/1"),))),
    (paper("a", "Scalable Entity Linking with Dense Retrieval"), paper("b", "Scalable Zero-shot Entity Linking with Dense Retrieval")),
    (paper("a", "On Linking", authors=("Ada Byron",)), paper("b", "On linking", "", authors=("Byron, Ada", "Bo Li"))),
]  # fmt: skip
OTHER = [
    (paper("a", "On Linking"), paper("b", "On Parsing", "Nothing of the kind stands in here.")),
    (paper("a", "On Linking", identifiers=(("arxiv", "2001.00001"),)), paper("b", "On Linking", identifiers=(("arxiv", "2002.00002"),))),
    (paper("a", "On Linking", identifiers=(("doi", "10.1145/1"),)), paper("b", "On Linking", identifiers=(("doi", "10.1145/2"),))),
    (paper("a", "Introduction", authors=("Ada Byron",)), paper("b", "Introduction", authors=("Bo Li",))),
    (paper("a", "Introduction"), paper("b", "Introduction",
        "Robots that learn grasping policies from human demonstrations often fail whenever lighting changes; "
        "this special issue collects seven articles about perception, planning and control under uncertainty.")),
    (paper("a", "Scalable Entity Linking"), paper("b", "Vision Transformers for Radiology Reports")),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), SAME)
def test_one_paper_from_two_sources(a: Paper, b: Paper) -> None:
    """Identifiers, folded titles, or near titles over one abstract make two records one."""
    assert same(a, b)
    assert same(b, a)


@pytest.mark.parametrize(("a", "b"), OTHER)
def test_two_papers_stay_two(a: Paper, b: Paper) -> None:
    """Contradicting identifiers, other authors or other words keep two records apart."""
    assert not same(a, b)
    assert not same(b, a)


def test_groups_do_not_depend_on_the_order_of_records() -> None:
    """The same groups in the same order, whatever was added first."""
    records = [*SAME[0], *SAME[1], OTHER[1][1], OTHER[0][1]]
    outcomes = set()
    for order in itertools.permutations(range(len(records))):
        merger: Merger[int] = Merger()
        for place in order:
            merger.add(place, records[place])
        outcomes.add(repr(list(merger.groups())))
    assert len(outcomes) == 1


def test_a_merged_paper_knows_what_any_of_its_records_knew() -> None:
    """The fuller text, all identifiers and sources, the exact date, the id that was given."""
    one = paper(
        "on-linking",
        "On Linking",
        "Short.",
        published="--12-14",
        upvotes=3,
        sources=(Source("a.txt", 1),),
    )
    two = paper(
        "W7",
        "On linking",
        published="2023-12-14",
        sources=(Source("b.jsonl", 4),),
        identifiers=(("doi", "10.1/x"),),
    )
    merged = merge([one, two])
    assert merged == merge([two, one])
    assert (merged.id, merged.abstract, merged.published, merged.upvotes) == (
        "W7",
        ABSTRACT,
        "2023-12-14",
        3,
    )
    assert [s.file for s in merged.sources] == ["a.txt", "b.jsonl"]
    assert merged.identifiers == (("doi", "10.1/x"),)


def test_the_shared_pages_hold_538_papers(shared: Path) -> None:
    """640 pairs of title and abstract are 538 distinct papers."""
    merger: Merger[tuple[str, int]] = Merger()
    pairs = 0
    for opened in sources.find([str(p) for p in sorted((shared / "pages").glob("*.txt"))]):
        for item in sources.read(opened):
            if isinstance(item, Paper):
                merger.add((opened.name, pairs), item)
                pairs += 1
    assert (pairs, len(list(merger.groups()))) == (640, 538)


def test_abstracts_are_sketched_together_as_alone() -> None:
    """A sketch does not hang on the abstracts next to it, nor on the order of words or their case."""
    texts = [
        "",
        "a b c",
        "Größere Sprachmodelle lernen übersetzen, naïvely “quoted” words and emoji 🙂 included",
        "large models learn translation tasks without parallel corpora",
        "x" * 300_000,
        *(f"paper number{i} about topic{i % 7} and method{i % 11}" for i in range(200)),
    ]
    together = Sketches()
    for text in texts:
        together.append(text)
    assert [list(together[i]) for i in range(len(texts))] == [abstract_sketch(t) for t in texts]
    assert abstract_sketch("Models LEARN large") == abstract_sketch("large models: learn!")
    assert abstract_sketch("größere Modelle") == abstract_sketch("GRÖSSERE modelle")


def test_the_overlap_of_two_abstracts_is_read_from_their_sketches() -> None:
    """Halves of a hundred words each, of which fifty are shared, overlap by a third or so."""
    words = [f"word{i:04}" for i in range(150)]
    one, two = abstract_sketch(" ".join(words[:100])), abstract_sketch(" ".join(words[50:]))
    assert overlap(one, one) == 1.0
    assert 0.1 < overlap(one, two) < 0.6
    assert overlap(one, abstract_sketch("nothing shared between these abstracts")) == 0.0
