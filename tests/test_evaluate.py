"""Scores: the same figures as the reference scorer, intervals, errors by kind, calibration."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from kg.errors import KgError
from kg.evaluate import evaluate, fold_value, gold_spans, read_rows

PAPER = {
    "id": "a",
    "title": "FooNet",
    "abstract": "We propose FooNet. FooNet beats BarNet on ImageNet with 84.2% accuracy.",
}
GOLD = {
    "id": "a",
    "entities": [
        {"text": "FooNet", "type": "Method", "role": "introduces", "name": "FooNet"},
        {"text": "BarNet", "type": "Method", "role": "compares", "name": "BarNet"},
        {"text": "ImageNet", "type": "Dataset", "role": "evaluates", "name": "ImageNet"},
        {"text": "accuracy", "type": "Metric", "role": "reports", "name": "accuracy"},
    ],
    "results": [
        {"method": "FooNet", "dataset": "ImageNet", "metric": "accuracy", "value": "84.2%"}
    ],
    "code": [],
}


def mention(text: str, type_: str, role: str, **more: Any) -> dict[str, Any]:
    """The first mention of `text` in the abstract, as `kg extract` writes it."""
    start = PAPER["abstract"].index(text)
    span = {"field": "abstract", "start": start, "end": start + len(text), "text": text}
    return span | {"type": type_, "role": role} | more


def score(*mentions: dict[str, Any], **more: Any) -> Any:
    """The evaluation of one paper."""
    return evaluate({"a": PAPER}, {"a": GOLD}, {"a": {"mentions": list(mentions), **more}})


def test_every_occurrence_of_a_surface_is_a_gold_mention() -> None:
    """Gold lists surfaces; each occurrence on word boundaries counts, the longest first."""
    spans = gold_spans(PAPER, GOLD)
    assert sum(row["text"] == "FooNet" for row in spans.values()) == 3
    longer = {"entities": [*GOLD["entities"], {"text": "ImageNet with", "type": "Task"}]}
    assert "ImageNet" not in {row["text"] for row in gold_spans(PAPER, longer).values()}


def test_a_name_inside_an_address_is_no_mention() -> None:
    """FooNet in https://example.org/FooNet is not annotated."""
    paper = {"title": "", "abstract": "See https://example.org/FooNet for it."}
    assert gold_spans(paper, GOLD) == {}


def test_role_counts_only_on_a_node_that_is_right() -> None:
    """A right node with a wrong role is a node, and no role."""
    found = score(mention("BarNet", "Method", "uses"), mention("ImageNet", "Dataset", "evaluates"))
    assert found.scores["node"].precision == 100
    assert found.scores["role"].precision == 50
    assert found.scores["role Method"].precision == 0


def test_errors_are_told_apart_by_kind() -> None:
    """A wrong type, a wrong boundary, a spurious and a missed mention are four kinds."""
    found = score(
        mention("BarNet", "Dataset", "uses"),
        mention("on ImageNet", "Dataset", "evaluates"),
        mention("propose", "Method", "uses"),
    )
    kinds = {(f.kind, f.gold, f.predicted) for f in found.faults}
    assert ("wrong type", "BarNet", "BarNet") in kinds
    assert ("wrong boundary", "ImageNet", "on ImageNet") in kinds
    assert ("spurious", "", "propose") in kinds
    assert ("missed", "accuracy", "") in kinds
    assert sum(f.kind == "missed" for f in found.faults) == 4


def test_values_are_folded_before_they_are_compared() -> None:
    """Signs of gains, per cent signs, spaces and points do not tell values apart; minus does."""
    assert fold_value("+1,024 points") == fold_value("1024") == "1024"
    assert fold_value("-40%") != fold_value("40%")
    found = score(results=[{"dataset": "imagenet", "metric": "Accuracy", "value": "84.2"}])
    assert found.scores["result"].f1 == 100


def test_confidence_is_compared_with_how_often_it_was_right() -> None:
    """Two mentions stated at 0.9, one of them right, are 40 points off."""
    found = score(
        mention("BarNet", "Method", "compares", confidence=0.9, roleConfidence=0.75),
        mention("propose", "Method", "uses", confidence=0.9, roleConfidence=0.5),
    )
    table = found.reliability["mention"]
    assert table.error == pytest.approx(40)
    assert [(b.count, b.right) for b in table.bins] == [(2, 0.5)]
    assert found.reliability["role"].error == pytest.approx(25), "only right mentions have a role"


def test_intervals_hold_the_score_and_do_not_move() -> None:
    """The bootstrap is the same in every run, and narrows to a point where all papers agree."""
    gold = {str(i): GOLD for i in range(20)}
    papers = {str(i): PAPER for i in range(20)}
    rows = {
        str(i): {"mentions": [mention("BarNet", "Method", "uses")] * (i % 2)} for i in range(20)
    }
    first, second = (evaluate(papers, gold, rows) for _ in range(2))
    assert first == second
    node = first.scores["node"]
    assert node.low is not None
    assert node.high is not None
    assert node.low < node.f1 < node.high
    same = evaluate(papers, gold, dict.fromkeys(gold, rows["1"])).scores["node"]
    assert same.low == same.f1 == same.high


def test_nothing_predicted_scores_nothing() -> None:
    """A paper that is not among the predicted rows counts as missed whole."""
    found = evaluate({"a": PAPER}, {"a": GOLD}, {})
    assert found.scores["mention"].f1 == 0
    assert found.scores["mention"].gold == 6


@pytest.mark.parametrize(
    ("content", "told"),
    [("{", "x.jsonl:1: no JSON"), ("[]", 'no "id"'), ('{"title": "t"}', 'no "id"')],
)
def test_what_is_no_row_is_told_with_its_line(tmp_path: Path, content: str, told: str) -> None:
    """A file that is not JSON Lines of objects with ids gives one clear line."""
    path = tmp_path / "x.jsonl"
    path.write_text(content)
    with pytest.raises(KgError, match=told):
        read_rows(path)


def test_gold_without_its_text_is_told() -> None:
    """Every annotated paper must have its text."""
    with pytest.raises(KgError, match="a: no such paper"):
        evaluate({}, {"a": GOLD}, {})


@pytest.mark.parametrize("damage", ["none", "some"])
def test_figures_agree_with_the_reference_scorer(shared: Path, tmp_path: Path, damage: str) -> None:
    """Every figure equals that of the scorer that the annotations came with."""
    folder = shared / "gold"
    papers, gold = (read_rows(folder / f"dev.{kind}.jsonl") for kind in ("papers", "gold"))
    rows = {id_: _predicted(papers[id_], gold[id_], damage == "some") for id_ in gold}
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text("".join(json.dumps(row) + "\n" for row in rows.values()))
    paths = [str(p) for p in (folder / "dev.papers.jsonl", folder / "dev.gold.jsonl", predicted)]
    done = subprocess.run(
        [sys.executable, str(folder / "score.py"), *paths, "--json"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    theirs = json.loads(done.stdout)
    ours = evaluate(papers, gold, rows).scores
    assert {
        name: {"p": s.precision, "r": s.recall, "f1": s.f1, "gold": s.gold}
        for name, s in ours.items()
    } == theirs


def _predicted(paper: dict[str, Any], gold: dict[str, Any], damaged: bool) -> dict[str, Any]:
    """Gold in the predicted form; damaged, every third mention, role, link and result is wrong."""
    mentions = []
    for n, ((field, start, end), row) in enumerate(
        sorted(gold_spans(paper, gold).items(), key=str)
    ):
        kind, wrong = n % 7, damaged
        entity = f"{row['type']}:{row['name'].lower()}"
        mentions.append(
            {
                "field": field,
                "start": start + (wrong and kind == 1 and end - start > 1),
                "end": end,
                "text": paper[field][start:end],
                "type": "Task" if wrong and kind == 2 else row["type"],
                "role": "uses" if wrong and kind == 3 else row["role"],
                "entity": entity[:9] if wrong and kind == 4 else entity,
            }
        )
    drop = slice(None, None, 2) if damaged else slice(None)
    return {"id": paper["id"], "mentions": mentions[:: 1 + (damaged and 1)] or mentions,
            "results": gold["results"][drop], "code": gold["code"][drop]}  # fmt: skip


def test_the_command_prints_scores_errors_and_reliability(run: Any, tmp_path: Path) -> None:
    """`kg eval` shows a table, or the same as JSON, from files of one's own."""
    row = {"id": "a", "mentions": [mention("BarNet", "Method", "uses", confidence=0.9)]}
    for name, value in (("gold", GOLD), ("papers", PAPER), ("predicted", row)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(value) + "\n")
    call = ["eval", "gold.jsonl", "--papers", "papers.jsonl", "--predicted", "predicted.jsonl"]
    table = run(*call, "--errors", "1")
    assert table.returncode == 0, table.stderr
    assert "node Method" in table.stdout
    assert "missed" in table.stdout
    assert "confidence of mentions: off by 10.0 points" in table.stdout
    found = json.loads(run(*call, "--json").stdout)
    expected = asdict(evaluate({"a": PAPER}, {"a": GOLD}, {"a": row}))
    assert found["scores"] == expected["scores"]
    none = json.loads(run(*call, "--json", "--min-confidence", "0.95").stdout)
    assert none["scores"]["mention"]["f1"] == 0
