"""What it costs to go over texts by rule, without the network, against a bare pass over their bytes.

usage: python -m benchmarks.bench_scan [--corpus ABSTRACTS.jsonl[.gz]] [--papers 5000]

The bare pass takes the lines of the same JSON Lines file and decodes them.  Beside it stand the
reader (lines to papers), and over each abstract the search for addresses and for the bounds of its
sentences.  CPU seconds of one process, the best of three rounds each.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.bench_build import corpus_lines
from kg.extract.repos import find_code
from kg.extract.sentences import sentences
from kg.model import Paper
from kg.readers import READERS


def bare(data: bytes) -> None:
    """Each line, decoded."""
    for line in io.BytesIO(data):
        line.decode()


def read(data: bytes) -> list[Paper]:
    """The papers of the file."""
    items = READERS["jsonl"](io.BytesIO(data), "corpus.jsonl")
    return [item for item in items if isinstance(item, Paper)]


def over(papers: list[Paper], scan: Callable[[str], object]) -> None:
    """One scan over the abstract of each paper."""
    for paper in papers:
        scan(paper.abstract)


def seconds(run: Callable[[], object]) -> float:
    """CPU seconds, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        run()
        best = min(best, time.process_time() - began)
    return best


def main() -> None:
    """Print each scan as a multiple of the bare pass."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--papers", type=int, default=5000)
    a = parser.parse_args()
    data = "".join(islice(corpus_lines(a.corpus), a.papers)).encode()
    papers = read(data)
    peer = seconds(partial(bare, data))
    print(
        f"{len(papers):,} papers, {len(data) / 1e6:.1f} MB; a bare pass: {len(data) / peer / 1e6:,.0f} MB/s"
    )
    scans: dict[str, Callable[[], object]] = {
        "reading": partial(read, data),
        "addresses": partial(over, papers, find_code),
        # Past the cache, which roles and results share: each text is cut anew.
        "sentences": partial(over, papers, lambda text: sentences(text + " ")),
    }
    for name, run in scans.items():
        took = seconds(run)
        each = took / len(papers) * 1e6
        print(
            f"  {took / peer:6.0f}x  {name}: {len(data) / took / 1e6:,.0f} MB/s, {each:.0f} µs a paper"
        )


if __name__ == "__main__":
    main()
