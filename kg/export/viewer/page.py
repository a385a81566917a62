"""Owns the assembly of the one file: pyvis's network and the vis-network it carries, made safe."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.export.viewer.layout import Layout, Region
from kg.export.viewer.payload import Payload, to_json

# In the order in which the page runs them: each uses only what stands before it at load time.
SCRIPTS = (
    "dom.js",
    "graph.js",
    "address.js",
    "filter.js",
    "scene.js",
    "draw.js",
    "search.js",
    "paths.js",
    "results.js",
    "panel.js",
    "table.js",
    "takeaway.js",
    "keyboard.js",
    "main.js",
)
_HEAD = 4096  # bytes of a page in which its own `meta` elements stand
# The camera stays with vis-network; what makes it slow (physics, edges one by one, hover) is off.
OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"shape": "custom", "size": 4, "labelHighlightBold": False, "chosen": False},
    "interaction": {
        "dragNodes": False,
        "hover": False,
        "selectConnectedEdges": False,
        "tooltipDelay": 1000000,
        "zoomSpeed": 0.6,
    },
}


def write_page(payload: Payload, title: str) -> str:
    """The whole page as text; nothing in it asks the network for anything."""
    css = _own("viewer.css")
    vis, viewer = vis_network(), viewer_script()
    parts = {
        "csp": _policy(scripts=(vis, viewer), styles=(css,)),
        "title": _text(title),
        "least": str(float(payload.graph["metadata"].get("min-confidence", 0))),
        "css": css,
        "first": to_json(first_view(payload)),
        "graph": to_json(payload.graph),
        "texts": to_json(payload.texts),
        "vis": vis,
        "viewer": viewer,
    }
    return re.sub(r"\{\{ (\w+) \}\}", lambda match: parts[match[1]], _own("template.html"))


def min_confidence_of(page: Path) -> float | None:
    """The confidence below which a page that was written leaves edges out; None if it is not ours."""
    with page.open("rb") as stream:
        head = stream.read(_HEAD)
    found = re.search(rb'<meta name="min-confidence" content="([\d.e-]+)">', head)
    return float(found[1]) if found else None


def first_view(payload: Payload) -> dict[str, Any]:
    """What vis-network is given at once, as pyvis assembles it: nodes and options."""
    from pyvis.network import Network

    network = Network(directed=True)
    for number in range(payload.layout.backbone):
        x, y = payload.layout.positions[payload.order[number]]
        network.add_node(
            number,
            label=payload.names[number],
            shape="custom",
            group=payload.types[number],
            x=round(float(x)),
            y=round(float(y)),
            size=payload.sizes[number],
        )
    network.set_options(json.dumps(OPTIONS))
    return {
        "nodes": network.nodes,
        "options": network.options,
        "types": payload.graph["types"],
        "box": _box(payload.layout),
    }


def _box(layout: Layout) -> list[int]:
    """The corners of the map: left, top, right, bottom."""
    regions = layout.regions or [Region(0.0, 0.0, 200.0, 0)]
    sides = (
        min(r.x - r.radius for r in regions),
        min(r.y - r.radius for r in regions),
        max(r.x + r.radius for r in regions),
        max(r.y + r.radius for r in regions),
    )
    return [round(side) for side in sides]


@cache
def vis_network() -> str:
    """The source of the vis-network that pyvis carries, without its pointer to a source map."""
    import pyvis

    (source,) = Path(pyvis.__file__).parent.glob("templates/lib/vis-9.1*/vis-network.min.js")
    text = source.read_text(encoding="utf-8")
    return _inlinable(re.sub(r"\n//# sourceMappingURL=\S*\s*$", "\n", text))


@cache
def viewer_script() -> str:
    """The page's own script: its files in order, in one scope of their own."""
    body = "\n".join(_own(name) for name in SCRIPTS)
    return _inlinable(f'(() => {{\n"use strict";\n{body}\n}})();\n')


def _own(name: str) -> str:
    return files("kg.export.viewer").joinpath(name).read_text(encoding="utf-8")


def _inlinable(script: str) -> str:
    if re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError("this script cannot stand inside a page")
    return script


def _policy(scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """A Content-Security-Policy under which only these run, and nothing is loaded or sent."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(map(_hash, scripts)),
            "style-src " + " ".join(map(_hash, styles)),
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _text(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
