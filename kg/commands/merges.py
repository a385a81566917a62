"""Owns `kg merges`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands import options

if TYPE_CHECKING:
    from kg.link import Linkage, Merge


@click.command(
    name="merges",
    epilog="""\b
Examples:
  kg merges                       what became one node, and why
  kg merges BERT                  the same, of what is named so
  kg merges --near                what nearly did: for a `same:` line, if it should
  kg build --links links.txt …    with lines such as `same: Method: Bert | BERT base`
""",
)
@click.argument("name", required=False)
@click.option("--near", is_flag=True, help="Near misses instead, the likeliest first.")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, for other programs.")
@click.option(
    "--links",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your same:/different: file, in place of the build's.",
)
@click.option(
    "--vocab",
    "vocabulary",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help="Further known names, in place of the build's.",
)
@options.outputs
def command(
    name: str | None,
    near: bool,
    as_json: bool,
    links: Path | None,
    vocabulary: tuple[Path, ...],
    outputs: Path,
) -> None:
    """List which names became one node, each with its reason, for review.

    What the build was given by --links and --vocab holds here too; give one of them to see what
    it would change.  A decision that is wrong is overruled, for good, by a line in the file given to --links.
    """
    linkage = _linkage(outputs, vocabulary, links)
    rows = linkage.near_misses if near else linkage.merges
    wanted = (name or "").casefold()
    for row in rows:
        if wanted in (row.name.casefold(), row.other.casefold(), row.entity.split("/")[-1], ""):
            click.echo(_json(row) if as_json else _line(row))


def _linkage(outputs: Path, vocabulary: tuple[Path, ...], links: Path | None) -> Linkage:
    """The decision of the build, made again from what it had extracted."""
    from kg.link import Linker, Overrides
    from kg.store import Store
    from kg.vocabulary import Vocabulary, load, parse

    with Store.open(outputs) as store:
        told = {key: store.get(key) or "" for key in ("links", "names")}
        overrides = Overrides.read(links) if links else Overrides.parse(told["links"], "links")
        held = () if vocabulary else parse(told["names"], "names")
        linker = Linker(Vocabulary((*held, *load(vocabulary).entries)), overrides)
        for named in store.named(store.get("model") or ""):
            linker.add_named(named)
    return linker.finish()


def _line(row: Merge) -> str:
    target = click.style(f"  {row.entity}", dim=True) if row.entity else ""
    sign = "=" if row.entity else "?"
    return f"{row.name} {sign} {row.other}  {row.reason} ({row.score:.0f}){target}"


def _json(row: Merge) -> str:
    value = {
        "entity": row.entity or None,
        "name": row.name,
        "other": row.other,
        "reason": row.reason,
    }
    return json.dumps(value | {"score": round(row.score, 1)}, ensure_ascii=False)
