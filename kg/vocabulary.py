"""Owns the known names: what ships in `data/vocabulary.jsonl`, and the lists that a user adds.

One JSON object a line; only `name` and `type` are needed:

    {"name": "ImageNet-1k", "type": "Dataset", "aliases": ["IN-1K"], "short": [], "spot": true,
     "variant_of": "ImageNet", "part_of": null, "paper": "arXiv id, DOI or title",
     "identifiers": {"hf-dataset": "ILSVRC/imagenet-1k"}}

`aliases` name the thing wherever they stand; `short` forms ("MT", "diffusion") do so only once a
mention is known to be of the type.  `spot: false` keeps a name that is also a common word from
being looked for in text.  `variant_of` and `part_of` name rows of the same type.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.schema import IDENTIFIER_URLS, ROLES

CURATED = Path(__file__).parent / "data" / "vocabulary.jsonl"
_TEXTS = ("name", "type", "variant_of", "part_of", "paper")
_LISTS = ("aliases", "short")


@dataclass(frozen=True, slots=True)
class Entry:
    """One known thing; `identifiers` are (scheme, value) pairs, `homepage` among the schemes."""

    name: str
    type: str
    aliases: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    variant_of: str | None = None
    part_of: str | None = None
    paper: str | None = None
    spot: bool = True


class Vocabulary:
    """Known things, in the order of their lists: what comes first wins a contested name."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(entries)

    def __iter__(self) -> Iterator[Entry]:
        """The entries whose names may be looked for in text."""
        return (entry for entry in self.entries if entry.spot)

    def __len__(self) -> int:
        return len(self.entries)


def load(paths: Sequence[Path] = ()) -> Vocabulary:
    """The user's lists, then the curated one, so that a user's row comes before ours.

    Raises `KgError` with file and line where a row is not in the form above.
    """
    return Vocabulary(entry for path in (*paths, CURATED) for entry in read(path))


def read(path: Path) -> Iterator[Entry]:
    """Entries of one file, in its order."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KgError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise KgError(f"{path}: not UTF-8 at byte {error.start}.") from None
    yield from parse(text, str(path))


def parse(text: str, place: str) -> Iterator[Entry]:
    """Entries of a text, in its order; `place` is where it stands, for what is wrong with it."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield _entry(line, f"{place}:{number}")


def _entry(line: str, place: str) -> Entry:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise KgError(f"{place}: broken JSON: {error}") from None
    if not isinstance(row, dict):
        raise KgError(f"{place}: not an object with a name and a type.")
    _check(row, place)
    identifiers = tuple(sorted((str(k), str(v)) for k, v in row.get("identifiers", {}).items()))
    lists = {key: tuple(dict.fromkeys(row.get(key) or ())) for key in _LISTS}
    return Entry(
        row["name"],
        row["type"],
        lists["aliases"],
        lists["short"],
        identifiers,
        row.get("variant_of"),
        row.get("part_of"),
        row.get("paper"),
        row.get("spot", True) is not False,
    )


def _check(row: Mapping[str, Any], place: str) -> None:
    """Say what a row lacks, by its place."""
    if not isinstance(row.get("name"), str) or not row["name"].strip():
        raise KgError(f'{place}: no "name".')
    if row.get("type") not in ROLES:
        raise KgError(f"{place}: type {row.get('type')!r} is none of {', '.join(ROLES)}.")
    for key in _TEXTS:
        if row.get(key) is not None and not isinstance(row[key], str):
            raise KgError(f'{place}: "{key}" is not text.')
    for key in _LISTS:
        value = row.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise KgError(f'{place}: "{key}" is not a list of texts.')
    identifiers = row.get("identifiers") or {}
    if not isinstance(identifiers, dict):
        raise KgError(f'{place}: "identifiers" is not an object.')
    unknown = sorted(set(identifiers) - set(IDENTIFIER_URLS) - {"homepage"})
    if unknown:
        raise KgError(
            f"{place}: identifier scheme {unknown[0]!r} is none of {', '.join(IDENTIFIER_URLS)}, homepage."
        )


def dump(entry: Entry) -> str:
    """The line of an entry, with only what is set."""
    row: dict[str, Any] = {"name": entry.name, "type": entry.type}
    row |= {key: list(value) for key in _LISTS if (value := getattr(entry, key))}
    if not entry.spot:
        row["spot"] = False
    if entry.identifiers:
        row["identifiers"] = dict(entry.identifiers)
    row |= {key: value for key in _TEXTS[2:] if (value := getattr(entry, key))}
    return json.dumps(row, ensure_ascii=False)
