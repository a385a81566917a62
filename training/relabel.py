"""Label papers with a trained tagger, alone or averaged with its teacher: targets for its successor.

A student that follows the average of teacher and earlier student passes both (Furlanello et al. 2018).
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.extract.tagger import Tagger, Words
from training.data import make_example
from training.label import choose, usable
from training.student import word_flags

_AT_ONCE = 4
_FLOOR = 1e-6

Floats = NDArray[Any]


def label(tagger: Tagger, papers: Sequence[dict[str, Any]]) -> Iterator[Floats]:
    """Log-probabilities of the labels for each paper, (words, labels)."""
    for k in range(0, len(papers), _AT_ONCE):
        examples = [make_example(p, None) for p in papers[k : k + _AT_ONCE]]
        yield from tagger.log_probs([Words(e.words, word_flags(e)) for e in examples])


def average(first: Floats, second: Floats, share: float) -> Floats:
    """The log of the mean of two distributions, the second weighing `share`."""
    mean = (1 - share) * np.exp(first.astype(np.float32)) + share * np.exp(second)
    out: Floats = np.log(mean + _FLOOR)
    return out


def main(argv: Iterable[str] | None = None) -> None:
    """Parse the command line and label."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--gold", type=Path, required=True, help="folder of the gold files")
    add("--corpus", type=Path, required=True, help="unlabelled abstracts, JSONL, may be gzipped")
    add("--annotations", type=Path, default=Path(__file__).parent / "annotations")
    add("--pages", type=Path, help="folder of saved pages whose papers must not be labelled")
    add("--tagger", type=Path, required=True, help="what training.export wrote")
    add("--silver", type=Path, required=True, help="what training.label wrote, to average with")
    add("--share", type=float, default=2 / 3, help="weight of the tagger in that average")
    add("--more", type=int, default=12000, help="papers beyond those, by the tagger alone")
    add("--seed", type=int, default=1)
    add("--out", type=Path, required=True)
    a = parser.parse_args(argv if argv is None else list(argv))
    tagger = Tagger.load(a.tagger)
    with np.load(a.silver) as saved:
        ids, ends, probs = [str(i) for i in saved["ids"]], saved["ends"], saved["probs"]
    teacher = dict(zip(ids, np.split(probs, ends[:-1]), strict=True))
    papers = usable(a.corpus, a.gold, a.annotations, a.pages)
    rest = [p for p in papers if p["id"] not in teacher]
    both = [p for p in papers if p["id"] in teacher]
    chosen = both + choose(rest, a.gold / "train.papers.jsonl", a.more, a.seed)
    labelled = []
    for paper, rows in zip(chosen, label(tagger, chosen), strict=True):
        known = teacher.get(paper["id"])
        target = rows if known is None else average(known, rows, a.share)
        labelled.append(target.astype(np.float16))
    np.savez(
        a.out,
        ids=np.array([p["id"] for p in chosen]),
        ends=np.cumsum([len(rows) for rows in labelled]),
        probs=np.concatenate(labelled),
    )
    print(len(both), "papers by both,", len(chosen) - len(both), "by the tagger alone")


if __name__ == "__main__":
    main()
