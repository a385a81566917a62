"""Facts as they are kept: what is written is read again, whole or as names alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from kg.extract.pipeline import load
from kg.link import Linker
from kg.model import Definition, Facts, Mention, Paper
from kg.names.acronyms import definitions
from kg.names.normal import cut, fold_word, key, key_of, stem
from kg.readers import sources
from kg.records import dump_facts, load_facts, load_named
from tests.conftest import EXAMPLES
from tests.linking import CURATED, marked

PAPERS = [
    item
    for source in sources.find([str(EXAMPLES)])
    for item in sources.read(source)
    if isinstance(item, Paper)
]
DEFINES = Paper(
    "d",
    "Zorble: pretraining anew",
    "We study masked language modeling (MLM). Our Zorble is based on BERT and trained on C4. With MLM"
    " it reaches 91.2% accuracy on GLUE. Code is at https://github.com/a/zorble.",
)


@cache
def extracted() -> list[tuple[Paper, Facts]]:
    """The papers that come with kg, and one that defines and relates, with their facts."""
    papers = [*PAPERS, DEFINES]
    return list(zip(papers, load().extract(papers), strict=True))


def rounded(facts: Facts) -> Facts:
    """Facts with their confidences as they are kept."""
    return load_facts(dump_facts(facts), facts.paper)


def test_facts_are_read_as_they_were_written() -> None:
    """Written again, what was read is the same text; spans, names, roles, definitions are as found."""
    for paper, facts in extracted():
        again = rounded(facts)
        assert dump_facts(again) == dump_facts(facts)
        assert again.definitions == facts.definitions
        assert again.relations == facts.relations
        for kept, found in zip(again.mentions, facts.mentions, strict=True):
            assert kept[:6] == found[:6]
            text = paper.title if kept.field == "title" else paper.abstract
            assert text[kept.start : kept.end] == kept.text


def test_names_alone_are_those_of_the_mentions() -> None:
    """In the order of first mention, each as often as it is mentioned."""
    for _, facts in extracted():
        named = load_named(dump_facts(facts))
        counts = Counter((m.type, m.text) for m in facts.mentions)
        assert [(type_, text) for type_, text, _ in named.names] == list(counts)
        assert list(named.counts) == list(counts.values())
        told = [(short, long, sure) for (_, short, _), (_, long, _), sure in named.definitions]
        assert told == [(d.short, d.long, d.sure) for d in facts.definitions or ()]


def test_names_are_kept_with_what_they_are_folded_to() -> None:
    """Written out or not, the folded words are those that folding the text gives."""
    texts = [
        "BERT",
        "Large-Language Models",
        "ELECTRA's",
        "Éclair v2.0",
        "the",
        "$\\alpha$-GAN",
        "?",
    ]
    texts += [m.text for _, facts in extracted() for m in facts.mentions]
    facts = Facts("p", tuple(Mention("title", 0, len(t), t, "Method") for t in texts))
    for type_, text, folded in load_named(dump_facts(facts)).names:
        assert folded == cut(text, type_)
        assert key_of(folded, text) == key(text, type_)


def test_a_definition_may_stand_where_nothing_is_mentioned() -> None:
    """Names of definitions alone are no mentions, and are read with the definition."""
    facts = Facts("p", (Mention("title", 0, 4, "BERT", "Method"),),
                  definitions=(Definition("RL", "real losses", "Method", True),))  # fmt: skip
    named = load_named(dump_facts(facts))
    assert [name[1] for name in named.names] == ["BERT"]
    assert list(named.counts) == [1]
    assert named.definitions == [
        (("Method", "RL", "rl"), ("Method", "real losses", "real-loss"), True)
    ]
    assert rounded(facts).definitions == facts.definitions


def test_a_paper_says_what_its_short_forms_stand_for() -> None:
    """Definitions and relations are found with the mentions, each by what the text says."""
    facts = extracted()[-1][1]
    assert ("MLM", "masked language modeling") in [
        (d.short, d.long) for d in facts.definitions or ()
    ]
    said = {
        (r.relation, facts.mentions[r.subject].text, facts.mentions[r.object].text)
        for r in facts.relations
    }
    assert said == {("basedOn", "Zorble", "BERT"), ("trainedOn", "Zorble", "C4")}


def test_linking_by_names_alone_is_linking_by_mentions() -> None:
    """Both ways a linker gathers the same, whether definitions were found before or must be sought."""
    whole, alone, sought = Linker(CURATED), Linker(CURATED), Linker(CURATED)
    for paper, facts in extracted():
        numbers = whole.add(paper, facts)
        assert alone.add_named(load_named(dump_facts(facts))) == numbers
        assert sought.add(paper, Facts(facts.paper, facts.mentions)) == numbers
    entities = list(whole.finish().entities())
    assert entities == list(alone.finish().entities()) == list(sought.finish().entities())


@pytest.mark.parametrize("long", ["+1.1 BLEU on average", "www.bleu.org", "BLEU-4", "a BLEU"])
def test_what_holds_a_short_form_does_not_spell_it_out(long: str) -> None:
    """Neither with other words around it, nor within an address."""
    paper = marked("p", "A title", f"We gain {{X:{long}}} ({{X:BLEU}}).")
    assert not list(definitions(paper[0].title, paper[0].abstract, paper[1].mentions))


def words() -> Iterator[str]:
    for paper in PAPERS:
        yield from re.findall(r"[^\W_]+", f"{paper.title} {paper.abstract}")
    yield from [
        "tokenisation",
        "Tokenised",
        "optimisers",
        "behaviours",
        "axes",
        "greys",
        "GNNs",
        "flies",
        "matrices",
    ]


def test_a_word_begins_as_its_folded_form_says() -> None:
    """So a text without such a beginning need not be folded."""
    for word in words():
        assert word.lower().startswith(stem(fold_word(word))), word


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Tokenisation by matrices.", "method/matrix-of-tokenization"),
        ("Token flows by matrix_x tokenizations", "method/matrix-of-tokenization"),
        ("Größe: Tokenisation by matrices.", "method/matrix-of-tokenization"),
        ("Mothers of a thousand tokens.", "method/mother-of-token"),
        ("Smothered tokens.", ""),
    ],
)
def test_a_text_tells_senses_apart_by_whole_folded_words(text: str, meant: str) -> None:
    """The words of a sense count in any spelling, and not within other words."""
    papers = [
        marked("a", "On {M:matrix of tokenization} ({M:MT})"),
        marked("b", "On {M:mother of token} ({M:MT})"),
        marked("c", text, "Here {M:MT} helps."),
    ]
    linker = Linker(CURATED)
    for row in papers:
        linker.add(*row)
    (mention,) = linker.finish().resolve(*papers[-1]).mentions
    assert (
        (mention.entity == meant)
        if meant
        else mention.entity
        not in (
            "method/matrix-of-tokenization",
            "method/mother-of-token",
        )
    )
