"""Queries: what they answer, how their errors read, and that no value is ever spliced in raw."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store as Triplestore

from kg.errors import KgError
from kg.query import bind, load, opened, questions, run
from kg.query.canned import question
from kg.query.index import FOLDER
from kg.schema import DEFAULT_BASE
from kg.store import Store
from kg.terms import prefixes
from tests.conftest import Run
from tests.sample import sample

PREFIXES = prefixes(DEFAULT_BASE)


@pytest.fixture(scope="module")
def store() -> Triplestore:
    return load(sample())


def answers(store: Triplestore, name: str, **values: str) -> list[tuple[Any, ...]]:
    answer = run(store, bind(question(name), values, store, DEFAULT_BASE), PREFIXES)
    return [tuple(term and term.value.removeprefix(DEFAULT_BASE) for term in row) for row in answer]


def test_prefixes_are_known(store: Triplestore) -> None:
    """Every vocabulary and every kind of node has its prefix, without a PREFIX line."""
    query = "SELECT ?label { paper:roberta kg:uses ?m . ?m skos:prefLabel ?label }"
    assert [row[0].value for row in run(store, query, PREFIXES)] == ["BERT"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT * { ?s ?p ", "query:1:18: not SPARQL, at the end of the line"),
        ("SELECT ?s WHERE {\n  ?s ex:p ?o }", "no PREFIX for ex"),
        ("INSERT DATA { <a:b> <a:c> <a:d> }", "query:1:1"),
        ("SELECT ?x { BIND(1/ AS ?x) }", "query:1:"),
        ("", "query:1:1"),
        ("SELECT ?\ud800 {}", "surrogate"),
    ],
)
def test_malformed_queries_say_where(store: Triplestore, query: str, words: str) -> None:
    """A malformed query is one line with its place and the exit code of a wrong call."""
    with pytest.raises(KgError) as caught:
        run(store, query, PREFIXES)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.code == 2


def test_there_are_enough_questions() -> None:
    """At least fifteen questions, each with a sentence of what it asks."""
    assert len(questions()) >= 15
    assert all(q.summary.endswith(".") for q in questions().values())


@pytest.mark.parametrize("name", questions())
def test_questions_run_as_they_are(store: Triplestore, name: str) -> None:
    """A question is plain SPARQL 1.1: it runs with no value given, and with no prefix known."""
    assert run(store, question(name).sparql, {}) is not None


@pytest.mark.parametrize("name", questions())
def test_questions_are_ordered(name: str) -> None:
    """Every question orders its answer."""
    assert "ORDER BY" in question(name).sparql


@pytest.mark.parametrize("name", questions())
def test_every_parameter_can_be_given(store: Triplestore, name: str) -> None:
    """Each parameter that the head names takes a value."""
    kinds = {"Dataset": "glue", "Method": "BERT", "Metric": "accuracy"}
    values = {
        p.name: kinds.get(p.kinds[0], "0.5")
        for p in question(name).parameters
        if p.kinds[0] != "Task"
    }
    text = bind(question(name), values, store, DEFAULT_BASE)
    assert text.count("UNDEF") == question(name).sparql.count("UNDEF") - len(values)
    run(store, text, PREFIXES)


def test_things_are_found_by_any_name(store: Triplestore) -> None:
    """A thing is meant by its name or alias in any case, by its id, or by its IRI."""
    rows = answers(store, "metrics-of-dataset", dataset="GLUE")
    for value in ("glue", "dataset/glue", DEFAULT_BASE + "dataset/glue"):
        assert (
            answers(store, "metrics-of-dataset", dataset=value)
            == rows
            == [("GLUE", "accuracy", "1")]
        )
    assert answers(store, "sota", dataset="glue", metric="ACCURACY")[0][2] == "80.5%"


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("sota", {"dataset": "gleu"}, "did you mean GLUE"),
        ("sota", {"datset": "glue"}, "did you mean dataset"),
        ("most-compared", {"x": "y"}, "it takes nothing"),
        ("builds-on", {"method": "GLUE"}, "no method is called 'GLUE'"),
    ],
)
def test_near_misses_are_suggested(
    store: Triplestore, name: str, values: dict[str, str], words: str
) -> None:
    """What is not known is said, with what comes close."""
    with pytest.raises(KgError) as caught:
        answers(store, name, **values)
    assert words in str(caught.value)
    assert caught.value.code == 2


def test_unknown_questions_suggest(store: Triplestore) -> None:
    """So it is for the question itself."""
    with pytest.raises(KgError, match="did you mean sota"):
        question("soat")


@given(value=st.text(st.characters(exclude_categories=()), max_size=20))
@settings(deadline=None, derandomize=True)
def test_values_are_never_spliced_in(value: str) -> None:
    """Any text as a value is that text to the engine, or is refused; it never changes the query."""
    store = load(sample())
    try:
        text = bind(question("methods-since"), {"since": value}, store, DEFAULT_BASE)
    except KgError:
        assert any("\ud800" <= c <= "\udfff" for c in value)
        return
    query = text.replace("SELECT ?method ?name ?date ?title", "SELECT ?since", 1)
    found = {row[0].value for row in run(store, query, PREFIXES)}
    assert found <= {value}


@pytest.mark.parametrize(
    "value", ['x" } INSERT', "<x>", "GLUE } #", "dataset/glue> ?p", "\\", "'", "\ud800"]
)
def test_names_are_never_spliced_in(store: Triplestore, value: str) -> None:
    """A name that is no thing's is refused, whatever it holds."""
    with pytest.raises(KgError, match="no dataset is called"):
        answers(store, "sota", dataset=value)


def test_the_index_is_used_again(built: Path) -> None:
    """The triples are indexed once a build, and anew once it changes or the base does."""
    first = opened(Store.open, built)
    folders = sorted((built / FOLDER).iterdir())
    again = opened(Store.open, built)
    assert sorted((built / FOLDER).iterdir()) == folders
    assert len(first) == len(again) > 10_000
    del first, again
    opened(Store.open, built, "https://example.org/x/")
    assert sorted((built / FOLDER).iterdir()) != folders
    assert len(list((built / FOLDER).iterdir())) == 1


def test_a_read_only_folder_is_no_hindrance(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no index can be written, the triples are held in memory, to the same answer."""
    import tempfile

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError

    expected = len(opened(Store.open, built, "https://example.org/a/"))
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    assert len(opened(Store.open, built, "https://example.org/b/")) == expected


def test_kg_query_prints_tables_csv_and_json(built: Path, run: Run) -> None:
    """The command answers as tab-separated text where piped, as CSV, or as SPARQL's JSON."""
    ask = ("query", "--outputs", str(built), "SELECT ?p { ?p a kg:Paper } ORDER BY ?p LIMIT 2")
    table, csv, js = (run(*ask, "--format", form).stdout for form in ("table", "csv", "json"))
    assert table.splitlines()[0] == "p"
    assert table.splitlines()[1].startswith("paper:")
    assert csv.splitlines()[1].startswith("https://kg.example/id/paper/")
    assert len(json.loads(js)["results"]["bindings"]) == 2


def test_kg_query_reads_files(built: Path, run: Run, tmp_path: Path) -> None:
    """A .rq file is asked; an error in it names the file, the line and the column."""
    (tmp_path / "good.rq").write_text("ASK { ?p a kg:Paper }")
    (tmp_path / "bad.rq").write_text("# a comment\nASK { ?p a }")
    good = run("query", "--outputs", str(built), "good.rq")
    bad = run("query", "--outputs", str(built), "bad.rq")
    missing = run("query", "--outputs", str(built), "missing.rq")
    assert (good.stdout, good.returncode) == ("true\n", 0)
    assert bad.returncode == 2
    assert bad.stderr.startswith("kg: bad.rq:2:")
    assert missing.returncode == 1
    assert missing.stderr.count("\n") == 1


def test_kg_query_lists_its_questions(run: Run) -> None:
    """`--list` names every question and its parameters, without a build."""
    done = run("query", "--list")
    assert done.returncode == 0
    assert all(name in done.stdout for name in questions())
    assert "dataset=…" in done.stdout


def test_kg_query_shows_its_sparql(built: Path, run: Run) -> None:
    """`--sparql` prints the query that would run, values filled in: it can be taken elsewhere."""
    done = run("query", "--outputs", str(built), "--sparql", "sota", "dataset=imagenet")
    assert "VALUES ?dataset { <https://kg.example/id/dataset/imagenet> }" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((), "nothing to ask"), (("sota", "ImageNet"), "NAME=VALUE"), (("soat",), "did you mean sota"),
     (("ASK {}", "x=y"), "canned")],
)  # fmt: skip
def test_wrong_calls_are_one_line(
    built: Path, run: Run, arguments: tuple[str, ...], words: str
) -> None:
    """A call that cannot be meant exits with 2 and says why."""
    done = run("query", "--outputs", str(built), *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_build_is_one_line(run: Run) -> None:
    """Without a build the command says how to make one."""
    done = run("query", "ASK {}")
    assert done.returncode == 1
    assert "kg build" in done.stderr


@pytest.fixture(scope="module")
def examples(built: Path) -> Iterator[Triplestore]:
    with Store.open(built) as graph:
        yield load(graph)
