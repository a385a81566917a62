"""The rules that the trained role classifier is measured against."""

from __future__ import annotations

import pytest

from kg.model import Mention
from training.annotated import Annotated
from training.role_rules import accuracy, by_rules, commonest


def paper(abstract: str, *names: tuple[str, str, str], title: str = "A study") -> Annotated:
    """A paper with (name, type, role) where each first stands, in the title or the abstract."""
    mentions = [
        Mention("title", title.index(n), title.index(n) + len(n), n, t, r, name=n)
        if n in title
        else Mention("abstract", abstract.index(n), abstract.index(n) + len(n), n, t, r, name=n)
        for n, t, r in names
    ]
    return Annotated("a", title, abstract, mentions, [])


@pytest.mark.parametrize(
    ("abstract", "name", "type_", "role"),
    [
        ("In this paper, we propose FooNet.", "FooNet", "Method", "introduces"),
        ("We train a system called FooNet on text.", "FooNet", "Method", "introduces"),
        ("Our system outperforms FooNet by far.", "FooNet", "Method", "compares"),
        ("Unlike FooNet, we read whole words.", "FooNet", "Method", "compares"),
        ("We sort words rather than FooNet.", "FooNet", "Method", "compares"),
        ("We read words, not with plain beam search.", "beam search", "Method", "compares"),
        ("We fine-tune it using FooNet.", "FooNet", "Method", "uses"),
        ("We introduce FooBench for readers.", "FooBench", "Dataset", "introduces"),
        ("Our reader is trained on FooText.", "FooText", "Dataset", "uses"),
        ("We reach 3 points on FooBench.", "FooBench", "Dataset", "evaluates"),
        ("Words matter in fields such as parsing. We count.", "parsing", "Task", "mentions"),
        ("We reach a new best in parsing.", "parsing", "Task", "addresses"),
    ],
)
def test_a_cue_gives_the_role(abstract: str, name: str, type_: str, role: str) -> None:
    """What stands around a name says what the paper does with it."""
    assert by_rules(paper(abstract, (name, type_, ""))) == [role]


def test_a_title_names_what_is_new() -> None:
    """A name before the colon of a title is the paper's own, and so are its sizes."""
    own = paper(
        "FooNet-L reads.",
        ("FooNet", "Method", ""),
        ("FooNet-L", "Method", ""),
        title="FooNet: reading",
    )
    assert by_rules(own) == ["introduces", "introduces"]


def test_accuracy_counts_things_not_mentions() -> None:
    """A thing is right where a mention of it is; the commonest role is that of most mentions."""
    papers = [
        paper(
            "We use GLUE and BERT and GPT.",
            ("BERT", "Method", "uses"),
            ("GPT", "Method", "compares"),
            ("GLUE", "Dataset", "uses"),
        ),
        paper("BERT.", ("BERT", "Method", "uses")),
    ]
    common = commonest(papers)
    assert common == {"Method": "uses", "Dataset": "uses"}
    found = accuracy(papers, lambda p: [common[m.type] for m in p.mentions])
    assert found == {"Dataset": 100.0, "Method": 66.7, "all": 75.0}
