"""Roles: what the words around a name say that a paper does with it."""

from __future__ import annotations

import re

import pytest

from kg.extract.roles import assign_roles, fold_surface, things
from kg.model import Field, Mention
from kg.schema import ROLES


def mentions(title: str, abstract: str, names: dict[str, str]) -> list[Mention]:
    """Every occurrence of the names (name -> type) in the paper, in order."""
    found = []
    fields: list[tuple[Field, str]] = [("title", title), ("abstract", abstract)]
    for field, text in fields:
        for name, type_ in names.items():
            for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                found.append(Mention(field, m.start(), m.end(), name, type_))
    return sorted(found, key=lambda m: (m.field != "title", m.start))


def roles(title: str, abstract: str, names: dict[str, str]) -> dict[str, str]:
    """The role of each name; all its mentions must agree."""
    given = assign_roles(title, abstract, mentions(title, abstract, names))
    found: dict[str, set[str]] = {}
    for mention in given:
        found.setdefault(mention.text, set()).add(mention.role)
    assert all(len(values) == 1 for values in found.values())
    return {name: values.pop() for name, values in found.items()}


TITLE = "A Better Way to Segment Images"


def test_versions_of_what_a_paper_introduces_are_introduced_too() -> None:
    """Sizes and versions of the paper's own method are its own; those of another's are not."""
    abstract = (
        "We propose FooNet, a network for segmentation. With FooNet-Tiny (FNT) as a captioner, other"
        " models are trained better. FooNet-7B outperforms BarNet and BarNet-7B by a large margin."
    )
    names = ("FooNet", "FooNet-Tiny", "FNT", "FooNet-7B", "BarNet", "BarNet-7B")
    found = roles("FooNet: " + TITLE, abstract, dict.fromkeys(names, "Method"))
    assert found == dict.fromkeys(names[:4], "introduces") | dict.fromkeys(names[4:], "compares")


@pytest.mark.parametrize(
    ("abstract", "role"),
    [
        ("We propose FooNet, a network for segmentation. It is fast.", "introduces"),
        ("In this paper, we introduce a new architecture called FooNet.", "introduces"),
        ("We present FooNet, which halves the cost. FooNet is small.", "introduces"),
        ("We build on FooNet and fine-tune it on our data.", "uses"),
        ("Our system is based on FooNet. We use it to encode images.", "uses"),
        ("We propose a method. Our method outperforms FooNet by a large margin.", "compares"),
        ("We propose a method. It surpasses state-of-the-art FooNet on all tasks.", "compares"),
        ("We propose a method. It is better than FooNet and needs less memory.", "compares"),
        ("We propose a method. It improves over baselines such as FooNet.", "compares"),
    ],
)
def test_cues_tell_the_role_of_a_method(abstract: str, role: str) -> None:
    """Proposing, building on and beating a method give the three roles."""
    assert roles(TITLE, abstract, {"FooNet": "Method"}) == {"FooNet": role}


@pytest.mark.parametrize(
    "abstract",
    [
        "We propose a method for segmentation. Unlike FooNet, our method needs no labels.",
        "We propose a method. Our method significantly outperforms FooNet.",
        "We propose a method. Experiments show that it beats FooNet by 3.2%.",
        "We propose a method. Compared to FooNet, it is twice as fast.",
    ],
)
def test_a_method_that_is_beaten_is_not_used(abstract: str) -> None:
    """Unlike X, outperforms X, beats X and compared to X never read as a use of X."""
    assert roles(TITLE, abstract, {"FooNet": "Method"})["FooNet"] != "uses"


@pytest.mark.parametrize(
    ("abstract", "role"),
    [
        ("We introduce BarBench, a new benchmark of 10,000 annotated images.", "introduces"),
        ("We propose a method. Experiments on BarBench show that it works.", "evaluates"),
        ("We propose a method. It achieves 84.2% accuracy on BarBench.", "evaluates"),
        ("We propose a method. It is trained on BarBench alone.", "uses"),
    ],
)
def test_cues_tell_the_role_of_a_dataset(abstract: str, role: str) -> None:
    """A new dataset, one that is tested on, and one that is trained on have different roles."""
    assert roles(TITLE, abstract, {"BarBench": "Dataset"}) == {"BarBench": role}


def test_all_mentions_of_a_thing_get_one_role() -> None:
    """Case, plural and the acronym in brackets do not split a thing."""
    title = "Foo Networks for Segmentation"
    abstract = "We propose the Foo Network (FN). FNs are small. A foo network is fast."
    names = ["Foo Networks", "Foo Network", "FN", "FNs", "foo network"]
    found = mentions(title, abstract, dict.fromkeys(names, "Method"))
    assert len(things(title, abstract, found)) == 1
    assert len({m.role for m in assign_roles(title, abstract, found)}) == 1


def test_a_name_of_two_types_is_two_things() -> None:
    """A thing has one type, whatever it is called."""
    found = mentions("", "Foo and Foo.", {"Foo": "Method"})
    pair = [found[0], Mention("abstract", 8, 11, "Foo", "Task")]
    assert things("", "Foo and Foo.", pair) == [[0], [1]]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Transformers", "transformer"),
        ("fine-tuning", "Fine tuning"),
        ("LLMs", "LLM"),
        ("theories", "theory"),
    ],
)
def test_spellings_of_one_surface_fold(a: str, b: str) -> None:
    """Case, hyphens and plural are not told apart."""
    assert fold_surface(a) == fold_surface(b)


@pytest.mark.parametrize(("a", "b"), [("loss", "los"), ("GANs", "GAT"), ("BERT-base", "BERT")])
def test_other_surfaces_do_not_fold(a: str, b: str) -> None:
    """What is a different name stays one."""
    assert fold_surface(a) != fold_surface(b)


def test_every_mention_keeps_its_span_and_gets_a_role_of_its_type() -> None:
    """Order and spans are kept; the role is one of the type's, with a probability."""
    abstract = "We use BERT on GLUE for parsing and report accuracy."
    names = {"BERT": "Method", "GLUE": "Dataset", "parsing": "Task", "accuracy": "Metric"}
    before = mentions("", abstract, names)
    after = assign_roles("", abstract, before)
    assert [(m.start, m.text) for m in after] == [(m.start, m.text) for m in before]
    assert all(m.role in ROLES[m.type] for m in after)
    assert all(1 / 3 <= m.role_confidence <= 1 for m in after)


@pytest.mark.parametrize(("title", "abstract"), [("", ""), ("Foo", ""), ("", "Foo")])
def test_empty_fields_are_no_trouble(title: str, abstract: str) -> None:
    """A paper may lack its title, its abstract, or both."""
    given = assign_roles(title, abstract, mentions(title, abstract, {"Foo": "Method"}))
    assert len(given) == bool(title or abstract)
