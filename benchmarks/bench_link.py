"""Link a million distinct names, and see how time and memory grow from ten thousand on.

usage: python -m benchmarks.bench_link [NAMES.jsonl ...]

Names are made by rule (acronyms with long forms, versions, misspellings, plurals, in proportions
like those of abstracts), after those of the given lists of {"name"}, if any.  The peer, in the
same process, folds case and takes off a plural s, in a dict: what linking by a key alone costs.

Seconds are the processor's, so that other work on the machine counts little; on an idle one they
are those of the clock, since one core does it all.  Each measurement has a process of its own that
has linked a hundred names before.  Small sizes are measured several times and the least counts,
which favours them: growth is the exponent b of seconds = a * names^b, beside that of n log n.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import multiprocessing
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from kg.link import Linker
from kg.model import Facts, Mention, Paper
from kg.vocabulary import load

SIZES = {10_000: 5, 100_000: 3, 1_000_000: 1}  # and how often each is measured
_WARM = 100  # names linked before
_PER_PAPER = 10


def _words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


_FIRST = _words(
    "deep graph neural sparse robust masked causal visual latent hybrid spectral temporal"
)
_SECOND = _words(
    "token image speech entity policy feature prompt kernel motion protein query scene"
)
_THIRD = _words(
    "pruning matching parsing retrieval alignment fusion routing editing tracking ranking"
)
_SYLLABLES = _words("ka lo mi ner tas vu rex pol dar sim gen tor bel cas din fum hal jor kev lin")


def made_names() -> Iterator[tuple[str, str]]:
    """(name, type) without end, no name twice."""
    number = 0
    while True:
        word = _coined(number)
        a, b, c = _FIRST[number % 12], _SECOND[number // 12 % 12], _THIRD[number // 144 % 10]
        yield f"{word.capitalize()}Net-{number % 7}B", "Method"
        yield f"{a} {b} {word} {c}", "Task"
        yield f"{a.title()} {word.title()} {c.title()}s", "Method"
        yield f"{(a[0] + word + c[0]).upper()}-Bench", "Dataset"
        yield f"{a}-{b} {word[:-1]}{word[-1]}{word[-1]} {c}", "Task"
        number += 1


def _coined(number: int) -> str:
    """A word of its own for each number: its digits to the base of the syllables."""
    word = ""
    for _ in range(5):
        number, digit = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[digit]
    return word


def names(count: int, files: list[str]) -> list[tuple[str, str]]:
    """The first `count` distinct names: those of the files, then made ones."""
    rows: dict[tuple[str, str], None] = {}
    for file in files:
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            kind = (
                row["type"]
                if row.get("type") in ("Method", "Dataset", "Task", "Metric")
                else "Method"
            )
            rows[row["name"], kind] = None
    for name in made_names():
        if len(rows) >= count:
            break
        rows[name] = None
    return list(rows)[:count]


def papers(rows: list[tuple[str, str]]) -> Iterator[tuple[Paper, Facts]]:
    """The names in papers of ten, one after the other in the abstract."""
    for start in range(0, len(rows), _PER_PAPER):
        at, mentions, texts = 0, [], []
        for name, kind in rows[start : start + _PER_PAPER]:
            mentions.append(Mention("abstract", at, at + len(name), name, kind, "uses"))
            texts.append(name)
            at += len(name) + 2
        id_ = f"p{start // _PER_PAPER}"
        yield Paper(id_, f"Title {id_}", ", ".join(texts)), Facts(id_, tuple(mentions))


def linked(rows: list[tuple[str, str]]) -> tuple[float, int]:
    """Processor seconds to gather, decide and list the things, and how many there are."""
    vocabulary, stream = load(), list(papers(rows))
    gc.freeze()  # a build streams its papers; here they lie in memory, no part of the linker's work
    began = time.process_time()
    linker = Linker(vocabulary)
    for paper, facts in stream:
        linker.add(paper, facts)
    things = sum(1 for _ in linker.finish().entities())
    return time.process_time() - began, things


def folded(rows: list[tuple[str, str]]) -> float:
    """Processor seconds of the peer."""
    began = time.process_time()
    groups: dict[tuple[str, str], list[str]] = {}
    for name, kind in rows:
        key = name.casefold().replace("-", " ").removesuffix("s")
        groups.setdefault((kind, key), []).append(name)
    return time.process_time() - began


class Measured(NamedTuple):
    """Processor seconds of linking and of the peer, things found, and the process's peak GiB."""

    seconds: float
    peer: float
    things: int
    peak: float


def measured(size: int, files: list[str]) -> Measured:
    """One measurement, for a process of its own."""
    rows = names(size, files)
    linked(rows[:_WARM])
    peer = folded(rows)
    seconds, things = linked(rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return Measured(seconds, peer, things, peak)


def best(size: int, files: list[str]) -> Measured:
    """The least of several measurements, each in a new process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        return min(pool.map(measured, [size] * SIZES[size], [files] * SIZES[size]))


def growth(before: tuple[int, float], after: tuple[int, float]) -> str:
    """The exponent between two (size, seconds), and what it is of n log n."""
    (m, began), (n, ended) = before, after
    ours, n_log_n = math.log(ended / began), math.log(n * math.log(n) / (m * math.log(m)))
    step = math.log(n / m)
    return f"exponent {ours / step:.3f} (n log n: {n_log_n / step:.3f})"


def main() -> None:
    """Print seconds, the ratio to the peer, memory and growth."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", metavar="NAMES.jsonl", help="lists of real names")
    files = parser.parse_args().files
    seen: list[tuple[int, float]] = []
    for size in SIZES:
        seconds, peer, things, peak = best(size, files)
        line = f"{size:>9,} names  {seconds:7.2f} s  {seconds / peer:4.0f} x a folded dict  "
        line += f"{things:>9,} things  peak {peak:.2f} GiB"
        seen.append((size, seconds))
        print(line + (f"  {growth(seen[-2], seen[-1])}" if len(seen) > 1 else ""), flush=True)
    print(f"{seen[0][0]:,} to {seen[-1][0]:,} names: {growth(seen[0], seen[-1])}")


if __name__ == "__main__":
    main()
