"""Owns the table of docs/formats.md: what the readers make of a folder of samples.

python -m benchmarks.format_table FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from kg.readers import sources
from kg.readers.describe import Description, describe

_ORDER = ("abstract", "published", "authors", "venue", "organization", "url", "upvotes")


def row(found: Description) -> str:
    """One line of the table: figures only."""
    filled = [name for name in _ORDER if found.filled[name] and name != "abstract"]
    filled += sorted(name for name in found.filled if name not in _ORDER)
    shown = ", ".join(f"{name} {found.filled[name]}" for name in filled)
    name = Path(found.name).name
    return f"| {name} | `{found.format}` | {found.records} | {found.papers} | {found.filled['abstract']} | {shown} |"


def main(folder: str) -> None:
    """Print the table for each sample in the folder."""
    print("| sample | format | records | papers | with abstract | papers that have each field |")
    print("| --- | --- | ---: | ---: | ---: | --- |")
    for opened in sources.find([folder]):
        if sources.detect(opened) != sources.UNKNOWN:
            print(row(describe(opened)))


if __name__ == "__main__":
    main(sys.argv[1])
