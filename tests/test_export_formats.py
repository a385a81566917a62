"""Formats for other tools: each is opened by the real reader of that format, to the same graph."""

from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.export import EXPORTERS
from kg.export.xml import NOT_XML
from kg.files import atomic_folder
from kg.model import Entity, Evidence, Graph, Paper, Statement
from kg.store import Store
from tests.conftest import Run
from tests.sample import sample

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
STREAMED = [name for name, row in EXPORTERS.items() if row.suffix and name != "html"]


def written(graph: Graph, name: str, **options: object) -> bytes:
    stream = io.BytesIO()
    EXPORTERS[name].load()(graph, stream, **options)
    return stream.getvalue()


def folder(graph: Graph, name: str, path: Path, **options: object) -> Path:
    path.mkdir()
    EXPORTERS[name].load()(graph, path, **options)
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def edges_of(graph: Graph) -> set[tuple[str, str, str, float]]:
    return {(s.subject, s.relation, s.object, round(s.confidence, 4)) for s in graph.statements()}


def names_of(graph: Graph) -> dict[str, str]:
    papers = {f"paper/{paper.id}": paper.title for paper in graph.papers()}
    return papers | {entity.id: entity.name for entity in graph.entities()}


def of_json(data: bytes) -> tuple[dict[str, str], set[tuple[Any, ...]]]:
    graph = nx.node_link_graph(json.loads(data), edges="edges")
    names = dict(graph.nodes(data="label"))
    return names, {
        (s, k, t, row["confidence"]) for s, t, k, row in graph.edges(keys=True, data=True)
    }


def of_graphml(data: bytes) -> tuple[dict[str, str], set[tuple[Any, ...]]]:
    graph = nx.read_graphml(io.BytesIO(data), force_multigraph=True)
    rows = {(s, row["relation"], t, row["confidence"]) for s, t, row in graph.edges(data=True)}
    return {node: label or "" for node, label in graph.nodes(data="label")}, rows


def of_gexf(data: bytes) -> tuple[dict[str, str], set[tuple[Any, ...]]]:
    # networkx knows GEXF 1.2 and says so of what it is given; 1.3 differs in nothing used here.
    data = data.replace(b"http://gexf.net/1.3", b"http://www.gexf.net/1.2draft").replace(
        b'version="1.3"', b'version="1.2"'
    )
    graph = nx.read_gexf(io.BytesIO(data))
    rows = {(s, row["relation"], t, row["confidence"]) for s, t, row in graph.edges(data=True)}
    return dict(graph.nodes(data="label")), rows


READERS = {"json": of_json, "graphml": of_graphml, "gexf": of_gexf}


@pytest.mark.parametrize("name", READERS)
def test_networkx_opens_the_same_graph(name: str) -> None:
    """networkx reads the nodes with their names and the edges with their confidence."""
    assert READERS[name](written(sample(), name)) == (names_of(sample()), edges_of(sample()))


@pytest.mark.parametrize("name", READERS)
def test_networkx_opens_the_example_pages(name: str, built: Path) -> None:
    """So it does for the graph of the example pages."""
    with Store.open(built) as graph:
        found = READERS[name](written(graph, name))
        assert found == (names_of(graph), edges_of(graph))
    assert len(found[1]) > 300


def test_igraph_opens_the_graphml(tmp_path: Path) -> None:
    """igraph reads the GraphML to the same nodes and edges."""
    import igraph

    path = tmp_path / "graph.graphml"
    path.write_bytes(written(sample("plain"), "graphml"))
    graph = igraph.Graph.Read_GraphML(str(path))
    ids = graph.vs["id"]
    found = {(ids[e.source], e["relation"], ids[e.target], e["confidence"]) for e in graph.es}
    assert found == edges_of(sample())


def test_csv_opens(tmp_path: Path) -> None:
    """The three tables of CSV hold the nodes, the edges and the spans."""
    path = folder(sample(), "csv", tmp_path / "csv")
    tables = {file.stem: rows_of(file) for file in path.iterdir()}
    assert {row["id"]: row["label"] for row in tables["nodes"]} == names_of(sample())
    edges = {
        (r["subject"], r["relation"], r["object"], float(r["confidence"])) for r in tables["edges"]
    }
    assert edges == edges_of(sample())
    assert len(tables["evidence"]) == sum(len(s.evidence) for s in sample().statements())
    first = tables["evidence"][0]
    assert first["sentence"][int(first["start"]) - int(first["sentence_start"]) :].startswith(
        first["quote"]
    )


def test_parquet_opens(tmp_path: Path) -> None:
    """pyarrow reads typed tables; lists stay lists."""
    path = folder(sample(), "parquet", tmp_path / "parquet")
    tables = {file.stem: pq.read_table(file).to_pylist() for file in path.iterdir()}
    assert {row["id"]: row["label"] for row in tables["nodes"]} == names_of(sample())
    edges = {(r["subject"], r["relation"], r["object"], r["confidence"]) for r in tables["edges"]}
    assert edges == edges_of(sample())
    bert = next(row for row in tables["nodes"] if row["id"] == "method/bert")
    assert bert["aliases"] == ["Bert"]
    assert next(row["number"] for row in tables["nodes"] if row["type"] == "Result") == 80.5
    assert len(tables["evidence"]) == sum(len(s.evidence) for s in sample().statements())


def test_tables_without_evidence_have_none(tmp_path: Path) -> None:
    """The table of spans has its header and no row."""
    path = folder(sample(), "parquet", tmp_path / "p", evidence=False)
    assert pq.read_table(path / "evidence.parquet").num_rows == 0
    assert "evidence" not in json.loads(written(sample(), "json", evidence=False))["edges"][0]


def test_neo4j_tables_name_their_ends(tmp_path: Path) -> None:
    """Every end of a relationship is an ID among the nodes; headers say the types."""
    path = folder(sample(), "neo4j", tmp_path / "neo4j")
    nodes, rows = rows_of(path / "nodes.csv"), rows_of(path / "relationships.csv")
    ids = {row["id:ID"]: row[":LABEL"] for row in nodes}
    assert ids["method/bert"] == "Thing;Method"
    assert {end for row in rows for end in (row[":START_ID"], row[":END_ID"])} <= ids.keys()
    assert {row[":TYPE"] for row in rows} >= {"INTRODUCES", "EVALUATES_ON", "HAS_OFFICIAL_CODE"}
    assert "author_count:long" in nodes[0]
    assert "aliases:string[]" in nodes[0]
    assert len(rows) == len(edges_of(sample()))


STRING = r"'((?:[^'\\]|\\.)*)'"


def test_cypher_has_a_statement_for_each_node_and_edge() -> None:
    """One constraint, then a MERGE for each node, then one for each edge between its ends."""
    lines = written(sample(), "cypher").decode().split(";\n")
    nodes = [
        m[1] for line in lines if (m := re.match(rf"MERGE \(n:Thing {{id: {STRING}}}\)", line))
    ]
    edges = [line for line in lines if line.startswith("MATCH ")]
    assert lines[0].startswith("CREATE CONSTRAINT")
    assert sorted(nodes) == sorted(names_of(sample()))
    assert len(edges) == len(edges_of(sample()))


@given(title=ANY_TEXT)
@settings(deadline=None, derandomize=True)
def test_cypher_strings_end_where_they_should(title: str) -> None:
    """Whatever a title holds, its string literal gives it back and nothing runs on."""
    if any("\ud800" <= c <= "\udfff" for c in title):
        with pytest.raises(KgError, match="surrogate"):
            written(sample(title), "cypher")
        return
    text = written(sample(title), "cypher").decode()
    assert text.count("\n") == 1 + len(names_of(sample())) + len(edges_of(sample()))
    line = next(row for row in text.split("\n") if "paper/1810" in row and row.startswith("MERGE"))
    found = re.search(rf"n\.label = {STRING}", line)
    assert (_unescaped(found[1]) if found else "") == title


def _unescaped(text: str) -> str:
    plain = {"n": "\n", "r": "\r", "t": "\t"}
    return re.sub(
        r"\\(u([0-9a-f]{4})|.)",
        lambda m: chr(int(m[2], 16)) if m[2] else plain.get(m[1], m[1]),
        text,
    )


@pytest.mark.parametrize("name", ["json", "graphml", "gexf"])
@given(title=ANY_TEXT)
@settings(deadline=None, max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_title_round_trips(name: str, title: str) -> None:
    """Any Unicode comes back as it was, or is refused where the format cannot hold it."""
    if name != "json" and NOT_XML.search(title):
        with pytest.raises(KgError, match="XML has no way"):
            written(sample(title), name)
        return
    names, _ = READERS[name](written(sample(title), name))
    assert names["paper/1810.04805"] == title


@pytest.mark.parametrize("name", ["csv", "parquet"])
@given(title=ANY_TEXT)
@settings(deadline=None, max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_title_round_trips_in_tables(
    name: str, title: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The tables hold any text, but halves of surrogate pairs."""
    path = tmp_path_factory.mktemp("any") / name
    if any("\ud800" <= c <= "\udfff" for c in title):
        with pytest.raises(KgError, match="surrogate"):
            folder(sample(title), name, path)
        return
    folder(sample(title), name, path)
    if name == "csv":
        rows: list[dict[str, Any]] = rows_of(path / "nodes.csv")
    else:
        rows = pq.read_table(path / "nodes.parquet").to_pylist()
    label = next(row["label"] for row in rows if row["id"] == "paper/1810.04805")
    assert (label or "") == title


class _Long:
    """A graph of any length that is never held."""

    def __init__(self, length: int) -> None:
        self._length = length

    def papers(self) -> Iterator[Paper]:
        return (Paper(f"p{n:08}", f"Title {n}", "We use Foo. " * 5) for n in range(self._length))

    def entities(self) -> Iterator[Entity]:
        return iter([Entity("method/foo", "Method", "Foo")])

    def statements(self) -> Iterator[Statement]:
        for n in range(self._length):
            one = Evidence(f"paper/p{n:08}", "abstract", 7, 10, "Foo", "We use Foo.", 0, 0.9, "ner")
            yield Statement(f"paper/p{n:08}", "uses", "method/foo", 0.9, (one,))

    def metadata(self) -> dict[str, str]:
        return {"software": "kg"}


class _Sink(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)


@pytest.mark.parametrize("name", STREAMED)
def test_memory_does_not_grow_with_the_graph(name: str) -> None:
    """Three times the graph takes the same memory, once what is kept for speed is full."""
    EXPORTERS[name].load()(_Long(1), _Sink())

    def peak(length: int) -> int:
        tracemalloc.start()
        EXPORTERS[name].load()(_Long(length), _Sink())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(1_800) < peak(600) + 500_000


def test_export_writes_several_at_once(built: Path, run: Run) -> None:
    """`kg export` writes each format to the build's folder and says where."""
    done = run("export", "--outputs", str(built), "--ttl", "--json", "--csv")
    assert done.returncode == 0, done.stderr
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert [path.name for path in paths] == ["graph.ttl", "graph.json", "graph-csv"]
    assert all(path.exists() for path in paths)


def test_export_to_standard_output(built: Path, run: Run) -> None:
    """`-o -` is the file itself, and `-o FILE` is written in place of what was there."""
    done = run("export", "--outputs", str(built), "--nt", "--no-evidence", "-o", "-")
    to_file = run("export", "--outputs", str(built), "--nt", "--no-evidence", "-o", "x/y.nt")
    assert (done.returncode, to_file.returncode) == (0, 0)
    assert done.stdout.startswith("<https://kg.example/id/")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "which format"),
        (("--ttl", "--nt", "-o", "x"), "one format"),
        (("--csv", "-o", "-"), "folder"),
        (("--ttl", "--base", "nonsense"), "--base"),
    ],
)
def test_wrong_calls_are_one_line(
    built: Path, run: Run, arguments: tuple[str, ...], words: str
) -> None:
    """A call that cannot be meant exits with 2 and says why."""
    done = run("export", "--outputs", str(built), *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_unwritable_output_is_one_line(built: Path, run: Run, tmp_path: Path) -> None:
    """Where the output cannot be written the exit is 1 with one line."""
    (tmp_path / "file").write_text("in the way")
    done = run("export", "--outputs", str(built), "--ttl", "-o", "file/graph.ttl")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr


def test_folders_keep_what_is_not_theirs(tmp_path: Path) -> None:
    """A folder of files is moved in file by file; what else lies there stays."""
    path = tmp_path / "graph-csv"
    path.mkdir()
    (path / "notes.txt").write_text("mine")
    (path / "nodes.csv").write_text("old")
    with atomic_folder(path) as beside:
        EXPORTERS["csv"].load()(sample(), beside)
    assert sorted(p.name for p in path.iterdir()) == [
        "edges.csv",
        "evidence.csv",
        "nodes.csv",
        "notes.txt",
    ]
    assert (path / "nodes.csv").read_text(encoding="utf-8").startswith("id,type,label")
    assert [p.name for p in tmp_path.iterdir()] == ["graph-csv"]
