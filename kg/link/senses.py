"""Owns what a short form stands for: in the paper that defines it, and across papers.

A paper's own definition always counts for that paper.  Over all papers, a short form whose
definitions agree is one thing with its long form everywhere.  One that papers define in different
ways has senses, and a paper that does not define it takes the one whose words stand in its text,
of those that are not overshadowed by another; then the known one; then the one that most papers mean,
if most is clear; else it is left apart, marked ambiguous.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from kg.link.known import Key
from kg.model import Definition, Facts, Name, Readable
from kg.names.acronyms import Short, definitions
from kg.names.normal import cut, fold_word, key, key_of, stem

_CLEAR = 0.8  # share of the definitions from which the commonest sense stands for all
_ENOUGH = 3  # papers that must define it so
# Share of the commonest sense's definitions below which a sense is not told by a text's words.  On 47,000
# definitions of 100,000 papers, each hidden with its long form: 83.9 % right, where no bound had 79.9 %;
# anything from 0.03 to 0.5 does nearly as well.
_OVERSHADOWED = 0.1
_SURE, _UNSURE = 2, 1  # weight of "long (short)" and of initials that agree

_WORD = re.compile(r"[^\W_]+")
_ASCII = bytes(range(128))

Root = Callable[[Key], Key]


class Long(NamedTuple):
    """A long form as a paper has it: its key, the folded words, and whether the text joins the two."""

    key: Key
    words: tuple[str, ...]
    sure: bool


def paper_definitions(
    paper: Readable, facts: Facts, only: Short | None = None
) -> dict[Key, list[Long]]:
    """Short form -> long forms, of what a paper defines; the first is what the short form means.

    `only` are the (spelling, type) of those that are looked for, where extraction has not; None
    looks for all.
    """
    told: Iterable[Definition] | None = facts.definitions
    if told is None:
        told = definitions(paper.title, paper.abstract, facts.mentions, only)
    return by_key(
        ((type_, short, cut(short, type_)), (type_, long, cut(long, type_)), sure)
        for short, long, type_, sure in told
    )


def by_key(told: Iterable[tuple[Name, Name, bool]]) -> dict[Key, list[Long]]:
    """Short form -> long forms, of what a paper defines; the first is what the short form means."""
    found: dict[Key, list[Long]] = {}
    for (type_, short, short_cut), (_, long, long_cut), sure in told:
        written, meant = (type_, key_of(short_cut, short)), (type_, key_of(long_cut, long))
        if written != meant:
            longs = found.setdefault(written, [])
            if meant not in [known.key for known in longs]:
                longs.append(Long(meant, tuple(long_cut.split("-")) if long_cut else (), sure))
    return found


def _meanings(told: Iterable[Definition], only: Collection[Key]) -> dict[Key, Key]:
    """What a paper means by each of these short forms: the first that it defines it as."""
    found: dict[Key, Key] = {}
    for written, spelled_out, type_, _ in told:
        short = (type_, key(written, type_))
        if short in only and short not in found:
            long = (type_, key(spelled_out, type_))
            if long != short:
                found[short] = long
    return found


def paper_meanings(paper: Readable, facts: Facts, only: Collection[Key]) -> dict[Key, Key]:
    """What a paper means by these short forms; it is read for them, where it was not yet."""
    if facts.definitions is not None:
        return _meanings(facts.definitions, only)
    mentioned = {(m.text, m.type) for m in facts.mentions}
    spelled = {(text, type_) for text, type_ in mentioned if (type_, key(text, type_)) in only}
    return _meanings(definitions(paper.title, paper.abstract, facts.mentions, spelled), only)


class Senses:
    """Counts, over papers, which long form each short form is defined as."""

    def __init__(self) -> None:
        self._papers: dict[Key, Counter[Key]] = {}
        self._numbers: dict[Key, int] = {}  # of long forms, in the order of their first meeting
        self._longs: list[Key] = []
        self._words: list[tuple[str, ...]] = []
        self._alike: dict[tuple[Key, Key], Key] = {}

    def add(self, found: Mapping[Key, list[Long]]) -> None:
        """Note the definitions of one paper."""
        for short, longs in found.items():
            for long in longs:
                self.put_words(long.key, long.words)
            self.put(short, longs[0].key, _SURE if longs[0].sure else _UNSURE)
            for other in longs[1:]:
                self.put_alike(longs[0].key, other.key, short)

    def put(self, short: Key, long: Key, weight: int) -> None:
        """Note that papers of this weight define a short form so."""
        self._papers.setdefault(short, Counter())[long] += weight

    def put_words(self, long: Key, words: tuple[str, ...]) -> None:
        """Note the folded words of a long form."""
        number = self._numbers.setdefault(long, len(self._longs))
        if number == len(self._longs):
            self._longs.append(long)
            self._words.append(words)
        elif words < self._words[number]:
            self._words[number] = words

    def put_alike(self, a: Key, b: Key, short: Key) -> None:
        """Note that a paper gives two long forms of one short form."""
        pair = (min(a, b), max(a, b))
        self._alike[pair] = min(short, self._alike.get(pair, short))

    def weights(self) -> Iterator[tuple[Key, Key, int]]:
        """(short form, long form, weight) of all that was noted."""
        for short, longs in self._papers.items():
            yield from ((short, long, weight) for long, weight in longs.items())

    def alike(self) -> list[tuple[Key, Key, Key]]:
        """(long form, long form, short form) of what a paper gives as one, sorted."""
        return sorted((a, b, short) for (a, b), short in self._alike.items())

    def shorts(self) -> list[Key]:
        """All short forms that any paper defines, sorted."""
        return sorted(self._papers)

    def longs(self) -> Collection[Key]:
        """All long forms."""
        return self._numbers.keys()

    def number(self, long: Key) -> int:
        """The number of a long form."""
        return self._numbers[long]

    def long(self, number: int) -> Key:
        """The long form of a number."""
        return self._longs[number]

    def words(self, long: Key) -> tuple[str, ...]:
        """The folded words of a long form."""
        number = self._numbers.get(long)
        return () if number is None else self._words[number]

    def of(self, short: Key, root: Root) -> list[tuple[Key, int]]:
        """(group of the long form, weight) of each sense, the heaviest first."""
        total: Counter[Key] = Counter()
        for long, weight in self._papers.get(short, Counter()).items():
            total[root(long)] += weight
        return sorted(total.items(), key=lambda row: (-row[1], row[0]))


def clear(senses: list[tuple[Key, int]]) -> Key | None:
    """The sense that stands for all papers that define none, or None where it is in doubt."""
    total = sum(weight for _, weight in senses)
    best, weight = senses[0]
    return best if weight >= _CLEAR * total and weight >= _ENOUGH * _SURE else None


class Text:
    """A paper's text, asked for folded words: to fold it takes long, and most are not in it."""

    def __init__(self, paper: Readable) -> None:
        self._paper = paper

    @cached_property
    def _text(self) -> str:
        return f"{self._paper.title} {self._paper.abstract}"

    @cached_property
    def _low(self) -> str:
        return self._text.lower()

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(map(fold_word, set(_WORD.findall(self._text))))

    @cached_property
    def _plain(self) -> bool:
        """Whether all letters of the text are in ASCII, as nearly always."""
        if self._text.isascii():
            return True
        others = self._text.encode(errors="replace").translate(None, _ASCII).decode()
        return not any(map(str.isalnum, others))

    def holds(self, words: Collection[str]) -> bool:
        """Whether all of these stand in the text, folded as they are."""
        if self._plain:
            return all(map(self._stands, words))
        return self._words.issuperset(words)

    def _stands(self, folded: str) -> bool:
        """Whether a word of the text folds so; of a text in ASCII letters: it looks only at words that
        begin as such a word must."""
        begin, low = stem(folded), self._low
        at = low.find(begin)
        while at >= 0:
            if at == 0 or not low[at - 1].isalnum():
                word = _WORD.match(self._text, at)
                if word and fold_word(word[0]) == folded:
                    return True
            at = low.find(begin, at + 1)
        return False


def own_words(senses: Mapping[Key, tuple[str, ...]]) -> dict[Key, list[str]]:
    """The words of each sense that not all senses share, of those that have any."""
    shared = set.intersection(*(set(w) for w in senses.values())) if senses else set()
    return {sense: own for sense, w in senses.items() if (own := sorted(set(w) - shared))}


def told_of(weights: Mapping[Key, int]) -> set[Key]:
    """The senses that a text may tell: not those that papers hardly ever mean.

    "RL" is reinforcement learning in a paper that has "large", "reasoning" and "models" in it, though
    one paper writes "large reasoning models (RL)".
    """
    least = _OVERSHADOWED * max(weights.values())
    return {sense for sense, weight in weights.items() if weight >= least}


def told_by_text(own: Mapping[Key, Collection[str]], text: Text) -> Key | None:
    """The sense whose own words (`own_words`) stand in a text; one, or None."""
    told = [sense for sense, words in own.items() if text.holds(words)]
    return told[0] if len(told) == 1 else None
