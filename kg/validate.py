"""Owns the check of an export against the SHACL shapes, and the report of what is wrong."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError
from kg.ontology import shapes

_FORMATS = {
    ".ttl": "turtle",
    ".nt": "nt",
    ".jsonld": "json-ld",
    ".trig": "trig",
    ".rdf": "xml",
    ".xml": "xml",
    ".nq": "nquads",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What a shape does not allow: the node, the property, the value and the reason."""

    node: str
    path: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Validation:
    """The outcome: how many triples were checked, and every fault, sorted."""

    triples: int
    faults: tuple[Fault, ...]

    def summary(self) -> list[tuple[str, str, int]]:
        """(property, reason, how often), the most frequent first."""
        counts = Counter((fault.path, fault.message) for fault in self.faults)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [(path, message, count) for (path, message), count in ranked]


def validate(path: Path) -> Validation:
    """Check an RDF export, of any format, told from its name.

    Raises `KgError` where the file cannot be read or is no RDF, or pySHACL is not installed.
    """
    try:
        import pyshacl
    except ModuleNotFoundError:
        raise KgError("kg validate needs pyshacl: pip install 'kg[shapes]'", code=2) from None
    from rdflib import RDF, SH, Graph

    with _quiet():
        data = _read(path)
        rules = Graph().parse(data=shapes(), format="turtle")
        _, report, _ = pyshacl.validate(data, shacl_graph=rules, inference="none")
    faults = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        value, way = report.value(result, SH.value), report.value(result, SH.resultPath)
        faults.add(
            Fault(
                str(report.value(result, SH.focusNode)),
                "" if way is None else data.namespace_manager.normalizeUri(way),
                "" if value is None else str(value),
                str(report.value(result, SH.resultMessage)),
            )
        )
    order = sorted(faults, key=lambda f: (f.node, f.path, f.value, f.message))
    return Validation(len(data), tuple(order))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging tracebacks of literals that it cannot convert: the shapes judge."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _read(path: Path):  # type: ignore[no-untyped-def] # rdflib is imported inside
    from rdflib import Dataset, Graph

    format_ = _FORMATS.get(path.suffix.lower())
    if format_ is None:
        known = ", ".join(_FORMATS)
        raise KgError(f"{path}: no RDF by its name; known are {known}.", code=2)
    try:
        if format_ not in ("trig", "nquads"):
            return Graph().parse(path, format=format_)
        merged = Graph()
        for subject, predicate, object_, _ in Dataset().parse(path, format=format_).quads():
            merged.add((subject, predicate, object_))
        return merged
    except OSError as error:
        raise KgError(f"{path}: cannot be read: {error.strerror}.") from None
    except Exception as error:  # each of rdflib's parsers raises its own kind
        reason = " ".join(str(error).split())[:200]
        raise KgError(f"{path}: not {format_}: {reason}") from None
