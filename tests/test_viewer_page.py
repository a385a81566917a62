"""Owns what must hold of the page before a browser opens it: safety, size, sameness, layout."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import combinations

import pytest
from click.testing import CliRunner

from kg.export.html import export
from kg.export.viewer.payload import build_payload, to_json
from kg.schema import NODE_TYPES
from tests.viewer_sample import HOSTILE, PAPERS, large_graph, small_graph


def _page() -> str:
    stream = io.BytesIO()
    export(small_graph(), stream, title=f"Sample {HOSTILE}")
    return stream.getvalue().decode("utf-8")


@pytest.fixture(scope="module")
def page() -> str:
    """The page of the small graph, hostile in text, name and title."""
    return _page()


class _Elements(HTMLParser):
    """All elements of a page, and the text inside its scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[tuple[str, str], list[str]] = {}
        self._inside: tuple[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._inside = (tag, dict(attrs).get("type") or "")
            self.texts.setdefault(self._inside, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[self._inside][-1] += data


def test_nothing_in_the_page_points_outside(page: str) -> None:
    """No element has an address to load or follow, and the style sheet imports nothing."""
    parsed = _Elements(page)
    for tag, attributes in parsed.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert not {"src", "srcset", "action", "data", "poster"} & set(attributes), (
            tag,
            attributes,
        )
        assert attributes.get("href", "#") == "#"
    (style,) = parsed.texts["style", ""]
    assert "url(" not in style
    assert "@import" not in style


def test_the_scripts_name_no_address_that_could_be_fetched(page: str) -> None:
    """The addresses in the code are licences, homepages and namespaces of what it carries."""
    known = (
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/2004/02/skos/core#",
        "http://purl.org/dc/terms/",
        "http://almende.com",
        "http://opensource.org/licenses/MIT",
        "http://www.apache.org/licenses/LICENSE-2.0",
        "https://github.com/",
        "https://visjs.github.io/",
        "https://${",
    )
    for script in _Elements(page).texts["script", ""]:
        found = re.findall(r"(?:https?|wss?|ftp)://[^\s\"'`)>]*", script)
        assert [one for one in found if not one.startswith(known)] == []
        assert "sourceMappingURL" not in script
    viewer = _Elements(page).texts["script", ""][-1]
    calls = r"fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\(|innerHTML|eval\("
    assert not re.search(calls, viewer)


def test_only_the_page_s_own_code_may_run(page: str) -> None:
    """The policy allows exactly the scripts and the style that stand in the page, by hash."""
    parsed = _Elements(page)
    (policy,) = (a["content"] for t, a in parsed.elements if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy

    def hashes(texts: list[str]) -> set[str]:
        digests = (hashlib.sha256(text.encode()).digest() for text in texts)
        return {f"sha256-{base64.b64encode(digest).decode()}" for digest in digests}

    wanted = hashes(parsed.texts["script", ""]) | hashes(parsed.texts["style", ""])
    assert set(re.findall(r"sha256-[^']+", policy)) == wanted


def test_text_from_papers_cannot_end_its_block(page: str) -> None:
    """A title that closes a script element stays inside the JSON, and comes out as it was."""
    parsed = _Elements(page)
    blocks = parsed.texts["script", "application/json"]
    assert len(blocks) == 3
    assert all("<" not in block and "&" not in block for block in blocks)
    graph, texts = json.loads(blocks[1]), json.loads(blocks[2])
    assert HOSTILE in graph["nodes"]["name"]
    assert texts["abstracts"] == [paper.abstract for paper in sorted(PAPERS, key=lambda p: p.id)]
    assert [t for t, _ in parsed.elements].count("script") == 5


def test_two_exports_are_the_same_bytes() -> None:
    """Neither the hash seed nor an earlier export changes the page."""
    code = (
        "import hashlib; from tests.test_viewer_page import _page; _page();"
        "print(hashlib.sha256(_page().encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert digests == {hashlib.sha256(_page().encode()).hexdigest() + "\n"}


def test_every_span_is_found_again_in_its_sentence() -> None:
    """Offsets in the payload cut the quoted words out of the texts, characters beyond BMP too."""
    payload = build_payload(small_graph())
    graph, abstracts = payload.graph, payload.texts["abstracts"]
    titles = [graph["nodes"]["name"][node] for node in graph["papers"]["node"]]
    quotes = []
    for row, sentence in enumerate(graph["evidence"]["sentence"]):
        text, start, length = (graph["sentences"][key][sentence] for key in graph["sentences"])
        source = (abstracts if text % 2 else titles)[text // 2].encode("utf-16-le")
        begin = start + graph["evidence"]["start"][row]
        end = begin + graph["evidence"]["length"][row]
        assert begin >= start
        assert end <= start + length
        quotes.append(source[2 * begin : 2 * end].decode("utf-16-le"))
    wanted = [e.quote for s in small_graph().statements() for e in s.evidence]
    assert quotes == wanted
    assert "https://github.com/facebookresearch/BLINK" in quotes  # stands after an emoji


def test_a_sentence_that_is_not_in_its_paper_is_kept_whole() -> None:
    """Evidence whose text has changed since still shows the sentence that it was taken from."""

    from kg.graph import GraphView, assemble
    from tests.viewer_sample import ENTITIES, STATEMENTS

    other = [p._replace(abstract="Another text.") if p.id == "bert" else p for p in PAPERS]
    payload = build_payload(GraphView(assemble(other, ENTITIES, STATEMENTS)))
    assert "BERT reaches 80.5% on GLUE." in payload.texts["loose"]


def test_an_inverse_is_not_a_second_link() -> None:
    """ "Introduced by" is left out where "introduces" says the same."""
    graph = build_payload(small_graph()).graph
    names = [graph["relations"][r]["name"] for r in graph["edges"]["relation"]]
    assert "introduces" in names
    assert "introducedBy" not in names


def test_the_first_view_is_the_most_linked_and_keeps_apart() -> None:
    """The backbone holds as many nodes as asked for, and no two of them touch on the map."""
    payload = build_payload(large_graph(1500, 4500), backbone=120)
    nodes = payload.graph["nodes"]
    assert payload.layout.backbone == 120
    places = list(zip(nodes["x"], nodes["y"], strict=True))
    nearest = min(
        (x1 - x2) ** 2 + (y1 - y2) ** 2 for (x1, y1), (x2, y2) in combinations(places[:120], 2)
    )
    assert nearest > 30**2
    assert len(set(places)) == len(places)


def test_regions_do_not_overlap() -> None:
    """The discs of the communities are packed side by side."""
    regions = build_payload(large_graph(1500, 4500), backbone=200).graph["regions"]
    assert len(regions) > 3
    for one, other in combinations(regions, 2):
        apart = ((one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2) ** 0.5
        assert apart > 0.97 * (one["r"] + other["r"])


@pytest.mark.parametrize("count", [0, 1])
def test_a_graph_of_next_to_nothing_is_a_page_too(count: int) -> None:
    """No papers, or one that says nothing, still give a whole page."""
    from kg.graph import GraphView, assemble

    stream = io.BytesIO()
    export(GraphView(assemble(PAPERS[:count], [], [])), stream)
    assert stream.getvalue().endswith(b"</html>\n")


def test_json_for_the_page_reads_back() -> None:
    """The escapes that keep JSON inside its element are JSON's own."""
    value = {"<a>&": ["\u2028", "</script>", "\ud83c\udf89"]}
    assert json.loads(to_json(value)) == value


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_has_the_contrast_that_wcag_aa_asks_for(page: str, theme: int) -> None:
    """Every pair of text and ground in both themes stands at 4.5 to 1 or better."""
    (style,) = _Elements(page).texts["style", ""]
    block = re.findall(r"\{[^{}]*--page:[^{}]*\}", style)[theme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    for ground in ("page", "card", "hover"):
        for ink in ("ink", "soft", "accent"):
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert _contrast(colours["mark-ink"], colours["mark"]) >= 4.5


def test_no_two_types_look_alike() -> None:
    """Colour is never all that tells two types apart: each has a shape of its own too."""
    assert len({row.shape for row in NODE_TYPES.values()}) == len(NODE_TYPES)
    assert len({row.colour for row in NODE_TYPES.values()}) == len(NODE_TYPES)


def test_view_writes_the_page_of_a_build_and_says_where(built) -> None:  # type: ignore[no-untyped-def]
    """`kg view --print` makes the page if need be, once, and prints its address."""
    from kg.commands.view import command

    first = CliRunner().invoke(command, ["--outputs", str(built), "--print"])
    assert first.exit_code == 0, first.output
    page = built / "graph.html"
    assert first.output.strip() == page.resolve().as_uri()
    written = page.stat().st_mtime_ns
    CliRunner().invoke(command, ["--outputs", str(built), "--print"])
    assert page.stat().st_mtime_ns == written
