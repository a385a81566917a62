"""Owns the mending of text from outside: control characters, entities, tags, LaTeX, white space."""

from __future__ import annotations

import html
import re

# C0 and C1 controls but for white space, halves of surrogate pairs, and non-characters.
_UNSOUND = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(  # with attributes or none: "if a <b and c> d" is no tag
    r"<(/?)([A-Za-z][\w:.-]{0,40})(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>=]+))*\s*/?>"
    r"|<!--.{0,2000}?-->",
    re.DOTALL,
)
# Tags of the vocabularies that bibliographic text is written in (HTML, JATS, MathML): text in
# angle brackets that is none of them, such as "<mask>", is the author's own.
_INLINE = (
    "a abbr alternatives b bold em fixed-case font i inline-formula italic mark monospace named-content "
    "small sc span strike strong styled-content sub sup sans-serif tex-math tt u underline url ext-link "
    "xref code overline roman sec-meta"
)
_BLOCK = (
    "abstract article-title body br dd div dl dt h1 h2 h3 h4 h5 h6 head hr html label li list list-item "
    "ol p sec section table tbody td th title tr trans-abstract ul disp-formula disp-quote def-list"
)
_KINDS = dict.fromkeys(_INLINE.split(), "") | dict.fromkeys(_BLOCK.split(), " ")
_MATHML = re.compile(
    r"math|semantics|annotation|m(?:[ion]|row|style|text|space|padded|phantom|fenced|frac|sqrt|root|"
    r"su[bp]|subsup|under|over|underover|multiscripts|prescripts|table|t[rd])"
)


def sound(text: str) -> str:
    """Text that UTF-8 and XML can hold: what cannot be becomes U+FFFD, split pairs are joined."""
    if not _UNSOUND.search(text):
        return text
    joined = _PAIR.sub(lambda m: m[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return _UNSOUND.sub("\ufffd", joined)


def folded(text: str) -> str:
    """Sound text on one line, with single spaces and none at the ends."""
    return " ".join(sound(text).split())


def plain(text: str) -> str:
    """The words of text with HTML or JATS in it: entities decoded, known tags taken off, folded."""
    if "<" in text:
        text = _TAG.sub(_untagged, text)
    if "&" in text:
        text = _entities(text)
        if "<" in text:  # tags that were written as entities, as some registrants do
            text = _TAG.sub(_untagged, text)
    return folded(text)


def _untagged(match: re.Match[str]) -> str:
    """What a tag is in text: nothing, a gap between blocks, or itself where it is no tag."""
    if match[2] is None:  # a comment
        return " "
    prefix, _, local = match[2].lower().rpartition(":")
    if local in _KINDS:
        return _KINDS[local]
    return "" if prefix in ("jats", "mml") or _MATHML.fullmatch(local) else match[0]


def _entities(text: str) -> str:
    """Entities decoded, twice where they were encoded twice (`&amp;lt;`)."""
    for _ in range(2):
        text = _ENTITY.sub(lambda m: html.unescape(m[0]), text)
    return text


def names(values: object) -> tuple[str, ...]:
    """The strings in a list, folded, without the empty ones."""
    if not isinstance(values, list | tuple):
        return ()
    found = (plain(value) for value in values if isinstance(value, str))
    return tuple(name for name in found if name)


def split_names(text: str, *, limit: int = 5000) -> tuple[str, ...]:
    """Authors of one string: by `;`, `|`, line ends or " and "; by commas where these stand alone.

    "Doe, Jane" is one author and "Jane Doe, John Roe" are two: commas part authors where what
    stands between them is more than one word.
    """
    text = text.strip().strip("[]").strip()
    if re.search(r"[;|\n]|\sand\s", text):
        parts = re.split(r"[;|\n]|,?\s+and\s+", text)
        if not re.search(r"[;|\n]", text) and len(parts) == 2:  # "A B, C D and E F"
            parts = [*_by_commas(parts[0]), parts[1]]
    else:
        parts = _by_commas(text)
    return names([part.strip(" \t\r'\"") for part in parts[:limit]])


def _by_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    return parts if all(" " in part or not part for part in parts) else [text]


def distinct(values: tuple[str, ...] | list[str]) -> str | None:
    """The distinct values in their order, joined with "; "; None of none."""
    return "; ".join(dict.fromkeys(value for value in values if value)) or None
