"""Owns the making of a `Paper` from what a record states, the same for all formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from kg.identifiers import arxiv_id, doi, slug
from kg.model import Link, Paper, Source, Unread
from kg.readers.text import folded, plain

_URL = re.compile(r"https?://[^\s<>\"'{}|\\^`]+", re.IGNORECASE)
_CODE_HOST = re.compile(
    r"(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com|huggingface\.co)/"
    r"(?!papers/)[\w.-]+/[\w.-]+",
    re.IGNORECASE,
)
_PROJECT_HOST = re.compile(r"[\w-]+\.(?:github|gitlab)\.io(?:/|$)", re.IGNORECASE)
_LONGEST_ID = 500
# The value of each scheme within an address or a spelling of it.
_FORMS: dict[str, re.Pattern[str]] = {
    "acl": re.compile(r"(?:aclanthology\.org|aclweb\.org/anthology)/([A-Z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)"),
    "openreview": re.compile(r"openreview\.net/(?:forum|pdf|attachment)\?id=([\w-]+)"),
    "openalex": re.compile(r"^(?:https?://(?:api\.)?openalex\.org/(?:works/)?)(W\d+)$"),
    "s2": re.compile(r"semanticscholar\.org/paper/(?:[^/\s]+/)?([0-9a-f]{40})"),
    "dblp": re.compile(r"dblp\.(?:org|uni-trier\.de)/rec/(?:\w+/)?((?:conf|journals|books|phd|series|homepages)/\S+?)(?:\.html|\.xml|\.bib)?$"),
    "pmid": re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d+)"),
    "pmcid": re.compile(r"(?:pmc\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pmc)/articles/(PMC\d+)"),
}  # fmt: skip
# What stands in whatever one of these finds.
_PLACE = re.compile(
    r"aclanthology|aclweb|openreview|openalex|semanticscholar|dblp|pubmed|ncbi\.nlm"
)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_PLAIN_HOST = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#]|$)")


def paper(
    place: Source,
    title: str,
    abstract: str = "",
    *,
    key: str = "",
    published: str | None = None,
    authors: Iterable[str] = (),
    author_count: int | None = None,
    upvotes: int | None = None,
    venue: str = "",
    organization: str | None = None,
    url: str = "",
    stated: Mapping[str, object] | None = None,
    addresses: Iterable[str] = (),
    links: Iterable[Link | None] = (),
    exact: bool = False,
) -> Paper | Unread:
    """The paper of one record, or an `Unread` where it has no title.

    `key` is the record's own identifier, kept as the paper's id.  `stated` are identifiers by
    scheme in any spelling; `addresses` are further places that may tell one.  `exact` keeps key,
    title and abstract to the letter.
    """
    if not exact:
        key, title, abstract = folded(key)[:_LONGEST_ID], plain(title), plain(abstract)
    if not any(map(str.isalnum, title)):
        return Unread(place, "no title")
    url = web(url)
    known = identifiers(stated or {}, [url, *addresses])
    return Paper(
        id=key or slug(title),
        title=title,
        abstract=abstract,
        sources=(place,),
        published=published,
        authors=tuple(name for author in authors if (name := folded(author))),
        author_count=author_count,
        upvotes=upvotes,
        venue=plain(venue) or None,
        organization=folded(organization or "") or None,
        url=url or None,
        identifiers=known,
        links=tuple(sorted({link for link in links if link})),
    )


def identifiers(
    stated: Mapping[str, object], addresses: Iterable[str] = ()
) -> tuple[tuple[str, str], ...]:
    """(scheme, value) pairs, sorted: what is stated, then what addresses tell, one a scheme."""
    found: dict[str, str] = {}
    for scheme, value in stated.items():
        if value is not None and (good := _value(scheme, folded(str(value))[:_LONGEST_ID])):
            found.setdefault(scheme, good)
    for address in dict.fromkeys(addresses):
        text = folded(address)[:_LONGEST_ID] if address else ""
        if "/" in text:
            for scheme in ("arxiv", "doi", *_FORMS) if _PLACE.search(text) else ("arxiv", "doi"):
                if scheme not in found and (good := _in_address(scheme, text)):
                    found[scheme] = good
    return tuple(sorted(found.items()))


def _value(scheme: str, text: str) -> str:
    """A stated identifier in the form of its scheme, or ""."""
    if scheme == "arxiv":
        return arxiv_id(text) or ""
    if scheme == "doi":
        return doi(text) or ""
    if (form := _FORMS.get(scheme)) and (found := form.search(text)):
        return found[1]
    if scheme in ("pmid", "pmcid"):
        digits = text.upper().removeprefix("PMC")
        good = digits.isascii() and digits.isdigit() and int(digits) > 0
        return ("PMC" if scheme == "pmcid" else "") + digits if good else ""
    return text if text and " " not in text else ""


def _in_address(scheme: str, text: str) -> str:
    if scheme == "arxiv":
        return (arxiv_id(text) or "") if "arxiv" in text.lower() else ""
    if scheme == "doi":
        return (doi(text) or "") if "doi.org/" in text.lower() else ""
    found = _FORMS[scheme].search(text)
    return found[1] if found else ""


def web(value: object) -> str:
    """An address that a browser opens, or ""."""
    return _web(value) if isinstance(value, str) else ""


@lru_cache(maxsize=64)  # a record's address is asked about more than once
def _web(value: str) -> str:
    text = folded(value)
    if not _WEB.match(text) or " " in text or len(text) > 2000:
        return ""
    if _PLAIN_HOST.match(text):  # as nearly all: to take an address apart takes long
        return text
    try:
        return text if urlsplit(text).hostname else ""
    except ValueError:  # a broken IPv6 host
        return ""


def link(kind: str, value: object) -> Link | None:
    """A stated address of code or a project page; `owner/name` alone is on GitHub."""
    text = folded(value) if isinstance(value, str) else ""
    if kind == "code" and re.fullmatch(r"[\w.-]+/[\w.-]+", text):
        text = f"https://github.com/{text}"
    elif text and "://" not in text and re.match(r"[\w-]+(\.[\w-]+)+/", text):
        text = f"https://{text}"
    return Link(kind, good) if (good := web(text)) else None


def code_links(text: object) -> list[Link]:
    """The addresses on hosts of code and of project pages in a comment or note of the authors."""
    if not isinstance(text, str) or "." not in text:
        return []
    urls = (match[0].rstrip(".,;:)]}") for match in _URL.finditer(folded(text)[:20_000]))
    places = [(u, u.split("://", 1)[1]) for u in urls if web(u)]
    code = [Link("code", u) for u, place in places if _CODE_HOST.match(place)]
    return code + [Link("project", u) for u, place in places if _PROJECT_HOST.match(place)]
