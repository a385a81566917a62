"""Owns how a number is written in an abstract: its digits, its unit, and whether it is a ratio.

    84.2%   +0.6   2.8 points   1.5x   10$\\times$   7-fold   40 milliseconds   4-16%   half

Numbers that belong to a name ("GPT-4", "top-5"), an address or a formula are not values.  Which of
the values are results is decided in `results`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_PERCENT = r"\s?\\?%(?:\s?p\b)?(?:\s(?:absolute\s)?points?\b)?|\s?percent\b(?!age)"
_POINTS = (
    r"[\s-]?(?:absolute\s|percentage[\s-]|percent\s|relative\s)?(?:points?|pp|pts?|p\.p\.)(?!\w)"
)
_TIMES = r"\s?(?:\\times|[xX×✕](?![\w-]*\d)|times\b|[-\s]?folds?\b)(?:\s?\$)?"
_MEASURE = (
    r"\s?-?(?:ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|days?|[KMGT]i?B|FPS|fps"
    r"|dB|db|[MGT]?FLOPs|[MGT]FLOPS|[GMBK]|k?Hz|mm|cm|km|m|W|mW|J|mJ|tokens/s|images/s"
    r"|tokens per second|frames per second)(?![\w-])"
)
_DASH = r"\s?(?:-{1,3}|–|—|~|∼|\$?\\sim\$?)\s?"

_VALUE = re.compile(
    rf"""(?:(?<![\w.,^_{{/\\])(?<![A-Za-z]-)|(?<=rightarrow))
    (?P<sign>(?:(?<![\w)%\]}}])[+−–-]|\$[+-]|\\pm\s?)?)\$?
    (?P<low>{_NUMBER})
    (?:(?P<lowunit>\s?\\?%|{_TIMES})?\$?(?P<dash>{_DASH}|\sto\s)[+]?\$?(?P<high>{_NUMBER}))?
    (?:(?P<percent>{_PERCENT})|(?P<points>{_POINTS})|\$?(?P<times>{_TIMES})|(?P<measure>{_MEASURE}))?
    (?!(?!rightarrow)\w|[.,]\d|-[A-Za-z]|/\d|\^|\s?\\(?:times|cdot|%))
    """,
    re.VERBOSE,
)
_NUMERALS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twice": "2", "double": "2", "triple": "3", "hundred": "100",
}  # fmt: skip
_SPELLED = re.compile(
    r"\b(?:(?P<numeral>two|three|four|five|six|seven|eight|nine|ten|hundred)[\s-](?:times|fold)"
    r"|(?P<alone>twice)|(?P<share>half|one[\s-]third|one[\s-]quarter|(?<![\d/])1/\d(?![\d/]))|(?P<order>orders? of magnitude))\b",
    re.IGNORECASE,
)  # fmt: skip
_TIMES_SIGN = re.compile(_TIMES)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Value:
    """A number as it stands at text[start:end]; `written` is the form that results are stated in.

    `unit` is "%", "points", "x", a measure as written, or ""; `number` the digits without commas,
    those of the lower end for a range; `signed` is "+", "-" or "".
    """

    start: int
    end: int
    written: str
    number: str
    unit: str
    signed: str = ""
    is_range: bool = False


def find_values(text: str, taken: Sequence[tuple[int, int]]) -> list[Value]:
    """The values of `text` in order, outside of the `taken` spans (sorted, without overlap)."""
    first = _DIGIT.search(text)
    found = (
        [
            v
            for match in _VALUE.finditer(text, max(0, first.start() - 2))
            for v in _numeric(match, text)
        ]
        if first
        else []
    )
    found += [_spelled(match) for match in _SPELLED.finditer(text)]
    found.sort(key=lambda value: value.start)
    return [v for v in found if not any(s < v.end and v.start < e for s, e in taken)]


def _numeric(match: re.Match[str], text: str) -> Iterator[Value]:
    """One value, or two where "from A to B" states a before and an after."""
    unit = _unit(match)
    if not unit and not match["high"] and _YEAR.match(match["low"]):
        return
    if match["high"] is None:
        yield _single(match, "low", match["sign"] or "", unit)
    elif match["dash"].strip() == "to" and (
        not unit or text[: match.start()].rstrip().endswith("from")
    ):
        low_unit = unit if match["lowunit"] else ""
        yield Value(
            match.start("low"), match.end("low") + len(match["lowunit"] or ""),
            _written(match["low"], match["lowunit"] or "", low_unit), _digits(match["low"]), low_unit,
        )  # fmt: skip
        yield _single(match, "high", "", unit)
    else:
        yield _range(match, unit)


def _unit(match: re.Match[str]) -> str:
    if match["percent"]:
        return "%"
    if match["points"]:
        return "points"
    return "x" if match["times"] else (match["measure"] or "").strip(" -")


def _single(match: re.Match[str], part: str, sign: str, unit: str) -> Value:
    end = match.end()
    sign = sign.strip("$").replace("−", "-").replace("–", "-")
    written = _written(match[part], match.group()[match.end(part) - match.start() :], unit)
    start = match.start() if part == "low" else match.start(part)
    return Value(start, end, written, _digits(match[part]), unit, sign if sign in "+-" else "")


def _range(match: re.Match[str], unit: str) -> Value:
    body = match.group()[match.start("low") - match.start() :]
    written = body.strip("$ ").replace("$", "")
    if unit == "x":
        written = _TIMES_SIGN.sub("x", written)
    sign = (match["sign"] or "").strip("$")
    return Value(
        match.start(), match.end(), written, _digits(match["low"]), unit,
        sign if sign in "+-" else "", is_range=True,
    )  # fmt: skip


def _written(digits: str, tail: str, unit: str) -> str:
    """The number with its unit as the text has it; every way to say "times" is an "x"."""
    if unit == "x":
        return f"{digits}x"
    return (digits + tail.rstrip("$")).replace("-", " ") if unit else digits


def _digits(text: str) -> str:
    return text.replace(",", "")


def _spelled(match: re.Match[str]) -> Value:
    word = (match["numeral"] or match["alone"] or "").lower()
    if word:
        number = _NUMERALS[word]
        return Value(match.start(), match.end(), f"{number}x", number, "x")
    return Value(
        match.start(),
        match.end(),
        match.group().lower(),
        "",
        "share" if match["share"] else "order",
    )
