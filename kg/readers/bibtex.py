"""Owns the reader of BibTeX (`bibtex`): `.bib` files of any size, an entry at a time.

    @inproceedings{key21,
      title = {A {T}itle}, author = {Ada Byron and Alan Kay}, year = {2021},
      booktitle = {Proceedings of \\ldots}, abstract = {…}, doi = {10.…}, eprint = {2106.09685},
    }

Entries are cut from the stream by their braces, and each is parsed by bibtexparser.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from kg.model import Paper, Source, Unread
from kg.readers import record
from kg.readers.dates import iso_date, ymd
from kg.readers.latex import decoded
from kg.readers.lines import text_lines
from kg.readers.text import distinct, split_names

_START = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
_ANYWHERE = re.compile(
    rb"^\s*@\s*[A-Za-z]+\s*[{(]\s*[^\s=]+\s*,|^\s*@\s*(?:string|preamble|comment)\s*[{(]",
    re.MULTILINE | re.IGNORECASE,
)
_VOLUMES = frozenset({"proceedings", "periodical", "collection", "mvproceedings", "mvcollection"})
_LENT = ("year", "month", "date", "published", "publisher")  # by a volume to the papers in it
_LONGEST = 1024 * 1024  # characters of an entry
_SHARED = 20_000  # abbreviations, and volumes, kept
_CODE = ("code", "github", "repository", "code_url", "software", "repo")


def sniff(head: bytes) -> bool:
    """Whether an entry begins in it, with none of another format's marks before."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] not in (b"<", b"{", b"[") and bool(
        _ANYWHERE.search(head)
    )


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one bibliography; volumes and abbreviations are none, but lend what they state."""
    state = _File()
    for number, kind, text in _entries(stream, source):
        place = Source(source, number, "bibtex")
        if not text:
            yield Unread(place, f"an entry of over {_LONGEST >> 20} MiB")
        elif kind == "string":
            state.define(text)
        elif kind not in ("comment", "preamble"):
            yield from _parsed(text, place, state)


class _File:
    """What a bibliography states once for many entries: abbreviations, and volumes by their key."""

    def __init__(self) -> None:
        self._strings: dict[str, str] = {}
        self._volumes: dict[str, Mapping[str, str]] = {}

    def define(self, text: str) -> None:
        """Keep an abbreviation, `@string{name = "…"}`."""
        name = re.search(r"[{(]\s*([^\s=]+)\s*=", text)
        if name and len(self._strings) < _SHARED:
            self._strings[name[1].lower()] = text

    def strings_for(self, text: str) -> str:
        """The abbreviations that an entry may use."""
        used = {word.lower() for word in re.findall(r"[=#]\s*([A-Za-z][^\s,#{}()=\"]{0,80})", text)}
        return "".join(self._strings[name] for name in sorted(used) if name in self._strings)

    def keep_volume(self, key: str, fields: Mapping[str, str]) -> None:
        """Keep what a volume says for the papers in it."""
        if len(self._volumes) < _SHARED:
            self._volumes[key.lower()] = fields

    def volume_of(self, kind: str, fields: Mapping[str, str]) -> Mapping[str, str]:
        """The volume that an entry names; the file's only one for a paper that names no place."""
        if named := fields.get("crossref"):
            return self._volumes.get(named.lower(), {})
        homeless = kind == "inproceedings" and not fields.keys() & {"booktitle", "year", "date"}
        return next(iter(self._volumes.values())) if homeless and len(self._volumes) == 1 else {}


def _entries(stream: BinaryIO, source: str) -> Iterator[tuple[int, str, str]]:
    """(line, type, text) of each entry: from its @ to the brace that closes it, or to the next @.

    An entry too long to be one comes with no text.
    """
    number, kind, held, size, depth = 0, "", [""], 0, 0
    for at, line in text_lines(stream, source):
        start = _START.match(line) if "@" in line else None
        if start and kind and (depth <= 0 or "=" not in line.partition(",")[0]):
            yield number, kind, "".join(held) if size <= _LONGEST else ""
            kind = ""
        if start and not kind:
            number, kind, held, size, depth = at, start[1].lower(), [], 0, 0
        if kind:
            size, depth = size + len(line) + 1, depth + line.count("{") - line.count("}")
            if size <= _LONGEST:
                held.append(line + "\n")
            if depth <= 0 and ("{" in line or (held and "{" in held[0])):
                yield number, kind, "".join(held) if size <= _LONGEST else ""
                kind = ""
    if kind:
        yield number, kind, "".join(held) if size <= _LONGEST else ""


def _parsed(text: str, place: Source, state: _File) -> Iterator[Paper | Unread]:
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it logs is yielded below
    try:
        library = parse_string(state.strings_for(text) + text)
    except Exception as error:  # the library lets many kinds through on broken entries
        yield Unread(place, f"broken BibTeX: {_why(error)}")
        return
    for block in library.failed_blocks:
        yield Unread(place, f"broken BibTeX: {_why(getattr(block, 'error', None))}")
    for entry in library.entries:
        kind = entry.entry_type.lower()
        fields = {f.key.lower(): f.value for f in entry.fields if isinstance(f.value, str)}
        if kind in _VOLUMES:
            state.keep_volume(entry.key, fields)
        else:
            volume = state.volume_of(kind, fields)
            lent = {name: volume[name] for name in _LENT if volume.get(name)}
            lent |= (
                {"booktitle": volume.get("booktitle") or volume.get("title", "")} if volume else {}
            )
            yield _paper(entry.key, lent | fields, place)
    if not library.entries and not library.failed_blocks:
        yield Unread(place, "broken BibTeX: no entry in it")


def _why(error: object) -> str:
    text = str(error or "").strip()
    return text.splitlines()[0][:200] if text else "unreadable"


def _paper(key: str, fields: Mapping[str, str], place: Source) -> Paper | Unread:
    def text(*names: str) -> str:
        return next((t for n in names if (t := decoded(fields.get(n, "")))), "")

    arxiv = fields.get("eprint", "")
    if fields.get("archiveprefix", fields.get("eprinttype", "arxiv")).lower() != "arxiv":
        arxiv = ""
    links = [record.link("code", fields.get(name)) for name in _CODE]
    return record.paper(
        place,
        text("title", "booktitle"),
        text("abstract"),
        key=key,
        published=_date(fields),
        authors=authors(fields.get("author") or fields.get("editor") or ""),
        venue=text("booktitle", "journal", "journaltitle", "school", "institution", "publisher"),
        organization=distinct([decoded(o) for o in re.split(r";", fields.get("affiliation", ""))]),
        url=_url(fields),
        stated={
            "doi": fields.get("doi"),
            "arxiv": arxiv or fields.get("arxivid") or fields.get("arxiv"),
            "pmid": fields.get("pmid"),
            "pmcid": fields.get("pmcid") or fields.get("pmc"),
            "dblp": key.removeprefix("DBLP:") if key.startswith("DBLP:") else None,
        },
        addresses=[fields.get(name, "") for name in ("url", "pdf", "ee", "link", "journal")],
        links=[*links, *record.code_links(fields.get("note", ""))],
    )


def _url(fields: Mapping[str, str]) -> str:
    """The first address, without the LaTeX around and in it."""
    for name in ("url", "howpublished", "link", "ee", "pdf"):
        found = re.search(
            r"https?://[^\s{}<>]+", re.sub(r"\\([_%&#~])", r"\1", fields.get(name, ""))
        )
        if found:
            return found[0]
    return ""


def _date(fields: Mapping[str, str]) -> str | None:
    for name in ("date", "published"):
        if date := iso_date(fields.get(name)):
            return date
    return ymd(decoded(fields.get("year", "")), fields.get("month"), fields.get("day"))


def authors(text: str) -> tuple[str, ...]:
    """Names in BibTeX's order, `First Last`, of "Last, First and First Last"."""
    found = []
    for name in re.split(r"\s+and\s+", text[:200_000]):
        parts = [part.strip() for part in decoded(name).split(",")]
        found.append(" ".join([*parts[1:][::-1], parts[0]]) if len(parts) <= 3 else " ".join(parts))
    return split_names(";".join(n.replace(";", " ") for n in found if n and n != "others"))
