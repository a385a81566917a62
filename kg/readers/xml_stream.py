"""Owns the streaming of XML: the elements of one name, each dropped once it has been read.

No external entity is loaded and none is expanded; a document that declares entities of its own is
refused, as no source of papers does.  Names of characters (`&uuml;`) are told from HTML's table,
which holds those of the DTDs that are in use.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, cast

from lxml import etree

from kg.errors import KgError
from kg.model import Paper, Source, Unread
from kg.readers.text import folded

_HEAD = 64 * 1024
_LARGEST = (
    8 * 1024 * 1024
)  # bytes between the ends of two records; the tree takes thirty times as much

Element = etree._Element
Made = Paper | Unread | Iterator[Paper | Unread]


def peeked(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream, and a stream that still has them."""
    from kg.readers.json_stream import joined

    head = stream.read(_HEAD)
    return head, joined(head, stream)


class _Counted(io.RawIOBase):
    """A stream that refuses to go on without end between two records."""

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self._stream, self._source = stream, source
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, _HEAD) if size > 0 else _HEAD)
        self.since += len(data)
        if self.since > _LARGEST:
            raise KgError(
                f"{self._source}: over 8 MiB with no record in it; is it a list of papers?"
            )
        return data


def read_elements(
    stream: BinaryIO,
    source: str,
    format_: str,
    tags: Sequence[str],
    paper: Callable[[Element, Source], Made],
) -> Iterator[Paper | Unread]:
    """What `paper` makes of each element of these names (namespaces aside), in order."""
    counted = _Counted(stream, source)
    last = 0
    try:
        for element in _elements(counted, source, tags):
            counted.since, last = 0, _line(element)
            made = paper(element, Source(source, last, format_))
            if isinstance(made, Paper | Unread):
                yield made
            else:
                yield from made
    except etree.XMLSyntaxError as error:
        line = max(error.lineno or last, 1)
        reason = (error.msg or "broken").splitlines()[0]
        yield Unread(Source(source, line, format_), f"broken XML, no more is read: {reason}")


def _line(element: Element) -> int:
    line: object = element.sourceline  # the stubs leave its type open
    return line if isinstance(line, int) else 1


def _elements(stream: _Counted, source: str, tags: Sequence[str]) -> Iterator[Element]:
    """Elements as they end; what stands before them in the tree is dropped."""
    context = etree.iterparse(
        cast(BinaryIO, stream),
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    checked = False
    for _, element in context:
        if not checked:
            checked = True
            _no_entities(element, source)
        yield element
        _drop(element)


def _drop(element: Element) -> None:
    """Empty an element that was read, and take away what stands before it, at all levels."""
    element.clear()
    node: Element | None = element
    while node is not None and (parent := node.getparent()) is not None:
        while node.getprevious() is not None:
            del parent[0]
        node = parent


def _no_entities(root: Element, source: str) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    declared: object = dtd.entities() if dtd is not None else None  # type: ignore[attr-defined]  # not in the stubs
    if declared:
        raise KgError(f"{source}: XML that declares entities of its own is not read.")


def words(element: Element | None, *, skip: Sequence[str] = ()) -> str:
    """All text within an element, tags aside, folded; without what stands in elements `skip`."""
    if element is None:
        return ""
    pieces: list[str] = []
    stack: list[tuple[Element, bool]] = [(element, True)]
    while stack:  # not by recursion: elements nest as deep as the parser lets them
        node, opens = stack.pop()
        if not opens:
            pieces.append(node.tail or "")
        elif isinstance(node, etree._Entity):
            pieces.append(html.unescape(node.text or ""))
        elif isinstance(node.tag, str) and name(node) not in skip:
            pieces.append(node.text or "")
            for child in reversed(node):
                stack += [(child, False), (child, True)]
    return folded("".join(pieces))


def name(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]  # QName refuses names that the parser let through


def find(element: Element, path: str) -> Element | None:
    """The first descendant at a path of local names, `journal/title`."""
    return next(find_all(element, path), None)


def find_all(element: Element, path: str) -> Iterator[Element]:
    """All descendants at a path of local names."""
    return element.iterfind("/".join("*" if n == "*" else f"{{*}}{n}" for n in path.split("/")))


def said(element: Element, path: str) -> str:
    """The text of the first descendant at a path; "" for none."""
    return words(find(element, path))
