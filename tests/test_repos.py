"""Addresses: the spellings in which abstracts give them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.extract.repos import classify, find_code, fold


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("Code is available at https://github.com/owner/repo.", "https://github.com/owner/repo"),
        ("Code (https://github.com/owner/repo).", "https://github.com/owner/repo"),
        ("The code is available atgithub.com/owner/repo.", "https://github.com/owner/repo"),
        ("code at https:// github.com/owner/repo", "https://github.com/owner/repo"),
        ("See github.com/owner/repo, please.", "https://github.com/owner/repo"),
        (r"Code: \url{https://github.com/owner/repo}.", "https://github.com/owner/repo"),
        (r"\href{https://github.com/owner/repo}{here}", "https://github.com/owner/repo"),
        ("https://github.com/owner/repo{this https URL}.", "https://github.com/owner/repo"),
        ("Code: https://github.com/owner/repo.git .", "https://github.com/owner/repo.git"),
        ('found at "https://github.com/owner/repo."', "https://github.com/owner/repo"),
        ("at https://github.com/o/r/tree/main/sub!", "https://github.com/o/r/tree/main/sub"),
        ("git@gitlab.com:owner/repo.git", "https://gitlab.com/owner/repo"),
        ("Page: owner.github.io/page/", "https://owner.github.io/page/"),
        ("at www.example.edu/page.", "https://example.edu/page"),
        ("data (https://doi.org/10.5281/zenodo.15427977), which", "https://doi.org/10.5281/zenodo.15427977"),
        ("at http://a.io/x_(y) now", "http://a.io/x_(y)"),
    ],
)  # fmt: skip
def test_spellings(text: str, url: str) -> None:
    """Each spelling opens the same address, without the sentence around it."""
    assert [link.url for link in find_code(text)] == [url]


def test_spans_hold_the_address() -> None:
    """Offsets count in the text as given."""
    text = "Our code is at https://github.com/owner/repo, and more."
    (link,) = find_code(text)
    assert text[link.start : link.end] == "https://github.com/owner/repo"


def test_one_repository_is_one_whatever_its_case() -> None:
    """Owner and name compare without case, `.git` and paths below."""
    names = {
        classify(u)[1]
        for u in (
            "https://github.com/Owner/Repo.git",
            "https://www.github.com/owner/repo/tree/main/x",
        )
    }
    assert names == {"github.com/owner/repo"}
    assert len(find_code("https://github.com/Owner/Repo and https://github.com/owner/repo")) == 1
    assert fold("http://www.GitHub.com/A/b.git/") == "github.com/a/b"


@pytest.mark.parametrize(
    ("url", "kind", "repository"),
    [
        ("https://huggingface.co/owner/name", "model", "huggingface.co/owner/name"),
        ("https://huggingface.co/datasets/Owner/name", "dataset", "huggingface.co/datasets/owner/name"),
        ("https://huggingface.co/spaces/owner/name", "space", "huggingface.co/spaces/owner/name"),
        ("https://huggingface.co/papers/2301.00001", "project", ""),
        ("https://zenodo.org/record/123456", "archive", "zenodo.org/records/123456"),
        ("https://github.com/owner", "project", ""),
        ("https://owner.github.io/page", "project", ""),
        ("https://bitbucket.org/o/r", "repository", "bitbucket.org/o/r"),
        ("https://codeberg.org/o/r", "repository", "codeberg.org/o/r"),
    ],
)  # fmt: skip
def test_kinds(url: str, kind: str, repository: str) -> None:
    """Models, datasets, spaces, archives and pages are told apart."""
    assert classify(url) == (kind, repository)


@pytest.mark.parametrize(
    ("text", "official"),
    [
        ("Our code is available at https://github.com/o/r.", True),
        ("Code: https://github.com/o/r", True),
        ("We release the data. See https://github.com/o/r for it.", True),
        ("Our code is publicly available. https://github.com/o/r", True),
        ("We introduce FooKG (https://doi.org/10.5281/zenodo.1542), a graph.", True),
        ("We log keys with Etherpad (https://etherpad.org/), an open editor.", False),
        ("It is based on the implementation of https://github.com/o/r.", False),
        ("The images were crawled from https://github.com/o/r.", False),
    ],
)
def test_whose_it_is(text: str, official: bool) -> None:
    """The sentence says whether the authors call the address theirs."""
    assert [link.official for link in find_code(text)] == [official]


def test_papers_and_videos_are_not_code() -> None:
    """Addresses of papers, videos and licences are left out, and so are words with dots in them."""
    assert (
        find_code(
            "See https://arxiv.org/abs/1810.04805 and https://youtu.be/abc. E.g.this or i.e.that."
        )
        == []
    )


@pytest.mark.parametrize("part", ["train", "dev", "general"])
def test_all_annotated_addresses(shared: Path, part: str) -> None:
    """Every address in the annotated abstracts is found, and no other."""
    gold = shared / "gold"
    texts = (gold / f"{part}.papers.jsonl").read_text().splitlines()
    papers = {r["id"]: r for r in map(json.loads, texts)}
    for row in map(json.loads, (gold / f"{part}.gold.jsonl").read_text().splitlines()):
        found = {fold(link.url) for link in find_code(papers[row["id"]]["abstract"])}
        assert found == {fold(url) for url in row["code"]}, row["id"]
