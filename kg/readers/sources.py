"""Owns the way from what a user names (files, folders, globs, archives, `-`) to papers.

A file that is named and cannot be read is an error.  A file that is met in a folder or an archive
and cannot be read is an `Unread`, shown with its reason, and the rest is read.
"""

from __future__ import annotations

import glob
import hashlib
import io
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from kg.errors import KgError
from kg.model import Paper, Source, Unread
from kg.readers import READERS, SNIFFERS, add_plugins, compressed

UNKNOWN = "unknown"  # the format of a file that was met, and that no reader knows

_HEAD = 64 * 1024  # bytes looked at to tell the format
_BLOCK = 1 << 20
_IN_MEMORY = 64 * 1024 * 1024  # bytes of standard input; more go to a temporary file
_SPOOLED: list[IO[bytes]] = []  # kept open, as they are gone once closed


@dataclass(frozen=True, slots=True)
class Opened:
    """One source: its name as shown, and how to open it, again and again.

    `member` is its name within the zip archive at `path`; `met` is true where the user named
    not it but the folder or archive that it lies in.
    """

    name: str
    path: Path | None
    data: bytes | None = None
    member: str | None = None
    met: bool = False

    def open(self) -> BinaryIO:
        """A fresh stream over the source's text: what is compressed is expanded on the way."""
        return compressed.plain(self._raw(), self.name)

    def _raw(self) -> BinaryIO:
        if self.data is not None:
            return io.BytesIO(self.data)
        assert self.path is not None
        if self.member is not None:
            return compressed.open_member(self.path, self.member, self.name)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise KgError(f"{self.name}: cannot be read: {error.strerror}.") from None

    def sha256(self) -> str:
        """The digest of the bytes as they lie there, read once in blocks."""
        digest = hashlib.sha256()
        try:
            with self._raw() as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
        except (KgError, OSError):
            if not self.met:
                raise
        return digest.hexdigest()


def find(inputs: Iterable[str]) -> list[Opened]:
    """The sources that the inputs name, each once, sorted by name.

    Raises `KgError` for a path that is not there (with the near miss), an empty folder, and an
    archive that would do harm.
    """
    add_plugins()
    found: dict[str, Opened] = {}
    for text in inputs:
        for opened in _expand(text):
            if opened.name not in found or not opened.met:
                found[opened.name] = opened
    return [found[name] for name in sorted(found)]


def _expand(text: str) -> Iterator[Opened]:
    if text == "-":
        yield _standard_input()
        return
    path = Path(text)
    if path.is_dir():
        yield from _in_folder(path, text)
    elif path.exists():
        yield from _file(path, met=False)
    elif matches := sorted(glob.glob(text, recursive=True)):
        for match in matches:
            if Path(match).is_file():
                yield from _file(Path(match), met=False)
    else:
        raise KgError(f"{text}: no such file or folder.{_near(path)}")


def _in_folder(folder: Path, text: str) -> Iterator[Opened]:
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and _is_input(p, folder))
    if not paths:
        raise KgError(f"{text}: no files in this folder.")
    for path in paths:
        yield from _file(path, met=True)


def _file(path: Path, *, met: bool) -> Iterator[Opened]:
    """The file, or the files of the archive that it is."""
    name = path.as_posix()
    if not compressed.is_zip(path):
        yield Opened(name, path, met=met)
        return
    held = list(compressed.members(path, name))
    if not held:
        raise KgError(f"{name}: no files in this archive.")
    yield from (Opened(f"{name}/{member}", path, None, member, met=True) for member in held)


def _standard_input() -> Opened:
    """Standard input, read once: in memory, or in a temporary file where it is large."""
    data = sys.stdin.buffer.read(_IN_MEMORY)
    if len(data) < _IN_MEMORY:
        return Opened("-", None, data)
    spool = tempfile.NamedTemporaryFile(prefix="kg-")  # noqa: SIM115 - read again until the end
    _SPOOLED.append(spool)
    while data:
        spool.write(data)
        data = sys.stdin.buffer.read(_BLOCK)
    spool.flush()
    return Opened("-", Path(spool.name))


def _is_input(path: Path, folder: Path) -> bool:
    return compressed.is_shown(PurePosixPath(path.relative_to(folder).as_posix()))


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    close = get_close_matches(path.name, sorted(p.name for p in path.parent.iterdir()), n=1)
    return f" Did you mean {path.parent / close[0]}?" if close else ""


def detect(opened: Opened) -> str:
    """The format that a source's first bytes show.

    Where none fits: `UNKNOWN` for a file that was met, `KgError` for one that was named.
    """
    try:
        return _detect(opened)
    except KgError:
        if not opened.met:
            raise
        return UNKNOWN


def head_of(opened: Opened) -> bytes:
    """The first bytes of a source, expanded where they are compressed."""
    with opened.open() as stream:
        head = stream.read(_HEAD)
        while len(head) < _HEAD and (more := stream.read(_HEAD - len(head))):
            head += more
    return head


def _detect(opened: Opened) -> str:
    head = head_of(opened)
    if not head.strip():
        raise KgError(f"{opened.name}: an empty file.")
    for name, sniff in SNIFFERS.items():
        if sniff(head):
            return name
    if b"\0" in head:
        raise KgError(f"{opened.name}: a binary file of no known format; see: kg formats")
    raise KgError(
        f"{opened.name}: no papers found: of no known format. Name one with --format; see: kg formats"
    )


def read(opened: Opened, format_: str | None = None) -> Iterator[Paper | Unread]:
    """Papers of one source; `KgError` where one that was named holds none."""
    name = format_ or detect(opened)
    if name not in READERS and name != UNKNOWN:
        close = get_close_matches(name, READERS, n=1)
        hint = f" Did you mean {close[0]}?" if close else f" Known: {', '.join(READERS)}."
        raise KgError(f"no format {name!r}.{hint}", code=2)
    try:
        yield from _read(opened, name)
    except KgError as error:
        if not opened.met:
            raise
        reason = str(error).removeprefix(opened.name).lstrip(":0123456789 ")
        yield Unread(Source(opened.name, 1, name), reason)


def _read(opened: Opened, name: str) -> Iterator[Paper | Unread]:
    if name == UNKNOWN:
        _detect(opened)  # says what is wrong with it
        raise KgError(f"{opened.name}: changed while it was read.")
    papers = 0
    with opened.open() as stream:
        for item in READERS[name](stream, opened.name):
            papers += isinstance(item, Paper)
            yield item
    if not papers:
        raise KgError(
            f"{opened.name}: no papers in it, read as {name}; another format can be named with --format."
        )
