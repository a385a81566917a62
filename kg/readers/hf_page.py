"""Owns the reader of saved Hugging Face papers pages (`hf-page`), as plain text.

Two layouts are met.  Titles and abstracts on alternating lines, the first title glued to the
subscription button:

    Get trending papers in your email inbox!
    SubscribeA Title
    Its abstract, on one line.
    Another Title
    ...

and blocks between blank lines, with the furniture of the page around them:

    A Title

    Its abstract, on one line.

      • 5 authors
    ·
    Dec 14, 2023 2

The last line is the date and the upvotes; where an organisation stands in place of the authors,
it is the line before the "·".  The site leaves the year out of dates of the current year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from kg.identifiers import slug
from kg.model import Paper, Source, Unread
from kg.readers.lines import text_lines

_FURNITURE = re.compile(
    r"new|Get trending papers in your email inbox( once a day)?!|Subscribe|Daily Papers|Papers|"
    r"by ?AK and the research community|Trending Papers|Previous|Next|View all|Upvote|-",
    re.IGNORECASE,
)
_AUTHORS = re.compile(r"•?\s*(\d+) authors?")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DATE = re.compile(
    rf"({'|'.join(_MONTHS)})[a-z]* (\d{{1,2}})(?:, (\d{{4}}))?(?: (\d+(?:\.\d+)?k?))?"
)
_GLUE = "Subscribe"
_HEAD_LINES = 12  # how far into a page its furniture is looked for


def sniff(head: bytes) -> bool:
    """Whether a file begins like a saved page: its furniture, or a long line after a short one."""
    lines = [line.strip() for line in head.decode("utf-8", "replace").splitlines()]
    shown = [line for line in lines if line]
    if not shown or shown[0][0] in "{[<@":
        return False
    if any(line.startswith("Get trending papers") for line in shown[:_HEAD_LINES]):
        return True
    pairs = pairwise(shown)
    return any(_is_title(a) and len(b) > 200 and b.count(" ") > 25 for a, b in pairs)


def read(stream: BinaryIO, source: str) -> Iterator[Paper | Unread]:
    """Papers of one page in its order; a title or abstract that stands alone is an `Unread`."""
    year: str | None = None
    for item in _pair(_shown(text_lines(stream, source)), source):
        if isinstance(item, str):
            year = item
        elif isinstance(item, Unread):
            yield item
        else:
            yield _with_year(item, year)


def _with_year(paper: Paper, year: str | None) -> Paper:
    if year and paper.published and paper.published.startswith("--"):
        return paper._replace(published=year + paper.published[1:])
    return paper


def _shown(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """(line number, line, next line) of lines with anything on them, the button cut off."""
    held: tuple[int, str] | None = None
    for number, raw in lines:
        line = raw.strip()
        if line.startswith(_GLUE) and len(line) > len(_GLUE):
            line = line[len(_GLUE) :].strip()
        if not line:
            continue
        if held:
            yield (*held, line)
        held = (number, line)
    if held:
        yield (*held, "")


@dataclass(slots=True)
class _Pending:
    """The title that waits for its abstract, and the paper that waits for its date."""

    title: tuple[int, str] | None = None
    paper: Paper | None = None


def _pair(lines: Iterable[tuple[int, str, str]], source: str) -> Iterator[Paper | Unread | str]:
    """Papers and what is left over; a str is the page's year, from a date at its head."""
    state = _Pending()
    for number, line, after in lines:
        place = Source(source, number, "hf-page")
        detail = _detail(line, after, state)
        if isinstance(detail, str):
            if detail:
                yield detail
        elif detail is not None:
            state.paper = detail
        elif _is_abstract(line, has_title=state.title is not None):
            if state.title is None:
                yield Unread(place, f"an abstract with no title: {line[:60]}…")
                continue
            if state.paper:
                yield state.paper
            at, title = state.title
            state.paper = Paper(slug(title), title, line, (Source(source, at, "hf-page"),))
            state.title = None
        else:
            if state.title:
                yield _alone(state.title, source)
            state.title = (number, line)
    if state.paper:
        yield state.paper
    if state.title:
        yield _alone(state.title, source)


def _alone(title: tuple[int, str], source: str) -> Unread:
    return Unread(Source(source, title[0], "hf-page"), f"a title with no abstract: {title[1][:80]}")


def _detail(line: str, after: str, state: _Pending) -> Paper | str | None:
    """What a line says of the paper above it or of the page; None where it is neither."""
    paper = state.paper
    if line == "·" or (_FURNITURE.fullmatch(line) and state.title is None):
        return ""
    if authors := _AUTHORS.fullmatch(line):
        return paper._replace(author_count=int(authors.group(1))) if paper else ""
    if date := _DATE.fullmatch(line):
        month, day, year, votes = date.groups()
        if paper is None:
            return year or ""
        iso = f"{year or '-'}-{_MONTHS.index(month) + 1:02d}-{int(day):02d}"
        return paper._replace(published=iso, upvotes=_votes(votes))
    if after == "·":  # who wrote it, in place of the number of authors
        return paper._replace(organization=line.split(" ", 1)[-1]) if paper else ""
    return None


def _votes(text: str | None) -> int | None:
    if text is None:
        return None
    return round(float(text[:-1]) * 1000) if text.endswith("k") else int(float(text))


def _is_title(line: str) -> bool:
    return 3 < len(line) < 300


def _is_abstract(line: str, *, has_title: bool) -> bool:
    """Longer than titles are, or a sentence of some length where an abstract is due."""
    sentence = len(line) >= 60 and line.endswith((".", "…")) and line.count(" ") > 8
    return len(line) >= 250 or (has_title and sentence)
