"""A build from end to end, as a user makes it: what comes out, again and again, and what goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.pipeline import build, extract
from kg.store import FILE_NAME, Store
from tests.conftest import EXAMPLES, ROOT, Run

PAPER = '{"id": "p1", "title": "BLINK on ZESHEL", "abstract": "We evaluate BLINK on ZESHEL."}\n'


def dump(folder: Path) -> list[object]:
    """All that the graph of a build says, in order."""
    with Store.open(folder) as store:
        return [*store.papers(), *store.entities(), *store.statements(), store.metadata()]


def test_the_example_pages(built: Path) -> None:
    """Forty papers come out of forty-two records, two of them met in both pages."""
    with Store.open(built) as store:
        counts = store.counts()
        assert (counts["source"], counts["record"], counts["paper"]) == (2, 42, 40)
        twice = [p for p in store.papers() if len(p.sources) == 2]
        assert sorted(p.title.casefold() for p in twice) == [
            "attention is all you need",
            "lora: low-rank adaptation of large language models",
        ]


def test_every_edge_shows_the_words_it_rests_on(built: Path) -> None:
    """Evidence is cut from the paper's own text, and the sentence holds the span."""
    with Store.open(built) as store:
        papers = {f"paper/{p.id}": p for p in store.papers()}
        edges = list(store.statements())
    assert len(edges) > 300
    for edge in edges:
        assert edge.evidence or edge.origin in ("vocabulary", "derived", "stated"), edge
        for e in edge.evidence:
            text = papers[e.paper].title if e.field == "title" else papers[e.paper].abstract
            assert text[e.start : e.end] == e.quote
            at = e.start - e.sentence_start
            assert e.sentence[at : at + len(e.quote)] == e.quote or e.quote not in e.sentence


def test_what_the_examples_say(built: Path) -> None:
    """Facts that a reader of the example pages would name are edges of the graph."""
    with Store.open(built) as store:
        edges = {(s.subject, s.relation, s.object) for s in store.statements()}
    blink = "paper/scalable-zero-shot-entity-linking-with-dense-entity-retrieval"
    for edge in [
        (blink, "introduces", "method/blink"),
        (blink, "evaluatesOn", "dataset/zeshel"),
        (blink, "hasOfficialCode", "repository/github.com/facebookresearch/blink"),
        (blink, "addresses", "task/zero-shot-entity-linking"),
        ("method/blink", "introducedBy", blink),
        ("paper/autoregressive-entity-retrieval", "comparesWith", "method/blink"),
    ]:
        assert edge in edges, edge


def test_the_five_pages(shared: Path, tmp_path: Path) -> None:
    """640 records in five pages are 538 papers."""
    report = build([str(shared / "pages")], tmp_path)
    assert (report.sources, report.records, report.papers) == (5, 640, 538)
    assert not report.unread


@pytest.mark.slow
def test_same_input_same_graph_whatever_the_circumstances(tmp_path: Path) -> None:
    """Order of the files, hash seed and number of workers change nothing, to the byte."""
    pages = sorted(str(p) for p in EXAMPLES.iterdir())
    circumstances = [(pages, "0", "1"), (pages[::-1], "1", "2"), (pages, "2", "3")]
    outputs = []
    for number, (files, seed, jobs) in enumerate(circumstances):
        folder = tmp_path / str(number)
        env = {**os.environ, "PYTHONHASHSEED": seed}
        call = [sys.executable, "-m", "kg"]
        subprocess.run(
            [*call, "build", *files, "-o", str(folder), "--jobs", jobs], env=env, check=True
        )
        formats = ["--ttl", "--json", "--graphml", "--html"]
        subprocess.run([*call, "export", "--outputs", str(folder), *formats], env=env, check=True)
        outputs.append({p.name: p.read_bytes() for p in sorted(folder.glob("graph.*"))})
    assert len(outputs[0]) == 4
    assert outputs[0] == outputs[1] == outputs[2]


def test_a_second_build_reads_only_what_is_new(tmp_path: Path) -> None:
    """What was extracted is kept; a changed source is read again; the result is that of one build."""
    shutil.copytree(EXAMPLES, tmp_path / "pages")
    first = build([str(tmp_path / "pages" / "language.txt")], tmp_path / "out")
    second = build([str(tmp_path / "pages")], tmp_path / "out")
    third = build([str(tmp_path / "pages")], tmp_path / "out")
    assert (first.extracted, second.extracted, third.extracted) == (21, 19, 0)
    build([str(tmp_path / "pages")], tmp_path / "once")
    assert dump(tmp_path / "out") == dump(tmp_path / "once")


def test_a_source_can_be_taken_out_again(tmp_path: Path) -> None:
    """What rested on it alone is gone, and the rest is as if it had never been read."""
    a, b = (str(p) for p in sorted(EXAMPLES.iterdir()))
    build([a, b], tmp_path / "out")
    build([], tmp_path / "out", remove=[b])
    build([a], tmp_path / "alone")
    assert dump(tmp_path / "out") == dump(tmp_path / "alone")
    with pytest.raises(KgError, match="no such source"):
        build([], tmp_path / "out", remove=["other.txt"])


def test_a_failed_build_leaves_the_last_good_graph(tmp_path: Path) -> None:
    """A bad file beside a good one changes nothing."""
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.txt"
    good.write_text(PAPER)
    bad.write_bytes(b"\0\1\2")
    build([str(good)], tmp_path / "out")
    before = dump(tmp_path / "out")
    good.write_text(PAPER.replace("BLINK", "GENRE"))
    with pytest.raises(KgError, match="binary"):
        build([str(good), str(bad)], tmp_path / "out")
    assert dump(tmp_path / "out") == before


def test_records_may_be_merged_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many records are; the graph is the same, built at once or page after page."""
    pages = [str(page) for page in sorted(EXAMPLES.glob("*.txt"))]
    build(pages, tmp_path / "here")
    monkeypatch.setattr("kg.pipeline._MANY", 0)
    build(pages, tmp_path / "there")
    for page in pages:
        build([page], tmp_path / "after")
    assert dump(tmp_path / "there") == dump(tmp_path / "here") == dump(tmp_path / "after")
    assert not list((tmp_path / "there").glob("*-wal"))


def test_two_builds_into_one_folder_do_not_meet(tmp_path: Path) -> None:
    """The second is told that the first is writing, and nothing is harmed."""
    (tmp_path / "p.jsonl").write_text(PAPER)
    build([str(tmp_path / "p.jsonl")], tmp_path / "out")
    other = sqlite3.connect(tmp_path / "out" / FILE_NAME)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(KgError, match="another build is writing"):
        build([str(tmp_path / "p.jsonl")], tmp_path / "out")
    other.rollback()
    other.close()
    assert len(dump(tmp_path / "out")) > 1


@pytest.mark.slow
def test_a_killed_build_goes_on_to_the_same_graph(tmp_path: Path) -> None:
    """Killed at several moments, the next build ends in the same graph as an undisturbed one."""
    build([str(EXAMPLES)], tmp_path / "calm")
    call = [sys.executable, "-m", "kg", "build", str(EXAMPLES), "-o", str(tmp_path / "killed")]
    for moment in (0.3, 0.6, 0.9, 1.2, 1.5):
        process = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
    assert dump(tmp_path / "killed") == dump(tmp_path / "calm")


def test_extract_keeps_ids_and_links(tmp_path: Path) -> None:
    """`kg extract` gives each paper of a JSON Lines file by its own id, with linked mentions."""
    (tmp_path / "p.jsonl").write_text(PAPER)
    ((paper, facts),) = extract([str(tmp_path / "p.jsonl")])
    assert paper.id == "p1"
    found = {(m.text, m.type, m.entity) for m in facts.mentions}
    assert ("BLINK", "Method", "method/blink") in found
    assert ("ZESHEL", "Dataset", "dataset/zeshel") in found


# The command line


def test_help_and_versions(run: Run) -> None:
    """Every command has help with an example."""
    from kg.cli import COMMANDS

    assert run("--help").returncode == 0
    assert run("--version").stdout.startswith("kg, version")
    for name in COMMANDS:
        text = run(name, "--help").stdout
        assert "Example" in text, name


def test_near_misses(run: Run, built: Path) -> None:
    """A slip in a command or a name is answered with what was meant."""
    assert "Did you mean build?" in run("biuld").stderr
    done = run("show", "BLNK", "--outputs", str(built))
    assert done.returncode == 1
    assert "BLINK" in done.stderr


def test_show_and_stats(run: Run, built: Path) -> None:
    """One thing with its sentences; the whole in numbers, and as JSON."""
    text = run("show", "BLINK", "--outputs", str(built)).stdout
    assert "introduced by" in text
    assert "We introduce BLINK, a simple two-stage model" in text
    assert "\x1b[" not in text
    counts = json.loads(run("stats", "--json", "--outputs", str(built)).stdout)
    assert counts["nodes"]["Paper"] == 40
    assert "Method" in run("stats", "--outputs", str(built)).stdout


@pytest.mark.parametrize(
    ("args", "stdin", "code", "message"),
    [
        (["build", "nowhere.txt"], b"", 1, "no such file"),
        (["build", "-"], b"", 1, "an empty file"),
        (["build", "-"], b"\0\1\2", 1, "binary"),
        (["build", "-"], b"hello\n", 1, "no papers"),
        (["build", "-"], b'{"title": "\xff"}\n', 1, "no papers"),
        (["build", "-", "--format", "jsnl"], b"x", 2, "Did you mean jsonl?"),
        (["build"], b"", 2, "nothing to read"),
        (["show", "x"], b"", 1, "no graph here yet"),
        (["query", "SELECT * WHERE {{", "--outputs", "{built}"], b"", 2, "SPARQL"),
    ],
)
def test_one_clear_line(
    run: Run, built: Path, args: list[str], stdin: bytes, code: int, message: str
) -> None:
    """What a user can mend is one line and an exit code, with no traceback."""
    done = run(*(a.format(built=built) for a in args), stdin=stdin)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 4  # click adds its usage lines


def test_a_broken_line_is_named_and_the_rest_is_read(run: Run) -> None:
    """The line number stands in the warning, and the build is made."""
    done = run(
        "build",
        "-",
        stdin=PAPER + "{broken\n" + PAPER.replace("p1", "p2").replace("BLINK on", "GENRE on"),
    )
    assert done.returncode == 0
    assert "-:2: skipped: broken JSON" in done.stderr
    assert done.stdout.startswith("2 papers")


def test_outputs_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    """A file where the folder should be is named."""
    (tmp_path / "taken").write_text("")
    done = run("build", "-", "-o", "taken/out", stdin=PAPER)
    assert done.returncode == 1
    assert "taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_programs_database_is_left_alone(run: Run, tmp_path: Path) -> None:
    """A SQLite file that is not ours is not written to."""
    (tmp_path / "out").mkdir()
    db = sqlite3.connect(tmp_path / "out" / FILE_NAME)
    db.execute("CREATE TABLE theirs(x)")
    db.commit()
    db.close()
    done = run("build", "-", "-o", "out", stdin=PAPER)
    assert done.returncode == 1
    assert "another program" in done.stderr


def test_the_readme_names_every_command_and_format() -> None:
    """What can be called and written stands in the README."""
    from kg.cli import COMMANDS
    from kg.export import EXPORTERS
    from kg.readers import READERS

    readme = (ROOT / "README.md").read_text()
    for name in COMMANDS:
        assert f"kg {name}" in readme, name
    for name in EXPORTERS:
        assert f"--{name}" in readme, name
    docs = readme + (ROOT / "docs" / "formats.md").read_text()
    for name in READERS:
        assert f"`{name}`" in docs, name


def test_the_build_sets_its_threads_before_numpy_is_loaded() -> None:
    """numpy reads once, as it is loaded, on how many threads it may multiply."""
    code = "import sys, kg.pipeline, kg.commands.build; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_start_up_imports_nothing_heavy() -> None:
    """`kg --help` loads neither spaCy nor rdflib, networkx, pyvis, numpy or pyoxigraph."""
    code = "import sys, kg.cli; print(*(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "spacy",
        "rdflib",
        "networkx",
        "pyvis",
        "numpy",
        "pyoxigraph",
        "igraph",
        "lxml",
        "rich",
    }
    assert not heavy & set(done.stdout.split())
