"""Owns how work is done in another process: started anew, leaving the program alone, and ending with it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import ParamSpec, TypeVar

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")


class _Worker(SpawnProcess):
    """A process that leaves the program that it is started from alone.

    It would run a script that builds a graph from its first line, and so build another one.
    """

    def start(self) -> None:
        """Start, with nothing to be seen of the program."""
        program, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = program


class _Apart(SpawnContext):
    """How workers are started: anew, not as copies of a process with threads."""

    Process = _Worker


def workers(
    count: int, start: Callable[_Params, object], *args: _Params.args, **kwargs: _Params.kwargs
) -> ProcessPoolExecutor:
    """So many processes, each of which calls `start` first, and ends when this one is killed."""
    call = (start, args, kwargs)
    return ProcessPoolExecutor(count, mp_context=_Apart(), initializer=_begin, initargs=call)


def apart(
    call: Callable[_Params, _Result], *args: _Params.args, **kwargs: _Params.kwargs
) -> _Result:
    """What a call gives, made in a process of its own: all that it takes goes back to the system."""
    with workers(1, _nothing) as pool:
        return pool.submit(call, *args, **kwargs).result()


def _nothing() -> None:
    """No start of its own."""


def _begin(
    start: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start(*args, **kwargs)


def _end_with_parent() -> None:
    """A worker waits on a queue that it holds both ends of: it would wait for ever."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
