"""Owns the plot of how a build grows: rows of `bench_build` to one SVG, the same bytes for the same rows.

Both axes are logarithmic, so that a straight line of slope one is a cost that grows as the papers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

Line = Mapping[int, float]  # papers -> value

_WIDTH, _HEIGHT, _MARGIN = 460, 340, 56
_COLOURS = ("#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2")
_PANEL = _WIDTH - 2 * _MARGIN


def plot(panels: Mapping[str, Mapping[str, Line]]) -> str:
    """Panels side by side, each with its title and lines by name."""
    width = _WIDTH * len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" '
        f'viewBox="0 0 {width} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{_HEIGHT}" fill="white"/>',
    ]
    for number, (title, lines) in enumerate(panels.items()):
        parts += [f'<g transform="translate({number * _WIDTH},0)">', *_panel(title, lines), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, lines: Mapping[str, Line]) -> list[str]:
    xs = _decades([x for line in lines.values() for x in line])
    ys = _decades([y for line in lines.values() for y in line.values()])
    parts = [f'<text x="{_MARGIN}" y="24" font-weight="bold">{escape(title)}</text>']
    for decade in xs:
        x = _at(decade, xs, _MARGIN, _PANEL)
        parts.append(_rule(x, _MARGIN - 16, x, _HEIGHT - _MARGIN))
        parts.append(_text(x, _HEIGHT - _MARGIN + 18, f"{decade:,g}", "middle"))
    for decade in ys:
        y = _height(decade, ys)
        parts.append(_rule(_MARGIN, y, _MARGIN + _PANEL, y))
        parts.append(_text(_MARGIN - 6, y + 4, f"{decade:,g}", "end"))
    parts.append(_text(_MARGIN + _PANEL / 2, _HEIGHT - 14, "papers", "middle"))
    for number, (name, line) in enumerate(lines.items()):
        parts += _curve(name, line, xs, ys, _COLOURS[number % len(_COLOURS)], number)
    return parts


def _curve(
    name: str, line: Line, xs: Sequence[float], ys: Sequence[float], colour: str, number: int
) -> list[str]:
    points = [
        f"{_at(x, xs, _MARGIN, _PANEL):.1f},{_height(y, ys):.1f}" for x, y in sorted(line.items())
    ]
    y = _MARGIN + 16 * number
    return [
        f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="3" fill="{colour}"/>' for p in points),
        _text(_MARGIN + 8, y - 4, name, "start", colour),
    ]  # fmt: skip


def _decades(values: Sequence[float]) -> list[float]:
    """The powers of ten from below the least to above the largest."""
    low = math.floor(math.log10(min(values)) + 1e-9)
    high = max(math.ceil(math.log10(max(values)) - 1e-9), low + 1)
    return [10.0**power for power in range(low, high + 1)]


def _at(value: float, decades: Sequence[float], start: float, length: float) -> float:
    low, high = math.log10(decades[0]), math.log10(decades[-1])
    return start + length * (math.log10(value) - low) / (high - low)


def _height(value: float, decades: Sequence[float]) -> float:
    bottom = _HEIGHT - _MARGIN
    return _at(value, decades, bottom, _MARGIN - 16 - bottom)


def _rule(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="#ddd"/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
