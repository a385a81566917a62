"""Owns the pool of worker processes, and the limits that each query is held to."""

from __future__ import annotations

import multiprocessing
import queue
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from kg.serve.worker import work


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take: seconds, bytes of answer, bytes of memory, and how many at once."""

    seconds: float = 10.0
    answer: int = 50_000_000
    memory: int = 4_000_000_000
    workers: int = 2


class Pool:
    """Workers over one index.  A worker that runs out of time or memory is replaced."""

    def __init__(self, index: Path, prefixes: dict[str, str], limits: Limits) -> None:
        self._index, self._prefixes, self.limits = index, prefixes, limits
        self._idle: queue.Queue[_Worker] = queue.Queue()
        for _ in range(limits.workers):
            self._idle.put(self._started())

    def _started(self) -> _Worker:
        return _Worker(str(self._index), self._prefixes, self.limits.memory)

    def answer(self, query: str, formats: dict[str, str]) -> tuple[str, str, bytes]:
        """(outcome, kind or message, body) of a query; waits for a worker within the limit.

        Outcomes: done, refused (malformed), failed, too large, busy, timeout, died.
        """
        deadline = time.monotonic() + self.limits.seconds
        try:
            worker = self._idle.get(timeout=self.limits.seconds)
        except queue.Empty:
            return "busy", "all workers are busy; try again later", b""
        try:
            outcome = worker.ask((query, formats, self.limits.answer), deadline)
        except (EOFError, OSError):
            outcome = ("died", "the query took more memory than it may", b"")
        if outcome[0] in ("timeout", "died"):
            worker.stop()
            worker = self._started()
        self._idle.put(worker)
        return outcome

    def close(self) -> None:
        """Stop every idle worker."""
        while True:
            try:
                self._idle.get_nowait().stop()
            except queue.Empty:
                return


class _Worker:
    """One process, and the pipe to it."""

    def __init__(self, index: str, prefixes: dict[str, str], memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=work, args=(theirs, index, prefixes, memory), daemon=True
        )
        self._process.start()
        theirs.close()
        self._ready = False

    def ask(
        self, request: tuple[str, dict[str, str], int], deadline: float
    ) -> tuple[str, str, bytes]:
        pipe: Connection = self._pipe
        if not self._ready:
            pipe.recv()
            self._ready = True
            deadline = max(deadline, time.monotonic() + 0.1)
        pipe.send(request)
        if not pipe.poll(max(0.0, deadline - time.monotonic())):
            return "timeout", "the query took longer than it may", b""
        outcome: tuple[str, str, bytes] = pipe.recv()
        return outcome

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()
