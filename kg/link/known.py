"""Owns the vocabulary as linking reads it: which known thing a normal form names.

A form is looked up as it is; then with the acronyms inside of it written out ("zero-shot EL" is
"zero-shot entity linking", "KD loss" is "knowledge distillation loss").  What is contested goes to
a canonical name before an alias, an alias before a short form, and then to the row that comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.names.acronyms import initials
from kg.names.normal import clean, is_acronym, join, parts, words
from kg.vocabulary import Entry, Vocabulary

Key = tuple[str, str]  # (type, normal form)

_CAPITALS = re.compile(r"[A-Z][A-Z0-9]")
_LONGEST = 8  # words; longer names are not looked into for acronyms


def entry_key(entry: Entry) -> Key:
    """The normal form of a known thing's canonical name."""
    return entry.type, join(parts(entry.name, entry.type))


class Known:
    """Known things by normal form, and the acronyms that mean one thing whatever they stand in."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._by_key: dict[Key, Entry] = {}
        self._by_name: dict[tuple[str, str], Entry] = {}
        self._short: dict[Key, Entry] = {}
        self._expansions: dict[str, tuple[str, ...]] = {}
        for entry in vocabulary.entries:
            self._by_name.setdefault((entry.type, entry.name), entry)
            self._by_key.setdefault(entry_key(entry), entry)
        for entry in vocabulary.entries:
            for surface in entry.aliases:
                self._by_key.setdefault((entry.type, join(parts(surface, entry.type))), entry)
        for entry in vocabulary.entries:
            for surface in entry.short:
                self._short.setdefault((entry.type, join(parts(surface, entry.type))), entry)
        self._learn_expansions(vocabulary)

    def _learn_expansions(self, vocabulary: Vocabulary) -> None:
        """Acronyms of common nouns that the curated rows agree on, whatever the type."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for entry in vocabulary.entries:
            if entry.name == entry.name.lower() and " " in entry.name.replace("-", " "):
                for alias in (*entry.aliases, *entry.short):
                    if is_acronym(alias) and initials(alias, entry.name):
                        long = tuple(parts(entry.name, entry.type))
                        found.setdefault(clean(alias), set()).add(long)
        self._expansions = {a: next(iter(longs)) for a, longs in found.items() if len(longs) == 1}

    def entries(self) -> Iterable[Entry]:
        """Every known thing."""
        return self._by_name.values()

    def forms(self) -> Iterable[Key]:
        """Every normal form that names a known thing, or is short for one."""
        return self._by_key.keys() | self._short.keys()

    def entry(self, key: Key) -> Entry | None:
        """The thing that a normal form names by itself."""
        return self._by_key.get(key)

    def short(self, key: Key) -> Entry | None:
        """The thing that a form is short for where nothing speaks against it."""
        return self._short.get(key)

    def named(self, type_: str, name: str) -> Entry | None:
        """The thing of this canonical name."""
        return self._by_name.get((type_, name))

    def written_out(self, surface: str, type_: str) -> str | None:
        """The normal form with inner acronyms written out; None where there are none."""
        if not _CAPITALS.search(surface):
            return None
        shown = words(surface)
        if not 1 < len(shown) <= _LONGEST:
            return None
        out: list[str] = []
        changed = False
        for word in shown:
            stem = word[:-1] if word.endswith("s") and word[:-1].isupper() else word
            long = self._expansions.get(stem)
            changed |= long is not None
            out.extend(long or (word,))
        return join(parts(" ".join(out), type_)) if changed else None
