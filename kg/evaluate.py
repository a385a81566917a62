"""Owns the scores of extracted facts against gold annotations.

    mention   exact span and type
    node      a paper and a thing it names: right where any surface of a predicted node is a
              surface of the gold one, same type
    role      a node that is right and whose role is right too
    linking   B-cubed F1 (Bagga and Baldwin, 1998) of who-is-the-same-thing, across papers, over
              the mentions that both sides found
    result    value, metric and dataset all right after folding; value: the value alone
    code      exact address, less scheme, trailing slash and .git

Counts are kept by paper, so that a bootstrap over papers gives the intervals.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.schema import ROLES

TYPES = tuple(ROLES)
Row = dict[str, Any]
Span = tuple[str, int, int]
Count = tuple[int, int, int]  # right, predicted, gold

_ADDRESS = re.compile(
    r"(?:https?://|www\.|\b\w[\w.-]*\.(?:com|io|org|net|ai|co|dev|edu)/)\S+", re.IGNORECASE
)
_BINS = 10
_SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 in percent; `low` and `high` bound 95 % of the bootstrap's F1."""

    precision: float
    recall: float
    f1: float
    gold: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One mention that is wrong: `kind` is missed, spurious, wrong type or wrong boundary."""

    kind: str
    paper: str
    field: str
    gold: str = ""
    gold_type: str = ""
    predicted: str = ""
    predicted_type: str = ""


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of like confidence: how sure they were, and how often they were right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """A reliability table; `error` is the expected calibration error in percentage points."""

    error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that is measured; `reliability` has "mention" and "role" where confidences are given."""

    papers: int
    scores: dict[str, Score]
    faults: tuple[Fault, ...]
    reliability: dict[str, Reliability]


def read_rows(path: Path) -> dict[str, Row]:
    """The JSON objects of a JSONL file by their "id".  Raises `KgError` for what is not that."""
    rows: dict[str, Row] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                row = _read(line, f"{path}:{number}")
                rows[row["id"]] = row
    return rows


def _read(line: str, where: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise KgError(f"{where}: no JSON: {error}. Give one object a line.") from error
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise KgError(f'{where}: no "id". Each line must be an object with the id of its paper.')
    return row


def evaluate(
    papers: Mapping[str, Row], gold: Mapping[str, Row], predicted: Mapping[str, Row]
) -> Evaluation:
    """Score predicted rows, as `kg extract` writes them, against gold rows, over gold's papers.

    `papers` holds the texts that gold's surfaces are sought in.  Raises `KgError` where a paper
    of gold has no text, or a row lacks a part.
    """
    tally = _Tally()
    for id_, annotation in gold.items():
        if id_ not in papers:
            raise KgError(f"{id_}: no such paper. Give the texts of all annotated papers.")
        try:
            tally.add(id_, papers[id_], annotation, predicted.get(id_, {"mentions": []}))
        except (KeyError, TypeError, AttributeError) as error:
            raise KgError(
                f"{id_}: not in the form of `kg extract` and its gold: {error!r}"
            ) from error
    scores = _with_intervals(tally.counts)
    if tally.cells:
        scores["linking"] = _b_cubed(tally.cells)
    reliability = {name: _reliability(rows) for name, rows in tally.sure.items()}
    return Evaluation(len(gold), scores, tuple(tally.faults), reliability)


def gold_spans(paper: Row, annotation: Row) -> dict[Span, Row]:
    """Each occurrence of each listed surface: longest first, on word boundaries, in no address."""
    found: dict[Span, Row] = {}
    for name in ("title", "abstract"):
        text = paper.get(name) or ""
        taken = {i for m in _ADDRESS.finditer(text) for i in range(*m.span())}
        for row in sorted(annotation["entities"], key=lambda e: -len(e["text"])):
            for m in re.finditer(r"(?<!\w)" + re.escape(row["text"]) + r"(?!\w)", text):
                if taken.isdisjoint(range(*m.span())):
                    taken.update(range(*m.span()))
                    found[name, m.start(), m.end()] = row
    return found


def fold(text: object) -> str:
    """A name without case, and with one space for spaces, hyphens and underscores."""
    return re.sub(r"[\s\-_]+", " ", str(text)).strip().casefold() if text is not None else ""


def fold_value(text: object) -> str:
    """A value without spaces, "%", commas, "points" and a leading plus."""
    return re.sub(r"[\s%,]|points?|pp", "", str(text)).lstrip("+").casefold()


def fold_address(text: str) -> str:
    """An address without scheme, trailing slash and ".git"."""
    return re.sub(r"(\.git)?/*$", "", re.sub(r"^https?://(www\.)?", "", text.strip())).casefold()


@dataclass(slots=True)
class _Tally:
    """What is counted, paper by paper."""

    counts: dict[str, list[Count]] = field(default_factory=lambda: defaultdict(list))
    faults: list[Fault] = field(default_factory=list)
    cells: dict[tuple[str, Span], tuple[tuple[str, str], str]] = field(default_factory=dict)
    sure: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, id_: str, paper: Row, gold: Row, predicted: Row) -> None:
        """Count one paper."""
        spans = gold_spans(paper, gold)
        mentions = [m for m in predicted["mentions"] if m["type"] in TYPES]
        self._mentions(id_, paper, spans, mentions)
        self._nodes(gold["entities"], mentions)
        self._cells(id_, spans, predicted["mentions"])
        self._sure(spans, mentions)
        results, truth = predicted.get("results", ()), gold.get("results", ())
        self._sets("result", map(_result_key, results), map(_result_key, truth))
        self._sets(
            "value", (_result_key(r)[0] for r in results), (_result_key(r)[0] for r in truth)
        )
        self._sets(
            "code",
            map(fold_address, predicted.get("code", ())),
            map(fold_address, gold.get("code", ())),
        )

    def _sets(self, name: str, predicted: Iterable[object], gold: Iterable[object]) -> None:
        ours, theirs = set(predicted), set(gold)
        self.counts[name].append((len(ours & theirs), len(ours), len(theirs)))

    def _mentions(
        self, id_: str, paper: Row, spans: Mapping[Span, Row], mentions: Sequence[Row]
    ) -> None:
        gold = {(*span, row["type"]) for span, row in spans.items()}
        ours = {(*_span(m), m["type"]) for m in mentions}
        self._sets("mention", ours, gold)
        for type_ in TYPES:
            self._sets(
                f"mention {type_}",
                {x for x in ours if x[3] == type_},
                {x for x in gold if x[3] == type_},
            )
        self.faults += _faults(id_, paper, sorted(gold - ours), sorted(ours - gold))

    def _nodes(self, entities: Sequence[Row], mentions: Sequence[Row]) -> None:
        gold, gold_roles = _grouped(entities, lambda e: fold(e["name"]))
        ours, our_roles = _grouped(mentions, lambda m: m.get("entity") or fold(m["text"]))
        matched = _match(ours, gold)
        right = {a for a, b in matched.items() if our_roles[a] & gold_roles[b]}
        self.counts["node"].append((len(matched), len(ours), len(gold)))
        self.counts["role"].append((len(right), len(ours), len(gold)))
        for type_ in TYPES:
            p, g = (sum(key[0] == type_ for key in keys) for keys in (ours, gold))
            self.counts[f"node {type_}"].append((sum(k[0] == type_ for k in matched), p, g))
            if type_ != "Metric":
                self.counts[f"role {type_}"].append((sum(k[0] == type_ for k in right), p, g))

    def _cells(self, id_: str, spans: Mapping[Span, Row], mentions: Sequence[Row]) -> None:
        linked = {(_span(m), m["type"]): m.get("entity") for m in mentions}
        for span, row in spans.items():
            if entity := linked.get((span, row["type"])):
                self.cells[id_, span] = ((row["type"], fold(row["name"])), entity)

    def _sure(self, spans: Mapping[Span, Row], mentions: Sequence[Row]) -> None:
        for m in mentions:
            row = spans.get(_span(m))
            right = row is not None and row["type"] == m["type"]
            if "confidence" in m:
                self.sure["mention"].append((m["confidence"], right))
            if right and row is not None and "roleConfidence" in m:
                self.sure["role"].append((m["roleConfidence"], row["role"] == m.get("role")))


def _span(mention: Row) -> Span:
    return mention["field"], mention["start"], mention["end"]


def _result_key(row: Row) -> tuple[str, str, str]:
    return fold_value(row["value"]), fold(row["metric"]), fold(row["dataset"])


Key = tuple[str, str]


def _grouped(
    rows: Iterable[Row], name: Callable[[Row], str]
) -> tuple[dict[Key, set[str]], dict[Key, set[str]]]:
    """Surfaces and roles by (type, name)."""
    surfaces: dict[Key, set[str]] = defaultdict(set)
    roles: dict[Key, set[str]] = defaultdict(set)
    for row in rows:
        key = (row["type"], name(row))
        surfaces[key].add(fold(row["text"]))
        if row.get("role"):
            roles[key].add(row["role"])
    return surfaces, roles


def _match(ours: Mapping[Key, set[str]], gold: Mapping[Key, set[str]]) -> dict[Key, Key]:
    """Each of our nodes to the free gold node of its type that shares most surfaces with it."""
    matched: dict[Key, Key] = {}
    free = dict.fromkeys(gold)
    for key, surfaces in ours.items():
        sharing = [g for g in free if g[0] == key[0] and gold[g] & surfaces]
        if sharing:
            matched[key] = max(sharing, key=lambda g: len(gold[g] & surfaces))
            del free[matched[key]]
    return matched


def _faults(
    id_: str,
    paper: Row,
    missed: Sequence[tuple[str, int, int, str]],
    spurious: Sequence[tuple[str, int, int, str]],
) -> list[Fault]:
    """Every unmatched mention once; one of ours that overlaps one of gold's goes with it."""
    left = list(missed)
    faults = []
    for field_, start, end, type_ in spurious:
        text = paper[field_][start:end]
        over = [g for g in left if g[0] == field_ and g[1] < end and start < g[2]]
        if not over:
            faults.append(Fault("spurious", id_, field_, predicted=text, predicted_type=type_))
            continue
        best = max(over, key=lambda g: ((g[1], g[2]) == (start, end), g[3] == type_))
        left.remove(best)
        kind = "wrong boundary" if best[3] == type_ else "wrong type"
        faults.append(
            Fault(kind, id_, field_, paper[field_][best[1] : best[2]], best[3], text, type_)
        )
    return faults + [
        Fault("missed", id_, field_, paper[field_][start:end], type_)
        for field_, start, end, type_ in left
    ]


def _with_intervals(counts: Mapping[str, Sequence[Count]]) -> dict[str, Score]:
    """Scores over all papers, with the middle 95 % of F1 over resampled papers."""
    import numpy as np

    papers = len(next(iter(counts.values()), ()))
    if not papers:
        return {}
    draws = np.random.default_rng(0).integers(0, papers, (_SAMPLES, papers))
    weights = np.apply_along_axis(np.bincount, 1, draws, minlength=papers)
    scores = {}
    for name, rows in counts.items():
        right, predicted, gold = (weights @ np.array(rows)).T
        f1 = 200 * right / np.maximum(predicted + gold, 1)
        low, high = np.percentile(f1, (2.5, 97.5))
        total = tuple(map(sum, zip(*rows, strict=True)))
        scores[name] = _score((total[0], total[1], total[2]), float(low), float(high))
    return scores


def _score(count: Count, low: float, high: float) -> Score:
    right, predicted, gold = count
    p, r = right / predicted if predicted else 0.0, right / gold if gold else 0.0
    f1 = 200 * p * r / (p + r) if p + r else 0.0
    return Score(
        round(100 * p, 1), round(100 * r, 1), round(f1, 1), gold, round(low, 1), round(high, 1)
    )


def _b_cubed(cells: Mapping[Any, tuple[Any, Any]]) -> Score:
    by_gold, by_ours = defaultdict(set), defaultdict(set)
    for cell, (a, b) in cells.items():
        by_gold[a].add(cell)
        by_ours[b].add(cell)
    shared = [(len(by_gold[a] & by_ours[b]), a, b) for a, b in cells.values()]
    p = sum(n / len(by_ours[b]) for n, _, b in shared) / len(cells)
    r = sum(n / len(by_gold[a]) for n, a, _ in shared) / len(cells)
    return Score(round(100 * p, 1), round(100 * r, 1), round(200 * p * r / (p + r), 1), len(cells))


def _reliability(rows: Sequence[tuple[float, bool]]) -> Reliability:
    """Equal bins of confidence; the error is weighted by how many fall in each (Guo et al., 2017)."""
    held: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in rows:
        held[min(int(confidence * _BINS), _BINS - 1)].append((confidence, right))
    bins = tuple(
        Bin(
            i / _BINS,
            (i + 1) / _BINS,
            len(part),
            sum(c for c, _ in part) / len(part),
            sum(right for _, right in part) / len(part),
        )
        for i, part in sorted(held.items())
    )
    error = sum(b.count * abs(b.confidence - b.right) for b in bins) / max(1, len(rows))
    return Reliability(round(100 * error, 1), bins)
