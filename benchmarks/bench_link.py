"""Link a million distinct names, and see how time and memory grow from ten thousand on.

    python benchmarks/bench_link.py [NAMES.jsonl …]

Names are made by rule (acronyms with long forms, versions, misspellings, plurals, in proportions
like those of abstracts), after those of the given lists of {"name"}, if any.  The peer, in the
same run, folds case and takes off a plural s, in a dict: what linking by a key alone costs.  Seconds are the processor's, so that other work on the machine
does not count; on an idle one they are those of the clock, since one core does it all.
"""

from __future__ import annotations

import gc
import json
import math
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from kg.link import Linker
from kg.model import Facts, Mention, Paper
from kg.vocabulary import load

SIZES = (10_000, 100_000, 1_000_000)
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


def main() -> None:
    """Print seconds, the ratio to the peer, memory and the exponent of growth."""
    before: tuple[int, float] | None = None
    for size in SIZES:
        rows = names(size, sys.argv[1:])
        peer = folded(rows)
        seconds, things = linked(rows)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        line = f"{size:>9,} names  {seconds:6.1f} s  {seconds / peer:5.0f} x a folded dict  "
        line += f"{things:>9,} things  peak {peak:.2f} GiB"
        if before:
            exponent = math.log(seconds / before[1]) / math.log(size / before[0])
            n_log_n = math.log(size * math.log(size) / (before[0] * math.log(before[0])))
            line += (
                f"  exponent {exponent:.2f} (n log n: {n_log_n / math.log(size / before[0]):.2f})"
            )
        print(line, flush=True)
        before = (size, seconds)


if __name__ == "__main__":
    main()
