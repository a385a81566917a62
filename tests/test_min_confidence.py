"""Leaving out what is unsure, wherever the graph is read."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.store import open_graph
from tests.conftest import Run

LEAST = 0.8


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A build of the example pages to write beside."""
    (tmp_path / "outputs").mkdir()
    return Path(shutil.copy(built / "kg.sqlite", tmp_path / "outputs")).parent


@pytest.mark.parametrize("least", [0.3, LEAST, 1.0])
def test_unsure_edges_go_and_take_what_hung_on_them_alone(built: Path, least: float) -> None:
    """Edges below the bound are gone, and so are things at no other edge; papers stay."""
    with open_graph(built) as whole, open_graph(built, min_confidence=least) as sure:
        edges = [s for s in whole.statements() if s.confidence >= least]
        ends = {end for s in edges for end in (s.subject, s.object)}
        things = [e for e in whole.entities() if e.id in ends]
        assert list(sure.statements()) == edges
        assert list(sure.entities()) == things
        assert list(sure.papers()) == list(whole.papers())
        assert len(things) < len(list(whole.entities()))
        assert sure.metadata() == whole.metadata() | {"min-confidence": str(least)}


@pytest.mark.parametrize("least", [-0.1, 1.5, float("nan")])
def test_a_confidence_is_from_0_to_1(built: Path, least: float) -> None:
    """What is no confidence is refused in one line."""
    with pytest.raises(KgError, match="from 0 to 1"):
        open_graph(built, min_confidence=least)


def test_stats_count_what_an_export_holds(run: Run, folder: Path) -> None:
    """`kg stats` counts, by type and relation, just what `kg export` writes at the same bound."""
    at = ("--min-confidence", str(LEAST), "--outputs", str(folder))
    stats = json.loads(run("stats", "--json", *at).stdout)
    graph = json.loads(run("export", "--json", "-o", "-", *at).stdout)
    edges = graph["edges"]
    assert stats["nodes"] == Counter(node["type"] for node in graph["nodes"])
    assert stats["edges"] == Counter(edge["key"] for edge in edges)
    papers = {n["id"] for n in graph["nodes"] if n["type"] == "Paper"}
    for top in stats["most_linked"].values():
        for row in top:
            linked = {e["source"] for e in edges if e["target"] == row["id"]}
            assert row["papers"] == len(linked & papers)


def test_show_leaves_out_unsure_edges(run: Run, folder: Path) -> None:
    """`kg show` shows the edges of an export at the same bound, and no thing that it has not."""
    whole = run("show", "BLINK", "--outputs", str(folder)).stdout
    sure = run("show", "BLINK", "--outputs", str(folder), "--min-confidence", "0.9").stdout
    assert "compares with (by)" in whole
    assert "compares with (by)" not in sure
    assert "introduced by" in sure
    gone = run("show", "BLINK", "--outputs", str(folder), "--min-confidence", "1")
    assert gone.returncode == 1
    assert "at a confidence of 1 or more" in gone.stderr


def test_queries_are_never_answered_from_another_bounds_index(run: Run, folder: Path) -> None:
    """Whole and cut graphs asked in turn each answer with the triples of their own export."""
    ask = ("query", "--format", "csv", "--outputs", str(folder), "SELECT * { ?s ?p ?o }")
    counts = []
    for least in ("0", "0.8", "0", "0.6", "0.8"):
        at = ("--min-confidence", least)
        text = run("export", "--nt", "-o", "-", "--outputs", str(folder), *at).stdout
        counts.append(len(set(text.splitlines())))
        assert run(*ask, *at).stdout.count("\n") - 1 == counts[-1]
    assert counts[0] > counts[3] > counts[1]
    assert len(list((folder / ".oxigraph").iterdir())) == 2  # the whole, and the last cut


def test_a_cut_page_is_never_shown_as_the_whole(run: Run, folder: Path) -> None:
    """`kg view` keeps a cut page under its own name, and writes anew a cut page of the whole's."""
    page, cut = folder / "graph.html", folder / "graph-0.8.html"
    at = ("--outputs", str(folder), "--min-confidence", "0.8")
    assert run("view", "--print", *at).stdout.strip() == cut.as_uri()
    assert not page.exists()
    run("export", "--html", *at)
    assert page.read_bytes() == cut.read_bytes()
    assert run("view", "--print", "--outputs", str(folder)).stdout.strip() == page.as_uri()
    assert b'<meta name="min-confidence" content="0.0">' in page.read_bytes()
    written = page.stat().st_mtime_ns, cut.stat().st_mtime_ns
    run("view", "--print", "--outputs", str(folder))
    run("view", "--print", *at)
    assert written == (page.stat().st_mtime_ns, cut.stat().st_mtime_ns)


def test_diff_compares_what_is_sure(run: Run, folder: Path, tmp_path: Path) -> None:
    """An unsure edge that only one build has is a difference, but none of the sure edges."""
    import sqlite3

    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(folder / "kg.sqlite", other)
    with sqlite3.connect(other / "kg.sqlite") as database:
        database.execute("DELETE FROM statement WHERE confidence < 8000")
    database.close()
    assert "\nuses\t" not in run("diff", str(folder), str(other)).stdout
    assert "- paper/" in run("diff", str(folder), str(other)).stdout
    sure = run("diff", str(folder), str(other), "--min-confidence", "0.8")
    assert (sure.stdout, sure.stderr) == ("", "no difference\n")


def test_link_leaves_out_what_is_unsure(run: Run) -> None:
    """Unsure mentions and results are not written; they are linked with the rest before."""

    def mention(start: int, text: str, confidence: float) -> dict[str, object]:
        span = {"field": "abstract", "start": start, "end": start + len(text), "text": text}
        return span | {"type": "Method", "confidence": confidence}

    row = {
        "id": "a",
        "title": "T",
        "abstract": "Foo Bar Nets (FBN) are nets. FBN reads.",
        "mentions": [mention(0, "Foo Bar Nets", 0.4), mention(14, "FBN", 0.9)],
        "results": [{"value": "1", "confidence": 0.2}, {"value": "2"}],
    }
    text = json.dumps(row)
    whole = json.loads(run("link", "-", stdin=text).stdout)
    sure = json.loads(run("link", "-", "--min-confidence", "0.5", stdin=text).stdout)
    assert sure["mentions"] == whole["mentions"][1:]
    assert sure["results"] == whole["results"][1:]
    odd = run("link", "-", "--min-confidence", "0.5", stdin=text.replace("0.9", '"high"'))
    assert "skipped" in odd.stderr
    assert "Traceback" not in odd.stderr
