"""Owns the measure of Turtle and N-Triples export against rdflib, on the same statements.

    python benchmarks/bench_turtle.py            10^5 triples, against rdflib
    python benchmarks/bench_turtle.py 6 7        10^6 against rdflib; 10^7 for memory alone

Each side runs in a process of its own, from the graph to a file; ours streams, rdflib builds its
Graph and serialises it.  Printed are ratios, and the most memory that each side took.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode
from rdflib import Graph, Literal, URIRef

from kg.export import EXPORTERS
from kg.model import Entity, Evidence, Paper, Source, Statement
from kg.rdf import triples
from kg.schema import DEFAULT_BASE
from kg.terms import written_prefixes

_A_PAPER = 231  # triples that each paper of the graph below comes to
_LARGEST_FOR_RDFLIB = 6  # beyond 10^6 triples rdflib takes gigabytes and many minutes
_SENTENCE = "We introduce a method that builds on another one and improves on it by much. "


class Synthetic:
    """A graph of so many papers that is never held; each names eight methods of a thousand."""

    def __init__(self, papers: int) -> None:
        self._papers = papers

    def papers(self) -> Iterator[Paper]:
        """Papers, one after the other."""
        for n in range(self._papers):
            source = Source("pages/synthetic.txt", n + 1, "hf-page")
            yield Paper(f"p{n:08}", f"Title of paper {n}", _SENTENCE * 8, (source,), "2023-05-01")

    def entities(self) -> Iterator[Entity]:
        """A thousand methods."""
        return (Entity(f"method/m{n:04}", "Method", f"Method {n}") for n in range(1000))

    def statements(self) -> Iterator[Statement]:
        """Eight for each paper, each with its span."""
        for n in range(self._papers):
            paper = f"paper/p{n:08}"
            for m in sorted({(n * 7 + k * 113) % 1000 for k in range(8)}):
                place = m % 8 * len(_SENTENCE)
                one = Evidence(
                    paper,
                    "abstract",
                    place + 15,
                    place + 21,
                    "method",
                    _SENTENCE,
                    place,
                    0.93,
                    "ner",
                )
                yield Statement(paper, "uses", f"method/m{m:04}", 0.93, (one,))

    def metadata(self) -> dict[str, str]:
        """One source."""
        return {"software": "kg", "source:pages/synthetic.txt": "0" * 64}


def ours(papers: int, format_: str, path: Path) -> None:
    """Export as `kg export` does."""
    with path.open("wb") as stream:
        EXPORTERS[format_].load()(Synthetic(papers), stream)


def theirs(papers: int, format_: str, path: Path) -> None:
    """Build an rdflib Graph of the same triples and serialise it."""
    graph = Graph()
    for prefix, iri in written_prefixes(DEFAULT_BASE).items():
        graph.bind(prefix, iri)
    for s, p, o in triples(Synthetic(papers)):
        value = (
            URIRef(o.value)
            if isinstance(o, NamedNode)
            else Literal(o.value, datatype=URIRef(o.datatype.value))
        )
        graph.add((URIRef(s.value), URIRef(p.value), value))
    graph.serialize(path, format={"ttl": "turtle"}.get(format_, format_), encoding="utf-8")


def measured(side: str, papers: int, format_: str) -> tuple[float, float]:
    """Seconds and mebibytes of one side, in a fresh process."""
    done = subprocess.run(
        [sys.executable, __file__, "--side", side, str(papers), format_],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds, kibibytes = done.stdout.split()
    return float(seconds), int(kibibytes) / 1024


def report(power: int) -> None:
    """One size: both formats, ours against rdflib where that is bearable."""
    papers = 10**power // _A_PAPER
    for format_ in ("ttl", "nt"):
        seconds, memory = measured("ours", papers, format_)
        line = f"10^{power} triples, {format_}: at most {memory:.0f} MiB"
        if power <= _LARGEST_FOR_RDFLIB:
            other, theirs_ = measured("theirs", papers, format_)
            line += f"; {other / seconds:.0f}x as fast as rdflib, which takes {theirs_:.0f} MiB"
        print(line, flush=True)


def main(arguments: list[str]) -> None:
    """Run one side, or report on the sizes given as powers of ten."""
    if arguments[:1] == ["--side"]:
        side = {"ours": ours, "theirs": theirs}[arguments[1]]
        with tempfile.TemporaryDirectory() as folder:
            side(1, arguments[3], Path(folder) / "graph")  # what is loaded once is not measured
            begun = time.perf_counter()
            side(int(arguments[2]), arguments[3], Path(folder) / "graph")
            print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    for power in map(int, arguments or ["5"]):
        report(power)


if __name__ == "__main__":
    main(sys.argv[1:])
