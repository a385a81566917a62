"""Readers: saved pages in both layouts, JSON Lines, and what is wrong with a file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.identifiers import arxiv_id, doi, slug
from kg.model import Paper, Unread
from kg.readers import READERS, sources

ABSTRACT = (
    "We study the thing and find that it works well in most of the cases that we have tried. " * 4
)


def papers(text: str, name: str = "hf-page") -> list[Paper]:
    return [p for p in READERS[name](io.BytesIO(text.encode()), "page.txt") if isinstance(p, Paper)]


def unread(text: str, name: str = "hf-page") -> list[Unread]:
    return [
        u for u in READERS[name](io.BytesIO(text.encode()), "page.txt") if isinstance(u, Unread)
    ]


def test_alternating_layout() -> None:
    """Titles and abstracts on alternating lines are pairs, the first title cut from the button."""
    page = f"Get trending papers in your email inbox!\nSubscribeFirst: A Title\n{ABSTRACT}\nSecond Title\n{ABSTRACT}\n"
    found = papers(page)
    assert [p.title for p in found] == ["First: A Title", "Second Title"]
    assert [p.sources[0].line for p in found] == [2, 4]
    assert found[0].abstract == ABSTRACT.strip()


def test_block_layout_keeps_the_metadata() -> None:
    """Author counts, organisations, dates and upvotes go with the paper above them."""
    page = (
        "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\nNov 20\n\n"
        "One\n\nx\n\n"
    ).replace("One\n\nx", f"First Title\n\n{ABSTRACT}\n\n  • 5 authors\n·\nDec 14, 2023 12\n\nSecond Title\n\n{ABSTRACT}\n\nlab The Lab\n·\nSep 10 2\n\nThird Title\n\n{ABSTRACT}\n\n  • 1 authors\n·\nJan 3, 2020")  # fmt: skip
    first, second, third = papers(page)
    assert (first.author_count, first.published, first.upvotes) == (5, "2023-12-14", 12)
    assert (second.organization, second.published, second.upvotes) == ("The Lab", "--09-10", 2)
    assert (third.author_count, third.published, third.upvotes) == (1, "2020-01-03", None)


def test_a_date_without_a_year_takes_it_from_the_page() -> None:
    """The site leaves out the current year; a dated page tells it."""
    page = f"Daily Papers\n\nNov 20, 2025\n\nA Title\n\n{ABSTRACT}\n\n  • 5 authors\n·\nSep 10 2\n"
    assert papers(page)[0].published == "2025-09-10"


def test_a_title_that_ends_like_a_sentence_is_a_title() -> None:
    """A long title with a stop or an exclamation mark behind an abstract is not an abstract."""
    title = "Emulated Alignment: Safety Training of Large Models May Well Backfire on Them!"
    assert [p.title for p in papers(f"A\nFirst Title\n{ABSTRACT}\n{title}\n{ABSTRACT}\n")][
        -1
    ] == title


def test_what_stands_alone_is_counted() -> None:
    """A title with no abstract and an abstract with no title are reported, and the rest is read."""
    page = (
        f"Subscribe\nA lone title\nFirst Title\n{ABSTRACT}\n{ABSTRACT}\nSecond Title\n{ABSTRACT}\n"
    )
    assert [p.title for p in papers(page)] == ["First Title", "Second Title"]
    assert [(u.source.line, u.reason.split(":")[0]) for u in unread(page)] == [
        (2, "a title with no abstract"),
        (5, "an abstract with no title"),
    ]


def test_the_five_pages(shared: Path) -> None:
    """The five saved pages hold 220, 200, 54, 81 and 85 pairs, and nothing is left over."""
    counts = []
    for opened in sources.find([str(shared / "pages")]):
        items = list(sources.read(opened))
        assert not [i for i in items if isinstance(i, Unread)]
        counts.append(len(items))
    assert counts == [220, 200, 54, 81, 85]


def test_jsonl_keeps_ids_and_reads_on_after_a_broken_line() -> None:
    """A broken line is reported with its number; ids are kept as given."""
    text = '{"id": "p1", "title": "One", "abstract": "A.", "year": 2019}\n{"id": \n[1]\n{"id": 4}\n{"title": "Two"}\n'
    found = papers(text, "jsonl")
    assert [(p.id, p.published) for p in found] == [("p1", "2019"), ("two", None)]
    assert [u.source.line for u in unread(text, "jsonl")] == [2, 3, 4]


def test_jsonl_text_that_utf8_cannot_hold_is_mended() -> None:
    """Halves of surrogate pairs and NUL become the replacement character."""
    (paper,) = papers('{"title": "a\\ud800b\\u0000c \\ud83d\\ude00"}', "jsonl")
    assert paper.title == "a\ufffdb\ufffdc \U0001f600"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an empty file"),
        (b"  \n", "an empty file"),
        (b"\x7fELF\0\0\0\1\2", "a binary file"),
        (b"Subscribe\n\nhello\n\nGet trending papers in your email inbox!\n", "no papers in it"),
        (b"Get trending papers\nT\xe9st title\n" + ABSTRACT.encode(), "not UTF-8"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(tmp_path: Path, data: bytes, message: str) -> None:
    """One line says where and what."""
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    with pytest.raises(KgError, match=message) as caught:
        list(sources.read(sources.find([str(path)])[0]))
    assert "bad.txt" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_suggests_the_near_miss(tmp_path: Path) -> None:
    """A slip of the finger is named."""
    (tmp_path / "papers.jsonl").write_text("{}")
    with pytest.raises(KgError, match=r"papers\.jsonl\?"):
        sources.find([str(tmp_path / "paper.jsonl")])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("arXiv:1810.04805v2", "1810.04805"),
        ("https://arxiv.org/abs/2106.09685", "2106.09685"),
        ("https://arxiv.org/pdf/2106.09685v1.pdf", "2106.09685"),
        ("cs/0112017", "cs/0112017"),
        ("https://example.org/2106", None),
    ],
)
def test_arxiv_numbers(text: str, number: str | None) -> None:
    """Numbers old and new are found in identifiers and addresses, without the version."""
    assert arxiv_id(text) == number


def test_dois_compare_without_case() -> None:
    """A DOI is taken from its address and folded."""
    assert doi("https://doi.org/10.18653/v1/N19-1423.") == "10.18653/v1/n19-1423"
    assert doi("N19-1423") is None


def test_slugs_are_readable_and_do_not_collide() -> None:
    """Letters that the alphabet lacks are kept apart by a digest; long texts by another."""
    assert slug("BERT: Pre-training!") == "bert-pre-training"
    assert slug("σ-GPT") != slug("ω-GPT")
    assert slug("Ünïcode") == "unicode"
    assert len(slug("word " * 60)) < 95
    assert slug("word " * 60) != slug("word " * 61)
