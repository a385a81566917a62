"""Every format: what a source states of a paper is kept, and what is broken is told."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.model import Link, Paper, Unread
from kg.readers import READERS, SNIFFERS, dates, latex, sources, text
from kg.readers.csv_table import describe_mapping
from kg.readers.describe import describe
from tests.mutations import SEEDS, check

CODE = Link("code", "https://github.com/tensorflow/tensor2tensor")
SAMPLES = sorted(SEEDS.iterdir())


def items(name: str, data: str | bytes) -> list[Paper | Unread]:
    raw = data.encode() if isinstance(data, str) else data
    return list(READERS[name](io.BytesIO(raw), "f"))


def papers(name: str, data: str | bytes | None = None) -> list[Paper]:
    """The papers in the sample of this name, or in the data."""
    raw = (SEEDS / name).read_bytes() if data is None else data
    return [i for i in items(name.split(".")[0], raw) if isinstance(i, Paper)]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_formats_are_told_by_content(path: Path) -> None:
    """Each sample is taken for what it is, whatever its name, and gives papers."""
    data = path.read_bytes()
    opened = sources.Opened("x", None, data)
    assert sources.detect(opened) == path.name.split(".")[0]
    found = list(sources.read(opened))
    assert any(isinstance(item, Paper) for item in found)
    for item in found:
        check(item)


def test_every_format_has_a_sample_and_a_sniffer() -> None:
    """No format goes untested."""
    assert {path.name.split(".")[0] for path in SAMPLES} == set(READERS) == set(SNIFFERS)


def test_hf_daily_keeps_code_votes_and_organisation() -> None:
    """The stated repository and project page are links of the paper."""
    (paper,) = papers("hf-daily.json")
    assert paper.links == (CODE, Link("project", "https://tensorflow.github.io/tensor2tensor"))
    assert (paper.upvotes, paper.organization, paper.published) == (42, "Google", "2017-06-12")
    assert paper.identifiers == (("arxiv", "1706.03762"),)
    assert paper.authors == ("Ashish Vaswani", "Noam Shazeer")


@pytest.mark.parametrize("name", ["arxiv-atom.xml", "arxiv-oai.xml", "arxiv-kaggle.jsonl"])
def test_arxiv_in_three_dresses_is_one_record(name: str) -> None:
    """The API, OAI-PMH and the snapshot give the same title, date, venue, authors and code."""
    paper = papers(name)[0]
    assert (paper.id, paper.title) == ("1706.03762", "Attention Is All You Need")
    assert (paper.published, paper.venue) == ("2017-06-12", "NeurIPS 2017")
    assert paper.authors[0] == "Ashish Vaswani"
    assert paper.links == (CODE,)
    assert ("arxiv", "1706.03762") in paper.identifiers


def test_deleted_records_are_no_papers() -> None:
    """OAI-PMH tells of deletions; Dublin Core tells the comment from the abstract."""
    assert len(papers("arxiv-oai.xml")) == 1
    (paper,) = papers("arxiv-oai.dublin-core.xml")
    assert (paper.abstract, paper.published) == (
        "A sequence model made of attention alone.",
        "2017-06-12",
    )


def test_openalex_abstracts_are_put_together() -> None:
    """The inverted index gives the words their places; institutions are named once each."""
    (paper,) = papers("openalex.json")
    assert paper.abstract == "Gates guard cells that guard memory."
    assert paper.organization == "Technical University of Munich; IDSIA"
    assert dict(paper.identifiers) == {
        "doi": "10.1162/neco.1997.9.8.1735",
        "openalex": "W2064675550",
        "pmid": "9377276",
    }
    lines = papers("openalex.snapshot.jsonl")
    assert [(p.abstract, p.sources[0].line) for p in lines] == [("Gates guard cells.", 1), ("", 2)]


def test_semantic_scholar_in_three_shapes() -> None:
    """API answers, bulk lines and triples; a line of abstracts alone is told."""
    (paper,) = papers("semantic-scholar.json")
    assert dict(paper.identifiers)["dblp"] == "conf/nips/VaswaniSPUJGKP17"
    bulk = items("semantic-scholar", (SEEDS / "semantic-scholar.bulk.jsonl").read_bytes())
    assert isinstance(bulk[0], Paper)
    assert bulk[0].venue == "NeurIPS"
    assert isinstance(bulk[1], Unread)
    assert [p.title for p in papers("semantic-scholar.triples.json")] == [
        "Attention is All you Need",
        "Long Short-Term Memory",
    ]


def test_crossref_abstracts_lose_their_tags() -> None:
    """JATS is taken off, entities are decoded though they were encoded twice, headings go."""
    (paper,) = papers("crossref.json")
    assert paper.abstract == "Gates guard cells; errors flow for 1000 steps & more, H2."
    assert (paper.published, paper.organization) == ("1997-11", "Technical University of Munich")
    (single,) = papers("crossref.work.json")
    assert (single.published, single.authors) == (None, ("IDSIA",))


def test_csl_reads_the_notes() -> None:
    """What Zotero keeps in a note is an identifier all the same."""
    first, second = papers("csl-json.json")
    assert dict(first.identifiers) == {"doi": "10.1162/neco.1997.9.8.1735", "pmid": "9377276"}
    assert (first.published, first.authors) == ("1997-11-15", ("Sepp Hochreiter", "IDSIA"))
    assert second.identifiers == (("arxiv", "1706.03762"),)


def test_openreview_versions() -> None:
    """Both versions of the API give the paper; reviews are none."""
    (one,) = papers("openreview.json")
    assert (one.venue, one.published) == ("ICLR 2021 Oral", "2020-09-28")
    assert one.links == (Link("code", "https://github.com/google-research/vision_transformer"),)
    (two,) = papers("openreview.v2.json")
    assert (two.authors, two.venue) == (("Alexey Dosovitskiy",), "ICLR.cc/2021/Conference")
    assert len(papers("openreview.crawl.json")) == 1


def test_dblp_characters_and_passed_elements() -> None:
    """Named characters are decoded without the DTD; home pages are no papers; names lose numbers."""
    first, second = papers("dblp.dump.xml")
    assert first.authors == ("Sepp Hochreiter", "Jürgen Schmidhuber")
    assert dict(second.identifiers) == {
        "arxiv": "1706.03762",
        "dblp": "journals/corr/abs-1706-03762",
    }
    assert second.title == "Attention Is All You Need"


def test_pubmed_keeps_the_parts_of_an_abstract() -> None:
    """Labels stand before their parts; markup within a sentence is taken off."""
    (paper,) = papers("pubmed.xml")
    assert paper.abstract == "METHODS: Gates guard cells. RESULTS: 1000 steps, H2."
    assert dict(paper.identifiers) == {
        "doi": "10.1162/neco.1997.9.8.1735",
        "pmcid": "PMC0000001",
        "pmid": "9377276",
    }
    assert paper.authors == ("S Hochreiter", "IDSIA")


def test_the_anthology_lends_what_its_volume_states() -> None:
    """Venue and date come from the volume; the linked code is kept."""
    (paper,) = papers("acl-anthology.xml")
    assert (paper.id, paper.venue, paper.published) == (
        "N19-1423",
        "Proceedings of NAACL 2019",
        "2019-06",
    )
    assert paper.links == (Link("code", "https://github.com/google-research/bert"),)
    assert paper.title.startswith("BERT: Pre-training")


def test_bibtex_is_decoded() -> None:
    """Accents, braces, abbreviations and months are read; a bare "%" does not end a line."""
    first, second = papers("bibtex.bib")
    assert (first.title, first.venue, first.published) == (
        "Long Short-Term Memory",
        "Neural Computation",
        "1997-11",
    )
    assert first.authors == ("Sepp Hochreiter", "Jürgen Schmidhuber")
    assert first.abstract == "Gates guard cells in 100% of all cases, with $x_{1}$ — naïvely."
    assert (second.url, second.sources[0].line) == ("https://arxiv.org/abs/1706.03762", 12)


def test_bibtex_goes_on_after_a_broken_entry() -> None:
    """An entry whose braces do not close costs itself alone; a volume lends its name."""
    found = items(
        "bibtex", "@article{a, title={Open\n@article{b, title={Closed}}\n@book{c, author={X}}\n"
    )
    assert [i.title if isinstance(i, Paper) else i.source.line for i in found] == [1, "Closed", 3]
    lent = papers(
        "bibtex",
        "@proceedings{v, title={A Workshop}, year={2021}}\n@inproceedings{x, title={T}, crossref={v}}",
    )
    assert [(p.venue, p.published) for p in lent] == [("A Workshop", "2021")]


def test_ris_records_end_where_the_next_begins() -> None:
    """A missing ER costs nothing; names are turned to reading order."""
    found = papers(
        "ris", "TY  - JOUR\nTI  - One\nAU  - Byron, Ada\nTY  - JOUR\nTI  - Two\nPY  - 2020\n"
    )
    assert [(p.title, p.sources[0].line) for p in found] == [("One", 1), ("Two", 4)]
    assert found[0].authors == ("Ada Byron",)


def test_tables_show_which_column_is_what() -> None:
    """The header decides, in any delimiter; `kg formats FILE` shows the decision."""
    head = b"UID;Article Title;Abstract;Publication Year;DOI Link\n"
    assert describe_mapping(head) == {
        "id": ["UID"], "title": ["Article Title"], "abstract": ["Abstract"],
        "published": ["Publication Year"], "doi": ["DOI Link"],
    }  # fmt: skip
    assert 'title = "Paper Title"' in describe(sources.find([str(SEEDS / "csv.csv")])[0]).mapping


def test_tables_count_lines_and_misplaced_cells() -> None:
    """Lines are those of the file; a row with too many cells is told, not guessed."""
    assert [p.sources[0].line for p in papers("csv.csv")] == [2, 4]
    found = items("csv", "title,year,abstract\nA, stray comma,2020,Text.\nOne,2021,Text.\n")
    assert [type(i) for i in found] == [Unread, Paper]
    running = items(
        "csv", "title,link,abstract\nOne,https://openreview.net/forum?id=abc,Text, with, commas\n"
    )
    assert isinstance(running[0], Paper)
    assert running[0].abstract == "Text, with, commas"
    with pytest.raises(KgError, match="no column for the title"):
        items("csv", "a,b\n1,2\n")


def test_json_lists_stand_anywhere_usual() -> None:
    """A list alone or under its usual name; the fields go by their usual names."""
    one, two = papers("json.json")
    assert (one.id, one.venue, one.links[0].kind) == ("7", "Neural Computation", "code")
    assert (two.abstract, two.published) == ("Attention alone.", "2017-06-12")
    assert [p.title for p in papers("json", '[{"title": "A b"}, 3, {"Title": "C d"}]')] == [
        "A b",
        "C d",
    ]


def test_json_broken_midway_keeps_what_came_before() -> None:
    """The papers before the fault are read, and the fault is told with its place."""
    found = items("json", '[{"title": "One"}, {"title": "Two"}, {"title": ]')
    assert [i.title if isinstance(i, Paper) else i.source.line for i in found] == ["One", "Two", 3]


def test_jsonl_text_is_kept_to_the_letter() -> None:
    """Offsets count in it, so not even spaces are folded."""
    row = {"id": "p", "title": "A  b", "abstract": " x <b>y</b> &amp; z ", "github": "google/flax"}
    (paper,) = papers("jsonl", json.dumps(row))
    assert (paper.title, paper.abstract) == (row["title"], row["abstract"])
    assert paper.links == (Link("code", "https://github.com/google/flax"),)


def test_front_matter_is_a_paper() -> None:
    """A post of proceedings gives authors, date, venue and code."""
    (paper,) = papers("pmlr.md")
    assert (paper.id, paper.published, paper.venue) == (
        "study21a",
        "2021-07-08",
        "Proceedings of a workshop",
    )
    assert paper.links == (CODE,)


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02"), ("2021/02/01/", "2021-02-01"), ("2026 Mar", "2026-03"),
        ("March 5, 2020", "2020-03-05"), (1540035843524, "2018-10-20"), (2019, "2019"), ("20210304", "2021-03-04"),
        ("2021-13-45", "2021"), ("soon", None), (None, None), (True, None), (float("nan"), None), (10**30, None),
    ],
)  # fmt: skip
def test_dates(value: object, date: str | None) -> None:
    """Dates of all kinds come to ISO 8601, as precise as they are good."""
    assert dates.iso_date(value) == date


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\ud800b\x00c\n d", "a\ufffdb\ufffdc d"), ("\ud83d\ude00", "\U0001f600"),
        ("<jats:p>p &lt; 0.05, H<sub>2</sub>O</jats:p>", "p < 0.05, H2O"), ("fill <mask> if a<b", "fill <mask> if a<b"),
        ("<p>one</p><p>two</p>", "one two"),
        ("for a <b and c> d", "for a <b and c> d"),
        ('see <a href="https://x.org/y">this</a><br/>now', "see this now"), ("AT&T &amp;amp; co", "AT&T & co"),
    ],
)  # fmt: skip
def test_text_is_mended(raw: str, clean: str) -> None:
    """Controls, halves of pairs, entities and known tags are mended; the rest is the author's."""
    assert text.plain(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (r"J\"urgen {\'E}t\'e", "Jürgen Été"), (r"{\"{\i}}", "ï"), (r"100\% of $\alpha_{1}$ \& more", r"100% of $\alpha_{1}$ & more"),
        (r"\emph{two words} --- {BERT}", "two words — BERT"), ("50% off", "50% off"), ("{" * 500, ""),
    ],
)  # fmt: skip
def test_latex_is_decoded(raw: str, clean: str) -> None:
    """What LaTeX would print; formulas stay as they are."""
    assert latex.decoded(raw) == clean


def test_real_samples(shared: Path) -> None:
    """All of the real samples are read, all but two of their records: one has no title, one its cells astray."""
    found = [
        describe(o)
        for o in sources.find([str(shared / "formats")])
        if sources.detect(o) != sources.UNKNOWN
    ]
    assert len(found) == 30
    assert (sum(d.records for d in found), sum(d.papers for d in found)) == (3978, 3976)
    assert sum(d.filled["abstract"] for d in found) > 3500
