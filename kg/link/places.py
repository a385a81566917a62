"""Owns a number for each of many normal forms: four bytes for those that stand in the corpus."""

from __future__ import annotations

from array import array

from kg.link.known import Key
from kg.link.names import Names


class Places:
    """A number for each of many normal forms; in an array, for those that stand in the corpus."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._named = array("i", [-1]) * len(names)
        self._others: dict[Key, int] = {}

    def __setitem__(self, form: Key, place: int) -> None:
        if form in self._names:
            self._named[self._names.number(form)] = place
        else:
            self._others[form] = place

    def put(self, number: int, place: int) -> None:
        """The same for the form of this number in the corpus."""
        self._named[number] = place

    def of_names(self) -> array[int]:
        """The places of the forms that stand in the corpus, by their numbers; -1 of those without."""
        return self._named[:]

    def __getitem__(self, form: Key) -> int:
        if form in self._names:
            return self._named[self._names.number(form)]
        return self._others[form]
