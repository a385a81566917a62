"""Owns what the result classifiers see: a number in its sentence, and a number beside a name.

All features are present or not, and known by their names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.context import PLACEHOLDER, Sentence, list_head, tokenize
from kg.extract.metric_names import canonical_metric, changed_measures, implied_metrics
from kg.extract.sentences import sentences
from kg.extract.values import Value
from kg.model import Mention

_NEAR = 5
_UNIT_TOKEN = {"%": "#%", "x": "#x", "points": "#pt", "": "#"}


@dataclass(frozen=True, slots=True)
class Name:
    """A thing that a number may be about: its name, its place, and the sentence that holds it."""

    name: str
    start: int
    end: int
    sentence: int  # -1 is the title
    kind: str = "named"  # or "implied" by a word, or "phrase": a measure that changed


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the abstract with what stands in it."""

    number: int
    of: int
    sentence: Sentence
    values: list[Value]
    metrics: list[Name]
    datasets: list[Name]
    tasks: list[Name]
    methods: list[Name]
    starts: list[int]  # of the sentences of the abstract

    def number_of(self, offset: int) -> int:
        """The number of the sentence that holds an offset of the abstract."""
        return _index(self.starts, offset)


def lines(abstract: str, mentions: Sequence[Mention], values: Sequence[Value]) -> list[Line]:
    """The sentences that hold a value, in order; `mentions` are those of the abstract, sorted."""
    spans = sentences(abstract)
    starts = [start for start, _ in spans]
    held: dict[int, tuple[list[Value], list[Mention]]] = {}
    for value in values:
        held.setdefault(_index(starts, value.start), ([], []))[0].append(value)
    for mention in mentions:
        number = _index(starts, mention.start)
        if number in held:
            held[number][1].append(mention)
    return [
        _line(abstract, number, starts, spans[number], *held[number]) for number in sorted(held)
    ]


def _index(starts: Sequence[int], offset: int) -> int:
    return max(0, bisect_right(starts, offset) - 1)


def _line(
    text: str,
    number: int,
    starts: list[int],
    span: tuple[int, int],
    values: list[Value],
    held: list[Mention],
) -> Line:
    replaced = [(m.start, m.end, PLACEHOLDER[m.type]) for m in held]
    replaced += [(v.start, v.end, _UNIT_TOKEN.get(v.unit, "#u")) for v in values]
    replaced.sort()
    named = {
        type_: [Name(m.text, m.start, m.end, number) for m in held if m.type == type_]
        for type_ in PLACEHOLDER
    }
    metrics = [Name(canonical_metric(n.name), n.start, n.end, number) for n in named["Metric"]]
    taken = [(n.start, n.end) for group in named.values() for n in group]
    for start, end, name, kind in _unnamed(text, span):
        if not any(s < end and start < e for s, e in taken):
            taken.append((start, end))
            metrics.append(Name(name, start, end, number, kind))
            replaced.append((start, start, ""))  # so that it has a place among the tokens
    replaced.sort()
    return Line(
        number, len(starts), tokenize(text, *span, replaced), values,
        sorted(metrics, key=lambda n: n.start), named["Dataset"], named["Task"], named["Method"], starts,
    )  # fmt: skip


def _unnamed(text: str, span: tuple[int, int]) -> Iterator[tuple[int, int, str, str]]:
    """Metrics that no mention names: measures that changed, then words that imply one."""
    for start, end, name in changed_measures(text, *span):
        yield start, end, name, "phrase"
    for start, end, name in implied_metrics(text, *span):
        yield start, end, name, "implied"


def value_features(value: Value, line: Line) -> set[str]:
    """What tells whether a number is a result, and whether it is a gain or a saving."""
    unit = _unit(value)
    tokens, at = line.sentence.tokens, line.sentence.at[value.start]
    found = {
        f"u={unit}",
        f"u={unit} sign={value.signed} range={value.is_range}",
        f"decimal={'.' in value.number} u={unit}",
        f"digits={len(value.number.partition('.')[0])} u={unit}",
        f"measure={value.unit}" if unit == "u" else "",
    }
    _add_line(found, line, unit)
    _add_words(found, tokens, at, unit)
    _add_cues(found, tokens, at)
    found.discard("")
    return found


def _unit(value: Value) -> str:
    return value.unit if value.unit in _UNIT_TOKEN else "u"


def _add_line(found: set[str], line: Line, unit: str) -> None:
    """What else stands in the sentence, and where the sentence stands."""
    named = sum(n.kind == "named" for n in line.metrics)
    third = str(3 * line.number // line.of)
    where = "first" if line.number == 0 else "last" if line.number + 1 == line.of else third
    found.update(
        (
            f"where={where}",
            f"metrics={min(2, named)}",
            f"implied={min(2, len(line.metrics) - named)} u={unit}",
            f"datasets={min(2, len(line.datasets))}",
            f"values={min(4, len(line.values))}",
            f"decimals in sentence={any('.' in v.number or v.unit == '%' for v in line.values)}",
        )
    )


def _add_words(found: set[str], tokens: list[str], at: int, unit: str) -> None:
    """The words on either side, all of them, the near ones, and those beside it in order."""
    left = [t for t in tokens[max(0, at - _NEAR - 2) : at] if t][-_NEAR:]
    right = [t for t in tokens[at + 1 : at + 3 + _NEAR] if t][:_NEAR]
    l1, l2, l3 = (["<", "<", "<", *left])[-1:-4:-1]
    r1, r2, r3 = ([*right, ">", ">", ">"])[:3]
    found.update(
        (
            f"l1={l1}", f"l1={l1} u={unit}", f"l2={l2} {l1}", f"l3={l3} {l2} {l1}",
            f"r1={r1}", f"r1={r1} u={unit}", f"r2={r1} {r2}", f"r3={r1} {r2} {r3}",
            f"lr={l1} {r1}",
        )
    )  # fmt: skip
    found.update([f"l:{word}" for word in left])
    found.update([f"r:{word}" for word in right])
    found.update([f"L:{word}" for word in tokens[:at]])
    found.update([f"R:{word}" for word in tokens[at + 1 :]])


def _add_cues(found: set[str], tokens: list[str], at: int) -> None:
    """The last telling word before the number, the next one after it, and what leads up to it."""
    l1 = next((t for t in tokens[:at][: -_NEAR - 3 : -1] if t), "<")
    cue = next((t for t in reversed(tokens[:at]) if t in _CUES), None)
    if cue is not None:
        found.add(f"cue={cue}")
        found.add(f"cue={cue} l1={l1}")
    after = next((t for t in tokens[at + 1 : at + 8] if t in _CUES), None)
    if after is not None:
        found.add(f"next cue={after}")
    head = list_head(tokens, at)
    found.add(f"h2={' '.join(t for t in tokens[max(0, head - 2) : head])}")


_CUES = frozenset({
    "improve", "improves", "improved", "improving", "improvement", "improvements", "gain",
    "gains", "outperform", "outperforms", "outperforming", "surpass", "surpasses", "surpassing",
    "boost", "boosts", "boosting", "increase", "increases", "increased", "increasing", "reduce",
    "reduces", "reduced", "reducing", "reduction", "reductions", "decrease", "decreases",
    "decreasing", "drop", "drops", "loss", "save", "saves", "saving", "savings", "fewer",
    "less", "lower", "higher", "better", "faster", "smaller", "larger", "achieve", "achieves",
    "achieved", "achieving", "reach", "reaches", "reaching", "obtain", "obtains", "obtaining",
    "attain", "attains", "yields", "yielding", "exceed", "exceeds", "exceeding", "from", "to",
    "with", "using", "only", "under", "at", "compared", "than", "over", "retain", "retains",
    "retaining", "maintaining", "preserving", "prune", "pruning", "cut", "cuts", "cutting",
    "more", "worse", "degradation", "relative", "consisting", "containing", "comprising",
    "trained", "up",
})  # fmt: skip


def pair_features(value: Value, name: Name, line: Line, names: Sequence[Name]) -> set[str]:
    """What tells whether a number is about a name; `names` are all that compete for it."""
    unit = _unit(value)
    kind = name.kind
    local = [n for n in names if n.sentence == line.number]
    competing, near = min(3, len({n.name for n in names})), len({n.name for n in local})
    found = {
        f"{kind} u={unit}",
        f"name={name.name.lower()}",
        f"name={name.name.lower()} u={unit}",
        f"competing={competing} local={min(3, near)}",
    }
    if name.sentence == line.number:
        _add_local(found, value, name, line, local)
    else:
        away = _away(name, line)
        found.add(f"away={away} local={min(2, len(local))}")
        found.add(f"away={away} competing={competing}")
    return found


def _away(name: Name, line: Line) -> str:
    """How far before the number's sentence the name stands."""
    if name.sentence < 0:
        return "title"
    return str(min(3, line.number - name.sentence)) if name.sentence < line.number else "later"


def _add_local(
    found: set[str], value: Value, name: Name, line: Line, local: Sequence[Name]
) -> None:
    """How a name of the number's own sentence stands to it."""
    at, tokens = line.sentence.at, line.sentence.tokens
    a, b = at[value.start], at[name.start]
    side, kind = "after" if b > a else "before", name.kind
    between = [t for t in tokens[min(a, b) + 1 : max(a, b)] if t]
    _add_between(found, between, side, kind, _unit(value))
    gap = abs(b - a)
    nearer = [n for n in local if abs(at[n.start] - a) < gap]
    on_side = sum((n.start > value.start) == (name.start > value.start) for n in nearer)
    closer = sum(n.start != name.start for n in nearer)
    own = sum(abs(at[v.start] - b) < gap for v in line.values)
    found.update(
        (
            f"{side} rank={min(3, closer)} of={min(4, len(local))}",
            f"{side} rank on side={min(3, on_side)}",
            f"{side} values closer={min(3, own)}",
            f"{side} closer={min(2, closer)} {min(2, own)} {kind}",
            f"{side} closer={min(2, closer)} {min(2, own)} of={min(3, len(local))}"
            f" {min(3, len(line.values))}",
            f"{side} l1={next((t for t in reversed(tokens[:b]) if t), '<')}",
        )
    )
    if len(local) > 1 and len(local) == len(line.values):
        aligned = local.index(name) == line.values.index(value)
        found.add(f"aligned={aligned} respectively={'respectively' in tokens}")


def _add_between(found: set[str], between: list[str], side: str, kind: str, unit: str) -> None:
    """What stands between a number and a name."""
    far = len(between)
    found.add(f"{side} {kind} distance={min(12, far) if far < 6 else 6 + min(4, far // 5)}")
    if far <= 3:
        words = " ".join(between)
        found.add(f"{side} between={words}")
        found.add(f"{side} between={words} {kind} u={unit}")
    if far < 15:
        found.update([f"{side} b:{token}" for token in between])
    same = "@E" if "@E" in between else "@D" if "@D" in between else ""
    found.add(f"{side} values between={min(3, sum(t[:1] == '#' for t in between))}")
    found.add(f"{side} names between={same} {kind}")
    found.add(f"{side} clause={not {';', 'while', 'whereas'}.isdisjoint(between)}")
