"""Owns the way from what a user names (files, folders, globs, `-`) to papers."""

from __future__ import annotations

import glob
import hashlib
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO

from kg.errors import KgError
from kg.model import Paper, Unread
from kg.readers import READERS, SNIFFERS

_HEAD = 64 * 1024  # bytes looked at to tell the format


@dataclass(frozen=True, slots=True)
class Opened:
    """One source: its name as shown, format, SHA-256 of its bytes, and how to open it again."""

    name: str
    path: Path | None
    data: bytes | None = None

    def open(self) -> BinaryIO:
        """A fresh stream over the source's bytes."""
        if self.data is not None:
            return io.BytesIO(self.data)
        assert self.path is not None
        try:
            return self.path.open("rb")
        except OSError as error:
            raise KgError(f"{self.name}: cannot be read: {error.strerror}.") from None

    def sha256(self) -> str:
        """The digest of the bytes, read once in blocks."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


def find(inputs: Iterable[str]) -> list[Opened]:
    """The sources that the inputs name, each once, sorted by name.

    Raises `KgError` for a path that is not there (with the near miss) and an empty folder.
    """
    found: dict[str, Opened] = {}
    for text in inputs:
        for opened in _expand(text):
            found.setdefault(opened.name, opened)
    return [found[name] for name in sorted(found)]


def _expand(text: str) -> Iterator[Opened]:
    if text == "-":
        yield Opened("-", None, sys.stdin.buffer.read())
        return
    path = Path(text)
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.is_file() and _is_input(p, path))
        if not files:
            raise KgError(f"{text}: no files in this folder.")
        yield from (Opened(p.as_posix(), p) for p in files)
    elif path.exists():
        yield Opened(path.as_posix(), path)
    elif matches := sorted(glob.glob(text, recursive=True)):
        yield from (Opened(Path(m).as_posix(), Path(m)) for m in matches if Path(m).is_file())
    else:
        raise KgError(f"{text}: no such file or folder.{_near(path)}")


def _is_input(path: Path, folder: Path) -> bool:
    """Hidden files and the notes beside the data are not papers."""
    parts = path.relative_to(folder).parts
    return not any(part.startswith(".") for part in parts) and path.stem.upper() != "README"


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return ""
    close = get_close_matches(path.name, sorted(p.name for p in path.parent.iterdir()), n=1)
    return f" Did you mean {path.parent / close[0]}?" if close else ""


def detect(opened: Opened) -> str:
    """The format that a source's first bytes show; `KgError` where none fits."""
    with opened.open() as stream:
        head = stream.read(_HEAD)
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
    """Papers of one source; `KgError` where it holds none."""
    name = format_ or detect(opened)
    if name not in READERS:
        close = get_close_matches(name, READERS, n=1)
        hint = f" Did you mean {close[0]}?" if close else f" Known: {', '.join(READERS)}."
        raise KgError(f"no format {name!r}.{hint}", code=2)
    papers = 0
    with opened.open() as stream:
        for item in READERS[name](stream, opened.name):
            papers += isinstance(item, Paper)
            yield item
    if not papers:
        raise KgError(
            f"{opened.name}: no papers in it, read as {name}; another format can be named with --format."
        )
