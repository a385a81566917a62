"""Owns the corpus-wide decision: which names are one thing, and what that thing is called.

    surface ──key──▶ normal form ──▶ known name? short form? ──▶ group ──▶ entity

The first pass (`Linker.add`) keeps, for each normal form, how often each spelling stands in the
corpus, and each paper's definitions of short forms; no text.  The decision (`finish`) joins
normal forms to known names and to their long forms.  The second pass (`Linkage.resolve`) reads a
paper's facts again and gives each mention its entity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.identifiers import slug
from kg.link.normal import key
from kg.link.overrides import Overrides
from kg.link.senses import Key, Senses, paper_definitions
from kg.link.variants import parents
from kg.model import Entity, Facts, Mention, Paper, Statement
from kg.schema import entity_id
from kg.vocabulary import Entry, Vocabulary


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """Two names that became one thing, or (`entity` empty) nearly did, and why."""

    entity: str
    name: str
    other: str
    reason: str


class Linker:
    """Gathers the names of a corpus, a paper at a time, in any order."""

    def __init__(self, vocabulary: Vocabulary, overrides: Overrides | None = None) -> None:
        self._known: dict[Key, Entry] = {}
        for entry in vocabulary.entries:
            for surface in (entry.name, *entry.aliases, *entry.short):
                self._known.setdefault((entry.type, key(entry.type, surface)), entry)
        self._overrides = overrides or Overrides()
        self._surfaces: dict[Key, Counter[str]] = {}
        self._senses = Senses()

    def add(self, paper: Paper, facts: Facts) -> None:
        """Note the names of one paper."""
        for mention in facts.mentions:
            name = (mention.type, key(mention.type, mention.text))
            self._surfaces.setdefault(name, Counter())[mention.text] += 1
        self._senses.add(paper_definitions(paper, facts))

    def finish(self) -> Linkage:
        """The decision over all that was added; the same whatever the order."""
        return Linkage(self._known, self._surfaces, self._senses, self._overrides)


class Linkage:
    """Which thing each name is, and the things."""

    def __init__(
        self,
        known: dict[Key, Entry],
        surfaces: dict[Key, Counter[str]],
        senses: Senses,
        overrides: Overrides,
    ) -> None:
        self._known = known
        self._surfaces = surfaces
        self._senses = senses
        self.merges: list[Merge] = []
        self._group: dict[Key, Key] = {}
        self._ambiguous: set[Key] = set()
        self._join_all(overrides)
        self._members: dict[Key, list[Key]] = {}
        for name in sorted(surfaces):
            self._members.setdefault(self._root(name), []).append(name)
        self._entities = self._made()
        self._resolved: tuple[str, dict[Key, str]] = ("", {})

    def _root(self, name: Key) -> Key:
        while (above := self._group.get(name, name)) != name:
            name = above
        return name

    def _join(self, a: Key, b: Key, reason: str) -> None:
        """Make the group of `a` part of the group of `b`."""
        a, b = self._root(a), self._root(b)
        if a != b and not self._apart(a, b):
            self._group[a] = b
            self.merges.append(Merge(b[0] + "/" + b[1], a[1], b[1], reason))

    def _apart(self, a: Key, b: Key) -> bool:
        """Whether both are known, and as different things."""
        one, two = self._known.get(a), self._known.get(b)
        return one is not None and two is not None and one != two

    def _join_all(self, overrides: Overrides) -> None:
        homes: dict[tuple[str, str], Key] = {}
        for name in sorted(self._surfaces):
            if entry := self._known.get(name):
                home = homes.setdefault(
                    (entry.type, entry.name), (entry.type, key(entry.type, entry.name))
                )
                if name != home:
                    self._join(name, home, f"known as an alias of {entry.name}")
        for short in self._senses.short_forms():
            self._join_short(short)
        for type_, a, b in overrides.same:
            self._join((type_, key(type_, a)), (type_, key(type_, b)), "you said so")

    def _join_short(self, short: Key) -> None:
        """Join a short form to its long form, where it has one sense."""
        senses = self._distinct(short)
        if entry := self._known.get(short):
            home = self._root(short)
            for long, papers in senses:
                if self._same_thing(long, entry) or (papers >= 2 and len(senses) == 1):
                    self._join(long, home, f"defined as {entry.name} in {papers} papers")
            return
        clear = self._senses.clear(senses)
        if clear is None:
            self._ambiguous.add(short)
            self.merges.append(
                Merge("", short[1], senses[0][0][1], f"{len(senses)} senses: left apart")
            )
        else:
            self._join(short, clear, f"defined as such in {senses[0][1]} papers")

    def _distinct(self, short: Key) -> list[tuple[Key, int]]:
        """The senses of a short form, with those that are one thing counted together."""
        total: Counter[Key] = Counter()
        for long, papers in self._senses.senses(short):
            total[self._root(long)] += papers
        return sorted(total.items(), key=lambda row: (-row[1], row[0]))

    def _same_thing(self, name: Key, entry: Entry) -> bool:
        return self._known.get(name) == entry

    def _made(self) -> dict[Key, Entity]:
        """An entity for each group."""
        made: dict[Key, Entity] = {}
        taken: set[str] = set()
        for root in sorted(self._members):
            made[root] = self._entity(root, taken)
        return made

    def _entity(self, root: Key, taken: set[str]) -> Entity:
        spellings: Counter[str] = Counter()
        for member in self._members[root]:
            spellings.update(self._surfaces[member])
        entry = self._known.get(root)
        name = entry.name if entry else _name(spellings)
        id_ = entity_id(root[0], slug(name))
        if id_ in taken:
            id_ = entity_id(root[0], slug(f"{name} {root[1]}"))
        taken.add(id_)
        status = "known" if entry else "ambiguous" if root in self._ambiguous else "new"
        aliases = tuple(sorted(set(spellings) - {name}))
        return Entity(id_, root[0], name, aliases, entry.identifiers if entry else (), status)

    def entities(self) -> Iterator[Entity]:
        """All things named by a mention, and the known things that those belong to, by id."""
        extra = {e.id: e for e, _, _ in self._belongings()}
        found = {e.id: e for e in self._entities.values()}
        yield from (value for _, value in sorted((extra | found).items()))

    def statements(self) -> Iterator[Statement]:
        """`variantOf` and `partOf` between things."""
        for above, relation, below in self._belongings():
            yield Statement(
                below, relation, above.id, 1.0 if relation == "partOf" else 0.9, (), "vocabulary"
            )

    def _belongings(self) -> Iterator[tuple[Entity, str, str]]:
        """(thing, relation, id of what belongs to it), sorted."""
        by_name = {(e.type, e.name): e for e in self._known.values()}
        for root in sorted(self._entities):
            entity, entry = self._entities[root], self._known.get(root)
            if entry:
                for name, relation in ((entry.variant_of, "variantOf"), (entry.part_of, "partOf")):
                    if name and (entry.type, name) in by_name:
                        yield self._known_entity(by_name[entry.type, name]), relation, entity.id
            else:
                for surface in parents(entity.type, entity.name):
                    above = self._root((entity.type, key(entity.type, surface)))
                    if above in self._entities and above != root:
                        yield self._entities[above], "variantOf", entity.id
                        break

    def _known_entity(self, entry: Entry) -> Entity:
        root = self._root((entry.type, key(entry.type, entry.name)))
        made = self._entities.get(root)
        id_ = entity_id(entry.type, slug(entry.name))
        return made or Entity(id_, entry.type, entry.name, (), entry.identifiers, "known")

    def resolve(self, paper: Paper, facts: Facts) -> Facts:
        """The facts with each mention's entity and name set."""
        own = self._in_paper(paper, facts)
        self._resolved = (paper.id, {name: self._entities[root].id for name, root in own.items()})
        mentions = tuple(self._linked(m, own) for m in facts.mentions)
        return replace(facts, mentions=mentions)

    def _linked(self, mention: Mention, own: dict[Key, Key]) -> Mention:
        entity = self._entities[own[mention.type, key(mention.type, mention.text)]]
        return replace(mention, entity=entity.id, name=entity.name)

    def _in_paper(self, paper: Paper, facts: Facts) -> dict[Key, Key]:
        """The group of each name of a paper: its own definitions before the corpus's."""
        defined = paper_definitions(paper, facts)
        own: dict[Key, Key] = {}
        for mention in facts.mentions:
            name = (mention.type, key(mention.type, mention.text))
            long = defined.get(name)
            root = self._root(long) if long is not None else None
            own[name] = root if root in self._entities and root is not None else self._root(name)
        return own

    def name_to_entity(self, paper_id: str, type_: str, surface: str) -> str | None:
        """The id that a name stands for in the paper resolved last, or in the corpus; or None."""
        name = (type_, key(type_, surface))
        if self._resolved[0] == paper_id and name in self._resolved[1]:
            return self._resolved[1][name]
        entity = self._entities.get(self._root(name))
        return entity.id if entity else None

    def introducer(self, thing: str, claims: list[tuple[float, str]]) -> str | None:
        """Which paper introduces a thing, of (confidence, paper) best first: the one that stands
        out, or None where two claim it alike and it may be two things."""
        if len(claims) > 1 and claims[0][0] - claims[1][0] < 0.05:
            return None
        return claims[0][1]


def _name(spellings: Counter[str]) -> str:
    """What a new thing is called: its commonest short proper name, else the commonest spelling."""
    ranked = sorted(spellings.items(), key=lambda row: (-row[1], row[0]))
    common = [s for s, _ in ranked if s == s.lower()]
    if common:  # a term of the field goes by its words, in the singular where that is met
        return min(common, key=lambda s: (s.endswith("s"), -spellings[s], s))
    proper = [s for s, _ in ranked if " " not in s]
    return proper[0] if proper else ranked[0][0]
