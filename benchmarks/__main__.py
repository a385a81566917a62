"""Run all benchmarks, `bench_*.py` beside this file, and print what each says under its name.

usage: python -m benchmarks [NAME ...] [--corpus ABSTRACTS.jsonl[.gz]]

Each is a process of its own, one after the other; those that know `--corpus` are given it.  NAME is
that of a file without `bench_`.  The corpus may also be named by the environment (KG_CORPUS).
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent


def _machine() -> str:
    """Processor, cores and versions, as figures without them say little."""
    names = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if "model name" in line]
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if "MemTotal" in line), "0")
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("spacy", "numpy", "rdflib", "pyvis")
    )
    return (
        f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores,"
        f" {int(memory) / 2**20:.0f} GiB; Python {platform.python_version()}, {packages}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def _run(path: Path, corpus: str | None) -> bool:
    """Run one benchmark; whether it went well."""
    takes = corpus and "--corpus" in path.read_text()
    more = ["--corpus", str(corpus)] if takes else []
    print(f"\n== {path.stem.removeprefix('bench_')}", flush=True)
    began = time.monotonic()
    code = subprocess.call([sys.executable, "-m", f"benchmarks.{path.stem}", *more])
    print(f"({time.monotonic() - began:.0f} s{'' if code == 0 else f', FAILED with {code}'})")
    return code == 0


def main() -> None:
    """Run those that are named, or all; exit code 1 if one failed."""
    found = {path.stem.removeprefix("bench_"): path for path in sorted(HERE.glob("bench_*.py"))}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(found))
    parser.add_argument("--corpus", default=os.environ.get("KG_CORPUS"))
    a = parser.parse_args()
    if unknown := set(a.names) - set(found):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    print(_machine())
    results = [_run(found[name], a.corpus) for name in a.names or found]
    raise SystemExit(not all(results))


if __name__ == "__main__":
    main()
