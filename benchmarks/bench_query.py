"""Owns the measure of the canned questions against rdflib, on the same graph and answers.

    python benchmarks/bench_query.py [OUTPUTS]     a build; the example pages if left out

Both hold the graph in memory before the clock starts, and must give the same answers.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyoxigraph
import rdflib
from pyoxigraph import QuerySolutions, RdfFormat

from kg.pipeline import build
from kg.query import bind, load, questions, run
from kg.schema import DEFAULT_BASE
from kg.store import Store
from kg.terms import prefixes

_EXAMPLES = Path(__file__).parent.parent / "examples" / "pages"
# A value for each kind of parameter, so that the questions are asked as people ask them.
_VALUES = {
    "Dataset": "ImageNet",
    "Method": "BERT",
    "Metric": "accuracy",
    "Task": "question answering",
}
_TEXTS = {"since": "2020", "below": "0.5"}


def seconds(work: Callable[[], object]) -> float:
    """The median of some runs; slow work is run once."""
    taken: list[float] = []
    while len(taken) < 5 and sum(taken) < 5:
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def answers(store: pyoxigraph.Store, sparql: str) -> list[tuple[str, ...]]:
    """The answer of Oxigraph, as text."""
    found = run(store, sparql, prefixes(DEFAULT_BASE))
    assert isinstance(found, QuerySolutions)
    return sorted(tuple("" if term is None else str(term.value) for term in row) for row in found)


def their_answers(graph: rdflib.Graph, sparql: str) -> list[tuple[str, ...]]:
    """The answer of rdflib, as text."""
    rows = [row for row in graph.query(sparql) if isinstance(row, rdflib.query.ResultRow)]
    return sorted(tuple("" if term is None else str(term) for term in row) for row in rows)


def main(outputs: Path) -> None:
    """Print how many times as fast each question is answered, and whether the answers agree."""
    with Store.open(outputs) as graph:
        store = load(graph)
    theirs = rdflib.Graph().parse(
        data=store.dump(format=RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph()),
        format="nt",
    )
    print(f"{len(theirs):,} triples; times as fast as rdflib {rdflib.__version__}:")
    ratios = []
    for name, asked in questions().items():
        values = {p.name: _TEXTS.get(p.name) or _VALUES[p.kinds[0]] for p in asked.parameters}
        sparql = bind(asked, values, store, DEFAULT_BASE)
        same = answers(store, sparql) == their_answers(theirs, sparql)
        slow, fast = partial(their_answers, theirs, sparql), partial(answers, store, sparql)
        ratio = seconds(slow) / seconds(fast)
        ratios.append(ratio)
        print(f"  {ratio:8.0f}x  {name}{'' if same else '  (answers differ)'}", flush=True)
    print(f"{min(ratios):.0f}x at least, {statistics.median(ratios):.0f}x in the median")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            build([str(_EXAMPLES)], Path(folder))
            main(Path(folder))
