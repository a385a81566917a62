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
CHUNK = 2048  # cells looked at in one go


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
    stretch = np.array([np.sqrt(aspect), 1 / np.sqrt(aspect)])
    centres = _apart((start - start.mean(axis=0)) / max(spread, 1e-9) * radii.sum() * 0.8) * stretch
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
def _spiral(reach: int) -> NDArray[np.int64]:
    """Steps (s, 2) to all cells within `reach`, nearest first."""
    span = np.arange(-reach, reach + 1)
    steps = np.stack(np.meshgrid(span, span, indexing="ij"), axis=-1).reshape(-1, 2)
    distance = (steps**2).sum(axis=1)
    near = distance <= reach * reach
    ordered: NDArray[np.int64] = steps[near][np.argsort(distance[near], kind="stable")]
    return ordered


@dataclass(slots=True)
class Cells:
    """A grid of places, as rows one after the other; True where one is taken."""

    size: float
    corner: tuple[int, int]  # column and row of the first cell
    shape: tuple[int, int]  # columns and rows
    taken: NDArray[np.bool_]
    spiral: NDArray[np.int64]  # steps through `taken`
    # How far out the search from a cell had to go: the next search from there begins so far out.
    begun: dict[int, int] = field(default_factory=dict)

    def take(self, where: Floats) -> Floats:
        """Take the free place nearest to `where` (2) and return its middle (2)."""
        home = self._home(where)
        for begin in range(self.begun.get(home, 0), len(self.spiral), CHUNK):
            cells = home + self.spiral[begin : begin + CHUNK]
            first = int(np.argmin(self.taken[cells]))
            if not self.taken[cells[first]]:
                self.taken[cells[first]] = True
                self.begun[home] = begin + first + 1
                column, row = divmod(int(cells[first]), self.shape[1])
                return np.array((column + self.corner[0], row + self.corner[1])) * self.size
        return where  # further than anyone looks for it: one place for all such

    def _home(self, where: Floats) -> int:
        """The cell of a point, or the nearest to it from which the search stays on the grid."""
        column, row = (
            min(max(round(float(where[i]) / self.size) - self.corner[i], REACH), limit - REACH - 1)
            for i, limit in enumerate(self.shape)
        )
        return column * self.shape[1] + row


def grid_cells(points: Floats, size: float) -> Cells:
    """A grid around points (n, 2) in which they, and the eight cells around each, are taken."""
    cells = np.rint(points / size).astype(np.int64) if len(points) else np.zeros((1, 2), np.int64)
    low, high = cells.min(axis=0) - 2 * REACH, cells.max(axis=0) + 2 * REACH
    columns, rows = (int(extent) for extent in high - low + 1)
    taken = np.zeros((columns, rows), dtype=bool)
    for x, y in cells - low if len(points) else ():
        taken[x - 1 : x + 2, y - 1 : y + 2] = True
    steps = _spiral(REACH)
    return Cells(
        size,
        (int(low[0]), int(low[1])),
        (columns, rows),
        taken.reshape(-1),
        steps[:, 0] * rows + steps[:, 1],
    )
