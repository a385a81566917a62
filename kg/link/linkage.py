"""Owns the outcome: which thing each name is, in each paper, and the things themselves.

The second pass (`Linkage.resolve`) reads a paper's facts again and gives each mention its entity:
the paper's own definitions first, then its fuller names for a bare head ("segmentation" where the
paper is on image segmentation), then the decision over the corpus.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice
from operator import attrgetter

from kg.link.collector import paused
from kg.link.decision import Decision
from kg.link.doubt import Doubt
from kg.link.groups import Merge
from kg.link.heads import fuller_names, heads, is_head
from kg.link.known import Key, Known, entry_key
from kg.link.names import Names
from kg.link.naming import display_name, known_id, name_of_one, new_id
from kg.link.origins import Origins
from kg.link.places import Places
from kg.link.reasons import Reasons
from kg.link.senses import Senses, Text, paper_meanings
from kg.model import Entity, Facts, Paper, Readable, Statement
from kg.names.normal import is_name, key
from kg.names.variants import VARIED, parents
from kg.vocabulary import Entry


class Linkage:
    """Which thing each name is, and the things."""

    def __init__(
        self,
        known: Known,
        names: Names,
        senses: Senses,
        decision: Decision,
        origins: Origins,
    ) -> None:
        self._known = known
        self._names = names
        self._senses = senses
        self._groups = decision.groups
        self._ambiguous = decision.senses
        self._doubt = Doubt(known, senses, decision)
        self._origins = origins
        # The paper resolved last: its id, the names of its mentions, and the ids of what they stand
        # for; or the places among `things` of what each name as written stands for, and the numbers of
        # those names.
        self._resolved: tuple[str, Sequence[Key], Sequence[str]] = ("", (), ())
        self._placed: tuple[str, Mapping[tuple[str, str], int], Sequence[int]] = ("", {}, ())
        # A few things are named in most papers, and their names are worked out from all spellings.
        self._called = lru_cache(maxsize=1 << 15)(self._id_and_name)

    # Things

    @cached_property
    def _members(self) -> dict[Key, list[Key]]:
        """The normal forms of each thing of several, by its root; an ambiguous form where it was
        left so."""
        root_of = self._groups.root
        senses = {root_of(sense) for senses in self._ambiguous.values() for sense, _ in senses}
        members: dict[Key, list[Key]] = {}
        for form in (self._groups.touched() | senses) - self._ambiguous.keys():
            if form in self._names:
                members.setdefault(root_of(form), []).append(form)
        for form, found in self._ambiguous.items():
            for sense, _ in found:
                members.setdefault(root_of(sense), []).append(form)
            if self._may_stand_alone(form) and not self._doubt.default(form):
                members.setdefault(root_of(form), []).append(form)
        return members

    def _may_stand_alone(self, short: Key) -> bool:
        """Whether a paper may name a short form and not say what it stands for: as it is, or in a
        spelling that none spells out ("MEL tasks", "m_el")."""
        spellings = self._names.spellings(short)
        return self._names.used(short) or not all(map(is_name, spellings))

    @cached_property
    def _grouped(self) -> set[Key]:
        """The forms that are not each a thing by itself."""
        return self._groups.touched() | self._ambiguous.keys() | self._members.keys()

    def _is_thing(self, root: Key) -> bool:
        return root in self._members or (root in self._names and root not in self._grouped)

    @cached_property
    def _everywhere(self) -> array[int]:
        """The place among `things` of what each form stands for in every paper that does not define it,
        by the form's number; -1 where that hangs on the paper."""
        places, number = self._index[1], self._names.number
        found = places.of_names()
        for root, forms in self._members.items():
            for form in forms:
                if form in self._names:
                    found[number(form)] = places[root]
        for form in self._ambiguous:
            if form in self._names:
                own, otherwise = self._doubt.told_apart(form)
                found[number(form)] = places[otherwise] if own.keys() <= {otherwise} else -1
        for form in heads():
            if form in self._names:
                found[number(form)] = -1
        return found

    @property
    def _by_id(self) -> dict[str, Key]:
        """The root of every thing, by its id."""
        return self._index[0]

    @cached_property
    def _index(self) -> tuple[dict[str, Key], Places]:
        """The root of every thing, by its id; and the places of roots in the order of those.

        First come the things of several forms, then the forms that are each a thing by itself.
        """
        found: dict[str, Key] = {}
        places = Places(self._names)
        for root in self._members:
            place = self._placed_by(self._id(root), root, found, places)
            places[root] = place
        grouped, entry_of, cut_at = self._grouped, self._groups.entry_of_root, self._names.cut_at
        for number, form in enumerate(self._names):
            if form not in grouped:
                entry = entry_of(form)
                id_ = known_id(entry) if entry else new_id(form, cut_at(number), self._reserved)
                places.put(number, self._placed_by(id_, form, found, places))
        return found, places

    def _placed_by(self, id_: str, root: Key, found: dict[str, Key], places: Places) -> int:
        """The place of a thing among those found; that of another one of its id, where there is one."""
        held = found.get(id_)
        if held is None:
            found[id_] = root
            return len(found) - 1
        found[id_] = max(root, held)
        return places[held]

    @cached_property
    def _reserved(self) -> frozenset[str]:
        return frozenset(known_id(entry) for entry in self._known.entries())

    def _id(self, root: Key) -> str:
        entry = self._groups.entry(root)
        return known_id(entry) if entry else new_id(root, self._cut(root), self._reserved)

    def _cut(self, root: Key) -> str:
        """The words of a normal form, hyphens between."""
        cut = self._names.cut(root)
        return "-".join(self._senses.words(root)) if cut is None else cut

    def _name(self, root: Key) -> str:
        entry = self._groups.entry(root)
        if entry:
            return entry.name
        only = self._only(root)
        return name_of_one(only) if only else display_name(self._own_counts(root))

    def _only(self, root: Key) -> str | None:
        """The spelling of a thing that has one, as most have; None of others."""
        return None if root in self._members else self._names.only(root)

    def _counts(self, root: Key) -> Mapping[str, int]:
        """How often each spelling of a thing stands in the corpus."""
        return self._sum(self._members.get(root, (root,)))

    def _sum(self, members: Sequence[Key]) -> Mapping[str, int]:
        """How often each spelling of some forms stands in the corpus."""
        if len(members) == 1:
            return self._names.spellings(members[0])
        total: dict[str, int] = {}
        for member in members:
            for surface, count in self._names.spellings(member).items():
                total[surface] = total.get(surface, 0) + count
        return total

    def _own_counts(self, root: Key) -> Mapping[str, int]:
        """The same without the short forms that stand for other things more often: "CMC" is no name for
        each of five things.  Where nothing else is mentioned, the words of the long form."""
        if root in self._ambiguous:
            return self._counts(root)
        members = self._members.get(root, (root,))
        own = [m for m in members if m not in self._ambiguous or self._doubt.default(m) == root]
        counts = self._sum(own)
        words = " ".join(self._senses.words(root))
        return counts or ({words: 1} if words else self._counts(root)) or {root[1]: 1}

    def _spelled_things(self) -> Iterator[tuple[str, Key, str | None]]:
        """(id, root, spelling) of every thing, in the order of their places; the spelling of those that
        have one, as most have."""
        members, only = self._members, self._names.only
        for id_, root in self._by_id.items():
            yield id_, root, None if root in members else only(root)

    def _entity(self, id_: str, root: Key, only: str | None) -> Entity:
        entry = self._groups.entry_of_root(root)
        status = "known" if entry else "ambiguous" if root in self._ambiguous else "new"
        if only:
            name = entry.name if entry else name_of_one(only)
            aliases: tuple[str, ...] = (only,) if only != name else ()
        else:
            counts = self._counts(root)
            name = entry.name if entry else display_name(self._own_counts(root))
            aliases = tuple(sorted(counts.keys() - {name}))
        return Entity(id_, root[0], name, aliases, entry.identifiers if entry else (), status)

    def entities(self) -> Iterator[Entity]:
        """All things that a mention names, and the known things that those belong to, by id."""
        with paused():
            found = sorted(self.things(), key=attrgetter("id"))
        yield from found

    def things(self) -> Iterator[Entity]:
        """The entities, each once, in the order in which their names lie in memory: the other way
        around, each step would wait for memory."""
        for id_, root, only in self._spelled_things():
            yield self._entity(id_, root, only)
        above = {known_id(entry): entry for entry in self._parents()}
        for id_, entry in above.items():
            if id_ not in self._by_id:
                yield Entity(id_, entry.type, entry.name, (), entry.identifiers, "known")

    # What they have to do with one another

    def _parents(self) -> Iterator[Entry]:
        """Known things that no paper may name, above those that one names; all the way up."""
        waiting = [entry for root, entry in self._groups.known() if self._is_thing(root)]
        by_id = {known_id(e): e for e in self._known.entries()}
        found = [by_id[id_] for id_ in self._above.values() if id_ in by_id]
        yield from found
        waiting += found
        seen: set[str] = set()
        while waiting:
            entry = waiting.pop()
            for name in (entry.variant_of, entry.part_of):
                above = self._known.named(entry.type, name) if name else None
                if above and above.name + above.type not in seen:
                    seen.add(above.name + above.type)
                    waiting.append(above)
                    yield above

    def statements(self) -> Iterator[Statement]:
        """`variantOf`, `partOf` and, where the vocabulary knows the paper, `introducedBy`."""
        entries = {known_id(e): e for e in self._parents()}
        known = (row for row in self._groups.known() if self._is_thing(row[0]))
        entries |= {known_id(entry): entry for _, entry in known}
        for id_, entry in sorted(entries.items()):
            yield from self._known_statements(id_, entry)
        for root, above in sorted(self._above.items()):
            yield Statement(self._id(root), "variantOf", above, 0.9, (), "derived")

    def _known_statements(self, id_: str, entry: Entry) -> Iterator[Statement]:
        for name, relation in ((entry.variant_of, "variantOf"), (entry.part_of, "partOf")):
            above = self._known.named(entry.type, name) if name else None
            if above:
                yield Statement(id_, relation, known_id(above), 1.0, (), "vocabulary")
        paper = self._origins.of(entry) if entry.type in ("Method", "Dataset") else None
        if paper:
            yield Statement(id_, "introducedBy", paper, 1.0, (), "vocabulary")

    @cached_property
    def _above(self) -> dict[Key, str]:
        """The id of what a thing that is not known is a version of, known or named in the corpus."""
        found: dict[Key, str] = {}
        for _, root, only in self._spelled_things():
            # The name of a version has a capital, and is then called as it is spelled.
            if root[0] in VARIED and (only is None or only != only.lower()):
                known = self._groups.entry_of_root(root)
                above = None if known else self._parent(root, only or self._name(root))
                if above:
                    found[root] = above
        return found

    def _parent(self, root: Key, name: str) -> str | None:
        for surface in parents(root[0], name):
            form = (root[0], key(surface, root[0]))
            entry = self._known.entry(form)
            above = self._groups.root(form)
            if entry and entry_key(entry) != root:
                return known_id(entry)
            if above != root and above not in self._ambiguous and self._is_thing(above):
                return self._id(above)
        return None

    def of_origin(self) -> Iterator[int]:
        """The places among `things` of those whose paper the vocabulary knows, and the corpus holds."""
        for root, entry in self._groups.known():
            if self._is_thing(root) and self._origins.of(entry):
                yield self._index[1][root]

    def introducer(self, thing: str, claims: list[tuple[float, str]]) -> str | None:
        """Which paper introduces a thing, of (confidence, paper) best first; None where in doubt."""
        root = self._by_id.get(thing)
        if root is None or not claims:
            return None
        entry = self._groups.entry(root)
        origin = self._origins.of(entry) if entry else None
        return self._origins.introducer({self._name(root), *self._counts(root)}, origin, claims)

    # Papers

    def resolve(self, paper: Paper, facts: Facts) -> Facts:
        """The facts with each mention's entity and name set."""
        names = [(m.type, key(m.text, m.type)) for m in facts.mentions]
        surfaces = dict.fromkeys([(m.type, m.text) for m in facts.mentions])
        forms = {(type_, key(text, type_)): text for type_, text in surfaces}
        own = self._in_paper(paper, facts, forms, forms, forms)
        called = {name: self._called(root) for name, root in own.items()}
        self._resolved = (paper.id, names, [called[name][0] for name in names])
        linked = [
            m._replace(entity=called[name][0], name=called[name][1])
            for m, name in zip(facts.mentions, names, strict=True)
        ]
        return replace(facts, mentions=tuple(linked))

    def things_in(self, paper: Readable, facts: Facts, told: Iterator[int]) -> Sequence[int]:
        """The place among `things` of each mention's entity, in order; the numbers that `Linker.add`
        gave for the paper's names are taken from `told`."""
        mentioned = [(m.type, m.text) for m in facts.mentions]
        surfaces = dict.fromkeys(mentioned)
        numbers = given = list(islice(told, len(surfaces)))
        if defined := [at for at, n in enumerate(given) if n < 0]:
            numbers = [n if n >= 0 else ~n for n in given]
        found = list(map(self._everywhere.__getitem__, numbers))
        for at, meant in zip(defined, islice(told, len(defined)), strict=True):
            short = self._names.name(numbers[at])
            if short in self._ambiguous:  # as the paper defines it
                found[at] = -1 if is_head(short) else self._place_of_long(meant)
        if -1 in found:
            found = self._told_by(paper, facts, surfaces, given, found)
        thing_of = dict(zip(surfaces, found, strict=True))
        self._placed = (paper.id, thing_of, numbers)
        return [thing_of[name] for name in mentioned]

    def _place_of_long(self, number: int) -> int:
        """The place of what a long form stands for."""
        return self._index[1][self._groups.root(self._senses.long(number))]

    def _told_by(
        self,
        paper: Readable,
        facts: Facts,
        surfaces: Iterable[tuple[str, str]],
        given: Sequence[int],
        found: Sequence[int],
    ) -> list[int]:
        """The places of the things, as `things_in` has them, where some (-1) hang on the paper."""
        name = self._names.name
        of = {n: name(n if n >= 0 else ~n) for n, at in zip(given, found, strict=True) if at < 0}
        if any(map(is_head, of.values())):  # the paper's other names tell what is meant
            of = {n: name(n if n >= 0 else ~n) for n in given}
        forms = {of[n]: text for n, (_, text) in zip(given, surfaces, strict=True) if n in of}
        asked = [of[n] for n, place in zip(given, found, strict=True) if place < 0]
        own = self._in_paper(paper, facts, forms, asked, {of[n] for n in of if n < 0})
        places = self._index[1]
        return [
            places[own[of[n]]] if place < 0 else place
            for n, place in zip(given, found, strict=True)
        ]

    def thing_named(self, paper_id: str, type_: str, surface: str) -> int | None:
        """The place among `things` of what a name stands for in the paper of the last `things_in`, or
        in the corpus; or None."""
        placed, things, numbers = self._placed
        if placed != paper_id:
            things, numbers = {}, ()
        elif (thing := things.get((type_, surface))) is not None:
            return thing
        form = (type_, key(surface, type_))
        if form in self._names and (number := self._names.number(form)) in numbers:
            return list(things.values())[numbers.index(number)]
        root = self._in_corpus(form)
        return None if root is None else self._index[1][root]

    def meet(self, paper: Paper) -> None:
        """Note where a paper stands, before `introducer` is asked about it."""
        self._origins.add(paper)

    def _id_and_name(self, root: Key) -> tuple[str, str]:
        return self._id(root), self._name(root)

    def _in_paper(
        self,
        paper: Readable,
        facts: Facts,
        forms: Mapping[Key, str],
        asked: Iterable[Key],
        may_define: Collection[Key],
    ) -> dict[Key, Key]:
        """The group of each name that is asked for; `forms` are all of the paper, with a spelling.

        `may_define` are those that the paper may define.
        """
        text = Text(paper)
        full = fuller_names(forms) if any(map(is_head, asked)) else {}
        wanted = {form: full.get(form, form) for form in asked}
        doubtful = self._ambiguous.keys() & set(wanted.values())
        only = doubtful.intersection(may_define)
        defined = paper_meanings(paper, facts, only) if only else {}
        own: dict[Key, Key] = {}
        for form, meant in wanted.items():
            if meant not in doubtful:
                own[form] = self._groups.root(meant)
            elif meant in defined:
                own[form] = self._groups.root(defined[meant])
            else:
                own[form] = self._doubt.in_text(meant, text)
        return own

    def name_to_entity(self, paper_id: str, type_: str, surface: str) -> str | None:
        """The id that a name stands for in the paper resolved last, or in the corpus; or None."""
        form = (type_, key(surface, type_))
        resolved, names, things = self._resolved
        if resolved == paper_id and form in names:
            return things[names.index(form)]
        root = self._in_corpus(form)
        return None if root is None else self._called(root)[0]

    def _in_corpus(self, form: Key) -> Key | None:
        """The root of what a name stands for in any paper; or None."""
        if form in self._ambiguous:
            return None
        entry = self._known.entry(form)
        root = self._groups.root(entry_key(entry) if entry else form)
        return root if self._is_thing(root) else None

    # Reasons

    @cached_property
    def _reasons(self) -> Reasons:
        return Reasons(self._known, self._names, self._senses, self._groups)

    @cached_property
    def merges(self) -> list[Merge]:
        """What was joined, by entity, with the reason."""
        return self._reasons.merges(self._id, self._ambiguous)

    @cached_property
    def near_misses(self) -> list[Merge]:
        """What was nearly joined, and why it was not certain."""
        return self._reasons.near_misses()
