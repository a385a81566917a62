"""How well linking agrees with people, with the annotated mentions given."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.link import Linker
from kg.model import Facts, Mention, Paper
from kg.vocabulary import load


@pytest.fixture(scope="module")
def scorer(shared: Path) -> ModuleType:
    """The scorer that comes with the annotations."""
    spec = importlib.util.spec_from_file_location("gold_score", shared / "gold" / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _rows(path: Path) -> dict[str, Any]:
    """The lines of a file by their id."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return {row["id"]: row for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize(("parts", "floor"), [(("train", "dev"), 97.0), (("general",), 96.0)])
def test_annotated_mentions_are_linked_as_people_do(
    scorer: ModuleType, shared: Path, parts: tuple[str, ...], floor: float
) -> None:
    """B-cubed F1 over the mentions of annotated papers is at least the floor."""
    papers: dict[str, dict[str, str]] = {}
    gold: dict[str, dict[str, object]] = {}
    for part in parts:
        papers |= _rows(shared / "gold" / f"{part}.papers.jsonl")
        gold |= _rows(shared / "gold" / f"{part}.gold.jsonl")
    rows, linker = [], Linker(load())
    for id_, row in scorer.as_prediction(papers, gold).items():
        keep = ("field", "start", "end", "text", "type", "role")
        mentions = tuple(Mention(**{k: m[k] for k in keep}) for m in row["mentions"])
        paper = Paper(id_, papers[id_]["title"], papers[id_]["abstract"])
        rows.append((paper, Facts(id_, mentions)))
        linker.add(*rows[-1])
    linkage = linker.finish()
    out = {}
    for paper, facts in rows:
        linked = linkage.resolve(paper, facts).mentions
        found = [
            {
                "field": m.field,
                "start": m.start,
                "end": m.end,
                "text": m.text,
                "type": m.type,
                "role": m.role,
                "entity": m.entity,
            }
            for m in linked
        ]
        out[paper.id] = {"id": paper.id, "results": [], "code": [], "mentions": found}
    scores, _ = scorer.score(papers, gold, out)
    assert scores["linking"]["f1"] >= floor
