"""Owns the lists of names that others publish, read as vocabulary entries.

    papers-with-code   methods.json, datasets.json, evaluation-tables.json of its dumps
    hf                 the JSON of the Hugging Face API's dataset or model list
    lm-eval            the table of tasks that lm-evaluation-harness prints or documents
    wikidata           SPARQL query results, in JSON: item, itemLabel, itemAltLabel
    list               JSON Lines of {"name", "type", "aliases", "id", "paper", "homepage"}
    names              one name a line (TFDS and others)

A name that says nothing ("N/A", "Ours", "Baseline") is left out, and so is one of no known type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kg.errors import KgError
from kg.identifiers import arxiv_id, doi
from kg.schema import ROLES
from kg.vocabulary import Entry

_JUNK = re.compile(
    r"(?:n/?a|none|null|ours?|our (?:method|model)|baselines?|test|unknown|other|proposed(?: method)?|"
    r"models?|methods?|datasets?|[\W\d_]*)",
    re.IGNORECASE,
)
_LONGEST = 80  # letters; longer rows are titles or notes
_ENTITY = re.compile(r"wikidata\.org/(?:entity|wiki)/(Q\d+)$")
_HF_ID = re.compile(r"^hf:(datasets/)?([\w.\-]+(?:/[\w.\-]+)?)$")
_QID_LABEL = re.compile(r"Q\d+$")

Rows = Iterator[Entry]


def entries(data: bytes, source: str, format_: str | None = None, type_: str | None = None) -> Rows:
    """The entries of a published list, each (type, name) once, in its order.

    `type_` is what names of a list that does not say are.  Raises `KgError` where the list is of
    no known form, or the type is needed and not given.
    """
    text = _decoded(data, source)
    name = format_ or detect(text)
    if name not in FORMATS:
        raise KgError(f"{source}: no list format {name!r}. Known: {', '.join(FORMATS)}.", code=2)
    if type_ is not None and type_ not in ROLES:
        raise KgError(f"{source}: type {type_!r} is none of {', '.join(ROLES)}.", code=2)
    seen: set[tuple[str, str]] = set()
    for entry in FORMATS[name](text, source, type_):
        if _sound(entry) and (entry.type, entry.name) not in seen:
            seen.add((entry.type, entry.name))
            yield entry


def _decoded(data: bytes, source: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KgError(f"{source}: not UTF-8 at byte {error.start}.") from None


def _sound(entry: Entry) -> bool:
    return entry.type in ROLES and len(entry.name) <= _LONGEST and not _JUNK.fullmatch(entry.name)


def detect(text: str) -> str:
    """The format that a list's beginning shows."""
    head = text.lstrip()[:4000]
    if head.startswith("{"):
        first = head.split("\n", 1)[0]
        return "wikidata" if '"bindings"' in head or '"head"' in first else "list"
    if head.startswith("["):
        if "wikidata.org" in head:
            return "wikidata"
        return "hf" if re.search(r'"(?:id|_id|modelId)"\s*:', head) else "papers-with-code"
    return "lm-eval" if head.startswith("|") or "\n|" in head else "names"


def _parsed(text: str, source: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise KgError(f"{source}: broken JSON: {error}") from None


def _entry(
    name: object,
    type_: str,
    aliases: Iterable[object] = (),
    paper: object = None,
    **identifiers: str | None,
) -> Iterator[Entry]:
    """An entry, where the name is text; `paper` an address, identifier or title."""
    if not isinstance(name, str) or not name.strip():
        return
    shown = name.strip()
    others = tuple(
        dict.fromkeys(
            a.strip() for a in aliases if isinstance(a, str) and a.strip() and a.strip() != shown
        )
    )
    said = paper if isinstance(paper, str) else None
    number, digital = (arxiv_id(said), doi(said)) if said else (None, None)
    found = {"arxiv": number, "doi": digital} | identifiers
    pairs = tuple(sorted((k.replace("_", "-"), v) for k, v in found.items() if v))
    title = said if said and not number and not digital and not said.startswith("http") else None
    yield Entry(
        shown, type_, tuple(a for a in others if len(a) <= _LONGEST), identifiers=pairs, paper=title
    )


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else None


def _papers_with_code(text: str, source: str, type_: str | None) -> Rows:
    for row in _parsed(text, source):
        if "datasets" in row and "task" in row:
            yield from _leaderboards(row)
            continue
        paper = row.get("paper") or {}
        where = (paper.get("url") or paper.get("title")) if isinstance(paper, dict) else paper
        kind = type_ or (
            "Method" if {"collections", "source_url", "introduced_year"} & row.keys() else "Dataset"
        )
        aliases = [row.get("full_name"), *(row.get("variants") or ())]
        yield from _entry(
            row.get("name"), kind, aliases, where, homepage=_address(row.get("homepage"))
        )


def _leaderboards(row: dict[str, Any]) -> Rows:
    """The tasks, datasets, metrics and models of one evaluation table, and of those below it."""
    yield from _entry(row.get("task"), "Task")
    for table in row.get("datasets") or ():
        yield from _entry(table.get("dataset"), "Dataset")
        sota = table.get("sota") or {}
        for metric in sota.get("metrics") or ():
            yield from _entry(metric, "Metric")
        for entry in sota.get("rows") or ():
            yield from _entry(entry.get("model_name"), "Method", (), entry.get("paper_url"))
    for below in row.get("subtasks") or ():
        yield from _leaderboards(below)


def _hf(text: str, source: str, type_: str | None) -> Rows:
    kind = type_ or "Dataset"
    scheme = "hf_dataset" if kind == "Dataset" else "hf"
    for row in _parsed(text, source):
        id_ = row.get("id") or row.get("modelId")
        if not isinstance(id_, str):
            continue
        tags = [t for t in row.get("tags") or () if isinstance(t, str)]
        paper = next((t for t in tags if t.startswith("arxiv:")), None)
        card = row.get("cardData") or {}
        name = card.get("pretty_name") if isinstance(card, dict) else None
        short = id_.rsplit("/", 1)[-1]
        yield from _entry(name or short, kind, (short, id_), paper, **{scheme: id_})


def _lm_eval(text: str, source: str, type_: str | None) -> Rows:
    """The first column of a Markdown table, less its head and its links."""
    for line in text.splitlines():
        cells = [cell.strip(" `*") for cell in line.strip().strip("|").split("|")]
        if not line.strip().startswith("|") or not cells[0] or set(cells[0]) <= set("-: "):
            continue
        name = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cells[0]).strip(" `")
        if name.casefold() not in ("group", "task", "task family", "tag", "config location"):
            yield from _entry(name, type_ or "Dataset", (name.replace("_", " "),))


def _wikidata(text: str, source: str, type_: str | None) -> Rows:
    if type_ is None:
        raise KgError(f"{source}: say what these are, with --type {'|'.join(ROLES)}.", code=2)
    parsed = _parsed(text, source)
    rows = parsed["results"]["bindings"] if isinstance(parsed, dict) else parsed
    merged: dict[str, tuple[str, list[str]]] = {}
    for row in rows:
        flat = {k: v.get("value", "") if isinstance(v, dict) else str(v) for k, v in row.items()}
        found = next((m for v in flat.values() if (m := _ENTITY.search(v))), None)
        label = next(
            (v for k, v in flat.items() if k.endswith("Label") and not k.endswith("AltLabel")), ""
        )
        if found and label and not _QID_LABEL.match(label):
            other = [
                a.strip() for k, v in flat.items() if "alt" in k.casefold() for a in v.split(", ")
            ]
            merged.setdefault(found.group(1), (label, []))[1].extend(other)
    for item, (label, other) in merged.items():
        yield from _entry(label, type_, other, wikidata=item)


def _list(text: str, source: str, type_: str | None) -> Rows:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        row = _parsed(line, f"{source}:{number}")
        if not isinstance(row, dict):
            raise KgError(f"{source}:{number}: not an object with a name.")
        found = _HF_ID.match(str(row.get("id") or ""))
        ids = {("hf_dataset" if found.group(1) else "hf"): found.group(2)} if found else {}
        kind = type_ or str(row.get("type"))
        paper = row.get("paper") or row.get("paper_title")
        yield from _entry(
            row.get("name"),
            kind,
            row.get("aliases") or (),
            paper,
            homepage=_address(row.get("homepage")),
            **ids,
        )


def _names(text: str, source: str, type_: str | None) -> Rows:
    if type_ is None:
        raise KgError(f"{source}: say what these are, with --type {'|'.join(ROLES)}.", code=2)
    for line in text.splitlines():
        yield from _entry(
            line.strip().strip("\"',"),
            type_,
            (line.strip().replace("_", " "),) if "_" in line else (),
        )


FORMATS: dict[str, Callable[[str, str, str | None], Rows]] = {
    "papers-with-code": _papers_with_code,
    "hf": _hf,
    "lm-eval": _lm_eval,
    "wikidata": _wikidata,
    "list": _list,
    "names": _names,
}
