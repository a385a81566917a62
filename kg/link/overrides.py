"""Owns what the user has decided: a file of `same:` and `different:` lines, kept for later builds.

# comments, and blank lines
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
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise KgError(f"{path}: cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError as error:
            raise KgError(f"{path}: not UTF-8 at byte {error.start}.") from None
        return cls.parse(text, str(path))

    @classmethod
    def parse(cls, text: str, place: str) -> Overrides:
        """The lines of a text; `place` is where it stands, for what is wrong with it."""
        found: dict[str, set[tuple[str, str, str]]] = {"same": set(), "different": set()}
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                verb, rows = _parse(f"{place}:{number}", line)
                found[verb].update(rows)
        return cls(tuple(sorted(found["same"])), tuple(sorted(found["different"])))


def _parse(place: str, line: str) -> tuple[str, list[tuple[str, str, str]]]:
    """The verb, and each two names of the line that follow one another."""
    verb, type_, rest = ([part.strip() for part in line.split(":", 2)] + ["", ""])[:3]
    names = [name.strip() for name in rest.split("|")]
    if verb not in ("same", "different") or type_ not in ROLES or len(names) < 2 or not all(names):
        raise KgError(
            f"{place}: not of the form `same: Method: Bert | BERT` (or different:): {line.strip()[:60]}"
        )
    if verb == "same":
        return verb, [(type_, names[0], other) for other in names[1:]]
    return verb, [(type_, a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
