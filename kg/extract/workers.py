"""Owns extraction on several cores: processes that hold the model and hand back plain text.

Facts leave a worker in the store's written form, a string each: whole spaCy Docs would cost more
to send than to make.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import lru_cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg.extract.revision import code_digest
from kg.model import Paper
from kg.processes import workers
from kg.records import dump_facts
from kg.vocabulary import CURATED

if TYPE_CHECKING:
    from kg.extract.pipeline import Extractor

Row = tuple[bytes, str]  # digest of the text, facts as written

_CHUNK = 256  # texts sent to a worker at once
# A further process costs about two CPU seconds to start, which is what 500 texts cost to read; at
# 1,500 texts, on two cores that other work wanted too, two took 10.5 s where one took 8.4 s.
_PAYS = 3000  # texts for each further process
_extractor: Extractor | None = None  # one for each worker process, loaded at its start


def model_name(profile: str, vocabulary: Sequence[Path]) -> str:
    """All that extraction depends on beside the text: rules, weights and known names."""
    digest = hashlib.sha256(code_digest(profile).encode())
    for path in (CURATED, *vocabulary):
        digest.update(path.read_bytes())
    return f"kg-{profile}-{version('kg')}-{digest.hexdigest()[:12]}"


def extract_all(
    texts: Iterable[tuple[bytes, Paper]],
    total: int,
    profile: str,
    vocabulary: Sequence[Path],
    jobs: int | None,
) -> Iterator[list[Row]]:
    """The facts of each text, in order, a list at a time; the same whatever `jobs` is."""
    if total == 0:
        return
    one_thread()
    jobs = jobs or (min(os.cpu_count() or 1, 1 + total // _PAYS))
    chunks = _chunks(texts)
    # Many texts are read by another process even where one is to read them: what the model takes
    # goes back with it, before names are linked, and this process keeps what is found meanwhile.
    if jobs == 1 and total <= _PAYS:
        _start(profile, vocabulary)
        yield from map(_extract, chunks)
    else:
        yield from _in_processes(chunks, profile, vocabulary, jobs)


def one_thread() -> None:
    """Keep matrix products on one core: they are small, and their sums must not depend on cores.

    It holds for this process if numpy is not loaded yet, and for the workers, who inherit it: a
    build calls this before anything else.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _chunks(texts: Iterable[tuple[bytes, Paper]]) -> Iterator[list[tuple[bytes, str, str]]]:
    stream = ((content, paper.title, paper.abstract) for content, paper in texts)
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk


def _start(profile: str, vocabulary: Sequence[Path]) -> None:
    """Load the model into this process."""
    global _extractor  # noqa: PLW0603 - what a process pool offers to keep a model between tasks
    _extractor = _loaded(model_name(profile, vocabulary), profile, tuple(vocabulary))


@lru_cache(maxsize=1)
def _loaded(model: str, profile: str, vocabulary: tuple[Path, ...]) -> Extractor:
    """The model of a name; kept, as a program that builds twice should load it once."""
    from kg.extract.pipeline import load

    return load(profile, vocabulary)


def _extract(chunk: list[tuple[bytes, str, str]]) -> list[Row]:
    assert _extractor is not None
    papers = [Paper("", title, abstract) for _, title, abstract in chunk]
    # spaCy keeps every word that it has met, unless it is told when they are no longer needed.
    with _extractor.nlp.memory_zone():
        facts = list(map(dump_facts, _extractor.extract(papers)))
    return [(content, text) for (content, _, _), text in zip(chunk, facts, strict=True)]


def _in_processes(
    chunks: Iterator[list[tuple[bytes, str, str]]],
    profile: str,
    vocabulary: Sequence[Path],
    jobs: int,
) -> Iterator[list[Row]]:
    """Keep each worker busy with one chunk, and one waiting; results in the order of the texts."""
    with workers(jobs, _start, profile, tuple(vocabulary)) as pool:
        waiting: list[Future[list[Row]]] = [
            pool.submit(_extract, c) for c in islice(chunks, 2 * jobs)
        ]
        while waiting:
            yield waiting.pop(0).result()
            waiting.extend(pool.submit(_extract, c) for c in islice(chunks, 1))
