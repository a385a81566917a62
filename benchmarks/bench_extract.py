"""How many abstracts a second the tagger reads, against a stock spaCy tok2vec + NER, on one core.

usage: python benchmarks/bench_extract.py [--corpus ABSTRACTS.jsonl[.gz]] [--papers 600] [--rounds 3]

Both pipelines read the same texts in one process on one thread, in turn; the best round of each counts.
Time is the processor's, so that what else the machine is doing matters little.
The stock one has spaCy's default NER (HashEmbedCNN, width 96, depth 4) with these four labels; its weights
are as initialised, which costs the same time as trained ones.
"""

import os

# Before numpy is imported, which reads them once: hence the late imports.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
import gzip  # noqa: E402
import json  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from functools import partial  # noqa: E402
from itertools import islice  # noqa: E402
from pathlib import Path  # noqa: E402

import spacy  # noqa: E402
from spacy.language import Language  # noqa: E402
from spacy.tokens import Doc  # noqa: E402
from spacy.training import Example  # noqa: E402

from kg.extract.decode import TYPES  # noqa: E402
from kg.extract.ner import blank  # noqa: E402

EXAMPLES = Path(__file__).parent.parent / "examples"


def read_texts(corpus: Path | None, most: int) -> list[str]:
    """Title and abstract of so many papers: of the corpus, or of the abstracts that come with kg."""
    if corpus is None:
        files = sorted(EXAMPLES.rglob("*.txt"))
        parts = [part for file in files for part in file.read_text("utf-8").split("\n\n")]
        long = [part for part in parts if len(part) > 400]
        return [long[i % len(long)] for i in range(most)]
    with gzip.open(corpus, "rt") if corpus.suffix == ".gz" else corpus.open() as lines:
        papers = map(json.loads, islice(lines, most))
        return [f"{paper['title']}\n{paper['abstract']}" for paper in papers]


def stock() -> Language:
    """spaCy's own tok2vec + NER, as it comes."""
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    entities = [(i, i + 1, kind) for i, kind in enumerate(TYPES)]
    doc = Doc(nlp.vocab, ["a", "b", "c", "d"], spaces=[False] * 4)
    example = Example.from_dict(doc, {"entities": entities})
    nlp.initialize(lambda: [example])
    return nlp


def ours(profile: str) -> Language:
    """The tagger with its tokenizer."""
    nlp = blank()
    nlp.add_pipe("kg_ner", config={"profile": profile})
    return nlp


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time that a call takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _drain(nlp: Language, texts: Sequence[str]) -> int:
    return sum(1 for _ in nlp.pipe(texts))


def compare(pipelines: dict[str, Language], texts: Sequence[str], rounds: int) -> dict[str, float]:
    """Papers a second of each pipeline, best of the rounds, the pipelines taking turns."""
    best = dict.fromkeys(pipelines, 0.0)
    for nlp in pipelines.values():
        list(nlp.pipe(texts[:100]))
    for _ in range(rounds):
        for name, nlp in pipelines.items():
            seconds = timed(partial(_drain, nlp, texts))
            best[name] = max(best[name], len(texts) / seconds)
    return best


def main() -> None:
    """Print papers a second of each pipeline and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--papers", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--accurate", action="store_true", help="time the second profile too")
    a = parser.parse_args()
    texts = read_texts(a.corpus, a.papers)
    loading = timed(lambda: ours("default"))
    pipelines = {"stock spaCy": stock(), "kg default": ours("default")}
    if a.accurate:
        pipelines["kg accurate"] = ours("accurate")
    best = compare(pipelines, texts, a.rounds)
    for name, speed in best.items():
        print(f"{name:12} {speed:7.0f} papers/s  {speed / best['stock spaCy']:5.1f}x")
    print(f"loading the default model takes {loading:.2f} s")


if __name__ == "__main__":
    main()
