"""Owns what the user has decided: a file of `same:` and `different:` lines.

same: Method: Bert | BERT base
different: Task: CL | continual learning
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError
from kg.schema import ROLES


@dataclass(frozen=True, slots=True)
class Overrides:
    """(type, name, name) of things that are one, and of things that are not."""

    same: tuple[tuple[str, str, str], ...] = ()
    different: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def read(cls, path: Path) -> Overrides:
        """The file's lines; `KgError` with the line for one that says neither."""
        found: dict[str, list[tuple[str, str, str]]] = {"same": [], "different": []}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                verb, row = _parse(f"{path}:{number}", line)
                found[verb].append(row)
        return cls(tuple(found["same"]), tuple(found["different"]))


def _parse(place: str, line: str) -> tuple[str, tuple[str, str, str]]:
    verb, type_, names = ([part.strip() for part in line.split(":", 2)] + ["", ""])[:3]
    a, _, b = (part.strip() for part in names.partition("|"))
    if verb not in ("same", "different") or type_ not in ROLES or not a or not b:
        raise KgError(f"{place}: not of the form `same: Method: Bert | BERT`: {line.strip()[:60]}")
    return verb, (type_, a, b)
