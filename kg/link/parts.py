"""Owns linking in parts: what a corpus's names must be gathered, cut and handed on as, so that no
one process holds them all.

    papers ──rows──▶ counts ──ties──▶ parts ──put, finish──▶ Linkage ──outcome──▶ Outcome ──Part──▶ papers

`rows` are what a `Linker` has gathered, in a form that adds up over linkers.  `ties` say which
names the decision about a name may look at: names that no chain of ties joins are decided apart,
and whatever set of whole components is `put` into a linker, its decision over them is that over
the corpus.  (Slips of the pen hang on all names; they are found before, and are ties too.)  An
`Outcome` is all that a name's decision comes to, and a `Part` resolves papers by those of the
names that these need (`needs`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.link.decision import Decision
from kg.link.groups import Groups
from kg.link.known import Key, Known, entry_key
from kg.link.linkage import Linkage
from kg.link.linker import Linker
from kg.link.names import Names
from kg.link.origins import Origins
from kg.link.overrides import Overrides
from kg.link.senses import Senses, paper_definitions
from kg.model import Entity, Facts, Paper
from kg.names.normal import is_name, key
from kg.names.variants import parents

# (kind, name, other name, text, count): rows of one kind, names and, for spellings, text are one
# row once their counts are added; of their texts the least counts.
Row = tuple[str, str, str, str, int]
SPELLING, UNDEFINED, SENSE, WORDS, ALIKE = "spelling", "undefined", "sense", "words", "alike"


def written(name: Key) -> str:
    """A name as one text."""
    return "/".join(name)


def read(text: str) -> Key:
    """A name from its text."""
    type_, _, form = text.partition("/")
    return type_, form


def rows(linker: Linker) -> Iterator[Row]:
    """What a linker has gathered about names."""
    names, senses = linker.names, linker.senses
    for name in names:
        for surface, count in names.spellings(name).items():
            yield SPELLING, written(name), "", surface, count
    for name in names:  # the others may stand alone anyway (`Linkage._may_stand_alone`)
        if names.used(name) and any(map(is_name, names.spellings(name))):
            yield UNDEFINED, written(name), "", "", 1
    for short, long, weight in senses.weights():
        yield SENSE, written(short), written(long), "", weight
    for long in senses.longs():
        yield WORDS, written(long), "", "\0".join(senses.words(long)), 0
    for a, b, short in senses.alike():
        yield ALIKE, written(a), written(b), written(short), 0


def put(linker: Linker, row: Row) -> None:
    """Add to what a linker has gathered."""
    kind, name, other, text, count = row
    if kind == SPELLING:
        linker.names.add(read(name)[0], text, count)
    elif kind == UNDEFINED:
        linker.names.use_named(read(name))
    elif kind == SENSE:
        linker.senses.put(read(name), read(other), count)
    elif kind == WORDS:
        linker.senses.put_words(read(name), tuple(text.split("\0")) if text else ())
    elif kind == ALIKE:
        linker.senses.put_alike(read(name), read(other), read(text))


def ties(known: Known, row: Row) -> Iterator[tuple[Key, Key]]:
    """The names that a row ties together."""
    kind, name, other, text, _ = row
    form = read(name)
    if kind in (SENSE, ALIKE):
        yield form, read(other)
        return
    entry = known.entry(form) or known.short(form)
    if entry:
        yield form, entry_key(entry)
    if kind == SPELLING and not known.entry(form):
        yield from ((form, tied) for tied in _within(known, form, text))


def _within(known: Known, form: Key, surface: str) -> Iterator[Key]:
    """The names that a spelling of another tells of: acronyms written out, what it is a version of."""
    long = known.written_out(surface, form[0])
    if long:
        entry = known.entry((form[0], long))
        yield entry_key(entry) if entry else (form[0], long)
    for above in parents(form[0], surface):
        shorter = (form[0], key(above, form[0]))
        if known.entry(shorter):
            return  # which is then what it is a version of, whatever else the corpus names
        yield shorter


def said(overrides: Overrides) -> Iterator[tuple[Key, Key]]:
    """The names that the user ties together."""
    for type_, a, b in overrides.same:
        yield (type_, key(a, type_)), (type_, key(b, type_))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is decided about a name.

    `roots` are the groups of the name and of what it may stand for; `senses` what an ambiguous
    one is defined as, with weights; `words` those of each sense; `things` the id and name of each
    group, and whether it is a node of the graph.
    """

    name: Key
    roots: dict[Key, Key]
    senses: list[tuple[Key, int]]
    words: dict[Key, tuple[str, ...]]
    things: dict[Key, tuple[str, str, bool]]


def outcome(linkage: Linkage, name: Key) -> Outcome:
    """What a linkage has decided about a name."""
    known, root = linkage._known, linkage._groups.root
    senses = linkage._ambiguous.get(name, [])
    entry = known.entry(name) or known.short(name) if senses else None
    told = [name, *(sense for sense, _ in senses), *([entry_key(entry)] if entry else ())]
    roots = {one: root(one) for one in told}
    words = {sense: linkage._doubt.words(sense) for sense, _ in senses}
    things = {one: (*linkage._id_and_name(one), linkage._is_thing(one)) for one in roots.values()}
    return Outcome(name, roots, senses, words, things)


class Part(Linkage):
    """A linkage that knows some names only: those whose outcomes it is given."""

    def __init__(self, known: Known, outcomes: Iterable[Outcome]) -> None:
        groups, senses = Groups((), ()), Senses()
        decision = Decision(groups)
        self._things: dict[Key, tuple[str, str, bool]] = {}
        for one in outcomes:
            self._things |= one.things
            for name, root in one.roots.items():
                groups.join(name, root, "")
            if one.senses:
                decision.senses[one.name] = one.senses
            for sense, words in one.words.items():
                senses.put_words(sense, words)
        super().__init__(known, Names(), senses, decision, Origins(()))

    def _id_and_name(self, root: Key) -> tuple[str, str]:
        return self._things[root][:2]

    def _is_thing(self, root: Key) -> bool:
        return root in self._things and self._things[root][2]


def needs(known: Known, paper: Paper, facts: Facts) -> set[Key]:
    """The names whose outcomes a part must have to resolve a paper."""
    found = {(m.type, key(m.text, m.type)) for m in facts.mentions}
    found |= {longs[0].key for longs in paper_definitions(paper, facts).values()}
    for result in facts.results:
        named = {"Method": result.method, "Dataset": result.dataset,
                 "Metric": result.metric, "Task": result.task}  # fmt: skip
        for type_, surface in named.items():
            form = (type_, key(surface or "", type_))
            entry = known.entry(form)
            found |= {form, entry_key(entry) if entry else form}
    return found


def things(linkage: Linkage) -> Iterator[tuple[Entity, bool, str | None]]:
    """The things of a linkage; whether a mention names each, and the paper that the vocabulary
    says introduces it."""
    for entity in linkage.entities():
        root = linkage._by_id.get(entity.id)
        entry = linkage._groups.entry(root) if root else None
        yield entity, root is not None, linkage._origins.of(entry) if entry else None
