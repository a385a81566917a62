"""Spoiled input: readers give papers, `Unread`s or a `KgError`, whatever they are given."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.readers import READERS, SNIFFERS
from tests.mutations import check, mutate, seeds_of

ROOT = Path(__file__).parent.parent
SAMPLES = seeds_of()


def survive(name: str, data: bytes) -> None:
    try:
        for item in READERS[name](io.BytesIO(data), "f"):
            check(item)
    except KgError as error:
        message = str(error)
    else:
        return
    assert "\n" not in message


@pytest.mark.parametrize("name", sorted(READERS))
def test_spoiled_samples(name: str) -> None:
    """Samples with bytes, values and structure changed; the same ones in each run."""
    rng = random.Random(name)
    for _ in range(150):
        survive(name, mutate(rng, SAMPLES[name]))


def test_spoiled_samples_without_the_parser_in_c() -> None:
    """Where ijson has no parser in C, its own in Python tells of errors in other words."""
    code = """
import ijson
from tests.test_readers_fuzz import test_spoiled_samples
assert ijson.backend == "python"
for name in ("crossref", "dblp", "json", "openalex", "semantic-scholar"):
    test_spoiled_samples(name)
"""
    env = {**os.environ, "IJSON_BACKEND": "python"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)


@pytest.mark.parametrize("name", sorted(READERS))
def test_samples_of_other_formats(name: str) -> None:
    """Forced to read another format, a reader refuses it or finds what it can."""
    for samples in SAMPLES.values():
        for data in samples:
            survive(name, data)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    data=st.binary(max_size=2000)
    | st.text(max_size=500).map(lambda t: t.encode("utf-8", "surrogatepass"))
)
def test_any_bytes(data: bytes) -> None:
    """Bytes of no format at all, to all readers and sniffers."""
    for name, sniff in SNIFFERS.items():
        sniff(data)
        survive(name, data)
