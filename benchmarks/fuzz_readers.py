"""Owns the long fuzzing of all readers: `python -m benchmarks.fuzz_readers --inputs 1000000`.

Each input is a sample of a format, spoiled, and given to that format's reader, to a reader of
another format, or to whichever its first bytes call for.  Anything but papers, `Unread`s and
`KgError`s is a finding; so are a second spent on one input, and memory that grows.  Some 20 bytes an
input are known: ijson's parser in C (3.6.0) never gives back the last key of a document that breaks off
inside an object.  With IJSON_BACKEND=python the readers' own count of blocks stays level.
"""

from __future__ import annotations

import argparse
import io
import random
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from types import FrameType

from kg.errors import KgError
from kg.readers import READERS, SNIFFERS
from tests.mutations import check, mutate, seeds_of

_HANG = 5.0  # seconds on one input
_PAGE = 4096


class HangError(Exception):
    """An input took too long."""


def _alarm(number: int, frame: FrameType | None) -> None:
    raise HangError


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def one(data: bytes, name: str) -> str:
    """How one input ended: "papers", "unread" or "refused"."""
    papers = unread = 0
    try:
        for item in READERS[name](io.BytesIO(data), "input"):
            check(item)
            papers += hasattr(item, "title")
            unread += hasattr(item, "reason")
    except KgError as error:
        if "\n" in str(error):
            raise ValueError(f"a message of two lines: {error}") from None
        return "refused"
    return "papers" if papers else "unread" if unread else "nothing"


def _reader_for(rng: random.Random, data: bytes, format_: str) -> str:
    way = rng.random()
    if way < 0.1:
        return rng.choice(list(READERS))
    if way < 0.3:
        return next((name for name, sniff in SNIFFERS.items() if sniff(data[:65536])), format_)
    return format_


def main() -> int:
    """Run, print what was found, and say by the exit code whether anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="one format")
    parser.add_argument("--keep", type=Path, help="folder for the inputs that were findings")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, _alarm)
    rng, seeds = random.Random(options.seed), seeds_of()
    formats = [options.only] if options.only else sorted(seeds)
    ends: Counter[str] = Counter()
    by_format: Counter[str] = Counter()
    slowest, findings, early = (0.0, ""), 0, 0
    begun = time.monotonic()
    for number in range(options.inputs):
        format_ = rng.choice(formats)
        data = mutate(rng, seeds[format_])
        name = _reader_for(rng, data, format_)
        by_format[name] += 1
        start = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, _HANG)
        try:
            ends[one(data, name)] += 1
        except BaseException as error:  # a finding, whatever it is, is told and the run goes on
            if isinstance(error, KeyboardInterrupt):
                raise
            findings += 1
            print(
                f"FINDING {number} {name}: {type(error).__name__}: {str(error)[:300]}", flush=True
            )
            print("".join(traceback.format_tb(error.__traceback__)[-2:]), flush=True)
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{number}.{name}").write_bytes(data)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = time.monotonic() - start
        slowest = max(slowest, (took, f"{number} {name}"))
        if number == options.inputs // 10:
            early = resident()
        if number and number % 50_000 == 0:
            print(f"{number:>9,} inputs, {findings} findings, {resident() >> 20} MiB", flush=True)
    print(f"{options.inputs:,} inputs in {time.monotonic() - begun:.0f} s, seed {options.seed}")
    print(f"ended as {dict(ends.most_common())}; findings {findings}")
    print(f"slowest {slowest[0]:.2f} s (input {slowest[1]})")
    print(f"memory after a tenth {early >> 20} MiB, at the end {resident() >> 20} MiB")
    print("inputs by reader", dict(sorted(by_format.items())))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
