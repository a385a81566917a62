"""Owns the values that flow from one stage to the next: frozen, slotted, no behaviour.

Those of which a paper has several are tuples with names: a frozen dataclass takes three to five times
as long to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Field = Literal["title", "abstract"]
Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a paper stood: the file as the user named it, the line (from 1), and the format."""

    file: str
    line: int
    format: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """An address that the source itself states as belonging to the paper (`kind`: code, project …)."""

    kind: str
    url: str


class Paper(NamedTuple):
    """One paper as a source gives it.

    `id` is the source's own identifier, or a slug of the title.  `published` is an ISO 8601 date
    of any precision (`2023-12-14`, `2023-12`, `2023`), or `--12-14` where the year is not known.
    `identifiers` are (scheme, value) pairs, schemes as in `schema.IDENTIFIER_URLS`, sorted.
    """

    id: str
    title: str
    abstract: str
    sources: tuple[Source, ...] = ()
    published: str | None = None
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    upvotes: int | None = None
    venue: str | None = None
    organization: str | None = None
    url: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()


class Readable(Protocol):
    """What linking and assembling ask of a `Paper`; its words may be fetched only when asked for."""

    @property
    def id(self) -> str: ...  # noqa: D102 - as `Paper` has it
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def abstract(self) -> str: ...  # noqa: D102
    @property
    def links(self) -> Sequence[Link]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a source that could not be read, and why: counted and shown, never dropped."""

    source: Source
    reason: str


class Mention(NamedTuple):
    """A span of a paper's title or abstract that names a thing.

    Offsets count Unicode code points in the field; `text == field[start:end]`.  `type` is a key of
    `schema.ROLES` and `role` one of its roles.  `confidence` (0 to 1) is that of span and type,
    `role_confidence` that of the role given them.  `entity` and `name` are set by linking.
    """

    field: Field
    start: int
    end: int
    text: str
    type: str
    role: str = ""
    confidence: float = 1.0
    role_confidence: float = 1.0
    extractor: str = ""
    entity: str = ""
    name: str = ""


class Result(NamedTuple):
    """A number that an abstract states: names as the paper writes them, None where not stated.

    `value` is as written ("84.2%", "+0.6%", "3x"); `number` its decimal digits ("84.2"), `unit`
    one of "%", "x", "points", "ms", … or ""; `kind` "absolute", "gain" or "ratio"; `better`
    "higher", "lower" or "" where unknown.  The span is that of the value in its field.
    """

    value: str
    method: str | None = None
    dataset: str | None = None
    metric: str | None = None
    task: str | None = None
    number: str = ""
    unit: str = ""
    kind: str = "absolute"
    better: str = ""
    field: Field = "abstract"
    start: int = 0
    end: int = 0
    confidence: float = 1.0


class CodeLink(NamedTuple):
    """An address in a paper's text (or stated by its source, then start == end == 0).

    `repository` is `host/owner/name`, folded, or "" for a project page.  `official` is True where
    the sentence says that it is the authors' own.  `kind`: repository, model, dataset, space,
    archive or project.
    """

    url: str
    kind: str = "repository"
    repository: str = ""
    official: bool = False
    field: Field = "abstract"
    start: int = 0
    end: int = 0
    confidence: float = 1.0
    extractor: str = "regex"


class Definition(NamedTuple):
    """A short form and what it stands for in one paper, as written; `sure` where the text itself joins
    them ("long (short)")."""

    short: str
    long: str
    type: str
    sure: bool


class Relation(NamedTuple):
    """What a sentence says of a method that the paper introduces, by the numbers of two mentions."""

    relation: str
    subject: int
    object: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What one paper says: a pure function of its text and the model.

    `definitions` are None where nobody has looked for them: mentions may come from elsewhere.
    """

    paper: str
    mentions: tuple[Mention, ...] = ()
    results: tuple[Result, ...] = ()
    code: tuple[CodeLink, ...] = ()
    definitions: tuple[Definition, ...] | None = None
    relations: tuple[Relation, ...] = ()


# A name as a paper writes it: (type, text, its folded words, hyphens between; see `kg.names.normal`).
Name = tuple[str, str, str]


class Named(NamedTuple):
    """What linking wants of a paper's `Facts` at first: each name that is mentioned, in the order of
    first mention, and how often; and what the paper defines: (short form, long form, sure)."""

    names: Sequence[Name]
    counts: Sequence[int]
    definitions: Sequence[tuple[Name, Name, bool]]


class Entity(NamedTuple):
    """One node that is not a Paper: a Method, Dataset, Task, Metric, Repository or Result.

    `id` is `segment/slug`.  `aliases` are the other surfaces seen, sorted.  `link_status` is
    "known" (in the vocabulary), "new", or "ambiguous".  `properties` are sorted (key, value)
    pairs; a Result has value, number, unit, kind, better.
    """

    id: str
    type: str
    name: str
    aliases: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    link_status: str = "new"
    properties: tuple[tuple[str, Scalar], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The span that a statement rests on, and the sentence around it.

    `paper` is the paper's node id (`paper/…`); offsets count code points in `field`.  `sentence`
    is the text of the sentence, which begins at `sentence_start` in the field.
    """

    paper: str
    field: Field
    start: int
    end: int
    quote: str
    sentence: str
    sentence_start: int
    confidence: float = 1.0
    extractor: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One edge.  Subject and object are node ids, `relation` a key of `schema.RELATIONS`.

    `origin`: "extracted" (evidence has the spans), "stated" (by a field of the source),
    "vocabulary" or "derived" (from other statements, whose evidence it carries).
    """

    subject: str
    relation: str
    object: str
    confidence: float = 1.0
    evidence: tuple[Evidence, ...] = ()
    origin: str = "extracted"


class Graph(Protocol):
    """What exporters read: three streams, each sorted by identifier, each to be had again.

    Both the networkx graph and the store on disk give it, so one exporter serves both.
    """

    def papers(self) -> Iterator[Paper]:
        """Papers by id; a paper's node id is `paper/` and its id."""

    def entities(self) -> Iterator[Entity]:
        """All other nodes, by id."""

    def statements(self) -> Iterator[Statement]:
        """Edges by (subject, relation, object), each once."""

    def metadata(self) -> dict[str, str]:
        """What made the graph: software version, model, and `source:<file>` -> sha256."""
