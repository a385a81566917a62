"""Owns dates as sources write them: to ISO 8601 of the precision that is stated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d])")
_DAY_FIRST = re.compile(r"(?:[A-Za-z]{3},?\s+)?(\d{1,2})\s+([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3})[a-z]*\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})\b")
_YEAR_MONTH = re.compile(r"(\d{4})\s+([A-Za-z]{3})[a-z]*\.?(?:\s+(\d{1,2}))?(?!\d)")
_MILLISECONDS = 10**11  # whole numbers beyond this count milliseconds since 1970


def iso_date(value: object) -> str | None:
    """The date in a text (`2 Apr 2007`, `2023-12-14T…`, `2021/02/01/`), year or Unix time."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _from_number(value)
    if not isinstance(value, str):
        return str(value.isoformat())[:10] if isinstance(value, date) else None
    return _from_text(value.strip()[:64])


def _from_text(text: str) -> str | None:
    if found := _YEAR_MONTH.match(text):
        return ymd(found[1], found[2], found[3])
    if found := _ISO.match(text):
        return ymd(*found.groups())
    if re.match(r"\d{8}(?!\d)", text):
        return ymd(text[:4], text[4:6], text[6:8])
    if found := _DAY_FIRST.match(text):
        return ymd(found[3], found[2], found[1])
    if found := _MONTH_FIRST.match(text):
        return ymd(found[3], found[1], found[2])
    return None


def _from_number(value: float) -> str | None:
    if 1000 <= value <= 9999 and value == int(value):
        return str(int(value))
    if not 10**8 <= value <= 10**14:  # also refuses what is not a number
        return None
    seconds = value / 1000 if value > _MILLISECONDS else value
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def ymd(year: object, month: object = None, day: object = None) -> str | None:
    """A date of its parts, as far as they are good: months by number or name."""
    y, m, d = _number(year), _month(month), _number(day)
    if y is None or not 1000 <= y <= 2999:
        return None
    if m is None or not 1 <= m <= 12:
        return f"{y:04d}"
    if d is None or not 1 <= d <= 31:
        return f"{y:04d}-{m:02d}"
    return f"{y:04d}-{m:02d}-{d:02d}"


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = str(value).strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _month(value: object) -> int | None:
    name = value.strip()[:3].lower() if isinstance(value, str) else ""
    return _MONTHS.index(name) + 1 if name in _MONTHS else _number(value)


def from_parts(value: object) -> str | None:
    """A date of CSL-JSON and Crossref: `{"date-parts": [[2021, 3]]}`, `raw` or `literal`."""
    if not isinstance(value, Mapping):
        return iso_date(value)
    parts = value.get("date-parts")
    listed = isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]
    if listed and (found := ymd(*listed[:3])):
        return found
    return iso_date(value.get("raw") or value.get("literal") or value.get("date-time"))
