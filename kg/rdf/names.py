"""Owns how ids, addresses, dates and numbers become IRIs and literals."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from kg.errors import KgError
from kg.schema import DEFAULT_BASE
from kg.terms import XSD

DECIMAL = XSD + "decimal"
COUNT = XSD + "nonNegativeInteger"
ANY_URI = XSD + "anyURI"
_DATES = (
    (re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), XSD + "date"),
    (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), XSD + "gYearMonth"),
    (re.compile(r"\d{4}"), XSD + "gYear"),
    (re.compile(r"--(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), XSD + "gMonthDay"),
)
_PATH = "/:@!$'*+,;=-._~"  # what RFC 3986 allows in a path, less the brackets
_URL = _PATH + "?#&()%"
_BASE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+[/#]")
_SCHEME = re.compile(r"(?:https?|ftp|doi|urn|info):\S", re.IGNORECASE)
_DOT_SEGMENT = re.compile(r"(?<=/)\.{1,2}(?=/|$)")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Names:
    """IRIs under one base: `method/bert` is `<` base `method/bert>`."""

    def __init__(self, base: str = DEFAULT_BASE) -> None:
        if not _usable(base):
            raise KgError(
                f"--base {base!r}: no IRIs can be made under it; "
                "give one that ends in / or #, such as https://example.org/kg/",
                code=2,
            )
        self.base = base
        # The ends of edges recur; what is made of them for evidence does not.
        self.node = lru_cache(maxsize=1024)(self.iri)
        self.path = lru_cache(maxsize=1024)(path_of)

    def iri(self, id_: str) -> str:
        """The IRI of an id; the same for the same id, whatever the graph."""
        return f"<{self.base}{path_of(id_)}>"


def _usable(base: str) -> bool:
    try:
        NamedNode(base)
    except ValueError:
        return False
    return _BASE.fullmatch(base) is not None


def path_of(id_: str) -> str:
    """An id as the path of an IRI: ASCII, escaped as RFC 3986 asks, otherwise as it is."""
    try:
        path = quote(id_, safe=_PATH)
    except UnicodeEncodeError:
        raise _unwritable(id_) from None
    return _DOT_SEGMENT.sub(lambda found: found[0].replace(".", "%2E"), path)


def term(iri: str) -> str:
    """An IRI that is known to be one, as N-Triples writes it."""
    return f"<{iri}>"


def line(subject: str, predicate: str, object_: str) -> str:
    """One triple of N-Triples."""
    return f"{subject} {predicate} {object_} .\n"


def address(url: str) -> str | None:
    """The IRI that an address is, its stray characters escaped; None where it is not absolute."""
    if not _SCHEME.match(url):
        return None
    try:
        return str(NamedNode(_STRAY_PERCENT.sub("%25", quote(url, safe=_URL))))
    except ValueError:  # a host that is not one, say, or half of a surrogate pair
        return None


def text(value: str) -> str:
    """A plain literal; `KgError` for text that UTF-8 cannot hold."""
    try:
        return str(Literal(value))
    except ValueError:
        raise _unwritable(value) from None


@lru_cache(maxsize=8192)
def typed(value: str, datatype: str) -> str:
    """A literal of a datatype whose lexical form the caller vouches for."""
    return f'"{value}"^^<{datatype}>'


def date(value: str) -> str:
    """A date as precise as it is known: xsd:date, gYearMonth, gYear, gMonthDay, or plain text."""
    for pattern, datatype in _DATES:
        if pattern.fullmatch(value):
            return typed(value, datatype)
    return text(value)


@lru_cache(maxsize=8192)
def confidence(value: float) -> str:
    """A confidence as xsd:decimal, to four places."""
    return typed(f"{value:.4f}".rstrip("0").removesuffix("."), DECIMAL)


def decimal(value: str) -> str | None:
    """A number as xsd:decimal, written without an exponent; None where it is none."""
    try:
        number = Decimal(value.replace(",", ""))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 100:
        return None
    return typed(f"{number:f}", DECIMAL)


def _unwritable(value: str) -> KgError:
    shown = value[:60].encode("ascii", "backslashreplace").decode()
    return KgError(
        f"cannot write {shown!r}: it holds half of a surrogate pair, which is no character; "
        "mend the source and build again."
    )
