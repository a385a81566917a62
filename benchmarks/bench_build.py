"""What a build costs beside extraction, how it grows with the papers, and in how much memory.

usage: python -m benchmarks.bench_build [--corpus ABSTRACTS.jsonl[.gz]] [--sizes 1000 10000 100000]
           [--jobs 1] [--exports nt ttl html json] [--plot docs/growth.svg]

Each size is built in a process of its own, into an empty folder, and exported by another.  The peer
is extraction alone: the same texts, the same model, one process, nothing read or kept.  It runs
before each size and after, as a machine's speed drifts, and the mean counts; over at most 8,000 of
its papers, of which the last 4,000, when it has warmed up, tell what all further ones cost.  As the
speed may drift within a build, too, what is not extraction is also set against the build's own
extraction.  Times are CPU seconds of the process and of its workers, which other work on the
machine disturbs least.
Memory is the largest resident set of the process and its workers together
in a stage, looked at ten times a second.  Growth is the exponent b of cost = a * papers^b between
the smallest and the largest size.  Printed are the tables of `benchmarks/README.md`.  Without a
corpus the abstracts that come with kg are read again and again under new titles, which is kind to
the linker; the sizes are then 1,000 and 10,000.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count, islice
from pathlib import Path
from typing import Any

from benchmarks.growth_plot import plot

EXAMPLES = Path(__file__).parent.parent / "examples" / "pages"
STAGES = ("read", "merge", "extract", "link", "assemble")
_WARM = 4000  # papers that the peer reads before and, at most, after it has warmed up


def corpus_lines(path: Path | None) -> Iterator[str]:
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


def _resident() -> float:
    """The resident sets of this process and its workers together, in MiB."""
    own = Path("/proc/self")
    workers = [pid for task in own.glob("task/*/children") for pid in task.read_text().split()]
    pages = 0
    for place in (own, *(Path("/proc", pid) for pid in workers)):
        with suppress(OSError):  # it has just ended
            pages += int((place / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _cpu() -> float:
    """CPU seconds of this process and of the workers that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


class Clock:
    """CPU seconds, wall seconds and memory by stage, told by the calls of a build's progress."""

    def __init__(self) -> None:
        self.stage, self.cpu, self.wall = "start", _cpu(), time.monotonic()
        self.rows: dict[str, dict[str, float]] = {}
        self.peak = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while self.stage != "end":
            self.peak = max(self.peak, _resident())
            time.sleep(0.1)

    def __call__(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """Close the stage under way where another begins."""
        if stage == self.stage:
            return
        cpu, wall = _cpu(), time.monotonic()
        row = self.rows.setdefault(self.stage, {"cpu": 0.0, "wall": 0.0})
        row["cpu"] += cpu - self.cpu
        row["wall"] += wall - self.wall
        row["peak"], self.peak = max(self.peak, _resident()), 0.0
        self.stage, self.cpu, self.wall = stage, cpu, wall


def one(source: str, outputs: Path, jobs: int) -> dict[str, Any]:
    """Build once, in this process: stages, sizes, counts."""
    from kg.pipeline import build

    clock = Clock()
    report = build([source], outputs, jobs=jobs, progress=clock)
    clock("end")
    return {
        "papers": report.papers,
        "entities": report.entities,
        "statements": report.statements,
        "stages": clock.rows,
        "store": report.path.stat().st_size,
        "graph": _graph_bytes(report.path),
    }


def _graph_bytes(path: Path) -> int:
    """Bytes of the linked graph in the store, with its indexes; papers' texts are not part of it."""
    with closing(sqlite3.connect(path)) as db:
        tables = "'node', 'statement', 'word'"
        rows = db.execute(
            f"""SELECT sum(pgsize) FROM dbstat WHERE name IN
                (SELECT name FROM sqlite_master WHERE tbl_name IN ({tables}))"""
        )
        return int(rows.fetchone()[0])


def export(outputs: Path, format_: str) -> dict[str, float]:
    """Write one format, in this process: CPU seconds, the largest resident set, bytes."""
    from kg.export import EXPORTERS
    from kg.store import Store

    write = EXPORTERS[format_].load()
    began, path = _cpu(), outputs / f"graph.{format_}"
    with Store.open(outputs) as graph, path.open("wb") as stream:
        write(graph, stream)
    size = path.stat().st_size
    path.unlink()
    return {"cpu": _cpu() - began, "peak": _peak(), "bytes": size}


def alone(source: str) -> dict[str, float]:
    """Of extraction alone: CPU seconds of the model's load, of the first papers, and of each further one."""
    from kg.model import Paper

    with Path(source).open() as lines:
        rows = [json.loads(line) for line in islice(lines, 2 * _WARM)]
    papers = [Paper(str(i), row["title"], row["abstract"]) for i, row in enumerate(rows)]
    began = _cpu()
    from kg.extract.pipeline import load  # spaCy and its like are part of the cost

    extractor = load()
    loaded = _cpu()
    spent = [loaded]
    for half in (papers[:_WARM], papers[_WARM:]):
        for at in range(
            0, len(half), 256
        ):  # as a build does, which lets spaCy forget words between
            with extractor.nlp.memory_zone():
                for _ in extractor.extract(half[at : at + 256]):
                    pass
        spent.append(_cpu())
    first, rest = spent[1] - spent[0], spent[2] - spent[1]
    return {"load": loaded - began, "first": first, "each": rest / max(1, len(papers) - _WARM)}


def _in_process(*call: str) -> dict[str, Any]:
    """What this module prints when called so, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bench_build", *call]
    # On one thread, as a build is: threads that wait for one another cost CPU seconds too.
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    env = {**os.environ, **threads}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=env)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(
    corpus: Path | None, sizes: list[int], jobs: int, formats: list[str]
) -> Iterator[dict[str, Any]]:
    """A row for each size."""
    with tempfile.TemporaryDirectory() as home:
        for size in sizes:
            source, outputs = Path(home) / "papers.jsonl", Path(home) / str(size)
            with source.open("w") as stream:
                stream.writelines(islice(corpus_lines(corpus), size))
            before = _in_process("--alone", str(source))
            row = _in_process("--one", str(source), str(outputs), "--jobs", str(jobs))
            after = _in_process("--alone", str(source))
            peer = {key: (before[key] + after[key]) / 2 for key in before}
            written = {f: _in_process("--export", str(outputs), f) for f in formats}
            yield row | {"peer": peer, "exports": written}
            (outputs / "kg.sqlite").unlink()


def _extraction(row: dict[str, Any]) -> float:
    """CPU seconds of extraction alone over the papers of a row."""
    peer = row["peer"]
    return float(peer["load"] + peer["first"] + max(0, row["papers"] - _WARM) * peer["each"])


def _spent(row: dict[str, Any]) -> dict[str, float]:
    """CPU seconds of a build by stage."""
    return {name: row["stages"].get(name, {"cpu": 0.0})["cpu"] for name in STAGES}


def _times(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield (
        f"| papers | {' | '.join(STAGES)} | whole build | all but extraction, of the build's own |"
        " µs a paper | wall, s |"
    )
    yield "| ---: |" + " ---: |" * (len(STAGES) + 4)
    for row in rows:
        spent, peer = _spent(row), _extraction(row)
        rest = sum(spent.values()) - spent["extract"]
        wall = sum(stage["wall"] for stage in row["stages"].values())
        shares = " | ".join(f"{spent[name] / peer:.1%}" for name in STAGES)
        yield (
            f"| {row['papers']:,} | {shares} | {sum(spent.values()) / peer:.2f} |"
            f" {rest / spent['extract']:.1%} |"
            f" {rest / row['papers'] * 1e6:,.0f} | {wall:,.0f} |"
        )
    if len(rows) > 1:
        small, large = (_spent(row) for row in (rows[0], rows[-1]))
        ratio = rows[-1]["papers"] / rows[0]["papers"]
        powers = [_power(small[name], large[name], ratio) for name in STAGES]
        whole = _power(sum(small.values()), sum(large.values()), ratio)
        yield f"| growth as papers^b | {' | '.join(powers)} | {whole} | | | |"


def _power(small: float, large: float, ratio: float) -> str:
    """The exponent of growth between two costs, of sizes of this ratio."""
    return f"{math.log(large / small) / math.log(ratio):.2f}" if min(small, large) >= 0.01 else ""


def _memory(rows: list[dict[str, Any]]) -> Iterator[str]:
    stages = [name for name in STAGES if name in rows[0]["stages"]]
    yield f"| papers | peak MiB in {' | '.join(stages)} | things | edges | graph, bytes a paper | store, bytes a paper |"
    yield "| ---: |" + " ---: |" * (len(stages) + 4)
    for row in rows:
        peaks = " | ".join(f"{row['stages'][name]['peak']:,.0f}" for name in stages)
        yield (
            f"| {row['papers']:,} | {peaks} | {row['entities']:,} | {row['statements']:,} |"
            f" {row['graph'] / row['papers']:,.0f} | {row['store'] / row['papers']:,.0f} |"
        )


def _most(row: dict[str, Any]) -> float:
    """The peak of a whole build, in MiB."""
    return float(max(stage["peak"] for stage in row["stages"].values()))


def _more(small: dict[str, Any], large: dict[str, Any]) -> str:
    """What the larger of two sizes takes more of memory, beside what its graph takes of disk."""
    more = _most(large) - _most(small)
    each = more * 2**20 / (large["papers"] - small["papers"])
    return (
        f"From {small['papers']:,} to {large['papers']:,} papers the peak grows by {more:,.0f} MiB,"
        f" {each:,.0f} bytes a paper; the graph of the larger takes {large['graph'] / 2**20:,.0f} MiB"
        f" of the store, {large['graph'] / large['papers']:,.0f} bytes a paper."
    )


def _exports(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "| papers | format | MB | of extraction | peak MiB |"
    yield "| ---: | --- | ---: | ---: | ---: |"
    for row in rows:
        for name, found in row["exports"].items():
            share = found["cpu"] / _extraction(row)
            yield f"| {row['papers']:,} | {name} | {found['bytes'] / 1e6:,.1f} | {share:.1%} | {found['peak']:,.0f} |"


def _plot(rows: list[dict[str, Any]]) -> str:
    times = {name: {row["papers"]: _spent(row)[name] for row in rows} for name in STAGES}
    times["extraction alone"] = {row["papers"]: _extraction(row) for row in rows}
    memory = {
        "peak memory": {row["papers"]: _most(row) for row in rows},
        "graph in the store": {row["papers"]: row["graph"] / 2**20 for row in rows},
        "store": {row["papers"]: row["store"] / 2**20 for row in rows},
    }
    return plot({"CPU seconds by stage": times, "MiB": memory})


def main() -> None:
    """Print each size as ratios to extraction alone, and the exponents of growth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--exports", nargs="*", default=["ttl"], metavar="FORMAT")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg")
    parser.add_argument("--one", nargs=2, metavar=("SOURCE", "OUTPUTS"), help=argparse.SUPPRESS)
    parser.add_argument("--alone", metavar="SOURCE", help=argparse.SUPPRESS)
    parser.add_argument("--export", nargs=2, help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.one:
        print(json.dumps(one(a.one[0], Path(a.one[1]), a.jobs)))
    elif a.alone:
        print(json.dumps(alone(a.alone)))
    elif a.export:
        print(json.dumps(export(Path(a.export[0]), a.export[1])))
    else:
        sizes = a.sizes or ([1000, 10_000, 100_000] if a.corpus else [1000, 10_000])
        _report(measure(a.corpus, sizes, a.jobs, a.exports), a.plot)


def _report(measured: Iterator[dict[str, Any]], to: Path | None) -> None:
    rows: list[dict[str, Any]] = []
    for row in measured:
        rows.append(row)
        whole = sum(_spent(row).values()) / _extraction(row)
        print(f"{row['papers']:>7,} papers: {whole:.2f}x extraction alone", flush=True)
    print(*("\n".join(table(rows)) for table in (_times, _memory, _exports)), sep="\n\n")
    if len(rows) > 1:
        print(f"\n{_more(rows[-2], rows[-1])}")
        if to:
            to.write_text(_plot(rows))


if __name__ == "__main__":
    main()
