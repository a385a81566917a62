"""`kg link`, `kg merges` and `kg vocab import`, as a user calls them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from kg.errors import KgError
from kg.link.lists import entries
from kg.vocabulary import dump, load, read
from tests.conftest import Run


def line(id_: str, abstract: str, *names: tuple[str, str]) -> str:
    """A line of `kg extract` with these (name, type) where they first stand."""
    mentions = [
        {
            "field": "abstract",
            "start": abstract.index(n),
            "end": abstract.index(n) + len(n),
            "text": n,
            "type": t,
        }
        for n, t in names
    ]
    return json.dumps(
        {"id": id_, "title": f"Title {id_}", "abstract": abstract, "mentions": mentions, "note": 1}
    )


LINES = [
    line(
        "a",
        "Large language models (LLMs) read.",
        ("Large language models", "Method"),
        ("LLMs", "Method"),
    ),
    line(
        "b", "An LLM and Bert on GLUE.", ("LLM", "Method"), ("Bert", "Method"), ("GLUE", "Dataset")
    ),
    line("c", "BERT again.", ("BERT", "Method")),
]


def test_link_gives_each_mention_its_entity(run: Run) -> None:
    """Extracted lines come out linked across papers, with all else as it was."""
    done = run("link", "-", stdin="\n".join(LINES))
    rows = [json.loads(text) for text in done.stdout.splitlines()]
    linked = {(r["id"], m["text"]): (m["entity"], m["name"]) for r in rows for m in r["mentions"]}
    assert (
        linked["a", "LLMs"]
        == linked["b", "LLM"]
        == ("method/large-language-model", "large language model")
    )
    assert linked["b", "Bert"] == linked["c", "BERT"] == ("method/bert", "BERT")
    assert all(row["note"] == 1 for row in rows)


def test_link_does_not_depend_on_order_or_hash_seed(run: Run) -> None:
    """Shuffled lines and other hash seeds give the same lines."""
    outcomes = set()
    for seed in (1, 2, 3):
        shuffled = random.Random(seed).sample(LINES, len(LINES))
        done = run("link", "-", stdin="\n".join(shuffled), env={"PYTHONHASHSEED": str(seed)})
        outcomes.add("\n".join(sorted(done.stdout.splitlines())))
    assert len(outcomes) == 1


def test_link_names_a_broken_line_and_reads_the_rest(run: Run) -> None:
    """A line that cannot be read is named with its number; the others are linked."""
    done = run("link", "-", stdin="\n".join([LINES[0], "{broken", LINES[2]]))
    assert done.returncode == 0
    assert "-:2: skipped" in done.stderr
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    "args",
    [("link", "missing.jsonl"), ("link", "-"), ("vocab", "import", "missing.json"), ("merges",)],
)
def test_what_a_user_can_mend_is_one_line(run: Run, args: tuple[str, ...]) -> None:
    """A missing or empty input is one clear line and exit code 1."""
    done = run(*args)
    assert done.returncode == 1
    assert done.stderr.startswith("kg: ")
    assert done.stderr.count("\n") == 1


def test_merges_lists_reasons_of_a_build(run: Run, built: Path) -> None:
    """Each merge of a build is shown with its reason; JSON holds the same."""
    done = run("merges", "--outputs", str(built))
    rows = [
        json.loads(text)
        for text in run("merges", "--json", "--outputs", str(built)).stdout.splitlines()
    ]
    assert rows
    assert len(rows) == len(done.stdout.splitlines())
    assert all(row["reason"] and row["entity"] for row in rows)


def test_merges_holds_to_what_the_build_was_told(run: Run, tmp_path: Path) -> None:
    """The build's own names and same: lines hold without being given again, though the files are
    gone, until a build goes without them; other files given stand in their place."""
    paper = {"id": "a", "title": "Zorbing", "abstract": "ZorbNet beats the Zorbing Network."}
    names = {"name": "Zorbing Network", "type": "Method", "aliases": ["ZorbNet"]}
    (tmp_path / "papers.jsonl").write_text(json.dumps(paper))
    (tmp_path / "mine.jsonl").write_text(json.dumps(names))
    (tmp_path / "links.txt").write_text("same: Method: Quuxer | Zorbing Network\n")
    (tmp_path / "none.txt").write_text("# nothing\n")
    told = ("--vocab", "mine.jsonl", "--links", "links.txt")
    assert run("build", "papers.jsonl", *told).returncode == 0
    given = run("merges", *told).stdout
    (tmp_path / "mine.jsonl").unlink()
    (tmp_path / "links.txt").unlink()
    plain = run("merges").stdout
    assert plain == given
    assert "known as another name of Zorbing Network" in plain
    assert "you said so" in plain
    without = run("merges", "--links", "none.txt").stdout
    assert "you said so" not in without
    assert "known as another name of Zorbing Network" in without
    assert run("build", "papers.jsonl").returncode == 0
    assert "Zorbing Network" not in run("merges").stdout


# One small list in each form in which such lists are published.
LISTS: list[tuple[str, Any, str | None, list[tuple[str, str]]]] = [
    ("papers-with-code", [{"name": "Zorb", "full_name": "Zorbing Network", "paper": {"url": "https://arxiv.org/abs/2001.00001"}, "introduced_year": 2020}], None, [("Zorb", "Method")]),
    ("papers-with-code", [{"name": "ZorbSet", "homepage": "https://zorb.example/", "variants": ["ZorbSet-2"]}], None, [("ZorbSet", "Dataset")]),
    ("papers-with-code", [{"task": "Zorbing", "datasets": [{"dataset": "ZorbSet", "sota": {"metrics": ["ZAP"], "rows": [{"model_name": "Ours"}, {"model_name": "ZNet"}]}}]}], None,
     [("Zorbing", "Task"), ("ZorbSet", "Dataset"), ("ZAP", "Metric"), ("ZNet", "Method")]),
    ("hf", [{"id": "zorb/zorb-set", "tags": ["arxiv:2001.00001"]}], None, [("zorb-set", "Dataset")]),
    ("lm-eval", "| Task | Path |\n|---|---|\n| [zorb_easy](zorb/x) | a.yaml |\n", None, [("zorb_easy", "Dataset")]),
    ("wikidata", {"head": {"vars": []}, "results": {"bindings": [{"item": {"value": "http://www.wikidata.org/entity/Q1"}, "itemLabel": {"value": "Zorb"}, "itemAltLabel": {"value": "Zo, Rb"}}]}}, "Method", [("Zorb", "Method")]),
    ("list", {"name": "Zorb", "type": "Task", "id": "x:1"}, None, [("Zorb", "Task")]),
    ("names", "zorb_set\nN/A\nzorb_other\n", "Dataset", [("zorb_set", "Dataset"), ("zorb_other", "Dataset")]),
]  # fmt: skip


@pytest.mark.parametrize(("form", "value", "type_", "expected"), LISTS)
def test_published_lists_are_read_by_their_content(
    form: str, value: Any, type_: str | None, expected: list[tuple[str, str]]
) -> None:
    """The form is told from the content, junk is left out, and naming the form gives the same."""
    data = (value if isinstance(value, str) else json.dumps(value)).encode()
    found = list(entries(data, "list", type_=type_))
    assert [(e.name, e.type) for e in found] == expected
    assert found == list(entries(data, "list", form, type_))


def test_identifiers_of_a_list_are_kept() -> None:
    """arXiv numbers, Wikidata items, addresses and other names come along."""
    found = {
        e.name: e
        for data in (LISTS[0], LISTS[5])
        for e in entries(json.dumps(data[1]).encode(), "l", type_="Method")
    }
    assert found["Zorb"].identifiers == (("wikidata", "Q1"),)
    assert found["Zorb"].aliases == ("Zo", "Rb")
    first = next(entries(json.dumps(LISTS[0][1]).encode(), "l"))
    assert (first.identifiers, first.aliases) == ((("arxiv", "2001.00001"),), ("Zorbing Network",))


@pytest.mark.parametrize("data", [b"\xff\xfe", b"[{", b"a name"])
def test_a_list_that_cannot_be_read_says_why(data: bytes) -> None:
    """Bad UTF-8, broken JSON and a missing type are the user's to mend."""
    with pytest.raises(KgError, match="mine"):
        list(entries(data, "mine"))


def test_an_imported_list_is_a_vocabulary(run: Run, tmp_path: Path) -> None:
    """What is imported is read by --vocab, and its names are known from then on."""
    (tmp_path / "methods.json").write_text(json.dumps(LISTS[0][1]))
    assert run("vocab", "import", "methods.json", "-o", "mine.jsonl").returncode == 0
    text = line("a", "The Zorbing Network wins.", ("Zorbing Network", "Method"))
    done = run("link", "-", "--vocab", "mine.jsonl", stdin=text)
    assert json.loads(done.stdout)["mentions"][0]["entity"] == "method/zorb"


def test_a_vocabulary_line_reads_back_as_written(tmp_path: Path) -> None:
    """Each curated entry survives being written and read."""
    ours = load().entries
    file = tmp_path / "again.jsonl"
    file.write_text("".join(dump(e) + "\n" for e in ours), encoding="utf-8")
    assert tuple(read(file)) == ours


@pytest.mark.parametrize(
    "text",
    ["[]", "{", '{"name": ""}', '{"name": "A", "type": "Thing"}', '{"name": "A", "type": "Task", "aliases": "B"}',
     '{"name": "A", "type": "Task", "identifiers": {"isbn": "1"}}', '{"name": "A", "type": "Task", "paper": 3}'],
)  # fmt: skip
def test_a_bad_vocabulary_line_is_named(tmp_path: Path, text: str) -> None:
    """A row of another form is refused with its file and line."""
    file = tmp_path / "mine.jsonl"
    file.write_text(f'{{"name": "A", "type": "Task"}}\n{text}\n')
    with pytest.raises(KgError, match=r"mine\.jsonl:2: "):
        list(read(file))
