"""Owns the comparison of the page with pyvis's own on the same graph, in one run.

    python -m benchmarks.bench_viewer --outputs outputs
    python -m benchmarks.bench_viewer --synthetic 20000 60000

Three pages of one graph are opened in headless Chromium, without network: ours; pyvis as it comes
(physics on load); and pyvis with physics off and our positions, all nodes drawn.  Measured are the
time from opening until the page answers, the time from frame to frame while the pointer drags and
the wheel turns, and the size of the file; printed are those and their ratios.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from kg.export.html import export
from kg.export.viewer.payload import build_payload
from kg.model import Graph
from kg.schema import NODE_TYPES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# One event a frame, so that each frame is drawn anew; the times from frame to frame come back.
DRIVE = """async (kind) => {
  const canvas = document.querySelector('canvas');
  const frame = () => new Promise(requestAnimationFrame);
  const point = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {pointerId: 1,
    pointerType: 'mouse', isPrimary: true, button: type === 'pointermove' ? -1 : 0,
    buttons: 1, clientX: x, clientY: y, bubbles: true}));
  const wheel = (delta) => canvas.dispatchEvent(new WheelEvent('wheel', {deltaY: delta,
    clientX: 640, clientY: 420, bubbles: true, cancelable: true}));
  if (kind === 'pan') point('pointerdown', 640, 420);
  const times = []; let last = await frame();
  const end = last + 8000;
  for (let k = 0; k < 90 && last < end; k++) {
    if (kind === 'pan') point('pointermove', 640 + 5 * (k % 45), 420 + 3 * (k % 30));
    else wheel(k % 30 < 15 ? -40 : 40);
    const now = await frame(); times.push(now - last); last = now;
  }
  if (kind === 'pan') point('pointerup', 640, 420);
  return times;
}"""
SETTLED = (  # pyvis covers the page with a loading bar until the physics has come to rest
    "() => typeof network !== 'undefined' && network && !(document.getElementById('loadingBar')"
    " && document.getElementById('loadingBar').style.display !== 'none')"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds until interactive (None: not within the limit), frames in ms, bytes of the file."""

    ready: float | None
    pan: float | None
    zoom: float | None
    size: int


def main() -> None:
    """Write the three pages, open each, print the figures and the ratios."""
    options = _options()
    with tempfile.TemporaryDirectory() as name, _graph(options) as graph:
        pages = _write_pages(graph, Path(name))
        _print(_measure_all(pages, options.limit))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outputs", type=Path, default=Path("outputs"), help="a finished build")
    parser.add_argument("--synthetic", type=int, nargs=2, metavar=("NODES", "EDGES"))
    parser.add_argument("--limit", type=float, default=60.0, help="seconds to wait for a page")
    return parser.parse_args()


@contextmanager
def _graph(options: argparse.Namespace) -> Iterator[Graph]:
    """The graph of a build, or a synthetic one, for the length of a block."""
    from kg.store import Store
    from tests.viewer_sample import large_graph

    if options.synthetic:
        yield large_graph(*options.synthetic)
        return
    with Store.open(options.outputs) as graph:
        yield graph


def _write_pages(graph: Graph, folder: Path) -> dict[str, Path]:
    names = {"kg": "ours.html", "pyvis": "stock.html", "pyvis, no physics": "still.html"}
    pages = {label: folder / name for label, name in names.items()}
    start = time.perf_counter()
    with pages["kg"].open("wb") as stream:
        export(graph, stream)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    _write_pyvis(graph, pages["pyvis"], physics=True)
    print(f"export: kg {ours:.1f} s, pyvis {time.perf_counter() - start:.1f} s")
    _write_pyvis(graph, pages["pyvis, no physics"], physics=False)
    return pages


def _write_pyvis(graph: Graph, path: Path, *, physics: bool) -> None:
    """The stock page, with names and colours as a user of pyvis would give them."""
    import networkx as nx
    from pyvis.network import Network

    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes = build_payload(graph).graph["nodes"]
    kinds = list(NODE_TYPES.values())
    rows = zip(nodes["id"], nodes["type"], nodes["name"], nodes["x"], nodes["y"], strict=True)
    for id_, type_, name, x, y in rows:
        kind = kinds[type_]
        full = id_[1:] if id_.startswith("/") else f"{kind.segment}/{id_}"
        place = {} if physics else {"x": x, "y": y, "physics": False}
        plain.add_node(full, label=name, color=kind.colour, **place)
    plain.add_edges_from((s.subject, s.object) for s in graph.statements())
    network = Network(directed=True, cdn_resources="in_line", height="800px")
    network.from_nx(plain)
    network.toggle_physics(physics)
    path.write_text(network.generate_html(), encoding="utf-8")


def _measure_all(pages: dict[str, Path], limit: float) -> dict[str, Measured]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        return {label: _measure(browser, label, path, limit) for label, path in pages.items()}


def _measure(browser: Browser, label: str, path: Path, limit: float) -> Measured:
    from playwright.sync_api import Error

    size = path.stat().st_size
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = context.new_page()
    try:
        ready = _open(page, label, path, limit)
        return Measured(ready, _frames(page, "pan"), _frames(page, "zoom"), size)
    except Error:  # not within the limit
        return Measured(None, None, None, size)
    finally:
        context.close()


def _open(page: Page, label: str, path: Path, limit: float) -> float:
    """Seconds from opening until the page has drawn and answers."""
    start = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    if label == "kg":
        page.wait_for_selector("html[data-ready]", timeout=limit * 1000)
    else:
        page.wait_for_function(SETTLED, timeout=limit * 1000)
    page.evaluate("new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))")
    return time.perf_counter() - start


def _frames(page: Page, kind: str) -> float:
    """Mean milliseconds from frame to frame while dragging ("pan") or turning the wheel."""
    times: list[float] = page.evaluate(DRIVE, kind)
    return mean(times[1:])


def _print(measured: dict[str, Measured]) -> None:
    print(f"{'':20}{'interactive':>16}{'pan':>14}{'zoom':>14}{'file':>12}")
    ours = measured["kg"]
    for label, one in measured.items():
        ready = f"{one.ready:.2f} s" if one.ready else "not in time"
        frames = [f"{x:.1f} ms" if x else "-" for x in (one.pan, one.zoom)]
        print(f"{label:20}{ready:>16}{frames[0]:>14}{frames[1]:>14}{one.size / 1e6:>9.2f} MB")
    for label, one in measured.items():
        if label != "kg":
            pairs = ((one.ready, ours.ready), (one.pan, ours.pan), (one.zoom, ours.zoom))
            ratios = [f"{a / b:.1f}x" if a and b else "-" for a, b in pairs]
            size = f"{one.size / ours.size:.2f}x"
            print(f"{label + ' : kg':20}{ratios[0]:>16}{ratios[1]:>14}{ratios[2]:>14}{size:>12}")


if __name__ == "__main__":
    main()
