"""Owns the names under which people keep the fields of a paper, in tables and in plain objects."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from kg.model import Paper, Source, Unread
from kg.readers import record
from kg.readers.dates import iso_date
from kg.readers.json_stream import whole
from kg.readers.text import distinct, names, plain, split_names

# field -> the names it goes by, letters and digits only, the surest first
_NAMES = {
    "id": "id uid paperid articleid key citationkey recordid uuid eid submissionid bibkey",
    "title": "title papertitle articletitle documenttitle maintitle ti primarytitle papername",
    "abstract": "abstract abstracttext paperabstract summary abstractnote ab description abstracts",
    "authors": "authors author authorlist authornames authorfullnames au authorsparsed creators",
    "published": "published publicationdate publisheddate publishedat datepublished date pubdate coverdate issued publicationyear pubyear year py submitteddate createdat",
    "venue": "venue journal journaltitle conference booktitle sourcetitle publicationtitle containertitle journalref publicationname conf event source so",
    "organization": "organization organisation affiliation affiliations institution institutions aff orgs organizations",
    "url": "url link paperurl paperlink site landingpage absurl abs articleurl htmlurl forum pageurl weburl",
    "pdf": "pdf pdfurl pdflink urlpdf openaccesspdf",
    "doi": "doi doiurl doilink di",
    "arxiv": "arxiv arxivid arxivurl arxivlink eprint",
    "pmid": "pmid pubmedid pubmed",
    "pmcid": "pmcid pmc",
    "openreview": "openreview openreviewid openreviewurl forumid",
    "acl": "acl aclid anthologyid",
    "openalex": "openalex openalexid openalexurl",
    "s2": "s2 s2id semanticscholarid corpusid s2url",
    "dblp": "dblp dblpkey dblpid",
    "code": "code codeurl codelink github githubrepo githuburl githublink repo repository repourl repositoryurl coderepository officialcode",
    "project": "project projectpage projecturl website homepage projectsite",
    "upvotes": "upvotes votes",
}  # fmt: skip
_FIELD_OF = {
    name: (field, rank)
    for field, names_ in _NAMES.items()
    for rank, name in enumerate(names_.split())
}
_SCHEMES = ("arxiv", "doi", "pmid", "pmcid", "openreview", "acl", "openalex", "s2", "dblp")
_NOT_NAME = re.compile(r"[\W_]+")


def mapping(header: Iterable[str]) -> dict[str, list[str]]:
    """field -> the columns that hold it, the surest first, of what a header names."""
    return _mapping(tuple(header))


@lru_cache(maxsize=32)  # objects of one source have the same keys, in one of a few orders
def _mapping(header: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[tuple[int, int, str]]] = {}
    for at, column in enumerate(header):
        if known := _FIELD_OF.get(_NOT_NAME.sub("", column).casefold()):
            field, rank = known
            found.setdefault(field, []).append((rank, at, column))
    return {field: [column for *_, column in sorted(rows)] for field, rows in found.items()}


def shown(columns: Mapping[str, list[str]]) -> str:
    """A mapping for people: `title = "Article Title", abstract = "AB"`."""
    order = [field for field in _NAMES if field in columns]
    return ", ".join(f'{field} = "{plain(columns[field][0])}"' for field in order)


def paper(
    row: Mapping[str, object], columns: Mapping[str, list[str]], place: Source
) -> Paper | Unread:
    """The paper of a row or object whose fields stand under these columns."""
    held = _held(row, columns)
    title, abstract, key = (_first(held, field) for field in ("title", "abstract", "id"))
    return record.paper(place, title, abstract, key=key, **_known(held, columns))


def exact_paper(
    row: Mapping[str, object],
    columns: Mapping[str, list[str]],
    place: Source,
    id_: str,
    title: str,
    abstract: str,
) -> Paper | Unread:
    """The same, with id, title and abstract as they are given."""
    others = {field: c for field, c in columns.items() if field not in ("title", "abstract", "id")}
    known = _known(_held(row, others), others)
    return record.paper(place, title, abstract, key=id_, exact=True, **known)


Held = Mapping[str, Sequence[object]]


def _held(row: Mapping[str, object], columns: Mapping[str, list[str]]) -> Held:
    """What a row holds of each field."""
    return {
        field: [v for c in names_ if (v := row.get(c)) not in (None, "", [])]
        for field, names_ in columns.items()
    }


def _first(held: Held, field: str) -> str:
    """The first text of a field that is not blank; "" where there is none."""
    for value in held.get(field, ()):
        text = _text(value)
        if text.strip():
            return text
    return ""


def _known(held: Held, columns: Collection[str]) -> dict[str, Any]:
    """What `record.paper` is told of a row, beside its id, title and abstract."""

    def values(field: str) -> Sequence[object]:
        return held.get(field, ())

    dates = (iso_date(_scalar(v)) for v in values("published"))
    return {
        "published": next((date for date in dates if date), None),
        "authors": next((a for v in values("authors") if (a := _authors(v))), ()),
        "upvotes": next((n for v in values("upvotes") if (n := _count(v)) is not None), None),
        "venue": _first(held, "venue"),
        "organization": next((o for v in values("organization") if (o := _organization(v))), None),
        "url": next((u for v in values("url") if (u := record.web(v))), ""),
        "stated": {scheme: _first(held, scheme) for scheme in _SCHEMES if scheme in columns},
        "addresses": [_text(v) for f in ("url", "pdf", *_SCHEMES) for v in values(f)],
        "links": [
            record.link(kind, v) for kind in ("code", "project") for v in _each(values(kind))
        ],
    }


def _text(value: object) -> str:
    """A text, a number, the first of a list, or what an object calls its name or value."""
    if isinstance(value, str):  # as most are
        return value
    for _ in range(3):  # as deep as sources nest it
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, Mapping):
            kept = (value[key] for key in ("value", "name", "text", "url", "title") if key in value)
            value = next(kept, "")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**18 else ""
    return value if isinstance(value, str) else ""


def _scalar(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}\.0", value.strip()):  # pandas' years
        return value.strip()[:4]
    return value if isinstance(value, int | float) else _text(value)


def _count(value: object) -> int | None:
    text = value.strip() if isinstance(value, str) else ""
    return (
        whole(int(text)) if text.isascii() and text.isdigit() and len(text) < 12 else whole(value)
    )


def _each(values: Iterable[object]) -> Iterator[object]:
    return chain.from_iterable(v if isinstance(v, list) else [v] for v in values)


def _authors(value: object) -> tuple[str, ...]:
    return (
        split_names(value) if isinstance(value, str) else names([_text(v) for v in _each([value])])
    )


def _organization(value: object) -> str | None:
    return distinct([plain(_text(v)) for v in _each([value])])
