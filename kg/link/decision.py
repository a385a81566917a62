"""Owns the corpus-wide decision: which normal forms are one thing, in the order of trust.

    1. what the user said        same: / different:
    2. known names               aliases of one row of the vocabulary
    3. written-out acronyms      "zero-shot EL" and "zero-shot entity linking"
    4. short and long forms      where papers agree what the short one stands for
    5. slips of the pen          "subtokenziation"

Every join keeps its reason; what was nearly joined is kept as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from kg.link.groups import Groups
from kg.link.known import Key, Known, entry_key
from kg.link.names import Names
from kg.link.overrides import Overrides
from kg.link.senses import Senses
from kg.names.normal import key, parts
from kg.vocabulary import Entry

_NAME = 5  # letters from which a name is its own, whatever a paper spells it out as
_SAME_LONG = 88.0  # of 100: two long forms of one short form that are one, by rapidfuzz's ratio


# Two forms, and how likely one is the other mistyped, of 100; they are joined above `SLIP`.
Slip = tuple[Key, Key, float]
SLIP = 50.0


@dataclass(slots=True)
class Decision:
    """The groups, and the short forms that have several senses (group -> weight)."""

    groups: Groups
    senses: dict[Key, list[tuple[Key, int]]] = field(default_factory=dict)


def decide(
    known: Known,
    names: Names,
    senses: Senses,
    overrides: Overrides,
    slips: Iterable[Slip] | None = None,
) -> Decision:
    """Join the normal forms of a corpus; the same for the same names, in whatever order they came.

    `slips` are found among the names, where they are not given.
    """
    forms = sorted(f for f in known.forms() if f in names or f in senses.longs())
    groups = Groups(_known_forms(known, forms), _pairs(overrides.different))
    decision = Decision(groups)
    for a, b in _pairs(overrides.same):
        groups.join(a, b, "you said so", forced=True)
    _join_known(known, forms, groups)
    _join_written_out(known, names, groups)
    _join_long_forms(senses, groups)
    for short in senses.shorts():
        _join_short(known, short, senses, decision)
    _join_undefined(known, forms, decision)
    _join_slips(names, groups, slips_of(names) if slips is None else slips)
    return decision


def _pairs(rows: tuple[tuple[str, str, str], ...]) -> Iterator[tuple[Key, Key]]:
    for type_, a, b in rows:
        yield (type_, key(a, type_)), (type_, key(b, type_))


def _known_forms(known: Known, forms: list[Key]) -> Iterator[tuple[Key, Entry]]:
    """The home form of each known thing that the corpus names."""
    homes: dict[Key, Entry] = {}
    for form in forms:
        entry = known.entry(form) or known.short(form)
        if entry:
            homes.setdefault(entry_key(entry), entry)
    yield from homes.items()


def _join_known(known: Known, forms: list[Key], groups: Groups) -> None:
    for form in forms:
        entry = known.entry(form)
        if entry and form != entry_key(entry):
            groups.join(form, entry_key(entry), f"known as another name of {entry.name}")


def _join_written_out(known: Known, names: Names, groups: Groups) -> None:
    """Forms that hold an acronym, with the form that has it written out, where that is named too."""
    for form, (_, long) in sorted(_written_out(known, names).items()):
        entry = known.entry(long)
        if entry or long in names:
            target = entry_key(entry) if entry else long
            groups.join(form, target, "the acronym inside written out")


def _written_out(known: Known, names: Names) -> dict[Key, tuple[str, Key]]:
    """Form -> its least spelling that holds an acronym, and the form with that written out."""
    found: dict[Key, tuple[str, Key]] = {}
    for form, surface in names.surfaces():
        written = known.written_out(surface, form[0])
        if written and written != form[1] and not known.entry(form):
            row = (surface, (form[0], written))
            found[form] = min(found.get(form, row), row)
    return found


def _join_long_forms(senses: Senses, groups: Groups) -> None:
    """Long forms of one short form that one paper gives, or that hardly differ."""
    for a, b, short in senses.alike():
        if _same_kind(senses.words(a), senses.words(b)):
            groups.join(b, a, f"one paper spells out {short[1].upper()} as both")
    for short in senses.shorts():
        longs = [long for long, _ in senses.of(short, lambda form: form)]
        for i, a in enumerate(longs):
            for b in longs[i + 1 :]:
                score = fuzz.ratio(a[1], b[1])
                if score >= _SAME_LONG and _same_kind(senses.words(a), senses.words(b)):
                    groups.join(b, a, f"both stand for {short[1].upper()}", score)


def _same_kind(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """A model and the modelling of it share their letters and their short form, and are two."""
    last = {a[-1:], b[-1:]}
    return len(last) == 1 or not any(w[0].endswith("ing") for w in last if w)


def _join_short(known: Known, short: Key, senses: Senses, decision: Decision) -> None:
    """Join a short form to its long form, where it has one sense; else keep its senses."""
    groups = decision.groups
    found = senses.of(short, groups.root)
    entry = known.entry(short) or known.short(short)
    if entry:
        home = groups.root(entry_key(entry))
        others = [(sense, weight) for sense, weight in found if sense != home]
        if short == entry_key(entry):
            others = _of_a_name(short, home, others, groups)
        if others:
            decision.senses[short] = sorted(
                [(home, sum(w for _, w in found)), *others], key=lambda r: (-r[1], r[0])
            )
        for sense, weight in others:
            _join_to_known(sense, home, short, weight, senses, decision)
    elif len(found) == 1:
        sense, weight = found[0]
        groups.join(short, sense, "defined as its short form")
    else:
        decision.senses[short] = found
        for sense, _ in found:
            groups.refused.append((short, sense, f"one of {len(found)} senses", 50.0))


def _of_a_name(
    short: Key, home: Key, others: list[tuple[Key, int]], groups: Groups
) -> list[tuple[Key, int]]:
    """What papers spell a known name out as, less what is the name's own: "MaskGIT", not "SAM"."""
    left = []
    for sense, weight in others:
        if groups.entry(sense) is not None:
            continue  # "Token Merging (ToMe)": both known, and both stay what they are
        if len(short[1]) >= _NAME:
            groups.join(sense, home, "spelled out by a paper")
        else:
            left.append((sense, weight))
    return left


def _join_to_known(
    sense: Key, home: Key, short: Key, weight: int, senses: Senses, decision: Decision
) -> None:
    """A long form that papers give for a known short form: another spelling of it, or another thing."""
    entry = decision.groups.entry(home)
    if entry is None or decision.groups.entry(sense) is not None:
        return
    score = max(fuzz.token_sort_ratio(" ".join(senses.words(sense)), " ".join(parts(name, entry.type)))
                for name in (entry.name, *entry.aliases))  # fmt: skip
    if score >= _SAME_LONG:
        decision.groups.join(sense, home, f"stands for {entry.name}", score)
    else:
        decision.groups.refused.append((sense, home, f"both {short[1].upper()}", score))


def _join_undefined(known: Known, forms: list[Key], decision: Decision) -> None:
    """Short forms that no paper defines, as the vocabulary has them."""
    for form in forms:
        entry = known.short(form)
        if entry is None or known.entry(form):
            continue
        if form not in decision.senses and decision.groups.root(form) == form:
            decision.groups.join(form, entry_key(entry), f"short for {entry.name}")


def slips_of(names: Names) -> Iterator[Slip]:
    """Forms that one mistyped word sets apart, and how likely it was."""
    # Late: numpy must not be loaded before `kg.extract.workers.one_thread` was called.
    from kg.link.near import slip

    found = list(_one_letter_apart(names))
    seen = _seen(names, {word for *_, words in found for word in words})
    for one, two, words in found:
        yield one, two, slip(*words, seen)


def _join_slips(names: Names, groups: Groups, slips: Iterable[Slip]) -> None:
    likely = []
    for one, two, score in slips:
        if score > SLIP:
            likely.append((one, two, score))
        else:
            groups.refused.append((one, two, "one letter apart", score))
    for one, two, score in sorted(likely):
        rare, common = sorted((one, two), key=lambda f: (sum(names.spellings(f).values()), f))
        groups.join(rare, common, "a slip of the pen", score)


def _one_letter_apart(names: Names) -> Iterator[tuple[Key, Key, tuple[str, str]]]:
    """Two forms, and the one word of each that sets them apart."""
    from kg.link.near import changed, pairs

    by_type: dict[str, list[str]] = {}
    for type_, form in names:
        by_type.setdefault(type_, []).append(form)
    for type_, forms in by_type.items():
        for a, b in pairs(forms):
            one, two = (type_, a), (type_, b)
            words = changed(*(words_of(names.least(form)) for form in (one, two)))
            if words:
                yield one, two, words


def _seen(names: Names, words: set[str]) -> dict[str, int]:
    """How many names hold each of these words."""
    seen = dict.fromkeys(words, 0)
    for _, surface in names.spelled() if words else ():
        for word in words_of(surface):
            if word in seen:
                seen[word] += 1
    return seen


def words_of(surface: str) -> list[str]:
    """The words of a name as written, without case: enough to tell which one was mistyped."""
    return surface.casefold().replace("-", " ").split()
