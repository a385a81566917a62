"""Owns the `html` format: the graph as one page that opens anywhere, offline.

    <!doctype html>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src …">
    <script type="application/json" id="first">{"nodes":[{"id":0,"label":"BERT","x":…}],…}</script>
    <script type="application/json" id="graph">{"nodes":{"id":["bert",…],"type":[1,…]},…}</script>
    <script type="application/json" id="texts">{"abstracts":[…]}</script>
    <script>…vis-network…</script><script>…the viewer…</script>

What stands in the graph reaches the page only as JSON, and the document only as text nodes.
"""

from __future__ import annotations

from typing import BinaryIO

from kg.model import Graph
from kg.schema import DEFAULT_BASE


def export(
    graph: Graph,
    stream: BinaryIO,
    *,
    title: str = "Knowledge graph",
    backbone: int | None = None,
    base: str = DEFAULT_BASE,
) -> None:
    """Write the page to `stream` as UTF-8.

    `backbone` is how many nodes the first view shows (all others are found by zooming, searching,
    filtering or expanding); `base` begins the addresses in the SPARQL that the page offers.
    """
    from kg.export.viewer.layout import BACKBONE
    from kg.export.viewer.page import write_page
    from kg.export.viewer.payload import build_payload

    payload = build_payload(graph, backbone=BACKBONE if backbone is None else backbone, base=base)
    stream.write(write_page(payload, title).encode("utf-8", "replace"))
