"""What a build costs beside extraction, how it grows with the papers, and in how much memory.

usage: python -m benchmarks.bench_build [--corpus ABSTRACTS.jsonl[.gz]] [--sizes 1000 10000] [--jobs 1]

Each size is built in a process of its own, into an empty folder.  The peer is extraction alone: the
same texts, the same model, one process, nothing read or kept.  Times are CPU seconds of the process
(with `--jobs` above 1, of its workers too), which other work on the machine disturbs least.  Memory
is the largest resident set of the main process at the end of a stage.  Growth is the exponent b of
cost = a * papers^b between the smallest and the largest size.  Without a corpus the abstracts that
come with kg are read again and again under new titles, which is kind to the linker.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parent.parent / "examples" / "pages"
STAGES = ("read", "merge", "extract", "link", "assemble", "export")
_PEER = 2000  # papers that the peer reads


def _corpus(path: Path | None) -> Iterator[str]:
    """Lines of a corpus; or the example abstracts without end, each time with another title."""
    if path:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
            yield from lines
        return
    from kg.model import Paper
    from kg.readers import sources

    items = (item for s in sources.find([str(EXAMPLES)]) for item in sources.read(s))
    papers = [item for item in items if isinstance(item, Paper)]
    for number in count():
        for paper in papers:
            title = f"{paper.title} {number}"
            row = {"id": f"p{number}-{paper.id}", "title": title, "abstract": paper.abstract}
            yield json.dumps(row) + "\n"


def _peak() -> float:
    """The largest resident set so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _cpu() -> float:
    """CPU seconds of this process and of the workers that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


class Clock:
    """CPU seconds, wall seconds and memory by stage, told by the calls of a build's progress."""

    def __init__(self) -> None:
        self.stage, self.cpu, self.wall = "start", _cpu(), time.monotonic()
        self.rows: dict[str, dict[str, float]] = {}

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """Close the stage under way where another begins."""
        if stage == self.stage:
            return
        cpu, wall = _cpu(), time.monotonic()
        row = self.rows.setdefault(self.stage, {"cpu": 0.0, "wall": 0.0})
        row["cpu"] += cpu - self.cpu
        row["wall"] += wall - self.wall
        row["peak"] = _peak()
        self.stage, self.cpu, self.wall = stage, cpu, wall


def one(source: str, outputs: Path, jobs: int) -> dict[str, Any]:
    """Build and export once, in this process: stages, sizes, counts."""
    from kg.export import EXPORTERS
    from kg.pipeline import build
    from kg.store import Store

    clock = Clock()
    report = build([source], outputs, jobs=jobs, progress=clock)
    clock("export")
    with Store.open(outputs) as graph, (outputs / "graph.ttl").open("wb") as stream:
        EXPORTERS["ttl"].load()(graph, stream)
    clock("end")
    return {
        "papers": report.papers,
        "entities": report.entities,
        "statements": report.statements,
        "stages": clock.rows,
        "store": report.path.stat().st_size,
        "turtle": (outputs / "graph.ttl").stat().st_size,
    }


def alone(source: str) -> dict[str, float]:
    """CPU seconds a paper of extraction alone, and those of loading the model."""
    from kg.model import Paper

    with Path(source).open() as lines:
        rows = [json.loads(line) for line in islice(lines, _PEER)]
    papers = [Paper(str(i), row["title"], row["abstract"]) for i, row in enumerate(rows)]
    began = _cpu()
    from kg.extract.pipeline import load  # spaCy and its like are part of the cost

    extractor = load()
    loaded = _cpu()
    for _ in extractor.extract(papers):
        pass
    return {"each": (_cpu() - loaded) / len(papers), "load": loaded - began}


def _in_process(*call: str) -> dict[str, Any]:
    """What this module prints when called so, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bench_build", *call]
    # On one thread, as a build is: threads that wait for one another cost CPU seconds too.
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    env = {**os.environ, **threads}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=env)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(corpus: Path | None, sizes: list[int], jobs: int) -> Iterator[dict[str, Any]]:
    """A row for each size; its peer is measured once, on the smallest."""
    with tempfile.TemporaryDirectory() as home:
        peer: dict[str, float] = {}
        for size in sizes:
            source = Path(home) / "papers.jsonl"
            with source.open("w") as stream:
                stream.writelines(islice(_corpus(corpus), size))
            peer = peer or _in_process("--alone", str(source))
            outputs = Path(home) / str(size)
            row = _in_process("--one", str(source), str(outputs), "--jobs", str(jobs))
            yield row | {"peer": peer}


def _show(row: dict[str, Any]) -> None:
    papers, stages, peer = row["papers"], row["stages"], row["peer"]
    extraction = papers * peer["each"] + peer["load"]
    spent = {name: stages.get(name, {"cpu": 0.0})["cpu"] for name in STAGES}
    whole = sum(spent.values()) + stages["start"]["cpu"]
    shares = "  ".join(f"{name} {spent[name] / extraction:.1%}" for name in STAGES)
    print(f"{papers:>7,} papers  {whole / extraction:.2f}x extraction alone:  {shares}")
    peaks = "  ".join(f"{name} {stages[name]['peak']:.0f}" for name in STAGES if name in stages)
    wall = sum(stage["wall"] for stage in stages.values())
    print(f"{'':15} peak MiB at the end of:  {peaks};  {wall:.0f} s in all")
    print(
        f"{'':15} {row['entities']:,} things, {row['statements']:,} edges;  bytes a paper: store"
        f" {row['store'] // papers:,}, Turtle {row['turtle'] // papers:,}",
        flush=True,
    )


def _growth(small: dict[str, Any], large: dict[str, Any]) -> None:
    ratio = math.log(large["papers"] / small["papers"])
    exponents = []
    for name in STAGES:
        a, b = (row["stages"].get(name, {"cpu": 0.0})["cpu"] for row in (small, large))
        if a > 0.01 and b > 0:
            exponents.append(f"{name} {math.log(b / a) / ratio:.2f}")
    more = large["stages"]["assemble"]["peak"] - small["stages"]["assemble"]["peak"]
    each = more * 2**20 / (large["papers"] - small["papers"])
    print(f"growth as papers^b: {'  '.join(exponents)};  memory {each:,.0f} bytes a further paper")


def main() -> None:
    """Print each size as ratios to extraction alone, and the exponents of growth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 2000])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--one", nargs=2, metavar=("SOURCE", "OUTPUTS"), help=argparse.SUPPRESS)
    parser.add_argument("--alone", metavar="SOURCE", help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.one:
        print(json.dumps(one(a.one[0], Path(a.one[1]), a.jobs)))
    elif a.alone:
        print(json.dumps(alone(a.alone)))
    else:
        rows = []
        for row in measure(a.corpus, a.sizes, a.jobs):
            rows.append(row)
            _show(row)
        if len(rows) > 1:
            _growth(rows[0], rows[-1])


if __name__ == "__main__":
    main()
