"""The tagger: the best lawful labels, and a network whose memory is bounded and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kg.extract import forms, tagger
from kg.extract.decode import LABELS, LAWFUL, best_labels, viterbi
from kg.extract.ner import WEIGHTS, NerTagger, blank
from kg.extract.tagger import Tagger, Words
from tests.conftest import EXAMPLES


@pytest.fixture(scope="module")
def network() -> Tagger:
    """The network as it ships."""
    return Tagger.load(WEIGHTS / "ner.npz")


def words(path: Path, most: int = 400) -> Words:
    """The words of an example, the first ten as if they were its title."""
    found = path.read_text("utf-8").split()[:most]
    flags = np.zeros((len(found), 2), np.float32)
    flags[:10, 0] = 1
    flags[::3, 1] = 1
    return Words(found, flags)


@pytest.fixture(scope="module")
def papers() -> list[Words]:
    """Texts of several lengths."""
    files = sorted(EXAMPLES.rglob("*.txt"))
    return [words(file, 40 + 60 * i) for i, file in enumerate(files)]


def lawful_paths(length: int, before: int = 0) -> Iterator[tuple[int, ...]]:
    """Every lawful labelling of so many words after a label."""
    if not length:
        if LAWFUL[before, 0]:
            yield ()
        return
    for label in np.flatnonzero(LAWFUL[before]).tolist():
        for rest in lawful_paths(length - 1, label):
            yield (label, *rest)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_the_labels_are_those_of_the_best_lawful_path(length: int) -> None:
    """No lawful path scores higher; of equal ones, the one whose last labels stand first is taken."""
    random = np.random.default_rng(length)
    paths = np.array(list(lawful_paths(length)))
    paths = paths[np.lexsort(paths.T)]  # by the last label, then by the one before it
    for kind in range(20):
        size = (length, len(LABELS))
        scores = random.normal(size=size) if kind % 2 else random.integers(-2, 1, size)
        totals = scores[np.arange(length), paths].sum(1)
        assert viterbi(scores.astype(np.float32)) == paths[totals.argmax()].tolist()


def test_what_is_lawful_already_is_left_as_it_is() -> None:
    """The likeliest labels stand where they break no rule; all of the others are mended."""
    random = np.random.default_rng(0)
    for _ in range(50):
        scores = random.normal(size=(30, len(LABELS))).astype(np.float32)
        labels = [0, *best_labels(scores).tolist(), 0]
        assert all(LAWFUL[a, b] for a, b in pairwise(labels))
        again = np.eye(len(LABELS), dtype=np.float32)[labels[1:-1]]
        assert best_labels(again).tolist() == labels[1:-1]


def same(one: list[NDArray[np.float32]], other: list[NDArray[np.float32]]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_small_cache_changes_nothing(
    network: Tagger, papers: list[Words], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forms that are forgotten and met again get the same vectors, and the cache stays within its bound."""
    expected = network.log_probs(papers)
    monkeypatch.setattr(forms, "CACHED_FORMS", 400)
    monkeypatch.setattr(tagger, "_CACHED_OPENINGS", 500)
    network.forms.clear()
    network.openings.clear()
    for _ in range(2):
        for i, paper in enumerate(papers):
            assert same(network.log_probs([paper]), expected[i : i + 1])
            assert len(network.forms.vectors) <= 400
            assert len(network.openings.kept[0]) <= 500
    monkeypatch.setattr(forms, "CACHED_FORMS", 20)  # fewer than a paper has
    network.forms.clear()
    assert same(network.log_probs(papers), expected)
    monkeypatch.undo()
    network.forms.clear()
    assert same(network.log_probs(papers), expected)


def test_forms_that_recur_are_kept(network: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full cache forgets what was met once."""
    monkeypatch.setattr(forms, "CACHED_FORMS", 100)
    vectors = forms.FormVectors(network.weights, network.forms.vocab)
    common = [f"common{i}" for i in range(20)]
    for k in range(10):
        vectors.rows(common + [f"rare{k}x{i}" for i in range(30)])
        assert len(vectors.ids) <= 100
    assert set(common) <= set(vectors.ids)
    assert "rare0x0" not in vectors.ids
    fresh = forms.FormVectors(network.weights, network.forms.vocab)
    assert np.array_equal(vectors.vectors[vectors.rows(common)], fresh.vectors[fresh.rows(common)])


def test_a_long_text_is_read_a_part_at_a_time(
    network: Tagger, papers: list[Words], monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many words attend at once changes no more than rounding does."""
    expected = network.log_probs(papers[-1:])
    monkeypatch.setattr(tagger, "_QUERIES", 100)
    assert np.allclose(network.log_probs(papers[-1:])[0], expected[0], atol=1e-4)


def test_an_uncommonly_long_text_leaves_no_mark(network: Tagger) -> None:
    """The room for it is given back, and what a short text gets does not hang on it."""
    short = words(sorted(EXAMPLES.rglob("*.txt"))[0], 50)
    expected = network.log_probs([short])
    long = Words([f"w{i % 3000}" for i in range(9000)], np.zeros((9000, 2), np.float32))
    together = network.log_probs([short, long])
    assert same(together[:1], expected)
    assert len(network.rooms.x) < 9000


@pytest.mark.parametrize("text", ["", "\n", " \n ", "One\nword", "\n\t A  b-c \n\n"])
def test_blanks_are_no_words(network: Tagger, text: str) -> None:
    """Texts of few words or none are read."""
    doc = NerTagger(network)(blank().make_doc(text))
    assert doc.text == text
