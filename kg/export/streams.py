"""Owns the streams that mend what Oxigraph writes on its way out."""

from __future__ import annotations

from typing import BinaryIO


class SortedHeader:
    """Sorts the `@prefix` lines at the head of Turtle and TriG, which Oxigraph keeps in a hash map.

    What follows passes through untouched.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._head: bytes | None = b""

    def write(self, data: bytes) -> int:
        """Take bytes; those after the header go straight on."""
        if self._head is None:
            return self._stream.write(data)
        self._head += bytes(data)
        lines = self._head.split(b"\n")
        if any(line and not line.startswith(b"@") for line in lines[:-1]):
            self.close()
        return len(data)

    def flush(self) -> None:
        """Oxigraph asks for it at the end; the header may still be all there is."""

    def close(self) -> None:
        """Let the header go; the stream below stays open."""
        if self._head is None:
            return
        lines = self._head.split(b"\n")
        count = next((n for n, row in enumerate(lines) if not row.startswith(b"@")), len(lines))
        self._stream.write(b"\n".join(sorted(lines[:count]) + lines[count:]))
        self._head = None


class MendedXml:
    """Sorts the namespaces of the root element, and writes U+000D as a character reference.

    Oxigraph keeps the namespaces in a hash map; a bare U+000D, XML readers take for a line's end.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._head: bytes | None = b""

    def write(self, data: bytes) -> int:
        """Take bytes of XML, whose own line ends are U+000A alone."""
        if self._head is None:
            self._stream.write(bytes(data).replace(b"\r", b"&#13;"))
        else:
            self._head += bytes(data)
            start = self._head.find(b"<rdf:RDF ")
            if start >= 0 and (end := self._head.find(b">", start)) >= 0:
                rest, tag = self._head[end:], self._head[start:end].split(b" ")
                self._stream.write(self._head[:start] + b" ".join([tag[0], *sorted(tag[1:])]))
                self._head = None
                self.write(rest)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back once the root element is open."""
