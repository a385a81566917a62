"""Folders, archives, compressed files and plug-ins; and what is refused of them."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import zstandard

from kg import readers
from kg.errors import KgError
from kg.model import Paper, Unread
from kg.readers import READERS, SNIFFERS, sources
from tests.conftest import Run
from tests.mutations import SEEDS

BIB = (SEEDS / "bibtex.bib").read_bytes()
LINE = b'{"id": "p1", "title": "A Title", "abstract": "Its abstract."}\n'


def titles(path: Path) -> list[str]:
    found = [list(sources.read(opened)) for opened in sources.find([str(path)])]
    return [i.title if isinstance(i, Paper) else i.reason for some in found for i in some]


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [
        ("gz", gzip.compress),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("zst", zstandard.compress),
    ],
)
def test_compressed_files_are_read_as_they_are(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    """The format is told from what is inside, whatever the name says."""
    for name in (f"a.bib.{suffix}", "b"):
        (tmp_path / name).write_bytes(pack(BIB))
        assert titles(tmp_path / name) == ["Long Short-Term Memory", "Attention is All you Need"]


def test_archives_are_folders(tmp_path: Path) -> None:
    """Each member is a source of its own, by its name; what is no paper is told."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b/refs.bib", BIB)
        archive.writestr("a.jsonl.gz", gzip.compress(LINE))
        archive.writestr("image.png", b"\x89PNG\0")
        archive.writestr("__MACOSX/b", b"x")
        archive.writestr("README.md", b"x")
    found = sources.find([str(tmp_path / "a.zip")])
    assert [o.name.removeprefix(f"{tmp_path.as_posix()}/") for o in found] == [
        "a.zip/a.jsonl.gz",
        "a.zip/b/refs.bib",
        "a.zip/image.png",
    ]
    assert titles(tmp_path / "a.zip")[0] == "A Title"
    assert "binary file" in titles(tmp_path / "a.zip")[-1]
    assert len({o.sha256() for o in found}) == 3


def test_odd_files_in_a_folder_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    """Met in a folder, a bad file is a line; named, it is an error."""
    (tmp_path / "good.jsonl").write_bytes(LINE)
    (tmp_path / "notes.txt").write_bytes(b"buy milk\n")
    (tmp_path / "broken.jsonl.gz").write_bytes(gzip.compress(LINE * 100)[:-9])
    (tmp_path / "empty").write_bytes(b"")
    found = [i for o in sources.find([str(tmp_path)]) for i in sources.read(o)]
    assert {i.title for i in found if isinstance(i, Paper)} == {"A Title"}
    reasons = {Path(i.source.file).name: i.reason for i in found if isinstance(i, Unread)}
    assert set(reasons) == {"notes.txt", "broken.jsonl.gz", "empty"}
    assert "broken gzip data" in reasons["broken.jsonl.gz"]
    for name, fault in [
        ("notes.txt", "no known format"),
        ("broken.jsonl.gz", "broken gzip"),
        ("empty", "empty file"),
    ]:
        with pytest.raises(KgError, match=fault):
            titles(tmp_path / name)


def test_bombs_are_refused(tmp_path: Path) -> None:
    """What expands out of all proportion is refused in one line, before it fills memory."""
    (tmp_path / "b.gz").write_bytes(gzip.compress(LINE + b" " * 60_000_000))
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b" " * 60_000_000)
    for name in ("b.gz", "b.zip"):
        with pytest.raises(KgError, match="expands to over 200 times") as caught:
            titles(tmp_path / name)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["../up.jsonl", "/etc/x.jsonl", "a\\..\\..\\x", "C:\\x", "a/../../x"]
)
def test_archives_that_reach_out_are_refused(tmp_path: Path, name: str) -> None:
    """A member with a path out of its archive is never read."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), LINE)
    with pytest.raises(KgError, match="a file outside of it"):
        titles(tmp_path / "a.zip")


def test_broken_archives_are_refused(tmp_path: Path) -> None:
    """Half an archive, and one whose member was changed, are told."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.jsonl", LINE)
    data = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(data[:60])
    with pytest.raises(KgError, match="broken zip"):
        titles(tmp_path / "half.zip")
    (tmp_path / "changed.zip").write_bytes(data.replace(b"Its abstract", b"Its_abstract"))
    assert "broken zip data" in titles(tmp_path / "changed.zip")[-1]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("dblp", b'<!DOCTYPE d [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><dblp><article key="k"><title>&b;</title></article></dblp>', "entities of its own"),
        ("json", b"[" * 200_000, "nested too deep"),
        ("json", b'[{"title": ' + b"[" * 200_000, "nested too deep"),
        ("json", b"[" + b'{"title": "x", "a": [' + b"1," * 8_500_000 + b"1]}]", "over 16 MiB"),
        ("jsonl", b'{"title": "' + b"x" * 100_000_000, "over 64 MiB"),
        ("dblp", b"<dblp>" + b"<i>x</i>" * 2_000_000, "over 8 MiB"),
        ("pmlr", b"---\ntitle: a\n" + b"x: y\n" * 300_000, "over 1 MiB"),
    ],
)  # fmt: skip
def test_what_no_source_writes_is_refused(name: str, data: bytes, message: str) -> None:
    """XML bombs, deep JSON, endless lines and records: one line each, and no memory for them."""
    with pytest.raises(KgError, match=message):
        list(READERS[name](io.BytesIO(data), "f"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("dblp", b"<dblp>" + b"<i>" * 3000),
        ("dblp", b'<dblp><article key="k"><title>&nosuch;<b>x'),
        ("jsonl", b'{"title": ' + b"[" * 200_000),
        ("csv", b"title,abstract\na," + b'"x' * 3_000_000),
        ("bibtex", b"@article{a, title={" + b"x\n" * 1_000_000),
        ("bibtex", b"@article{a, title={" + b"{" * 100_000),
        ("ris", b"TY  - JOUR\nTI  - " + b"x\n" * 1_000_000),
        ("pmlr", b"---\ntitle: " + b"[" * 50_000),
    ],
)
def test_what_is_broken_is_told(name: str, data: bytes) -> None:
    """Deep, endless and cut records end in an `Unread`."""
    assert [type(i) for i in READERS[name](io.BytesIO(data), "f")][-1] is Unread


def test_no_file_is_fetched_or_read_by_xml(tmp_path: Path) -> None:
    """An external entity is not loaded; its document is refused."""
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    data = f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret.as_uri()}">]><dblp><article key="k"><title>A &e;</title></article></dblp>'
    with pytest.raises(KgError, match="entities of its own"):
        list(READERS["dblp"](io.BytesIO(data.encode()), "f"))


def test_readers_of_other_packages_are_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed entry point adds its format, and is asked before those that are built in."""
    point = EntryPoint("theirs", "kg.readers.jsonl", "kg.readers")
    monkeypatch.setattr(
        readers, "entry_points", lambda group: [point] if group == "kg.readers" else []
    )
    monkeypatch.setattr(readers, "READERS", dict(READERS))
    monkeypatch.setattr(readers, "SNIFFERS", dict(SNIFFERS))
    readers.add_plugins.__wrapped__()
    assert next(iter(readers.SNIFFERS)) == "theirs"
    assert readers.READERS["theirs"] is READERS["jsonl"]
    assert list(readers.SNIFFERS)[1:] == list(SNIFFERS)


def test_formats_are_listed_and_told(run: Run) -> None:
    """`kg formats` lists all; `kg formats FILE` tells columns, fields and what was not read."""
    listed = run("formats").stdout
    assert all(f"  {name} " in listed for name in READERS)
    told = run("formats", str(SEEDS / "csv.csv")).stdout
    assert 'authors = "Authors"' in told
    assert "2 papers" in told


def test_standard_input_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too much for memory goes through a temporary file; compressed input is expanded."""
    monkeypatch.setattr(sources, "_IN_MEMORY", 100)
    for data in (LINE, LINE * 50, gzip.compress(BIB)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        (opened,) = sources.find(["-"])
        assert (opened.data is None) == (len(data) >= 100)
        found = list(sources.read(opened))
        assert len(found) == (2 if data[:1] == b"\x1f" else data.count(b"\n"))
        assert opened.sha256() == hashlib.sha256(data).hexdigest()
