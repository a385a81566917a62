"""Owns the geometry of the map: filling a disc evenly, packing discs, and finding free places."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

REACH = 120  # cells: how far from where it should stand a node may be put


def fill_disc(points: Floats, radius: float) -> Floats:
    """Spread points (n, 2) evenly over a disc, keeping each one's direction.

    Force-directed layouts crowd the middle; equal area for each rank outwards undoes that.  The
    points come most important first, and half of the rank is that order: the hubs of a community
    stand inside, with room for their names.
    """
    count = len(points)
    if count < 2:
        return np.zeros((count, 2))
    centred = points - points.mean(axis=0)
    distance = np.hypot(centred[:, 0], centred[:, 1])
    rank = np.empty(count)
    rank[np.argsort(distance, kind="stable")] = np.arange(count)
    rank[np.argsort(rank + np.arange(count), kind="stable")] = np.arange(count)
    wanted = radius * np.sqrt((rank + 0.5) / count)
    angle = np.arctan2(centred[:, 1], centred[:, 0])
    return np.column_stack((wanted * np.cos(angle), wanted * np.sin(angle)))


def separate(points: Floats, gap: float, rounds: int = 80) -> Floats:
    """Push points (n, 2) that stand closer than `gap` apart, a little each round."""
    points = _apart(points)
    for _ in range(rounds):
        push = _repulsion(points, np.full(len(points), gap / 2))
        if not push.any():
            break
        points += 0.5 * push
    return points


def _apart(points: Floats) -> Floats:
    """The points (n, 2), each moved by a hair of its own, so that no two coincide."""
    turn = np.arange(len(points)) * 2.399963  # the golden angle: no direction comes twice
    return points + 1e-3 * np.column_stack((np.cos(turn), np.sin(turn)))


def _repulsion(points: Floats, radii: Floats) -> Floats:
    """For discs at (n, 2) with radii (n): the step (n, 2) that takes each out of its overlaps."""
    delta = points[:, None, :] - points[None, :, :]
    distance = np.maximum(np.hypot(delta[..., 0], delta[..., 1]), 1e-9)
    overlap = np.maximum(radii[:, None] + radii[None, :] - distance, 0.0)
    step: Floats = (delta / distance[..., None] * overlap[..., None]).sum(axis=1) / 2
    return step


def pack_discs(start: Floats, radii: Floats, aspect: float, rounds: int = 400) -> Floats:
    """Centres (n, 2) of discs drawn together as close as they go without overlapping.

    Begins at `start`; `aspect` above 1 makes the whole wider than high.
    """
    if len(radii) == 0:
        return np.zeros((0, 2))
    spread = np.hypot(*(start - start.mean(axis=0)).T).max()
    centres = _apart((start - start.mean(axis=0)) / max(spread, 1e-9) * radii.sum() * 0.8)
    pull = np.array([0.02, 0.02 * aspect**2])
    for turn in range(rounds):
        centres -= centres * pull * (1 - turn / rounds)
        for _ in range(4):
            centres += 0.5 * _repulsion(centres, radii * 1.03)
    for _ in range(200):
        centres += 0.5 * _repulsion(centres, radii * 1.03)
    packed: Floats = centres - centres.mean(axis=0)
    return packed


@cache
def _spiral(reach: int) -> list[tuple[int, int]]:
    """Steps to all cells within `reach`, nearest first."""
    span = range(-reach, reach + 1)
    steps = [(x, y) for x in span for y in span if x * x + y * y <= reach * reach]
    return sorted(steps, key=lambda s: (s[0] * s[0] + s[1] * s[1], s))


@dataclass(slots=True)
class Cells:
    """A grid of places; `taken` holds those that are."""

    size: float
    taken: set[tuple[int, int]]
    # How far out the search from a cell had to go: the next search from there begins so far out.
    begun: dict[tuple[int, int], int] = field(default_factory=dict)

    def take(self, where: Floats) -> Floats:
        """Take the free place nearest to `where` (2) and return its middle (2)."""
        home = (round(float(where[0]) / self.size), round(float(where[1]) / self.size))
        spiral = _spiral(REACH)
        for index in range(self.begun.get(home, 0), len(spiral)):
            cell = (home[0] + spiral[index][0], home[1] + spiral[index][1])
            if cell not in self.taken:
                self.taken.add(cell)
                self.begun[home] = index + 1
                return np.array(cell) * self.size
        return where  # further than anyone looks for it: one place for all such


def grid_cells(points: Floats, size: float) -> Cells:
    """A grid in which the points (n, 2), and the eight cells around each, are taken."""
    taken: set[tuple[int, int]] = set()
    for x, y in points:
        column, row = round(float(x) / size), round(float(y) / size)
        taken.update((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
    return Cells(size, taken)
