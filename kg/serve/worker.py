"""Owns the process that answers queries: it opens the index, and answers one query at a time."""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import BinaryIO, cast

from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store

from kg.errors import KgError
from kg.query import Answer, run

_REFUSED, _FAILED, _TOO_LARGE, _DONE = "refused", "failed", "too large", "done"


class _Bounded:
    """Bytes up to a limit."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self._left = limit

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise OverflowError
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def work(pipe: Connection, index: str, prefixes: dict[str, str], memory: int) -> None:
    """Answer (query, graphs, formats, limit) from `pipe` until it closes.

    Sends (outcome, kind of answer or message, body).  `memory` bytes of address space are all
    that the process may take; beyond them it dies, and its caller starts another.
    """
    import resource
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server's process sees to the end of both
    store = Store.read_only(index)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pipe.send("ready")
    while True:
        try:
            query, formats, limit = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(store, query, prefixes, formats, limit))


def _answer(
    store: Store, query: str, prefixes: dict[str, str], formats: dict[str, str], limit: int
) -> tuple[str, str, bytes]:
    try:
        answer = run(store, query, prefixes)
        kind = {"QuerySolutions": "select", "QueryBoolean": "ask"}.get(
            type(answer).__name__, "construct"
        )
        out = _Bounded(limit)
        _serialize(answer, out, formats[kind])
    except KgError as error:
        return (_REFUSED if error.code == 2 else _FAILED), str(error), b""
    except OverflowError:
        return _TOO_LARGE, f"the answer is larger than {limit:,} bytes; add LIMIT to the query", b""
    except (OSError, RuntimeError) as error:
        return _FAILED, str(error), b""
    return _DONE, kind, b"".join(out.parts)


def _serialize(answer: Answer, out: _Bounded, media_type: str) -> None:
    stream = cast(BinaryIO, out)  # all of it that Oxigraph asks of one
    if isinstance(answer, QueryTriples):
        answer.serialize(stream, RdfFormat.from_media_type(media_type))
    else:
        answer.serialize(stream, QueryResultsFormat.from_media_type(media_type))
