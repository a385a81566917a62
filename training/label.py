"""Label unlabelled papers with the teacher: the soft targets that the student learns from."""

import argparse
import math
import random
import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.data import exclude, fold_title, make_example, paper_text, read_jsonl
from training.teacher import Encoded, Teacher, encoder_path, load_tokenizer, log_probs

_WORD = re.compile(r"[a-z]{3,}")


def usable(corpus: Path, gold: Path, annotations: Path, pages: Path | None) -> list[dict[str, Any]]:
    """Papers of the corpus that are neither annotated, nor held out, nor named on the pages."""
    titles, page_text = exclude(pages, gold)
    done = {row["id"] for path in annotations.glob("*.jsonl") for row in read_jsonl(path)}
    papers = []
    for paper in read_jsonl(corpus):
        key = fold_title(paper["title"])
        known = key in titles or (len(key) > 15 and key in page_text)
        if not known and paper["id"] not in done and 300 < len(paper["abstract"]) < 2200:
            papers.append(paper)
    return papers


def choose(papers: list[dict[str, Any]], like: Path, most: int, seed: int) -> list[dict[str, Any]]:
    """Half at random, half from the tenth of the papers whose words are most like those of `like`."""

    def words(paper: dict[str, Any]) -> set[str]:
        return set(_WORD.findall(paper_text(paper).lower()))

    bags = [words(p) for p in papers]
    everywhere = Counter(w for bag in bags for w in bag)
    seeds = [words(p) for p in read_jsonl(like)]
    near = Counter(w for bag in seeds for w in bag)
    odds = {
        w: math.log((n / len(seeds) + 1e-3) / (everywhere[w] / len(papers) + 1e-3))
        for w, n in near.items()
        if n >= 3
    }
    scores = [sum(odds.get(w, -0.3) for w in sorted(b)) / math.sqrt(len(b) + 1) for b in bags]
    order = sorted(range(len(papers)), key=lambda i: -scores[i])
    close = order[: max(most // 2, len(order) // 10)]
    rng = random.Random(seed)
    picked = rng.sample(close, min(len(close), most // 2))
    taken = set(picked)
    rest = [i for i in range(len(papers)) if i not in taken]
    picked += rng.sample(rest, min(len(rest), most - len(picked)))
    rng.shuffle(picked)
    return [papers[i] for i in picked]


def main(argv: Iterable[str] | None = None) -> None:
    """Parse the command line and label."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--gold", type=Path, required=True, help="folder of the gold files")
    add("--corpus", type=Path, required=True, help="unlabelled abstracts, JSONL, may be gzipped")
    add("--annotations", type=Path, default=Path(__file__).parent / "annotations")
    add("--pages", type=Path, help="folder of saved pages whose papers must not be labelled")
    add("--teacher", type=Path, required=True, help="what training.train_teacher wrote")
    add("--most", type=int, default=20000)
    add("--seed", type=int, default=0)
    add("--threads", type=int, default=2)
    add("--out", type=Path, required=True)
    a = parser.parse_args(argv if argv is None else list(argv))
    torch.set_num_threads(a.threads)
    papers = choose(
        usable(a.corpus, a.gold, a.annotations, a.pages),
        a.gold / "train.papers.jsonl",
        a.most,
        a.seed,
    )
    model = Teacher(encoder_path())
    model.load_state_dict(torch.load(a.teacher))
    tokenizer = load_tokenizer(encoder_path())
    ids: list[str] = []
    probs: list[np.ndarray] = []
    began = time.time()
    for k in range(0, len(papers), 512):
        chosen = papers[k : k + 512]
        items = [Encoded(make_example(p, None), tokenizer) for p in chosen]
        probs += [x.astype(np.float16) for x in log_probs(model, items)]
        ids += [p["id"] for p in chosen]
        if k % 2048 == 0 or k + 512 >= len(papers):
            print(len(ids), f"{time.time() - began:.0f}s", flush=True)
            ends = np.cumsum([len(x) for x in probs])
            np.savez(a.out, ids=np.array(ids), ends=ends, probs=np.concatenate(probs))


if __name__ == "__main__":
    main()
