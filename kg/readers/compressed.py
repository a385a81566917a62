"""Owns the opening of compressed files and archives, as streams, with bounds on what they expand to.

`.gz`, `.bz2`, `.xz` and `.zst` are told by their first bytes; the members of a `.zip` are sources of
their own.  Nothing is written to disk, so nothing can be written to the wrong place; an archive
that tries is refused all the same.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from kg.errors import KgError

_RATIO = 200  # bytes out for one byte in; JSON of one paper over and over reaches 100
_SLACK = 16 * 1024 * 1024  # bytes that may come out whatever the ratio
_MEMBERS = 100_000
_BLOCK = 64 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def _gzip(raw: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw))


def _bzip2(raw: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, bz2.BZ2File(raw))


def _xz(raw: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, lzma.LZMAFile(raw))


def _zstd(raw: BinaryIO) -> BinaryIO:
    import zstandard

    return cast(BinaryIO, zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True))


_OPENERS: dict[bytes, tuple[str, Callable[[BinaryIO], BinaryIO]]] = {
    b"\x1f\x8b": ("gzip", _gzip),
    b"BZh": ("bzip2", _bzip2),
    b"\xfd7zXZ\x00": ("xz", _xz),
    b"\x28\xb5\x2f\xfd": ("zstd", _zstd),
}


def is_zip(path: Path) -> bool:
    """Whether a file begins like a zip archive; not where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in _ZIP
    except OSError:
        return False


def plain(raw: BinaryIO, source: str) -> BinaryIO:
    """The stream itself, or what it expands to where its first bytes say that it is compressed."""
    head = raw.read(8)
    raw.seek(0)
    for magic, (kind, opener) in _OPENERS.items():
        if head.startswith(magic):
            return cast(BinaryIO, io.BufferedReader(_Bounded(raw, opener, kind, source), _BLOCK))
    return raw


class _Bounded(io.RawIOBase):
    """What a compressed stream expands to, as long as that is in proportion."""

    def __init__(
        self, raw: BinaryIO, opener: Callable[[BinaryIO], BinaryIO], kind: str, source: str
    ) -> None:
        self._raw, self._kind, self._source = raw, kind, source
        self._inner = opener(raw)
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(len(buffer))
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
            raise self._broken(error) from None
        except Exception as error:
            if type(error).__name__ != "ZstdError":  # its module is loaded for zstd alone
                raise
            raise self._broken(error) from None
        self._out += len(data)
        if self._out > _SLACK + _RATIO * self._raw.tell():
            raise KgError(f"{self._source}: expands to over {_RATIO} times its size: not read.")
        buffer[: len(data)] = data
        return len(data)

    def _broken(self, error: Exception) -> KgError:
        reason = (str(error) or "it ends too soon").splitlines()[0].rstrip(".")
        return KgError(f"{self._source}: broken {self._kind} data: {reason}.")

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._raw.close()
        super().close()


def members(path: Path, source: str) -> Iterator[str]:
    """The names of an archive's files, sorted, without hidden ones; `KgError` for a harmful archive."""
    with _opened(path, source) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > _MEMBERS:
        raise KgError(f"{source}: an archive of over {_MEMBERS:,} files: not read.")
    if sum(info.file_size for info in infos) > _SLACK + _RATIO * path.stat().st_size:
        raise KgError(f"{source}: expands to over {_RATIO} times its size: not read.")
    for info in infos:
        if _escapes(info.filename):
            raise KgError(
                f"{source}: an archive with a file outside of it, {info.filename[:80]!r}: not read."
            )
        if info.flag_bits & 1:
            raise KgError(f"{source}: an archive with a password; unpack it first.")
    names = {info.filename for info in infos}
    yield from sorted(name for name in names if is_shown(PurePosixPath(name)))


def is_shown(path: PurePosixPath) -> bool:
    """Hidden files, and the notes beside the data, are not papers."""
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not hidden and path.stem.upper() != "README"


def _escapes(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name[:2] or not name.isprintable()


def open_member(path: Path, member: str, source: str) -> BinaryIO:
    """A stream over one file of an archive; it can be read once, from its beginning."""
    archive = _opened(path, source)
    try:
        inner = archive.open(member)
    except (KeyError, NotImplementedError, RuntimeError, zipfile.BadZipFile, OSError) as error:
        archive.close()
        raise KgError(f"{source}: cannot be read from its archive: {error}.") from None
    return cast(
        BinaryIO, io.BufferedReader(_Member(archive, cast(BinaryIO, inner), source), _BLOCK)
    )


def _opened(path: Path, source: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise KgError(f"{source}: a broken zip archive: {error}.") from None


class _Member(io.RawIOBase):
    """One file of an archive, that closes the archive with itself."""

    def __init__(self, archive: zipfile.ZipFile, inner: BinaryIO, source: str) -> None:
        self._archive, self._inner, self._source = archive, inner, source

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell()

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
            raise KgError(f"{self._source}: broken zip data: {error}.") from None
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._archive.close()
        super().close()
