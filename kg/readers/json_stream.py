"""Owns the streaming of JSON: the objects of one list in a document of any size, or one a line.

    [{…}, {…}]        {"results": [{…}, {…}]}        {…}\\n{…}\\n        {…}

A document is parsed by ijson as its blocks arrive; no more than one object is held.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, cast

from kg.errors import KgError
from kg.model import Paper, Source, Unread
from kg.readers.lines import raw_lines

Record = Mapping[str, Any]

_HEAD = 64 * 1024
_BLOCK = 64 * 1024
_LARGEST = 16 * 1024 * 1024  # bytes of one object; beyond this it is no record of a paper
_DEEPEST = 2000  # brackets left open within one object: ijson names each place by its whole path
_BRACKET = re.compile(rb"[\[\]{}]")
_BOM = b"\xef\xbb\xbf"


def read_objects(
    stream: BinaryIO,
    source: str,
    format_: str,
    paths: Sequence[str],
    paper: Callable[[Record, Source], Paper | Unread | Iterator[Paper | Unread]],
) -> Iterator[Paper | Unread]:
    """What `paper` makes of each object at the first of `paths` that the document has.

    Paths are ijson's (`results.item`; `item` for a list; "" for the document itself).  A place's
    line is that of the object in JSON Lines, and the object's number (from 1) in a document.
    """
    for number, value in _values(stream, source, paths):
        place = Source(source, number, format_)
        if isinstance(value, _Broken):
            yield Unread(place, value.reason)
        elif not isinstance(value, dict):
            yield Unread(place, "not an object with a title")
        else:
            made = paper(value, place)
            if isinstance(made, Paper | Unread):
                yield made
            else:
                yield from made


@dataclass(frozen=True, slots=True)
class _Broken:
    """Why a value could not be read."""

    reason: str


def _values(stream: BinaryIO, source: str, paths: Sequence[str]) -> Iterator[tuple[int, object]]:
    """(number, value) of each object, or what broke there."""
    head = stream.read(_HEAD)
    while len(head) < _HEAD and (more := stream.read(_HEAD - len(head))):
        head += more
    _bounded(source, 0, 0, _deepest(0, head))
    path = _path(head, paths)
    if path or not _is_lines(head):
        yield from _document(stream, source, head, path)
    else:
        yield from _lines(joined(head, stream), source)


def joined(head: bytes, stream: BinaryIO) -> BinaryIO:
    """A stream with the bytes put back that were looked at."""
    return cast(BinaryIO, io.BufferedReader(_Joined(head, stream), _BLOCK))


class _Joined(io.RawIOBase):
    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._parts = [io.BytesIO(head), rest]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._parts:
            if data := self._parts[0].read(len(buffer)):
                buffer[: len(data)] = data
                return len(data)
            self._parts.pop(0)
        return 0


def _lines(stream: BinaryIO, source: str) -> Iterator[tuple[int, object]]:
    for number, line in raw_lines(stream, source):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, _Broken(f"broken JSON: {error}")


def _path(head: bytes, paths: Sequence[str]) -> str:
    """The earliest of `paths` at which the head of the document has an object; "" for none."""
    import ijson

    found = len(paths)
    try:
        for prefix, event, _ in ijson.parse(io.BytesIO(head.removeprefix(_BOM)), use_float=True):
            if event == "start_map" and prefix in paths[:found]:
                found = paths.index(prefix)
    except (ijson.JSONError, ValueError):
        pass  # the head ends in the midst of the document, or the reader will tell what is wrong
    if found < len(paths):
        return paths[found]
    return "item" if head.removeprefix(_BOM).lstrip()[:1] == b"[" else ""


def _is_lines(head: bytes) -> bool:
    """Whether it is JSON Lines: the first line is whole, or the second begins as the first does."""
    first, end, rest = head.removeprefix(_BOM).lstrip().partition(b"\n")
    if not end and len(head) >= _HEAD:
        return True  # one object of over 64 KiB: a long list of references
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return rest.lstrip()[:1] == first[:1]
    return True


def _document(
    stream: BinaryIO, source: str, head: bytes, path: str
) -> Iterator[tuple[int, object]]:
    import ijson

    found: list[object] = ijson.sendable_list()
    parser = ijson.items_coro(found, path, use_float=True)
    number, held, depth = 0, 0, 0
    blocks = chain([head.removeprefix(_BOM)], iter(lambda: stream.read(_BLOCK), b""))
    try:
        for block in blocks:
            _bounded(source, number, held, _deepest(depth, block))
            parser.send(block)
            held, depth = held + len(block), depth + _opened(block)
            if found:
                held = depth = 0
            for value in found:
                number += 1
                yield number, value
            del found[:]
        parser.close()
    except (ijson.JSONError, ValueError) as error:  # the latter of its parser without C
        for value in found:
            number += 1
            yield number, value
        reason = str(error).splitlines()[0] if str(error) else "the document ends too soon"
        yield number + 1, _Broken(f"broken JSON here, and no more is read: {reason}")


def _opened(block: bytes) -> int:
    """Brackets opened and not closed, near enough: those in texts are counted too."""
    return block.count(b"[") + block.count(b"{") - block.count(b"]") - block.count(b"}")


def _deepest(depth: int, block: bytes) -> int:
    """The most brackets that are open at once in a block, when `depth` are before it."""
    if depth + block.count(b"[") + block.count(b"{") <= _DEEPEST:
        return depth
    for bracket in _BRACKET.findall(block):
        depth += 1 if bracket in b"[{" else -1
        if depth > _DEEPEST:
            break
    return depth


def _bounded(source: str, number: int, held: int, depth: int) -> None:
    if held > _LARGEST:
        raise KgError(f"{source}: record {number + 1}: over 16 MiB long; is it a list of papers?")
    if depth > _DEEPEST:
        raise KgError(f"{source}: record {number + 1}: nested too deep to be a list of papers.")


def text(row: Record, *keys: str) -> str:
    """The first of these fields that is a text with anything in it; the first text of a list."""
    for key in keys:
        value = row.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and value.strip():
            return value
    return ""


def part(row: Record, *keys: str) -> Record:
    """The object at the end of these keys; empty where there is none."""
    for key in keys:
        value = row.get(key)
        if not isinstance(value, dict):
            return {}
        row = value
    return row


def parts(row: Record, *keys: str) -> list[Record]:
    """The objects of the list at the end of these keys."""
    value = part(row, *keys[:-1]).get(keys[-1])
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def whole(value: object) -> int | None:
    """A whole number of zero or more that a store can hold."""
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    return cast(int, value) if good else None


def named(row: Record, key: str, *name: str) -> tuple[str, ...]:
    """The strings, or what objects have under `name`, of the list at `key`."""
    from kg.readers.text import names

    value = row.get(key)
    if not isinstance(value, list):
        return ()
    return names([text(item, *name) if isinstance(item, dict) else item for item in value])
