"""The file that a build keeps: one file, one builder at a time, migrated, and safe from a full disk."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.evidence import enclosing
from kg.link.origins import digest
from kg.model import Entity
from kg.pipeline import build
from kg.store import FILE_NAME, VERSION, Store, alone
from tests.conftest import EXAMPLES, Run

PAGE = str(EXAMPLES / "language.txt")
PAPER = '{"id": "p1", "title": "BLINK on ZESHEL", "abstract": "We evaluate BLINK on ZESHEL."}\n'
# The tables of layout 1, which held each paper's text three times.
FIRST_LAYOUT = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source(file TEXT PRIMARY KEY, format TEXT NOT NULL, sha256 TEXT NOT NULL,
    records INTEGER NOT NULL, unread TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record(file TEXT NOT NULL, ordinal INTEGER NOT NULL, paper TEXT NOT NULL,
    PRIMARY KEY (file, ordinal)) WITHOUT ROWID;
CREATE TABLE facts(content BLOB NOT NULL, model TEXT NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (content, model)) WITHOUT ROWID;
CREATE TABLE draft(id TEXT PRIMARY KEY, content BLOB NOT NULL, paper TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX draft_content ON draft(content);
CREATE TABLE paper(id TEXT PRIMARY KEY, paper TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entity(id TEXT PRIMARY KEY, type TEXT NOT NULL, entity TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE statement(subject TEXT NOT NULL, relation TEXT NOT NULL, object TEXT NOT NULL,
    confidence REAL NOT NULL, origin TEXT NOT NULL, evidence TEXT NOT NULL,
    PRIMARY KEY (subject, relation, object)) WITHOUT ROWID;
CREATE INDEX statement_object ON statement(object, relation, subject);
PRAGMA application_id=27495;
PRAGMA user_version=1;
ATTACH 'NEW' AS new;
INSERT INTO meta SELECT * FROM new.meta WHERE key NOT GLOB 'source:*' AND key != 'merged';
INSERT INTO source SELECT file, format, sha256, records, unread FROM new.source;
INSERT INTO record SELECT file, ordinal, paper FROM new.record JOIN new.document d ON d.id = document;
INSERT INTO facts SELECT content, model, facts FROM new.facts;
INSERT INTO draft SELECT r.id, content, paper FROM new.draft r JOIN new.document d ON d.id = document;
INSERT INTO paper SELECT id, paper FROM draft;
INSERT INTO entity VALUES('method/blink', 'Method', '["method/blink","Method","BLINK",[],[],"new",[]]');
INSERT INTO statement VALUES('paper/p', 'uses', 'method/blink', 0.5, 'extracted', '[]');
"""


def dump(folder: Path) -> list[object]:
    """All that the graph of a build says, in order."""
    with Store.open(folder) as store:
        return [*store.papers(), *store.entities(), *store.statements(), store.metadata()]


def test_a_finished_build_is_one_file(tmp_path: Path) -> None:
    """No journal lies beside it, so that it can be copied, and read where nothing can be written."""
    build([PAGE], tmp_path / "out")
    files = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert files == [".kg.lock", FILE_NAME]
    (tmp_path / "out").chmod(0o555)
    try:
        assert dump(tmp_path / "out")
    finally:
        (tmp_path / "out").chmod(0o755)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == files


def test_unchanged_input_is_not_built_again(tmp_path: Path) -> None:
    """The second build writes nothing; other links, or another source, make a new graph."""
    (tmp_path / "p.jsonl").write_text(PAPER)
    build([str(tmp_path / "p.jsonl")], tmp_path / "out")
    stages: list[str] = []
    build([str(tmp_path / "p.jsonl")], tmp_path / "out", progress=lambda s, d, t: stages.append(s))
    assert not {"merge", "link", "assemble"} & set(stages)
    (tmp_path / "links.txt").write_text("same: Method: BLINK | Blinker\n")
    for _ in range(2):
        stages.clear()
        build(
            [],
            tmp_path / "out",
            links=tmp_path / "links.txt",
            progress=lambda s, d, t: stages.append(s),
        )
    assert "link" not in stages


def test_a_changed_vocabulary_is_seen(tmp_path: Path) -> None:
    """A further known name makes facts and graph anew, though the papers are the same."""
    (tmp_path / "p.jsonl").write_text(PAPER.replace("BLINK", "Fnord"))
    build([str(tmp_path / "p.jsonl")], tmp_path / "out")
    (tmp_path / "names.jsonl").write_text(
        '{"type": "Method", "name": "Fnordnet", "aliases": ["Fnord"]}\n'
    )
    report = build([], tmp_path / "out", vocabulary=[tmp_path / "names.jsonl"])
    assert report.extracted == 1
    with Store.open(tmp_path / "out") as store:
        assert "Fnordnet" in {e.name for e in store.entities()}


def test_an_older_store_is_brought_up_to_date(tmp_path: Path) -> None:
    """What layout 1 had read is kept, its facts are made anew, and the graph is that of a fresh build."""
    build([PAGE], tmp_path / "new")
    (tmp_path / "old").mkdir()
    with sqlite3.connect(tmp_path / "old" / FILE_NAME) as db:
        db.executescript(FIRST_LAYOUT.replace("NEW", str(tmp_path / "new" / FILE_NAME)))
    db.close()
    with pytest.raises(KgError, match="older kg"):
        Store.open(tmp_path / "old")
    report = build([PAGE], tmp_path / "old")
    assert report.extracted == report.papers
    assert dump(tmp_path / "old") == dump(tmp_path / "new")


def test_a_paper_to_build_from_is_read_where_it_is_asked_for(tmp_path: Path) -> None:
    """What linking and assembling are given says the same as the paper, whose words it fetches late."""
    row = '{"id": "p2", "title": "On ZESHEL", "abstract": "Read.", "code": "https://github.com/a/b"}\n'
    (tmp_path / "p.jsonl").write_text(PAPER + row)
    build([str(tmp_path / "p.jsonl")], tmp_path / "out")
    with Store.open(tmp_path / "out") as store:
        drafts = [draft for draft, _ in store.drafts(store.get("model") or "")]
        papers = {paper.id: paper for paper in store.papers()}
        assert [draft.id for draft in drafts] == ["p1", "p2"]
        for draft in drafts:
            paper = papers[draft.id]
            told = (draft.title, draft.abstract, draft.links, draft.paper)
            assert told == (paper.title, paper.abstract, paper.links, paper)


def test_a_text_that_two_papers_share_is_read_once(tmp_path: Path) -> None:
    """Two papers may say the same; no text is counted that is not read, nor read twice."""
    rows = [
        {"id": name, "title": "BLINK on ZESHEL", "abstract": "We evaluate BLINK.", "arxiv": number}
        for name, number in (("a", "2401.00001"), ("b", "2401.00002"), ("c", "2401.00003"))
    ]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = build([str(tmp_path / "p.jsonl")], tmp_path / "out")
    assert (report.papers, report.extracted) == (3, 1)
    with Store.open(tmp_path / "out") as store:
        assert sum(s.subject.startswith("paper/") for s in store.statements()) % 3 == 0
    with Store.create(tmp_path / "out" / FILE_NAME) as store:
        assert len(list(store.texts("another model"))) == store.missing("another model") == 1


def test_papers_that_known_things_come_from_are_found_by_their_marks(tmp_path: Path) -> None:
    """A title and an arXiv number each tell the paper; of others none is read."""
    rows = [
        {"id": "a", "title": "On Zorble", "abstract": "We present Zorble."},
        {"id": "b", "title": "Another title", "abstract": "Zorble.", "arxiv": "2401.00001"},
        {"id": "c", "title": "Unrelated", "abstract": "Zorble."},
    ]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    build([str(tmp_path / "p.jsonl")], tmp_path / "out")
    with Store.open(tmp_path / "out") as store:
        wanted = [digest(("title", "onzorble")), digest(("arxiv", "2401.00001"))]
        assert [paper.id for paper in store.marked(wanted)] == ["a", "b"]
        assert not list(store.marked([]))


def documents(folder: Path) -> dict[str, int]:
    """The number of the document of each paper."""
    with sqlite3.connect(folder / FILE_NAME) as db:
        rows = db.execute("SELECT id, document FROM node WHERE document IS NOT NULL").fetchall()
        assert db.execute("SELECT count(*) FROM document").fetchone()[0] >= len(rows)
    db.close()
    return dict(rows)


def test_what_a_changed_source_says_as_before_is_kept_as_it_is(tmp_path: Path) -> None:
    """A paper put behind the others moves none of them; papers taken out are forgotten."""
    rows = [
        {
            "id": f"p{n}",
            "title": f"BLINK {n}",
            "abstract": f"We use BLINK {n}.",
            "doi": f"10.1234/x{n}",
        }
        for n in range(3)
    ]
    lines = [json.dumps(row) + "\n" for row in rows]
    again = [json.dumps({"title": "BLINK", "doi": "10.1234/x0"}) + "\n"]
    source = tmp_path / "p.jsonl"
    (tmp_path / "q.jsonl").write_text(again[0])
    both = [str(source), str(tmp_path / "q.jsonl")]
    source.write_text("".join(lines[:2]))
    build(both, tmp_path / "out")
    before = documents(tmp_path / "out")
    assert len(before) == 2
    source.write_text("".join(lines))
    build(both, tmp_path / "out")
    after = documents(tmp_path / "out")
    assert len(after) == 3
    assert before.items() <= after.items()
    source.write_text(lines[0])
    build(both, tmp_path / "out")
    (left,) = documents(tmp_path / "out").items()
    assert left in before.items()
    with sqlite3.connect(tmp_path / "out" / FILE_NAME) as db:
        assert db.execute("SELECT count(*) FROM record").fetchone() == (2,)
        assert db.execute("SELECT count(*) FROM document").fetchone() == (3,)
    db.close()


def test_a_node_has_one_number_whether_it_waits_or_is_written() -> None:
    """What is asked for by id is found among the nodes of linking, those just made, and those kept."""
    with Store.create(None) as store:
        nodes = store.nodes()
        first = nodes.add_all(
            [Entity("metric/x", "Metric", "x"), Entity("metric/y", "Metric", "y")]
        )
        assert nodes.put(Entity("metric/y", "Metric", "Y")) == first + 1
        result = nodes.put(Entity("result/p/1", "Result", "x 1"))
        new = Entity("repository/a/b", "Repository", "b")
        made = nodes.put(new)
        assert made == nodes.put(new) == result + 1
        nodes.keep()
        assert nodes.put(new) == made
        assert nodes.put(Entity("result/p/2", "Result", "x 2")) == made + 1


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    """A file of a later layout is neither read nor written, and the message says why."""
    build([PAGE], tmp_path)
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute(f"PRAGMA user_version={VERSION + 1}")
    db.close()
    for use in (lambda: Store.open(tmp_path), lambda: build([PAGE], tmp_path)):
        with pytest.raises(KgError, match="newer kg"):
            use()


def test_a_build_holds_its_folder_from_end_to_end(tmp_path: Path) -> None:
    """A second build is told so even between the transactions of the first."""
    build([PAGE], tmp_path)
    with alone(tmp_path), pytest.raises(KgError, match="another build"):
        build([PAGE], tmp_path)
    build([PAGE], tmp_path)


def test_readers_go_on_while_a_build_writes(tmp_path: Path) -> None:
    """The graph of the last build is read, whole, while the next one is under way."""
    build([PAGE], tmp_path / "out")
    before = dump(tmp_path / "out")
    seen: list[bool] = []
    (tmp_path / "p.jsonl").write_text(PAPER)

    def look(stage: str, done: int, total: int | None) -> None:
        seen.append(dump(tmp_path / "out") == before)

    build([str(tmp_path / "p.jsonl")], tmp_path / "out", progress=look)
    assert seen
    assert all(seen)
    assert dump(tmp_path / "out") != before


def test_taking_out_the_last_source_changes_nothing(tmp_path: Path) -> None:
    """A build of nothing is refused, and what was there stays."""
    build([PAGE], tmp_path)
    before = dump(tmp_path)
    with pytest.raises(KgError, match="nothing is left"):
        build([], tmp_path, remove=[PAGE])
    with Store.open(tmp_path) as store:
        assert list(store.sources()) == [PAGE]
    assert dump(tmp_path) == before


def test_a_build_killed_before_its_first_commit_is_named(tmp_path: Path) -> None:
    """A file without tables is an unfinished build, and the next build finishes it."""
    sqlite3.connect(tmp_path / FILE_NAME).close()
    with pytest.raises(KgError, match="did not finish"):
        Store.open(tmp_path)
    build([PAGE], tmp_path)
    assert dump(tmp_path)


@pytest.mark.parametrize("kilobytes", [90, 130, 180])
def test_a_full_disk_is_one_line(tmp_path: Path, kilobytes: int) -> None:
    """Where no more can be written, one line says so; the last graph stands, and room mends it."""
    (tmp_path / "p.jsonl").write_text(PAPER)
    build([str(tmp_path / "p.jsonl")], tmp_path / "out")
    before = dump(tmp_path / "out")
    call = [
        sys.executable,
        "-m",
        "kg",
        "build",
        str(EXAMPLES),
        "-o",
        str(tmp_path / "out"),
        "--jobs",
        "1",
    ]
    size = kilobytes * 1024
    done = subprocess.run(
        call,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    assert done.returncode == 1, done.stderr
    assert "disk" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert dump(tmp_path / "out") == before
    build([str(EXAMPLES)], tmp_path / "out")
    build([str(tmp_path / "p.jsonl"), str(EXAMPLES)], tmp_path / "once")
    assert dump(tmp_path / "out") == dump(tmp_path / "once")


def test_a_damaged_store_is_named(run: Run, tmp_path: Path) -> None:
    """A store with bytes overwritten is refused with one line that says what to do."""
    build([PAGE], tmp_path / "out")
    path = tmp_path / "out" / FILE_NAME
    data = bytearray(path.read_bytes())
    data[8192 : len(data)] = os.urandom(1) * (len(data) - 8192)
    path.write_bytes(data)
    done = run("build", str(EXAMPLES), "-o", "out")
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_diff_tells_what_two_builds_disagree_on(run: Run, tmp_path: Path) -> None:
    """Nodes and edges that stand in one of two builds only, with - and +; none for equal ones."""
    (tmp_path / "a.jsonl").write_text(PAPER)
    (tmp_path / "b.jsonl").write_text(PAPER.replace("ZESHEL", "TACKBP"))
    for name in "ab":
        build([str(tmp_path / f"{name}.jsonl")], tmp_path / name)
    text = run("diff", "a", "b").stdout
    assert "- dataset/zeshel" in text
    assert "+ paper/p1\tevaluatesOn\tdataset/tackbp" in text
    assert run("diff", "a", "a").stdout == ""


def test_a_sentence_is_found_around_a_span() -> None:
    """The bounds of the sentence that holds a span, or of the two that it crosses."""
    bounds = [(0, 10), (11, 20), (22, 30)]
    assert enclosing(bounds, 12, 15, 30) == (11, 20)
    assert enclosing(bounds, 0, 10, 30) == (0, 10)
    assert enclosing(bounds, 8, 15, 30) == (0, 20)
    assert enclosing(bounds, 21, 22, 30) == (11, 30)
    assert enclosing([], 1, 2, 30) == (0, 30)
