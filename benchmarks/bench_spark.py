"""Spark against plain processes: start-up, throughput per core and memory, on the same papers.

usage: python -m benchmarks.bench_spark --corpus ABSTRACTS.jsonl[.gz] [--papers 10000] [--cores 2]

Both build the same graph with the real extractor, from one folder of partitions into an empty one;
the local engine writes N-Triples as well, as Spark does, and the triples are compared as sets.
The peer is the local engine with as many processes as Spark has cores.  Seconds are those of
processors, of all processes of a build together, as other work on the machine disturbs them least;
those of the clock stand beside them.  Memory is the largest sum over a build's processes of what
is theirs alone or their share of what they have in common (PSS); both are looked at four times a second.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

PARTS = 8


def _partitions(path: Path, papers: int, folder: Path) -> None:
    """Cut the corpus into files, as a cluster finds it."""
    folder.mkdir()
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as stream:
        lines = list(islice(stream, papers))
    for part in range(min(PARTS, len(lines))):
        with gzip.open(folder / f"part-{part}.jsonl.gz", "wt") as stream:
            stream.writelines(lines[part::PARTS])


def _family(parent: int) -> Iterator[int]:
    """A process and all below it."""
    yield parent
    try:
        tasks = list(Path(f"/proc/{parent}/task").iterdir())
        found = [c for t in tasks for c in (t / "children").read_text().split()]
    except OSError:  # it has ended
        return
    for child in found:
        yield from _family(int(child))


def _memory(process: int) -> int:
    """KiB of a process, with its share of what it has in common with others."""
    try:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in rows if row.startswith("Pss:")), 0)


def _cpu(process: int) -> float:
    """CPU seconds of a process so far."""
    try:
        row = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(row[11]) + int(row[12])) / os.sysconf("SC_CLK_TCK")


def _measure(command: list[str]) -> dict[str, float]:
    """CPU seconds, wall seconds and peak MiB of a command and all that it starts."""
    env = os.environ | {"OMP_NUM_THREADS": "1"}
    began, peak, seconds = time.monotonic(), 0, dict[int, float]()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        family = list(_family(process.pid))
        peak = max(peak, sum(map(_memory, family)))
        seconds |= {one: max(_cpu(one), seconds.get(one, 0.0)) for one in family}
        time.sleep(0.25)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
    wall = time.monotonic() - began
    return {"cpu": sum(seconds.values()), "wall": wall, "peak": peak / 1024}


def _triples(folder: Path) -> set[bytes]:
    """What the lines of all partitions hash to; a set of the lines themselves would be large."""
    from hashlib import blake2b

    found: set[bytes] = set()
    for part in (folder / "triples").glob("*.nt.gz"):
        with gzip.open(part) as lines:
            found.update(blake2b(line, digest_size=12).digest() for line in lines)
    return found


def main() -> None:
    """Measure both, and say whether they agree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--papers", type=int, default=10_000)
    parser.add_argument("--cores", type=int, default=2)
    a = parser.parse_args()
    if a.corpus is None or shutil.which("java") is None:
        print("not measured: it needs a --corpus, and Java")
        return
    with tempfile.TemporaryDirectory() as name:
        _run(Path(name), a.corpus, a.papers, a.cores)


def _run(folder: Path, path: Path, papers: int, cores: int) -> None:
    _partitions(path, papers, folder / "in")
    _partitions(path, 1, folder / "one")
    kg, out = [sys.executable, "-m", "kg"], str(folder / "out")
    spark = ["--engine", "spark", "--master", f"local[{cores}]"]
    start = {
        "processes": _measure([*kg, "build", str(folder / "one"), "-o", str(folder / "l1")]),
        "spark": _measure([*kg, "build", str(folder / "one"), "-o", str(folder / "s1"), *spark]),
    }
    build = [*kg, "build", str(folder / "in"), "-o", out]
    local = _measure([*build, "--jobs", str(cores)])
    written = _measure([*kg, "export", "--nt", "--parquet", "--outputs", out])
    rows = {
        "processes": {"cpu": local["cpu"] + written["cpu"], "wall": local["wall"] + written["wall"],
                      "peak": max(local["peak"], written["peak"])},
        "spark": _measure([*build, *spark]),
    }  # fmt: skip
    print(f"{papers:,} papers, {cores} cores: a build with its N-Triples and Parquet")
    print("engine      one paper, s   CPU s   wall s   papers/CPU s   peak MiB")
    for engine, row in rows.items():
        less = row["cpu"] - start[engine]["cpu"]
        print(
            f"{engine:<10}{start[engine]['wall']:>14.1f}{row['cpu']:>8.0f}{row['wall']:>9.0f}"
            f"{papers / less:>15.0f}{row['peak']:>11,.0f}"
        )
    ratio = {k: rows["spark"][k] / rows["processes"][k] for k in ("cpu", "wall", "peak")}
    print(", ".join(f"{name} x {value:.2f}" for name, value in ratio.items()), "of plain processes")
    ours = _triples(folder / "out" / "graph-spark")
    (folder / "nt" / "triples").mkdir(parents=True)
    with gzip.open(folder / "nt" / "triples" / "all.nt.gz", "wb", 1) as stream:
        stream.write((folder / "out" / "graph.nt").read_bytes())
    same = ours == _triples(folder / "nt")
    print(json.dumps({"triples": len(ours), "identical": same}))


if __name__ == "__main__":
    main()
