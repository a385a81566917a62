"""Owns the straight line: read, extract, link, assemble, all through the store.

    sources ──read──▶ records ──merge──▶ papers ──extract──▶ facts ──link──▶ entities, statements

Each arrow is a stream out of one table of the store and into the next, so memory holds one batch
of papers and the linker's names.  What readers of the graph see changes in one transaction, at
the end: a build that fails or is killed leaves the last good graph, and what it had extracted.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

from kg.assemble import Claims, assemble_edges, introducer
from kg.drafts import Drafts
from kg.errors import KgError
from kg.evidence import Said
from kg.extract.workers import Row, extract_all, model_name, one_thread
from kg.link import Linkage, Linker, Overrides
from kg.link.collector import paused
from kg.model import Facts, Paper, Unread
from kg.processes import apart
from kg.readers import sources
from kg.store import FILE_NAME, Store, alone
from kg.vocabulary import Vocabulary
from kg.vocabulary import load as load_vocabulary

Progress = Callable[[str, int, int | None], None]

_TOGETHER = 128  # papers between two signs of progress
# Texts whose facts a build that is killed may lose: four seconds' work of one core.  Kept a fourth as
# many at a time, facts took 2 % of the time of finding them, as their digests lie all over the file.
_AT_RISK = 1024
# Records that are merged by a process of its own, or more.  What is kept of each for a while lies
# among what stays: at 100,000, a process keeps 100 MiB, and is the slower for it.
_MANY = 20_000


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, in numbers."""

    path: Path
    sources: int
    records: int
    papers: int
    extracted: int
    entities: int
    statements: int
    unread: tuple[tuple[str, int, str], ...]


def _silent(stage: str, done: int, total: int | None) -> None:
    """No progress to show."""


def build(
    inputs: Sequence[str],
    outputs: Path,
    *,
    remove: Sequence[str] = (),
    format_: str | None = None,
    vocabulary: Sequence[Path] = (),
    links: Path | None = None,
    profile: str = "default",
    jobs: int | None = None,
    progress: Progress = _silent,
) -> Report:
    """Build the graph of `inputs`, and of what `outputs` held before, in `outputs`/kg.sqlite.

    Raises `KgError` for what the user can mend; the last finished graph is then as it was.
    """
    one_thread()
    found = sources.find(inputs)
    names = load_vocabulary(vocabulary)
    with alone(outputs), Store.create(outputs / FILE_NAME) as store:
        with store.writing():
            _take_out(store, remove)
            unread = _read(store, found, format_, progress)
            if not store.counts()["record"]:
                raise KgError(f"{outputs}: nothing is left to build from.")
        _merge(store, progress)
        extracted, model = _extract(store, vocabulary, profile, jobs, progress)
        wanted = _digest(
            _sources(store), model, _code("", "extract", "link"), *_bytes(vocabulary, links)
        )
        if extracted or store.get("built") != wanted:
            told = _told(vocabulary, links)
            with paused():
                _link_and_assemble(store, model, names, links, progress, wanted, told)
        counts = store.counts()
    return Report(
        outputs / FILE_NAME,
        counts["source"],
        counts["record"],
        counts["paper"],
        extracted,
        counts["entity"],
        counts["statement"],
        tuple(unread),
    )


def extract(
    inputs: Sequence[str],
    *,
    format_: str | None = None,
    vocabulary: Sequence[Path] = (),
    profile: str = "default",
    jobs: int | None = None,
    min_confidence: float = 0.0,
    progress: Progress = _silent,
) -> Iterator[tuple[Paper, Facts]]:
    """Each paper of `inputs` once, with its linked facts, by id; nothing is kept."""
    one_thread()
    found = sources.find(inputs)
    with Store.create(None) as store:
        with store.writing():
            _read(store, found, format_, progress)
        _merge(store, progress)
        _, model = _extract(store, vocabulary, profile, jobs, progress)
        linkage, _ = _linked(store, model, load_vocabulary(vocabulary), None, progress)
        for paper, facts in store.papers_to_build(model):
            yield paper, _sure(linkage.resolve(paper, facts), min_confidence)


def _sure(facts: Facts, least: float) -> Facts:
    """The facts that are at least so sure."""
    return replace(
        facts,
        mentions=tuple(m for m in facts.mentions if m.confidence >= least),
        results=tuple(r for r in facts.results if r.confidence >= least),
        code=tuple(c for c in facts.code if c.confidence >= least),
    )


def _digest(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part.encode() if isinstance(part, str) else part).digest())
    return digest.hexdigest()


@cache
def _code(*packages: str) -> str:
    """A digest of the program's own text in these packages, and of its tables: what it makes of
    the same input changes with nothing else."""
    home = Path(__file__).parent
    files = [f for p in packages for f in (home / p).glob("*.py")]
    return _digest(*(f.read_bytes() for f in sorted([*files, *(home / "data").glob("*")])))


def _bytes(vocabulary: Sequence[Path], links: Path | None) -> list[bytes]:
    return [path.read_bytes() for path in [*vocabulary, *([links] if links else [])]]


def _told(vocabulary: Sequence[Path], links: Path | None) -> dict[str, str]:
    """The user's own files as `kg merges` reads them again from the build: text, by `meta` key."""
    files = {"links": [links] if links else [], "names": vocabulary}
    return {
        key: "\n".join(path.read_text(encoding="utf-8-sig") for path in paths)
        for key, paths in files.items()
    }


def _sources(store: Store) -> str:
    return _digest(repr(store.sources()))


def _take_out(store: Store, remove: Iterable[str]) -> None:
    for name in remove:
        if store.remove_source(name) < 0 and store.remove_source(Path(name).as_posix()) < 0:
            held = ", ".join(list(store.sources())[:5])
            raise KgError(f"{name}: no such source in this build. Held: {held or 'none'}.", code=2)


def _read(
    store: Store, found: Sequence[sources.Opened], format_: str | None, progress: Progress
) -> list[tuple[str, int, str]]:
    """Bring the records up to date with the sources; what could not be read of them."""
    held = store.sources()
    unread: list[tuple[str, int, str]] = []
    for done, opened in enumerate(found):
        progress("read", done, len(found))
        name = format_ or sources.detect(opened)
        state = (opened.sha256(), name, _code("readers"))
        if held.get(opened.name) == state:
            continue
        bad: list[Unread] = []
        store.put_records(opened.name, _papers(sources.read(opened, name), bad))
        rows = [(u.source.line, u.reason) for u in bad]
        store.put_source(opened.name, state, rows)
        unread += [(opened.name, line, reason) for line, reason in rows]
    return unread


def _papers(items: Iterable[Paper | Unread], bad: list[Unread]) -> Iterator[Paper]:
    for item in items:
        if isinstance(item, Unread):
            bad.append(item)
        else:
            yield item


def _merge(store: Store, progress: Progress) -> None:
    """Fold the records into papers: one paper, one row, whatever sources give it."""
    wanted = _digest(_sources(store), _code("", "link"))
    if store.get("merged") == wanted:
        return
    progress("merge", 0, None)
    if store.path and store.counts()["record"] > _MANY:
        apart(_merge_in, store.path, wanted)
    else:
        _put_drafts(store, wanted)


def _merge_in(path: str, wanted: str) -> None:
    """Do the same with a store that another process has open."""
    with Store.create(Path(path)) as store:
        _put_drafts(store, wanted)
        store.leave()


def _put_drafts(store: Store, wanted: str) -> None:
    with paused(), store.writing():
        store.put_drafts(Drafts(store).rows())
        store.put("merged", wanted)


def _extract(
    store: Store, vocabulary: Sequence[Path], profile: str, jobs: int | None, progress: Progress
) -> tuple[int, str]:
    """Extract the texts that are new to this model; how many they were, and the model's name."""
    model = model_name(profile, vocabulary)
    missing = store.missing(model)
    done = 0
    progress("extract", done, missing)
    waiting: list[Row] = []
    for rows in extract_all(store.texts(model), missing, profile, vocabulary, jobs):
        waiting += rows
        done += len(rows)
        if len(waiting) >= _AT_RISK:
            _keep_facts(store, model, waiting)
        progress("extract", done, missing)
    _keep_facts(store, model, waiting)
    return missing, model


def _keep_facts(store: Store, model: str, waiting: list[Row]) -> None:
    """Keep the facts that wait."""
    with store.writing():
        store.put_facts(model, waiting)
    waiting.clear()


def _linked(
    store: Store, model: str, vocabulary: Vocabulary, links: Path | None, progress: Progress
) -> tuple[Linkage, array[int]]:
    """Which names are one thing, over all papers; and the numbers of each paper's names, one after the other."""
    total = store.counts()["draft"]
    linker, numbers = Linker(vocabulary, Overrides.read(links) if links else None), array("i")
    for done, named in enumerate(store.named(model)):
        if done % _TOGETHER == 0:
            progress("link", done, total)
        numbers.extend(linker.add_named(named))
    for paper in store.marked(linker.origins.digests()):
        linker.origins.add(paper)
    return linker.finish(), numbers


def _assemble(
    store: Store, linkage: Linkage, numbers: array[int], model: str, progress: Progress
) -> None:
    """What each paper adds to the graph, and then what follows from all.

    All nodes go by number: papers, by id, from 1, then things.
    """
    total, claims, told = store.counts()["draft"], Claims(), iter(numbers)
    progress("assemble", 0, total)
    nodes = store.nodes()
    things = nodes.add_all(linkage.things())
    said: list[tuple[int, Collection[Said[int]]]] = []
    for paper_node, (paper, facts) in enumerate(store.drafts(model), 1):
        named = [things + t for t in linkage.things_in(paper, facts, told)]

        def resolve(type_: str, surface: str, paper_id: str = paper.id) -> int | None:
            thing = linkage.thing_named(paper_id, type_, surface)
            return None if thing is None else things + thing

        edges = assemble_edges(paper, facts, paper_node, named, resolve, nodes.put)
        said.append((paper_node, edges))
        claims.add(paper_node, edges)
        if paper_node % _TOGETHER == 0:
            nodes.keep()
            store.put_edges(said)
            said.clear()
            progress("assemble", paper_node, total)
    nodes.keep()
    store.put_edges(said)
    store.put_statements(linkage.statements())
    store.put_introductions(_introductions(store, linkage, claims, things))


def _introductions(
    store: Store, linkage: Linkage, claims: Claims, things: int
) -> Iterator[tuple[int, int]]:
    """(thing, paper) of each thing that a paper introduces; `things` is the number of the first."""
    known = {things + place for place in linkage.of_origin()}
    for thing, rows in claims.by_thing():
        if len(rows) == 1 and thing not in known:  # as nearly all: the one that says so
            yield thing, rows[0][1]
        else:
            papers = {store.id_of(paper): paper for _, paper in rows}
            for paper in filter(None, map(store.paper, papers)):
                linkage.meet(paper)
            said = list(zip([sure for sure, _ in rows], papers, strict=True))
            found = introducer(said, partial(linkage.introducer, store.id_of(thing)))
            if found:
                yield thing, papers[found]


def _link_and_assemble(
    store: Store,
    model: str,
    vocabulary: Vocabulary,
    links: Path | None,
    progress: Progress,
    built: str,
    told: Mapping[str, str],
) -> None:
    """Put the new graph in the place of the old one, in one transaction."""
    linkage, numbers = _linked(store, model, vocabulary, links, progress)
    with store.writing():
        store.clear_graph()
        _assemble(store, linkage, numbers, model, progress)
        store.put("software", f"kg {version('kg')}")
        store.put("model", model)
        for name, text in told.items():
            store.put(name, text)
        store.publish(built)
