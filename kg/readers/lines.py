"""Owns the decoding of text sources: lines as they stand, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kg.errors import KgError

_LONGEST = 64 * 1024 * 1024  # bytes; a line beyond this is no record of a paper
_BOM = b"\xef\xbb\xbf"


def raw_lines(stream: BinaryIO, source: str) -> Iterator[tuple[int, bytes]]:
    """(number from 1, bytes) of each line; `KgError` for a line that no memory should hold."""
    number = 0
    while line := stream.readline(_LONGEST):
        number += 1
        if len(line) >= _LONGEST and not line.endswith(b"\n"):
            raise KgError(
                f"{source}:{number}: a line of over 64 MiB; is it text? Name its format with --format."
            )
        yield number, line.removeprefix(_BOM) if number == 1 else line


def text_lines(stream: BinaryIO, source: str) -> Iterator[tuple[int, str]]:
    """(number from 1, text) of each line; `KgError` where the bytes are not UTF-8 text."""
    for number, line in raw_lines(stream, source):
        if b"\0" in line:
            raise KgError(f"{source}:{number}: a binary file, not text.")
        try:
            yield number, line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            byte = line[error.start]
            raise KgError(
                f"{source}:{number}: not UTF-8 (byte 0x{byte:02x} at column {error.start + 1}); "
                "convert it first, for instance with: iconv -f latin1 -t utf-8"
            ) from None
