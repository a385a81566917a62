"""Read gold annotations and turn them into labelled words."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from kg.extract.decode import TYPES, read_off
from kg.extract.words import word_spans
from kg.schema import ROLES

_URL = re.compile(r"(?:https?://|www\.|\b\w[\w.-]*\.(?:com|io|org|net|ai|co|dev|edu)/)\S+", re.I)

ROLE_LABELS = tuple((kind, role) for kind in TYPES for role in ROLES[kind])
"""The roles of all types: what the student learns beside its labels, and the tagger does without."""


@dataclass
class Example:
    """One paper: its text, the words of it, and for each word a label (an index into `LABELS`) and
    the role of the mention that it is in (an index into `ROLE_LABELS`, -1 outside mentions).
    """

    id: str
    text: str
    spans: list[tuple[int, int]]
    labels: list[int]
    gold: set[tuple[int, int, str]] = field(default_factory=set)
    roles: list[int] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The words as they are spelled."""
        return [self.text[a:b] for a, b in self.spans]


def read_jsonl(path: str | Path) -> Iterator[dict[str, Any]]:
    """Each object of a JSONL file, gzipped or not."""
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def paper_text(paper: dict[str, Any]) -> str:
    """Title and abstract as one text, the abstract beginning at len(title) + 1."""
    return f"{paper['title'] or ''}\n{paper['abstract'] or ''}"


def url_spans(text: str) -> list[tuple[int, int]]:
    """Where addresses stand: a name inside one is no mention."""
    return [m.span() for m in _URL.finditer(text)]


def gold_mentions(paper: dict[str, Any], gold: dict[str, Any]) -> dict[tuple[int, int, str], int]:
    """Each occurrence of each listed surface, longest first, in offsets into `paper_text`, and its role."""
    found = {}
    offset = 0
    for text in (paper["title"] or "", paper["abstract"] or ""):
        taken = {i for a, b in url_spans(text) for i in range(a, b)}
        for row in sorted(gold["entities"], key=lambda e: -len(e["text"])):
            for m in re.finditer(r"(?<!\w)" + re.escape(row["text"]) + r"(?!\w)", text):
                if taken.isdisjoint(range(*m.span())):
                    taken.update(range(*m.span()))
                    role = ROLE_LABELS.index((row["type"], row["role"]))
                    found[m.start() + offset, m.end() + offset, row["type"]] = role
        offset += len(text) + 1
    return found


def encode(mentions: Iterable[tuple[int, int, str]], spans: list[tuple[int, int]]) -> list[int]:
    """BILUO labels of the words; a mention that does not fall on word boundaries is dropped."""
    starts = {a: i for i, (a, _) in enumerate(spans)}
    ends = {b: i for i, (_, b) in enumerate(spans)}
    labels = [0] * len(spans)
    for a, b, kind in mentions:
        first, last = starts.get(a), ends.get(b)
        if first is None or last is None:
            continue
        base = 1 + 4 * TYPES.index(kind)
        if first == last:
            labels[first] = base + 3
        else:
            labels[first : last + 1] = [base, *[base + 1] * (last - first - 1), base + 2]
    return labels


def mentions(example: Example, scores: np.ndarray) -> set[tuple[int, int, str]]:
    """What log-probabilities (words, labels) say, decoded as the package does it, less addresses."""
    urls = url_spans(example.text)
    found = set()
    for tag in read_off(scores):
        start, end = example.spans[tag.first][0], example.spans[tag.last][1]
        inside = any(start < v and u < end for u, v in urls)
        if not inside and "\n" not in example.text[start:end]:
            found.add((start, end, tag.type))
    return found


def make_example(paper: dict[str, Any], gold: dict[str, Any] | None) -> Example:
    """A paper with its words, and its labels where gold is given."""
    text = paper_text(paper)
    spans = word_spans(text)
    mentions = gold_mentions(paper, gold) if gold else {}
    roles = [-1] * len(spans)
    for i, (start, end) in enumerate(spans):
        inside = [role for (a, b, _), role in mentions.items() if a <= start and end <= b]
        roles[i] = inside[0] if inside else -1
    return Example(paper["id"], text, spans, encode(mentions, spans), set(mentions), roles)


def load_gold(papers: str | Path, gold: str | Path) -> list[Example]:
    """All annotated papers of one pair of files, sorted by id."""
    by_id = {p["id"]: p for p in read_jsonl(papers)}
    rows = sorted(read_jsonl(gold), key=lambda g: g["id"])
    return [make_example(by_id[g["id"]], g) for g in rows]


def f1(found: list[set[Any]], gold: list[set[Any]], kind: str | None = None) -> tuple[float, ...]:
    """Precision, recall and F1 (percent, micro) of mention sets, of one type or of all."""
    tp = n_found = n_gold = 0
    for pair in zip(found, gold, strict=True):
        a, b = ({m for m in s if kind in (None, m[2])} for s in pair)
        tp, n_found, n_gold = tp + len(a & b), n_found + len(a), n_gold + len(b)
    p, r = tp / max(1, n_found), tp / max(1, n_gold)
    return 100 * p, 100 * r, 200 * p * r / (p + r) if p + r else 0.0


HOLD_OUT = 80
"""How many papers of `general`, the last by id, are kept as the second development set."""


@dataclass
class Sets:
    """What to train on and what to measure on."""

    training: list[Example]
    held_out: dict[str, list[Example]]


def load_sets(gold: Path, corpus: Path, annotations: Path) -> Sets:
    """Gold and own annotations to train on; `dev` and the last of `general` held out."""
    parts = {
        name: load_gold(gold / f"{name}.papers.jsonl", gold / f"{name}.gold.jsonl")
        for name in ("train", "general", "dev")
    }
    rows = {r["id"]: r for path in sorted(annotations.glob("*.jsonl")) for r in read_jsonl(path)}
    papers = {p["id"]: p for p in read_jsonl(corpus) if p["id"] in rows} if rows else {}
    own = [make_example(papers[i], rows[i]) for i in sorted(papers)]
    general = parts["general"]
    return Sets(
        [*parts["train"], *general[:-HOLD_OUT], *own],
        {"dev": parts["dev"], "general-dev": general[-HOLD_OUT:]},
    )


def fold_title(text: str) -> str:
    """A text reduced to its letters and digits, for comparing titles."""
    return re.sub(r"\W+", "", text).casefold()


def exclude(pages: Path | None, gold: Path) -> tuple[set[str], str]:
    """What no training text may be: titles of all gold papers, and the folded text of the pages."""
    titles = {
        fold_title(p["title"])
        for name in ("train", "general", "dev")
        for p in read_jsonl(gold / f"{name}.papers.jsonl")
    }
    files = sorted(pages.glob("*.txt")) if pages else []
    return titles, "".join(fold_title(f.read_text("utf-8")) for f in files)
