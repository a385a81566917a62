"""Owns the spoiling of good input, for the tests and the long fuzzing of readers."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

from kg.model import Paper, Unread
from kg.schema import IDENTIFIER_URLS

SEEDS = Path(__file__).parent / "data" / "readers"
# Pieces that parsers trip over: brackets, escapes, entities, halves of characters, odd numbers.
_TOKENS = [
    b"", b"{", b"}", b"[", b"]", b'"', b"'", b"\\", b"\\u", b"\\ud800", b"\\u0000", b"\0", b"\xff", b"\xed\xa0\x80",
    b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b"\x85", b"\xe2\x80\xa8", b",", b";", b"|", b"\t", b":", b"null", b"true",
    b"-1", b"0", b"1e999", b"1e-999", b"-0.0", b"99999999999999999999", b"NaN", b"Infinity", b"{}", b"[]", b"[[]]",
    b'{"value": null}', b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"&", b"&lt;", b"&#0;",
    b"&#xD800;", b"&#x110000;", b"&nosuch;", b"&amp;amp;", b'<!DOCTYPE x [<!ENTITY e "v">]>', b"<!DOCTYPE", b"@", b"@article{",
    b"@string{a=b}", b"@comment{", b"=", b"#", b"{{", b"}}", b"$", b"$$", b"\\(", b"\\begin{x}", b"\\end{x}", b"\\'", b'\\"{',
    b"%", b"~", b"--", b"---", b"---\n", b"...\n", b"&a", b"*a", b"!!python/object:x", b"? ", b"- ", b"|-\n", b"TY  - JOUR\n",
    b"ER  - \n", b"AU  - ", b"0000-00-00", b"2021-13-45", b"999999999999999", b"10.1/x", b"https://[", b"http://a..b/%zz",
    b"\xf0\x9f\x98\x80", b"\xd9\xa3", b"\xc2\xb2", b"\xe2\x82\x83", b"\xe2\x80\x8f", b"a" * 300, b"(" * 200, b"{" * 200, b"[" * 200, b"<b>" * 100,
]  # fmt: skip
_NUMBER = re.compile(rb"\d+")
_QUOTED = re.compile(rb'"[^"\n]{0,200}"|>[^<\n]{1,200}<')


def mutate(rng: random.Random, seeds: list[bytes]) -> bytes:
    """One of the seeds, spoiled in one to six places; half of the JSON stays JSON."""
    data = rng.choice(seeds)
    if data[:1] in b"[{" and rng.random() < 0.5:
        return _odd_values(rng, data)
    for _ in range(rng.randint(1, 6)):
        data = rng.choice(_WAYS)(rng, data, seeds)
    return data[:200_000]


_VALUES: list[object] = [
    None, True, 0, -1, 7, 2021, 10**30, 1e308, float("inf"), float("nan"), 1540035843524, "", " ", "x", "2021", "0", "\ud800", "\x00",
    "<b>x</b>", "&amp;", "Doe, Jane and others", "http://[", "10.1/x", [], {}, [None], [[]], [{}], ["a", None, 3], [[1, 2]], {"value": None},
    {"value": ["a"]}, {"name": 3}, {"a": [3, "x", -1]}, [["1997", "11", None]], "https://github.com/a/b", {"x": {"y": {"z": []}}},
]  # fmt: skip


def _odd_values(rng: random.Random, data: bytes) -> bytes:
    """Sound JSON in which one to four values are of another kind than their reader expects."""
    lines = []
    for line in data.split(b"\n") if data.count(b"\n{") else [data]:
        try:
            row = json.loads(line) if line.strip() else None
        except ValueError:
            return data
        for _ in range(rng.randint(1, 4)):
            row = _odd(rng, row)
        lines.append(json.dumps(row).encode())
    return b"\n".join(lines)


def _odd(rng: random.Random, value: object) -> object:
    """The value with an odd one at a place within it, however deep."""
    if not value or not isinstance(value, dict | list) or rng.random() < 0.08:
        return rng.choice(_VALUES)
    if isinstance(value, list):
        at = rng.randrange(len(value))
        return [_odd(rng, v) if i == at else v for i, v in enumerate(value)]
    key = rng.choice(list(value))
    return {k: _odd(rng, v) if k == key else v for k, v in value.items()}


def _flip(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _insert(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_TOKENS) + data[at:]


def _delete(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randint(1, 40) :]


def _repeat(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    piece = data[at : at + rng.randint(1, 300)]
    return data[:at] + piece * rng.randint(2, 4) + data[at:]


def _cut(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _splice(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    other = rng.choice(seeds)
    at, start = rng.randrange(len(data) + 1), rng.randrange(len(other) + 1)
    return data[:at] + other[start : start + rng.randint(1, 400)] + data[at:]


def _replace(rng: random.Random, data: bytes, seeds: list[bytes]) -> bytes:
    """A number or a value given way to another thing: what a type check forgets."""
    spans = [m.span() for m in rng.choice((_NUMBER, _QUOTED)).finditer(data)]
    if not spans:
        return data
    start, end = rng.choice(spans)
    return data[:start] + rng.choice(_TOKENS) + data[end:]


_WAYS = (_flip, _insert, _delete, _repeat, _cut, _splice, _replace, _replace, _replace)
_DATE = re.compile(r"(\d{4}|-)(-\d\d){0,2}")


def check(item: Paper | Unread) -> None:
    """What holds of all that a reader gives: text that can be written, dates and schemes in order."""
    if isinstance(item, Unread):
        assert item.reason, item
        assert "\n" not in item.reason, item
        item.reason.encode()
        return
    assert item.title.strip(), item
    assert item.id, item
    assert item.sources[0].line >= 1, item
    texts = [
        value
        for name, value in zip(item._fields, item, strict=True)
        if name not in ("sources", "identifiers", "links")
    ]
    texts += [
        *item.authors,
        *(value for _, value in item.identifiers),
        *(link.url for link in item.links),
    ]
    for text in texts:
        if isinstance(text, str):
            text.encode()
            assert "\0" not in text, item
    assert (
        item.published is None
        or _DATE.fullmatch(item.published)
        or item.sources[0].format == "hf-page"
    ), item
    assert all(scheme in IDENTIFIER_URLS and value for scheme, value in item.identifiers), item
    assert list(item.identifiers) == sorted(item.identifiers), item
    assert all(
        link.url.startswith(("http://", "https://", "HTTP")) or "://" in link.url
        for link in item.links
    ), item


def seeds_of() -> dict[str, list[bytes]]:
    """format -> its samples."""
    found: dict[str, list[bytes]] = {}
    for path in sorted(SEEDS.iterdir()):
        found.setdefault(path.name.split(".")[0], []).append(path.read_bytes())
    return found
