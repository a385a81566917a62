"""The build on Spark: the same graph as on one machine, in partitions."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import EXAMPLES, ROOT, Run
from tests.test_link_parts import TEXTS

pytestmark = pytest.mark.slow
if shutil.which("java") is None:
    pytest.skip("Java is not on this machine", allow_module_level=True)
pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'kg[spark]'")
pq = pytest.importorskip("pyarrow.parquet")

ABSTRACT = """Reading long documents remains costly because attention compares every token with every
other token; sparse patterns, recurrent memories and retrieval have each been proposed, measured
separately, and seldom combined within a single carefully controlled comparison."""
# One paper twice under near titles, another twice by its number, one id for two papers, a broken line.
RECORDS = [
    {"id": "a1", "title": "Sparse reading of long documents", "abstract": ABSTRACT},
    {"id": "a2", "title": "Sparse Reading of Longer Documents", "abstract": ABSTRACT[:-24]},
    {"id": "b1", "title": "A tale of two titles", "arxiv": "2401.00001", "abstract": "On BERT."},
    {
        "id": "b2",
        "title": "Two titles, one tale",
        "arxiv": "2401.00001",
        "abstract": "We use BERT.",
    },
    {"id": "same", "title": "First things", "abstract": "We train ResNet-50 on ImageNet."},
    {"id": "same", "title": "Second things", "abstract": "We evaluate ResNet-50 on CIFAR-10."},
]


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of partitions, plain, compressed and Parquet, and the example pages."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = [{"title": title, "abstract": text} for title, text in TEXTS]
    (folder / "part-0.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n{broken\n")
    with gzip.open(folder / "part-1.jsonl.gz", "wt") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in RECORDS)
    shutil.copy(ROOT / "tests/data/readers/parquet.parquet", folder / "part-2.parquet")
    shutil.copytree(EXAMPLES, folder / "pages")
    return folder


def rows(path: Path) -> list[str]:
    """The rows of a table, or of the partitions of one, in no order."""
    return sorted(json.dumps(row, default=str) for row in pq.read_table(path).to_pylist())


def triples(folder: Path) -> set[str]:
    """The lines of all partitions."""
    parts = (gzip.decompress(part.read_bytes()) for part in folder.glob("*.nt.gz"))
    return {line for part in parts for line in part.decode().splitlines(keepends=True)}


def test_the_graph_is_that_of_one_machine(run: Run, tmp_path: Path, papers: Path) -> None:
    """The same triples as a set, and the same rows of nodes, edges and evidence."""
    links = tmp_path / "links.txt"
    links.write_text("same: Method: GPT-Zeta | Zeta\n")
    shared = ("build", str(papers), "--links", str(links))
    local, spark = run(*shared), run(*shared, "--engine", "spark", "--master", "local[2]")
    assert (local.returncode, spark.returncode) == (0, 0), local.stderr + spark.stderr
    told = local.stdout.splitlines()[1].split(" in ")[0]
    assert spark.stdout.splitlines()[1] == f"{told} in outputs/graph-spark"
    assert spark.stderr == local.stderr  # the broken line, and no word of Spark's
    assert "part-0.jsonl:7: skipped: broken JSON" in spark.stderr
    assert run("export", "--nt", "--parquet").returncode == 0
    made = tmp_path / "outputs" / "graph-spark"
    local_triples = (tmp_path / "outputs/graph.nt").read_text().splitlines(keepends=True)
    assert triples(made / "triples") == set(local_triples)
    for table in ("nodes", "edges", "evidence"):
        assert len(list((made / table).glob("part-*.parquet"))) > 1
        assert rows(made / table) == rows(tmp_path / f"outputs/graph-parquet/{table}.parquet")
    assert not list((tmp_path / "outputs").glob(".spark*"))  # where it worked


def test_bad_input_is_one_line(run: Run, tmp_path: Path) -> None:
    """What a task cannot read reaches the user as on one machine, and nothing is left behind."""
    (tmp_path / "empty.jsonl").write_text('{"title": ""}\n')
    done = run("build", "empty.jsonl", "--engine", "spark", "--master", "local[1]", "-o", "out")
    assert done.returncode == 1
    assert done.stderr == run("build", "empty.jsonl", "-o", "other").stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_what_spark_has_no_part_in(run: Run) -> None:
    """Options of the local engine, and standard input, are refused before Spark starts."""
    assert run("build", "-", "--engine", "spark", stdin=json.dumps(RECORDS[0])).returncode == 2
    assert "--jobs" in run("build", "x", "--engine", "spark", "--jobs", "2").stderr


@pytest.mark.filterwarnings("ignore")  # of Spark's own libraries, about one another
def test_components_by_one_task_and_by_stars(tmp_path: Path) -> None:
    """Both ways give each node the least of its component: of chains, stars and rings."""
    import networkx as nx

    from kg.spark.session import session
    from kg.spark.tables import Tables, components

    graph = nx.disjoint_union_all([nx.path_graph(9), nx.star_graph(5), nx.cycle_graph(7)])
    edges = [(f"n{(a * 7) % 31:02}", f"n{(b * 7) % 31:02}") for a, b in graph.edges]
    found = nx.connected_components(nx.Graph(edges))
    wanted = sorted((node, min(nodes)) for nodes in found for node in nodes)
    with session("local[1]", tmp_path) as spark:
        tables = Tables(spark, tmp_path)
        table = spark.createDataFrame(edges, "a string, b string")
        for name, few in (("task", 1000), ("stars", 0)):
            rows = components(tables, name, table, few).collect()
            assert sorted(map(tuple, rows)) == wanted
