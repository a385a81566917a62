"""Owns writing in place of what was there: whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kg.errors import KgError


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """A stream to a file beside `path`, moved there once the block ends well.

    Where the block fails, `path` is as it was.  Raises `KgError` where it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with open(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(handle)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise _unwritable(path, error) from None
        raise


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """An empty folder beside `path`, whose files are moved into `path` once the block ends well.

    Files of other names that lie in `path` stay.  Each file is replaced whole.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{path.name[:100]}.", dir=path.parent))
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        yield beside
        path.mkdir(exist_ok=True)
        for file in sorted(beside.iterdir()):
            os.replace(file, path / file.name)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _umask() -> int:
    """The permissions that new files are to go without; there is no way to read but to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, error: OSError) -> KgError:
    return KgError(f"{path}: cannot be written: {error.strerror or error}.")
