"""Owns which numbers of an abstract are results, and what each is a measure of.

A number is kept or not, and given its sign, by its sentence; then every metric and dataset that it
may be about is judged beside it, and none is taken where none is likely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.linear import Classifier, load
from kg.extract.metric_names import canonical_metric
from kg.extract.result_features import Line, Name, lines, pair_features, value_features
from kg.extract.values import Value, find_values
from kg.model import Mention, Result

_ADDRESS = re.compile(
    r"(?:https?://|www\.|\b\w[\w.-]*\.(?:com|io|org|net|ai|co|dev|edu)/)\S+", re.IGNORECASE
)
KEEP = 0.5  # a number less likely than this is no result
_LIKELY = 0.4  # a name less likely than this is not what a number is about
_TURN = 0.95  # how sure it is that numbers and names go in turn where it says "respectively"
_LOWER_IS_BETTER = re.compile(
    r"error|perplexity|latency|time|cost|flops|macs|memory|parameters|compute|fid|fvd|wer|cer|\bmae|rmse"
    r"|\bmse|loss|distance|tokens|storage|overhead|energy|regret|complexity|size|length|lpips|\beer",
    re.IGNORECASE,
)


def find_results(title: str, abstract: str, mentions: Sequence[Mention]) -> list[Result]:
    """The numbers that the abstract states as results, in order; what is not stated is None."""
    classifiers = load("results")
    found: list[Result] = []
    for line in value_lines(abstract, mentions):
        kept = [k for value in line.values if (k := _kept(value, line, classifiers["value"]))]
        metrics = candidates(line, mentions, "Metric") if kept else []
        datasets = candidates(line, mentions, "Dataset") if kept else []
        for index, number in enumerate(kept):
            on = _in_turn(index, len(kept), line, line.datasets) or _all(
                number.value, line, datasets, classifiers["dataset"]
            )
            metric = _in_turn(index, len(kept), line, _named(line.metrics)) or [
                _best(number.value, line, metrics, classifiers["metric"])
            ]
            found += [_result(number, *metric[0], *part) for part in on]
    return found


def value_lines(abstract: str, mentions: Sequence[Mention]) -> list[Line]:
    """The sentences with a number that belongs to no name and no address."""
    inside = sorted((m for m in mentions if m.field == "abstract"), key=lambda m: m.start)
    taken = [(m.start, m.end) for m in inside]
    if "." in abstract:
        taken += [m.span() for m in _ADDRESS.finditer(abstract)]
    return lines(abstract, inside, find_values(abstract, taken))


def candidates(line: Line, mentions: Sequence[Mention], type_: str) -> list[Name]:
    """What a number in the line may be about: the names in it, or all others of the paper."""
    local = line.metrics if type_ == "Metric" else line.datasets
    names = list(local)
    seen = {n.name for n in names}
    for m in mentions:
        if m.type == type_:
            name = canonical_metric(m.text) if type_ == "Metric" else m.text
            if name not in seen:
                seen.add(name)
                names.append(
                    Name(
                        name, m.start, m.end, -1 if m.field == "title" else line.number_of(m.start)
                    )
                )
    return names


@dataclass(frozen=True, slots=True)
class _Kept:
    """A number taken for a result: the sign it is stated with, and how sure that is."""

    value: Value
    label: str  # absolute, plus or minus
    chance: float


def _kept(value: Value, line: Line, model: Classifier) -> _Kept | None:
    chances = dict(zip(model.labels, model.probabilities(value_features(value, line)), strict=True))
    chance = 1.0 - chances.pop("no")
    label = max(chances, key=lambda name: chances[name])
    return _Kept(value, label, chance) if chance >= KEEP else None


def _result(
    number: _Kept, metric: str | None, metric_chance: float, dataset: str | None, chance: float
) -> Result:
    value = number.value
    return Result(
        value=_signed(value, number.label),
        metric=metric,
        dataset=dataset,
        number=value.number,
        unit=value.unit,
        kind="ratio" if value.unit == "x" else _KINDS[number.label],
        better=_direction(metric),
        start=value.start,
        end=value.end,
        confidence=number.chance * metric_chance * chance,
    )


_KINDS = {"absolute": "absolute", "plus": "gain", "minus": "gain"}


def _signed(value: Value, label: str) -> str:
    if value.unit in ("x", "share", "order"):
        return value.written
    sign = {"plus": "+", "minus": "-"}.get(label) or value.signed.strip("+")
    return sign + value.written


def _direction(metric: str | None) -> str:
    if metric is None:
        return ""
    return "lower" if _LOWER_IS_BETTER.search(metric) else "higher"


Choice = tuple[str | None, float]  # a name, or None where there is none, and how sure that is


def _named(names: Sequence[Name]) -> list[Name]:
    return [n for n in names if n.kind == "named"]


def _in_turn(index: int, count: int, line: Line, names: Sequence[Name]) -> list[Choice]:
    """The name whose turn it is, where as many names as numbers go "respectively" together."""
    if count < 2 or len({n.name for n in names}) != count or len(names) != count:
        return []
    return [(names[index].name, _TURN)] if "respectively" in line.sentence.tokens else []


def _chances(
    value: Value, line: Line, names: Sequence[Name], model: Classifier
) -> list[tuple[float, str]]:
    yes = model.labels.index("yes")
    return [(model.probabilities(pair_features(value, n, line, names))[yes], n.name) for n in names]


def _best(value: Value, line: Line, names: Sequence[Name], model: Classifier) -> Choice:
    """The likeliest name, or None where none is likely."""
    chance, name = max(_chances(value, line, names, model), default=(0.0, ""))
    return (name, chance) if chance >= _LIKELY else (None, 1.0 - chance)


def _all(value: Value, line: Line, names: Sequence[Name], model: Classifier) -> list[Choice]:
    """Every likely name; one None where there is none."""
    likely: dict[str | None, float] = {}
    top = 0.0
    for chance, name in _chances(value, line, names, model):
        top = max(top, chance)
        if chance >= _LIKELY:
            likely[name] = max(chance, likely.get(name, 0.0))
    return list(likely.items()) or [(None, 1.0 - top)]
