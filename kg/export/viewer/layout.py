"""Owns where each node stands: communities as discs on one map, the most linked things spread first.

The map is computed once, here, so that the page draws at once and every reader sees the same
picture.  Leiden communities (Traag, Waltman and van Eck 2019) are each laid out by
Fruchterman-Reingold, both from igraph with a seeded generator, evened out to fill a disc, and the
discs packed.  The things of the first view (the backbone) get room for a name; all others stand in
the gaps around them, so that zooming in finds them next to what they belong to.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.export.viewer.packing import fill_disc, grid_cells, pack_discs, separate

if TYPE_CHECKING:
    import igraph
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

BACKBONE = 360  # most nodes whose names one screen holds and a canvas pans at full speed
SPACING = 78.0  # room for one backbone node and its name
CELL = 19.0  # room for one of the others
ASPECT = 2.0  # screens are wider than high
SMALL = 4  # a community with fewer backbone nodes than this is no region of the map
REGIONS = 14  # regions that are taken in at a glance: as near to so many as the graph allows
RESOLUTIONS = (
    1.2,
    1.1,
    1.0,
    0.9,
    0.8,
    0.7,
    0.6,
    0.45,
    0.3,
    0.15,
)  # of Leiden's modularity, finest first


@dataclass(frozen=True, slots=True)
class Region:
    """A community as a disc of the map; `label` is the index of the node it is named after.

    It is -1 where nothing in it can name it.
    """

    x: float
    y: float
    radius: float
    label: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions (n, 2), the region of each node (-1 for none), nodes by rank, and the regions."""

    positions: Floats
    region: list[int]
    order: list[int]
    backbone: int
    regions: list[Region]


def lay_out(
    importance: Sequence[float],
    edges: Sequence[tuple[int, int]],
    aptness: Sequence[float],
    *,
    backbone: int = BACKBONE,
) -> Layout:
    """Place n nodes on a map.

    `importance` (n) ranks the nodes: the first `backbone` of them make the first view, and a node
    with importance 0 never does.  `edges` are pairs of indices, without duplicates; `aptness` (n)
    says how well a node names a region: 0 not at all.
    """
    order = sorted(range(len(importance)), key=lambda i: (-importance[i], i))
    first = [i for i in order[:backbone] if importance[i] > 0]
    graph = _weighted(len(importance), edges)
    with _seeded():
        groups = _communities(graph, first)
        regions, positions = _place_backbone(graph, groups, first)
    region = _adopt(graph, groups, positions)
    _place_rest(graph, order, positions, region, regions)
    named = [
        Region(*disc, label=_name(graph, members, aptness))
        for disc, members in zip(regions, groups, strict=True)
    ]
    return Layout(positions, region, order, len(first), named)


@contextmanager
def _seeded() -> Iterator[None]:
    """Make igraph's generator start alike each time, and give back Python's own afterwards."""
    import igraph

    igraph.set_random_number_generator(random.Random(20231214))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def _weighted(count: int, edges: Sequence[tuple[int, int]]) -> igraph.Graph:
    """The graph with edges to hubs weighing less: what all papers share tells none apart."""
    import igraph

    graph = igraph.Graph(n=count, edges=edges)
    degree = np.maximum(np.array(graph.degree(), dtype=float), 1.0)
    if edges:
        ends = np.array(edges)
        graph.es["weight"] = (4.0 / np.sqrt(degree[ends].max(axis=1))).tolist()
    return graph


def _communities(graph: igraph.Graph, first: list[int]) -> list[list[int]]:
    """Backbone nodes by community, largest first; those of tiny communities together, last."""
    if not first:
        return []
    choices = []
    for resolution in RESOLUTIONS:
        groups = _leiden(graph, first, resolution)
        large = [group for group in groups if len(group) >= SMALL]
        choices.append((abs(math.log(max(len(large), 1) / REGIONS)), -resolution, groups, large))
        if len(large) <= REGIONS:
            break
    _, _, groups, large = min(choices)
    loose = [node for group in groups if len(group) < SMALL for node in group]
    return [*large, loose] if loose else large


def _leiden(graph: igraph.Graph, first: list[int], resolution: float) -> list[list[int]]:
    weights = "weight" if graph.ecount() else None
    found = graph.community_leiden(
        objective_function="modularity", weights=weights, resolution=resolution, n_iterations=4
    ).membership
    members: dict[int, list[int]] = {}
    for node in first:
        members.setdefault(found[node], []).append(node)
    return sorted(members.values(), key=lambda group: (-len(group), group[0]))


def _place_backbone(
    graph: igraph.Graph, groups: list[list[int]], first: list[int]
) -> tuple[list[tuple[float, float, float]], Floats]:
    """Discs (x, y, radius) of the communities, and positions (n, 2): NaN for all but `first`."""
    positions = np.full((graph.vcount(), 2), np.nan)
    per_node = SPACING**2 + CELL**2 * (graph.vcount() - len(first)) / max(len(first), 1)
    radii = np.array([np.sqrt(len(group) * per_node / np.pi) + SPACING / 3 for group in groups])
    centres = pack_discs(_between(graph, groups), radii, ASPECT)
    for group, centre, radius in zip(groups, centres, radii, strict=True):
        inside = fill_disc(_spring(graph.induced_subgraph(group)), radius - SPACING / 3)
        positions[group] = separate(inside, SPACING * 0.62) + centre
    discs = [(float(x), float(y), float(r)) for (x, y), r in zip(centres, radii, strict=True)]
    return discs, positions


def _between(graph: igraph.Graph, groups: list[list[int]]) -> Floats:
    """Starting positions (g, 2) of the communities, those that share edges near each other."""
    membership = np.full(graph.vcount(), len(groups))
    for index, group in enumerate(groups):
        membership[group] = index
    whole = graph.copy()
    whole.contract_vertices(membership.tolist())
    whole.simplify(combine_edges="sum")
    return _spring(whole.induced_subgraph(range(len(groups))))


def _spring(graph: igraph.Graph) -> Floats:
    """Fruchterman-Reingold positions (n, 2), begun on a circle so that no chance enters."""
    count = graph.vcount()
    if count < 2:
        return np.zeros((count, 2))
    start: Any = graph.layout_circle()
    weights = "weight" if graph.ecount() else None
    placed = graph.layout_fruchterman_reingold(
        weights=weights, seed=start, niter=300, start_temp=float(np.sqrt(count)), grid="nogrid"
    )
    return np.array(placed.coords, dtype=float)


def _adopt(graph: igraph.Graph, groups: list[list[int]], positions: Floats) -> list[int]:
    """The region of every node: its own, or that to which most of its weight leads."""
    region = np.full(graph.vcount(), -1)
    for index, group in enumerate(groups):
        region[group] = index
    while True:  # papers by their things, then things by their papers, and so on outwards
        votes: dict[int, dict[int, float]] = {}
        for edge in graph.es:
            for node, other in (edge.tuple, edge.tuple[::-1]):
                if region[node] < 0 <= region[other]:
                    tally = votes.setdefault(node, {})
                    chosen = int(region[other])
                    tally[chosen] = tally.get(chosen, 0.0) + edge["weight"]
        if not votes:
            break
        for node, tally in votes.items():
            region[node] = min(tally, key=lambda key: (-tally[key], key))
    return [int(index) for index in region]


def _place_rest(
    graph: igraph.Graph,
    order: list[int],
    positions: Floats,
    region: list[int],
    regions: list[tuple[float, float, float]],
) -> None:
    """Give each node still without a place the free cell nearest to its placed neighbours."""
    cells = grid_cells(positions[~np.isnan(positions[:, 0])], CELL)
    waiting = [node for node in order if np.isnan(positions[node, 0])]
    while waiting:
        later = []
        for node in waiting:
            near = [other for other in graph.neighbors(node) if not np.isnan(positions[other, 0])]
            if not near:
                later.append(node)
                continue
            at_home = [other for other in near if region[other] == region[node]]
            positions[node] = cells.take(positions[at_home or near].mean(axis=0))
        if len(later) == len(waiting):
            break
        waiting = later
    below = np.array((0.0, max((y + r for _, y, r in regions), default=0.0) + SPACING))
    for node in waiting:  # linked to nothing that is on the map
        positions[node] = cells.take(below)


def _name(graph: igraph.Graph, members: list[int], aptness: Sequence[float]) -> int:
    """The member that the region is named after: much linked, and mostly from within; or -1."""
    inside = set(members)

    def weight(node: int) -> float:
        neighbours = graph.neighbors(node)
        within = sum(1 for other in neighbours if other in inside)
        return float((within + 0.01) ** 1.5 / max(len(neighbours), 1) ** 0.5)

    score, node = max((aptness[node] * weight(node), -node) for node in members)
    return -node if score else -1
