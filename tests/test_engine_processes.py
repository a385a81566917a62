"""Extraction in processes: what is found does not depend on company, order or the number of workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from kg.errors import KgError
from kg.extract.pipeline import load
from kg.extract.tagger import Words
from kg.extract.workers import extract_all, model_name
from kg.model import Paper
from kg.processes import apart
from kg.readers import sources
from kg.records import dump_facts
from tests.conftest import EXAMPLES

T = TypeVar("T")


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    """The example papers as they are read."""
    found = sources.find([str(EXAMPLES)])
    return [item for source in found for item in sources.read(source) if isinstance(item, Paper)]


def texts(papers: list[Paper], times: int = 1) -> Iterator[tuple[bytes, Paper]]:
    """The papers, several times over, under numbers."""
    return ((str(i).encode(), paper) for i, paper in enumerate(papers * times))


def test_a_paper_alone_is_read_as_among_others(papers: list[Paper]) -> None:
    """The network reads papers together; sums must not depend on which."""
    extractor = load()
    together = [dump_facts(facts) for facts in extractor.extract(papers)]
    alone = [dump_facts(next(extractor.extract([paper]))) for paper in papers]
    backwards = [dump_facts(facts) for facts in extractor.extract(papers[::-1])]
    assert together == alone == backwards[::-1]


def test_what_a_process_gives_or_raises_comes_back() -> None:
    """A value, or the error that a user can mend, with its exit code; never this process's own."""
    assert apart(os.getpid) != os.getpid()
    with pytest.raises(KgError, match="no such format") as caught:
        apart(_fail, "no such format")
    assert caught.value.code == 2


def _fail(message: str) -> None:
    raise KgError(message, code=2)


@pytest.mark.slow
def test_workers_change_nothing(papers: list[Paper]) -> None:
    """One process or three, in one chunk or in several: the same rows in the same order."""
    rows = []
    for jobs in (1, 3):
        chunks = extract_all(texts(papers, 15), 15 * len(papers), "default", (), jobs)
        rows.append([row for chunk in chunks for row in chunk])
    assert len(rows[0]) == 15 * len(papers)
    assert rows[0] == rows[1]


@pytest.mark.slow
def test_a_script_without_a_main_builds_with_workers(tmp_path: Path) -> None:
    """A worker must not run the script again: each would build, and start workers, in its turn."""
    script = tmp_path / "script.py"
    script.write_text(f"""import kg
from pathlib import Path
print(kg.build([{str(EXAMPLES)!r}], Path({str(tmp_path)!r}), jobs=2).papers)
""")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout == "40\n"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_workers_end_with_a_build_that_is_killed(tmp_path: Path) -> None:
    """A worker that is left alone leaves: it would hold the model's memory for ever."""
    source = tmp_path / "papers.jsonl"
    with source.open("w") as lines:
        for number in range(3500):  # so many that they are read by another process
            row = {"id": str(number), "title": f"A Study {number}", "abstract": "We train BERT."}
            lines.write(json.dumps(row) + "\n")
    call = [sys.executable, "-m", "kg", "build", str(source), "-o", str(tmp_path), "--jobs", "1"]
    with subprocess.Popen(call, stderr=subprocess.DEVNULL) as build:
        workers = wait_for(lambda: _children(build.pid), "no worker was started")
        build.kill()
    wait_for(lambda: not any(map(_runs, workers)), f"{workers} run on")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found if "spawn_main" in _command(int(child))]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def _runs(pid: int) -> bool:
    return "spawn_main" in _command(pid)  # that of one that has ended is empty


def wait_for(sought: Callable[[], T], otherwise: str) -> T:
    """What is sought, once it is there; a failure where it is not within a minute."""
    for _ in range(600):
        if found := sought():
            return found
        time.sleep(0.1)
    raise AssertionError(otherwise)


def test_words_are_described_alike_in_every_process() -> None:
    """The order of a word's pieces is that in which they are summed: no seed of hashes may change it."""
    code = "from kg.extract.features import grams; print([*map(grams, dir(str))])"
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1


@pytest.mark.slow
def test_few_words_are_read_as_many_are(papers: list[Paper]) -> None:
    """A network that has met no word, one, or all before: the same sums, to the last bit."""
    extractor = load()
    tagger = extractor.nlp.get_pipe("kg_ner").network  # type: ignore[attr-defined] # our component
    words = [
        Words(p.title.split(), np.zeros((len(p.title.split()), 2), np.float32)) for p in papers
    ]
    together = tagger.log_probs(words)
    for word, rows in zip(words, together, strict=True):
        tagger.forms.clear()
        assert np.array_equal(tagger.log_probs([word])[0], rows)


def test_nothing_to_read_starts_nothing() -> None:
    """No text, no worker and no model: a build that changes nothing stays quick."""
    unread = iter([(b"", Paper("", "never", "looked at"))])
    assert list(extract_all(unread, 0, "default", (), 2)) == []
    assert len(list(unread)) == 1


def test_the_name_of_a_model_says_what_it_depends_on() -> None:
    """Profile, version, revision of the rules, and a digest of weights and known names."""
    name = model_name("default", ())
    assert name.startswith("kg-default-")
    assert name != model_name("default", [EXAMPLES / "language.txt"])
