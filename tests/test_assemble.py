"""Facts to edges: what one paper adds to the graph."""

from __future__ import annotations

from kg.assemble import assemble_paper, introductions, settled_role
from kg.extract.relations import find_relations
from kg.graph import GraphView, assemble
from kg.model import CodeLink, Entity, Evidence, Facts, Link, Mention, Paper, Result, Statement

TEXT = (
    "We propose FooNet, which is based on BERT and pre-trained on C4. "
    "FooNet reaches 84.2% accuracy on GLUE. It is evaluated on SQuAD. Code: https://github.com/a/b"
)
PAPER = Paper("p", "FooNet: A Net", TEXT, links=(Link("code", "https://github.com/a/stated"),))


def mention(name: str, type_: str, role: str) -> Mention:
    at = TEXT.index(name)
    entity = f"{type_.lower()}/{name.lower()}"
    return Mention("abstract", at, at + len(name), name, type_, role, 0.9, 0.8, "ner", entity, name)


MENTIONS = (
    mention("FooNet", "Method", "introduces"),
    mention("BERT", "Method", "uses"),
    mention("C4", "Dataset", "uses"),
    mention("accuracy", "Metric", "reports"),
    mention("GLUE", "Dataset", "evaluates"),
    mention("SQuAD", "Dataset", "evaluates"),
)


def edges(facts: Facts) -> dict[tuple[str, str, str], Statement]:
    known = {(m.type, m.text): m.entity for m in facts.mentions}
    added = assemble_paper(PAPER, facts, lambda type_, name: known.get((type_, name)))
    return {(s.subject, s.relation, s.object): s for s in added.statements}


def test_roles_become_relations() -> None:
    """Each thing named is one edge from the paper, in the relation of its role."""
    found = edges(Facts("p", MENTIONS))
    assert ("paper/p", "introduces", "method/foonet") in found
    assert ("paper/p", "uses", "dataset/c4") in found
    assert ("paper/p", "evaluatesOn", "dataset/glue") in found
    assert ("paper/p", "reports", "metric/accuracy") in found
    assert found["paper/p", "uses", "method/bert"].confidence == 0.9 * 0.8


def test_what_a_sentence_says_of_the_new_method() -> None:
    """ "Based on" and "trained on" join the method that the paper introduces to what follows."""
    said = tuple(find_relations(PAPER.title, PAPER.abstract, MENTIONS))
    found = edges(Facts("p", MENTIONS, relations=said))
    assert ("method/foonet", "basedOn", "method/bert") in found
    assert ("method/foonet", "trainedOn", "dataset/c4") in found
    assert not [key for key in found if key[1] == "trainedOn" and key[2] != "dataset/c4"]


def test_a_result_joins_method_dataset_and_metric() -> None:
    """A number is a node, and what was measured on what follows from it."""
    at = TEXT.index("84.2%")
    result = Result(
        "84.2%", "FooNet", "GLUE", "accuracy", number="84.2", unit="%", start=at, end=at + 5
    )
    found = edges(Facts("p", MENTIONS, (result,)))
    for relation, end in [
        ("ofMethod", "method/foonet"),
        ("onDataset", "dataset/glue"),
        ("inMetric", "metric/accuracy"),
    ]:
        assert found["result/p/1", relation, end].evidence[0].quote == "84.2%"
    assert found["method/foonet", "evaluatedOn", "dataset/glue"].origin == "derived"


def test_addresses_that_the_source_states_come_with_those_found() -> None:
    """A stated address is official and needs no sentence; a found one shows its own."""
    at = TEXT.index("https")
    link = CodeLink(
        "https://github.com/a/b", "repository", "github.com/a/b", True, "abstract", at, len(TEXT)
    )
    found = edges(Facts("p", (), (), (link,)))
    stated = found["paper/p", "hasOfficialCode", "repository/github.com/a/stated"]
    assert (stated.origin, stated.evidence, stated.confidence) == ("stated", (), 1.0)
    assert (
        found["paper/p", "hasOfficialCode", "repository/github.com/a/b"]
        .evidence[0]
        .sentence.startswith("Code:")
    )


def test_one_thing_has_one_role_in_a_paper() -> None:
    """Where mentions of a thing differ, the heavier role is the paper's."""
    a, b = mention("BERT", "Method", "uses"), mention("BERT", "Method", "compares")
    assert settled_role([a, b, b]) == "compares"
    assert settled_role([a, b]) == "uses"


def test_a_thing_is_introduced_by_one_paper() -> None:
    """Of several claims the chooser takes one, and the edge carries its evidence."""
    evidence = (Evidence("paper/a", "title", 0, 3, "Foo", "Foo", 0),)
    claims = [
        Statement("paper/a", "introduces", "method/foo", 0.9, evidence),
        Statement("paper/b", "introduces", "method/foo", 0.4),
    ]
    (tie,) = introductions(claims, lambda thing, rows: rows[0][1])
    assert (tie.subject, tie.relation, tie.object, tie.evidence) == (
        "method/foo",
        "introducedBy",
        "paper/a",
        evidence,
    )
    assert not list(introductions(claims, lambda thing, rows: None))


def test_networkx_gives_back_what_was_put_in() -> None:
    """The view over a MultiDiGraph is three sorted streams of the same values."""
    things = [Entity("method/b", "Method", "b"), Entity("method/a", "Method", "a")]
    edge = Statement("paper/p", "uses", "method/a")
    graph = assemble([PAPER], things, [edge], {"software": "kg"})
    view = GraphView(graph)
    assert [p.id for p in view.papers()] == ["p"]
    assert [e.id for e in view.entities()] == ["method/a", "method/b"]
    assert list(view.statements()) == [edge]
    assert view.metadata() == {"software": "kg"}
    assert graph.nodes["method/a"]["type"] == "Method"
