"""Linking over a corpus: identifiers, reasons, the user's word, variants, origins, near names."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from rapidfuzz.distance import OSA

from kg.errors import KgError
from kg.link import Linker, Overrides
from kg.link.naming import display_name
from kg.link.near import pairs, slip
from kg.model import Facts, Paper
from kg.names.acronyms import initials, matches
from kg.names.normal import key
from kg.vocabulary import Entry, Vocabulary
from tests.linking import CURATED, link, marked

CORPUS = [
    marked("a", "A", "{M!:Perplexity Attention Weighted Networks} ({M!:PAWN}) beat {M:Bert}."),
    marked("b", "B", "{M:PAWN} and {M:BERT-large} on {D:MNLI} for {T:zero-shot EL}."),
    marked("c", "C", "{T:Multimodal entity linking} ({T:MEL}) with {M:LLMs} on {D:ZESHEL}."),
    marked("d", "D", "{T:Multilingual entity linking} ({T:MEL}) with {M:language models}."),
    marked("e", "E", "{T:MEL} is hard; {T:zero-shot entity linking} more so."),
]


def test_the_order_of_papers_changes_nothing() -> None:
    """Every order of the papers gives the same entities, statements and links."""
    outcomes = set()
    for order in itertools.islice(itertools.permutations(CORPUS), 0, 120, 7):
        linkage, found = link(order)
        rows = (
            tuple(linkage.entities()),
            tuple(linkage.statements()),
            tuple(sorted(found.items())),
        )
        outcomes.add(repr((rows, linkage.merges, linkage.near_misses)))
    assert len(outcomes) == 1


def test_a_further_paper_changes_an_identifier_only_by_a_merge() -> None:
    """Each id of a smaller corpus is there in the larger one, or its name is in a merge."""
    for size in range(1, len(CORPUS)):
        _, before = link(CORPUS[:size])
        linkage, after = link(CORPUS[: size + 1])
        told = {name for m in (*linkage.merges, *linkage.near_misses) for name in (m.name, m.other)}
        changed = {
            surface for (paper, surface), id_ in before.items() if after[paper, surface] != id_
        }
        assert changed <= told


def test_every_link_leads_to_a_thing() -> None:
    """Each name of each paper is an entity of the corpus: so is a short form of several senses in a
    spelling that no paper spells out, with a word for its kind behind it or in small letters."""
    for odd in ("MEL tasks", "m_el"):
        linkage, found = link([*CORPUS[:4], marked("f", "F", f"{{T:{odd}}} are hard.")])
        assert found["f", odd] in {entity.id for entity in linkage.entities()}


def test_an_identifier_does_not_follow_the_commonest_spelling() -> None:
    """More papers with another case, plural or hyphen leave the id as it was."""
    first = marked("a", "A", "{M:Token-Dropper nets} and {M:rare-word routing}.")
    more = [marked(f"m{i}", "M", "{M:rare word Routing} wins.") for i in range(5)]
    _, before = link([first])
    _, after = link([first, *more])
    assert (
        before["a", "rare-word routing"]
        == after["a", "rare-word routing"]
        == "method/rare-word-routing"
    )


def test_known_things_carry_their_name_identifiers_and_status() -> None:
    """A known thing is called by its canonical name and has the vocabulary's identifiers."""
    linkage, _ = link([marked("a", "A", "{M:Bert} reads.")])
    (entity,) = [e for e in linkage.entities() if e.id == "method/bert"]
    assert (entity.name, entity.link_status) == ("BERT", "known")
    assert ("arxiv", "1810.04805") in entity.identifiers
    assert entity.aliases == ("Bert",)


def test_a_new_thing_stays_itself() -> None:
    """A name that nothing known matches is new, and is not forced onto a near one."""
    linkage, found = link([marked("a", "A", "{M!:BERTology-Prober} probes {M:BERT}.")])
    entity = next(e for e in linkage.entities() if e.id == found["a", "BERTology-Prober"])
    assert entity.link_status == "new"
    assert entity.identifiers == ()


def test_an_unresolvable_short_form_is_apart_and_marked() -> None:
    """A paper that gives no hint which sense it means gets a node of its own, marked ambiguous."""
    linkage, found = link(CORPUS)
    entity = next(e for e in linkage.entities() if e.id == found["e", "MEL"])
    assert entity.link_status == "ambiguous"
    assert len({found[p, "MEL"] for p in "cde"}) == 3


def test_the_words_of_a_paper_tell_the_sense() -> None:
    """An undefined short form takes the sense whose own words stand in the paper."""
    hint = marked("f", "F", "{T:MEL} from images and other multimodal input.")
    _, found = link([*CORPUS, hint])
    assert found["f", "MEL"] == found["c", "MEL"]


def test_each_spelling_of_a_short_form_means_what_its_paper_says() -> None:
    """A paper that spells out "RL" in its own way means the same by "RLs", though nearly all others
    mean another thing."""
    usual = [
        marked(f"p{i}", f"Paper {i}", "We use {M:reinforcement learning} ({M:RL}).")
        for i in range(11)
    ]
    own = marked("o", "O", "We add {M:rare losses} ({M:RL}); {M:RLs} and {M:RL} again.")
    _, found = link([*usual, own, marked("x", "X", "{M:RL} and {M:RLs}.")])
    assert found["o", "RL"] == found["o", "RLs"] == found["o", "rare losses"] == "method/rare-loss"
    assert found["x", "RL"] == found["x", "RLs"] == "method/reinforcement-learning"


def meaning(text: str, *senses: tuple[int, str]) -> str:
    """What an undefined "RL" stands for in a text, where so many papers define it as each name."""
    names = [name for count, name in senses for _ in range(count)]
    papers = [
        marked(f"p{i}", f"Paper {i}", f"We use {{M:{name}}} ({{M:RL}}).")
        for i, name in enumerate(names)
    ]
    _, found = link([*papers, marked("x", "Another", f"{text} with {{M:RL}}.")])
    return found["x", "RL"]


def test_a_text_does_not_tell_what_papers_hardly_ever_mean() -> None:
    """One paper of twelve that spells a short form out its own way does not speak for a text that has
    its words; one of five may."""
    rare, usual = "large reasoning models", "reinforcement learning"
    text = "We train large models for reasoning"
    assert meaning(text, (11, usual), (1, rare)) == "method/reinforcement-learning"
    assert meaning(text, (4, usual), (1, rare)) == "method/large-reasoning-model"
    assert meaning("We train them", (4, usual), (1, rare)) == "method/reinforcement-learning"


def test_variants_and_parts_are_joined_to_what_they_belong_to() -> None:
    """A size, version or split is its own node with variantOf; a member of a suite has partOf."""
    text = (
        "{M:BERT-large}, {M:Zyphra-3-7B-Instruct}, {M:Zyphra-3} and {D:ImageNet-1k} and {D:MNLI}."
    )
    linkage, found = link([marked("a", "A", text)])
    edges = {(s.subject, s.relation, s.object) for s in linkage.statements()}
    assert ("method/bert-large", "variantOf", "method/bert") in edges
    assert (found["a", "Zyphra-3-7B-Instruct"], "variantOf", found["a", "Zyphra-3"]) in edges
    assert ("dataset/imagenet-1k", "variantOf", "dataset/imagenet") in edges
    assert ("dataset/mnli", "partOf", "dataset/glue") in edges


def test_both_ends_of_every_statement_are_entities_or_papers() -> None:
    """A parent that no paper names is a node all the same."""
    linkage, _ = link([*CORPUS, marked("g", "G", "{M:LLaMA-3.1-8B} and {M:Qwen2.5-14B-Instruct}.")])
    nodes = {e.id for e in linkage.entities()}
    assert {end for s in linkage.statements() for end in (s.subject, s.object)} <= nodes


def test_no_two_things_share_an_identifier() -> None:
    """Names that a slug cannot tell apart have identifiers of their own."""
    text = "{X:hit@1}, {X:hit-1}, {M:naïve Δ-net}, {M:naive -net}, {M:学习}, {M:教学}."
    linkage, found = link([marked("a", "A", text)])
    assert len(set(found.values())) == len(found)
    ids = [e.id for e in linkage.entities()]
    assert ids == sorted(set(ids))


def test_a_user_says_what_is_the_same_and_what_is_not(tmp_path: Path) -> None:
    """`same:` joins and `different:` holds apart, over the vocabulary and over definitions."""
    file = tmp_path / "links.txt"
    file.write_text(
        "# mine\nsame: Method: Foo | Bar | Baz\ndifferent: Method: PAWN | Perplexity Attention Weighted Networks\n"
    )
    corpus = [*CORPUS, marked("z", "Z", "{M:Foo}, {M:Bar} and {M:Baz}.")]
    linkage, found = link(corpus, overrides=Overrides.read(file))
    assert found["z", "Foo"] == found["z", "Bar"] == found["z", "Baz"]
    assert found["b", "PAWN"] != found["a", "Perplexity Attention Weighted Networks"]
    assert any(m.reason == "you said so" for m in linkage.merges)


@pytest.mark.parametrize(
    "line", ["same: Foo | Bar", "same: Method: Foo", "alike: Method: A | B", "same: Method: | B"]
)
def test_a_line_that_says_neither_is_named(tmp_path: Path, line: str) -> None:
    """A line of another form is refused with its file and number."""
    file = tmp_path / "links.txt"
    file.write_text(f"\n{line}\n")
    with pytest.raises(KgError, match=r"links\.txt:2: "):
        Overrides.read(file)


def test_every_merge_has_its_reason_and_its_entity() -> None:
    """What was joined is listed with a reason, under an entity that exists."""
    linkage, _ = link(CORPUS)
    ids = {e.id for e in linkage.entities()}
    assert linkage.merges
    assert all(m.reason and m.entity in ids for m in linkage.merges)
    assert any("senses" in m.reason for m in linkage.near_misses)


def test_two_known_things_are_never_joined() -> None:
    """A paper that brackets one known name behind another does not make them one."""
    linkage, found = link([marked("a", "A", "{M:token merging} ({M:ToMe}) merges.")])
    assert found["a", "token merging"] != found["a", "ToMe"]
    assert linkage.entities()


def test_a_bare_head_is_the_papers_own_fuller_name() -> None:
    """ "Captioning" in a paper on audio captioning is audio captioning."""
    _, found = link([marked("a", "A", "{T:Audio captioning} is hard; {T:captioning} is slow.")])
    assert found["a", "captioning"] == found["a", "Audio captioning"]


def test_a_slip_of_the_pen_is_the_word_that_was_meant() -> None:
    """One mistyped letter in a long word that stands nowhere else joins the right spelling."""
    right = [
        marked(f"r{i}", "R", f"{{T:hierarchical {w} routing}}.")
        for i, w in enumerate(["semantic", "lexical", "spatial"])
    ]
    _, found = link([*right, marked("s", "S", "{T:heirarchical semantic routing}.")])
    assert (
        found["s", "heirarchical semantic routing"] == found["r0", "hierarchical semantic routing"]
    )


def test_near_names_are_found_without_comparing_all() -> None:
    """Every pair of long forms at one edit is found, wherever the edit is, and no other pair."""
    base = "hierarchicalrouting"
    edits = {base[:i] + "x" + base[i + 1 :] for i in range(len(base))} | {
        base[:i] + base[i + 1 :] for i in range(len(base))
    }
    found = {frozenset(p) for p in pairs({base, *edits, "unrelatedlongform"})}
    assert {frozenset((base, e)) for e in edits if e != base} <= found
    assert not any("unrelatedlongform" in p for p in found)


def test_no_near_name_is_missed_where_many_are_alike() -> None:
    """Of hundreds of forms that share their halves, just the pairs at one edit are found, once."""
    forms = ["routing" + "".join(tail) for tail in itertools.product("ab", repeat=8)]
    forms += [form + "a" for form in forms[::3]] + ["routing\ud800babab", "routing\ud800babaa"]
    expected = {
        pair
        for pair in itertools.combinations(sorted({*forms}), 2)
        if OSA.distance(*pair, score_cutoff=1) == 1
    }
    found = list(pairs({*forms}))
    assert len(found) == len(expected) > 1000
    assert set(found) == expected


def test_a_digit_is_no_slip() -> None:
    """Forms that a digit sets apart are no pair; a letter beside digits may be a slip."""
    numbered = {f"residualnetwork{n}" for n in range(100, 200)}
    assert not list(pairs(numbered))
    assert list(pairs({"residualnetwork101", "residulanetwork101"})) == [
        ("residualnetwork101", "residulanetwork101")
    ]


def test_a_word_of_its_own_is_no_slip() -> None:
    """Two words that both stand in other names tell two things apart."""
    seen = {"intersection": 4, "intrasection": 2}
    assert slip("intersection", "intrasection", seen) <= 50


def test_letters_of_a_short_form_stand_in_its_long_form() -> None:
    """Initials are strict; letters in order, the first at a word's start, are what a bracket needs."""
    assert initials("LLMs", "large language models")
    assert not initials("LM", "large language models")
    assert matches(
        "ELECTRA", "Efficiently Learning an Encoder that Classifies Token Replacements Accurately"
    )
    assert matches("M3", "Matryoshka Multimodal Models")
    assert not matches("BERT", "generative pre-training")


def test_digits_keep_their_places_in_a_key() -> None:
    """Hyphens go, but not between two numbers."""
    assert key("LLaMA-2-7B", "Method") == key("Llama 2 7B", "Method") != key("LLaMA-27B", "Method")


def test_things_that_share_a_short_form_are_called_by_their_own_names() -> None:
    """Only what nearly all papers mean by "RD" may be called so; where no paper mentions the words of a
    short form, its definition has them."""
    marks = [
        "{M:Reversed Distillation} ({M:RD})",
        "{M:Rank Descent} ({M:RD})",
        "random dropping ({M:RD})",
    ]
    papers = [marked(f"p{i}", "P", f"We use {m}.") for i, m in enumerate(marks)]
    names = {e.id: (e.name, e.aliases) for e in link(papers)[0].entities()}
    assert names == {
        "method/reversed-distillation": ("Reversed Distillation", ("RD",)),
        "method/rank-descent": ("Rank Descent", ("RD",)),
        "method/random-dropping": ("random dropping", ("RD",)),
    }
    most = [
        marked(f"m{i}", "M", "We use {M:GRD} ({M:Gated Rank Descent}), {M:GRD}.") for i in range(9)
    ]
    other = marked("o", "O", "A {M:Great Rank Divider} ({M:GRD}).")
    names = {e.id: (e.name, e.aliases) for e in link([*most, other])[0].entities()}
    assert names["method/gated-rank-descent"] == ("GRD", ("Gated Rank Descent",))
    assert names["method/great-rank-divider"] == ("Great Rank Divider", ("GRD",))


@pytest.mark.parametrize(
    ("spellings", "name"),
    [
        ({"FP": 5, "FPs": 3, "fps": 1}, "FP"),
        ({"Mamba": 50, "mamba": 1}, "Mamba"),
        ({"Dropout": 30, "dropout": 10}, "dropout"),
        ({"Masked Image Modeling": 30, "masked image modeling": 1}, "masked image modeling"),
        ({"Fine-Tuning": 20, "fine-tuning": 10}, "fine-tuning"),
    ],
)
def test_a_name_in_small_letters_is_no_common_noun(spellings: dict[str, int], name: str) -> None:
    """A few who write a name carelessly do not make a common noun of it; titles make no name of one."""
    assert display_name(spellings) == name


def test_the_vocabulary_names_the_paper_that_introduces() -> None:
    """Where the corpus holds the paper by its arXiv number, it introduces the thing."""
    paper, facts = marked(
        "x1", "Pre-training of deep bidirectional transformers", "{M!:BERT} is new."
    )
    paper = paper._replace(identifiers=(("arxiv", "1810.04805"),))
    linkage, _ = link([(paper, facts), marked("x2", "Other", "We introduce {M!:BERT}.")])
    edges = {(s.subject, s.relation, s.object) for s in linkage.statements()}
    assert ("method/bert", "introducedBy", "paper/x1") in edges
    assert linkage.introducer("method/bert", [(0.9, "paper/x2"), (0.8, "paper/x1")]) == "paper/x1"


def test_a_title_may_name_a_thing_by_its_short_form() -> None:
    """A paper called "RD: …" introduces what it defines as RD, whatever that is called."""
    linkage, found = link(
        [
            marked("p", "RD: a study", "We propose {M!:reversed distillation} ({M!:RD})."),
            marked("q", "Another", "We propose {M!:reversed distillation}."),
        ]
    )
    claims = [(0.9, "paper/q"), (0.9, "paper/p")]
    assert linkage.introducer(found["p", "RD"], claims) == "paper/p"


def test_of_two_claims_the_one_named_so_introduces() -> None:
    """A title that begins with the name decides; two equal claims without one decide nothing."""
    linkage, found = link(
        [
            marked("p", "{M!:Zorble}: fast routing", "We present {M!:Zorble}."),
            marked("q", "On routing", "We present {M!:Zorble} and {M!:Quux}."),
            marked("r", "More routing", "We present {M!:Quux}."),
        ]
    )
    assert (
        linkage.introducer(found["p", "Zorble"], [(0.9, "paper/q"), (0.9, "paper/p")]) == "paper/p"
    )
    assert linkage.introducer(found["q", "Quux"], [(0.9, "paper/q"), (0.9, "paper/r")]) is None
    assert linkage.introducer(found["q", "Quux"], [(0.9, "paper/q"), (0.5, "paper/r")]) == "paper/q"


def test_names_in_results_go_by_their_paper() -> None:
    """A result's names are resolved as the paper's own mentions are."""
    linkage, _ = link(CORPUS)
    paper, facts = CORPUS[2]
    linkage.resolve(paper, facts)
    assert linkage.name_to_entity("c", "Task", "MEL") == "task/multimodal-entity-linking"
    assert linkage.name_to_entity("c", "Dataset", "zeshel") == "dataset/zeshel"
    assert linkage.name_to_entity("c", "Dataset", "never named") is None


def test_a_users_entry_comes_before_ours() -> None:
    """A list given by the user decides what a contested alias is; a canonical name stays."""
    mine = Entry("My BERT", "Method", ("BERT", "multilingual BERT"))
    _, found = link([marked("a", "A", "{M:BERT} and {M:multilingual BERT} read.")], extra=[mine])
    assert (found["a", "BERT"], found["a", "multilingual BERT"]) == (
        "method/bert",
        "method/my-bert",
    )


def test_nothing_in_nothing_out() -> None:
    """A corpus without names has no things."""
    linker = Linker(Vocabulary())
    linker.add(Paper("a", "A", ""), Facts("a"))
    linkage = linker.finish()
    assert list(linkage.entities()) == list(linkage.statements()) == linkage.merges == []


def test_the_curated_names_do_not_contradict_themselves() -> None:
    """No alias is the name of another row of its type, and every parent is a row."""
    names = {(e.type, e.name) for e in CURATED.entries}
    homes: dict[tuple[str, str], str] = {}
    for entry in CURATED.entries:
        assert not entry.variant_of or (entry.type, entry.variant_of) in names
        assert not entry.part_of or (entry.type, entry.part_of) in names
        for surface in (entry.name, *entry.aliases):
            assert homes.setdefault((entry.type, surface), entry.name) == entry.name
    assert len(names) == len(CURATED.entries) >= 600
