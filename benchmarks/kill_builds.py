"""Kill builds at random moments, and see that the next build always ends in the same bytes.

usage: python -m benchmarks.kill_builds [INPUTS ...] [--kills 200] [--seed 1]

Each round begins with an empty folder, kills one build (SIGKILL) at a moment drawn from the length
of an undisturbed one, lets the next build go to its end, and compares N-Triples and node-link JSON
with those of the undisturbed one.  The model is loaded once, before the builds fork off, so that
the moments fall on the work and not on the start.  Not run by `make bench`: it measures nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import random
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

from kg.errors import KgError
from kg.export import EXPORTERS
from kg.pipeline import build
from kg.store import FILE_NAME, Store

EXAMPLES = Path(__file__).parent.parent / "examples" / "pages"


def state(folder: Path) -> str:
    """A digest of what a finished build exports."""
    digest = hashlib.sha256()
    with Store.open(folder) as graph:
        for name in ("nt", "json"):
            stream = io.BytesIO()
            EXPORTERS[name].load()(graph, stream)
            digest.update(stream.getvalue())
    return digest.hexdigest()


def killed(inputs: list[str], folder: Path, after: float) -> bool:
    """Whether a build that is killed so many seconds after its start was still at work."""
    child = os.fork()
    if child == 0:
        build(inputs, folder, jobs=1)
        os._exit(0)  # nothing of the parent's is to be cleaned up twice
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def left_behind(folder: Path) -> str:
    """What a killed build had reached, as the store tells it."""
    if not (folder / FILE_NAME).exists():
        return "before the store"
    try:
        with Store.open(folder):
            return "after its end"
    except KgError:
        return "under way"


def main() -> None:
    """Print how many of the builds ended alike, and where they had been killed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("inputs", nargs="*", default=[str(EXAMPLES)])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    draw = random.Random(a.seed)
    with tempfile.TemporaryDirectory() as home:
        build(a.inputs, Path(home) / "warm", jobs=1)
        began = time.monotonic()
        build(a.inputs, Path(home) / "calm", jobs=1)
        length = time.monotonic() - began
        calm, places, alike, caught = state(Path(home) / "calm"), Counter[str](), 0, 0
        rounds = 0
        while caught < a.kills:
            rounds += 1
            folder = Path(home) / str(rounds)
            if not killed(a.inputs, folder, draw.uniform(0, length)):
                continue  # it had ended before
            caught += 1
            places[left_behind(folder)] += 1
            build(a.inputs, folder, jobs=1)
            alike += state(folder) == calm
    print(f"{caught} builds of about {length:.2f} s killed at work: {alike} ended alike")
    print("killed: " + ", ".join(f"{count} {place}" for place, count in places.most_common()))
    if alike < a.kills:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
