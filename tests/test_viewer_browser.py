"""Owns what a researcher does with the page, done in a real browser without a network."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.export.html import export
from tests.viewer_sample import HOSTILE, large_graph, small_graph

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
NOTED = re.compile("[#&]at=")  # the camera has come to rest and stands in the address
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium: the system's, or else playwright's own."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as error:
            pytest.skip(f"no Chromium here: {error.message.splitlines()[0]}")
        yield running
        running.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the small graph, on disk."""
    path = tmp_path_factory.mktemp("page") / "graph.html"
    with path.open("wb") as stream:
        export(small_graph(), stream, title="Sample")
    return path


class Reader:
    """One visit to a page, with the network off; fails on any request, dialog or console error."""

    def __init__(self, browser: Browser, path: Path, width: int = 1280, **settings: str) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 800},
            offline=True,
            permissions=["clipboard-read", "clipboard-write"],
            **settings,  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.address = path.as_uri()
        self.faults: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._see)
        self.page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))

    def _hear(self, message) -> None:  # type: ignore[no-untyped-def]
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def _see(self, request) -> None:  # type: ignore[no-untyped-def]
        if request.url.split("#")[0] != self.address and not request.url.startswith("blob:"):
            self.faults.append(f"request: {request.url}")

    def open(self, fragment: str = "") -> Page:
        """Load the page from nothing and wait until it answers."""
        self.page.goto("about:blank")
        self.page.goto(self.address + fragment)
        self.page.wait_for_selector("html[data-ready]")
        return self.page


@pytest.fixture
def reader(browser: Browser, file: Path) -> Iterator[Reader]:
    """A reader of the small graph; at the end nothing must have gone wrong in the browser."""
    visit = Reader(browser, file)
    yield visit
    visit.context.close()
    assert visit.faults == []


@pytest.fixture
def page(reader: Reader) -> Page:
    """The page of the small graph, just opened."""
    return reader.open()


def _find(page: Page, text: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(text)
    page.wait_for_selector("#found li[aria-selected=true]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel h2")


def _section(page: Page, title: str) -> str:
    box = page.locator("#panel section", has=page.locator("h3", has_text=title))
    return box.first.inner_text()


def _spot(page: Page, label: str) -> tuple[float, float]:
    """Where on the screen a thing stands, found by walking there with the keys."""
    nodes = page.evaluate("JSON.parse(document.getElementById('data-first').textContent).nodes")
    (place,) = (n for n in nodes if n["label"] == label)
    at = page.evaluate("location.hash").split("at=")[1].split("&")[0]
    x, y, scale = (float(part) for part in at.split("_"))
    box = page.locator("#graph").bounding_box()
    assert box is not None
    return (
        box["x"] + box["width"] / 2 + (place["x"] - x) * scale,
        box["y"] + box["height"] / 2 + (place["y"] - y) * scale,
    )


def _settled(page: Page) -> None:
    """Wait until the camera has come to rest, which notes it in the address."""
    page.click("#zoom-all")
    page.wait_for_url(NOTED)


# ---- ten tasks of a researcher ----


def test_find_a_dataset_by_name(page: Page) -> None:
    """Typing part of a name and Enter opens it, without a mouse."""
    _find(page, "zesh")
    assert page.locator("#panel h2").inner_text() == "ZESHEL"
    assert page.evaluate("document.activeElement.id") == "panel"


def test_find_by_another_name(page: Page) -> None:
    """An alias finds its thing and says so; the arrow keys choose among several."""
    page.fill("#find", "bidirectional enc")
    assert "also" in page.locator("#found li").first.inner_text()
    page.fill("#find", "entity linking")
    names = page.locator("#found li .name").all_inner_texts()
    assert len(names) >= 3
    page.keyboard.press("ArrowDown")
    assert page.locator("#found li[aria-selected=true] .name").inner_text() == names[1]
    assert page.get_attribute("#find", "aria-activedescendant") == "found-1"
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == names[1]


def test_see_who_evaluates_on_it_and_read_the_sentence(page: Page) -> None:
    """The panel of a dataset lists its papers by role, each with its words marked."""
    _find(page, "zeshel")
    assert "Scalable Zero-shot" in _section(page, "Evaluated on by")
    assert "Reading Entity" in _section(page, "Introduced by")
    marked = page.locator("#panel blockquote", has_text="almost 6 points").first
    assert marked.locator("mark").inner_text() == "ZESHEL"
    assert marked.inner_text().startswith("On ZESHEL it gains almost 6 points of accuracy 🎉")


def test_filter_to_papers_with_code(page: Page) -> None:
    """With the filter on, the table holds only papers that give code, and what they name."""
    page.click("#show-filters")
    page.check("#with-code")
    page.click("#show-table")
    names = page.locator("#table tbody th").all_inner_texts()
    assert "Scalable Zero-shot Entity Linking with Dense Entity Retrieval" in names
    assert "ELECTRA: Pre-training Text Encoders as Discriminators" not in names
    assert "BLINK" in names
    assert "SQuAD" not in names


def test_compare_two_methods_by_their_datasets(page: Page) -> None:
    """Two things side by side show the datasets of each, those of both first."""
    _find(page, "bert")
    page.click("text=Compare with …")
    page.keyboard.type("electra")
    page.wait_for_selector("#found li[aria-selected=true]")
    page.locator("#found li", has_text="Method").first.click()
    page.wait_for_selector("#panel >> text=Between two things")
    table = page.locator("#panel section", has_text="Datasets that their papers").locator("tbody")
    rows = [row.split("\t") for row in table.locator("tr").all_inner_texts()]
    found = {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}
    assert found["GLUE"] == ["2 papers", "1 paper"]
    assert found["ZESHEL"] == ["1 paper", "—"]
    assert next(iter(found)) in ("GLUE", "SQuAD")


def test_follow_a_method_to_the_paper_that_introduces_it(page: Page) -> None:
    """From a method one press leads to its paper, whose abstract marks what it names."""
    _find(page, "blink")
    page.locator("#panel section", has_text="Introduced by").locator(".thing").first.click()
    assert page.locator("#panel h2").inner_text().startswith("Scalable Zero-shot")
    abstract = page.locator("#panel .abstract")
    assert "ZESHEL" in abstract.locator("button").all_inner_texts()
    link = page.locator("#panel a", has_text="github.com/facebookresearch/BLINK")
    assert link.get_attribute("href") == "https://github.com/facebookresearch/BLINK"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_share_a_link_that_reproduces_the_view(reader: Reader) -> None:
    """The copied address opens the same thing, filters and picture in a fresh window."""
    page = reader.open("#node=method/bert&types=Dataset.Method&confidence=60")
    page.mouse.move(400, 400)
    page.mouse.wheel(0, -300)
    page.wait_for_url(NOTED)
    page.click("#show-takeaway")
    page.click("text=Copy the link to this view")
    link = page.evaluate("navigator.clipboard.readText()")
    again = reader.open("#" + link.split("#")[1])
    assert again.locator("#panel h2").inner_text() == "BERT"
    assert again.get_attribute("[data-type=Paper]", "aria-pressed") == "false"
    assert again.input_value("#confidence") == "60"
    assert again.evaluate("location.href") == link


def test_step_back_and_forward(page: Page) -> None:
    """The browser's own buttons undo and redo what was opened and filtered."""
    _find(page, "glue")
    _find(page, "squad")
    page.click("[data-type=Task]")
    page.go_back()
    assert page.get_attribute("[data-type=Task]", "aria-pressed") == "true"
    assert page.locator("#panel h2").inner_text() == "SQuAD"
    page.go_back()
    page.wait_for_selector("#panel h2:text-is('GLUE')")
    page.go_forward()
    page.wait_for_selector("#panel h2:text-is('SQuAD')")


def test_sort_a_leaderboard_and_open_the_sentence_of_a_number(page: Page) -> None:
    """A dataset's results sort by any column, and a number shows where it was said."""
    _find(page, "glue")
    table = page.locator("#panel table").first
    assert "85.0%" in table.locator("tbody tr").first.inner_text()
    table.locator("thead button", has_text="Method").click()
    assert table.locator("th[aria-sort=descending]").inner_text().startswith("Method")
    assert "ELECTRA" in table.locator("tbody tr").first.inner_text()
    table.locator("thead button", has_text="Method").click()
    assert "BERT" in table.locator("tbody tr").first.inner_text()
    table.locator("summary").first.click()
    assert table.locator("mark").first.inner_text() == "80.5%"


def test_see_the_paths_between_two_things(page: Page) -> None:
    """Two clicks, the second with Shift, show the shortest paths with their sentences."""
    _settled(page)
    page.mouse.click(*_spot(page, "GLUE"))
    page.wait_for_selector("#panel h2:text-is('GLUE')")
    page.wait_for_timeout(500)  # longer than a double click
    _settled(page)
    page.keyboard.down("Shift")
    page.mouse.click(*_spot(page, "ZESHEL"))
    page.keyboard.up("Shift")
    page.wait_for_selector("#panel >> text=Shortest paths")
    words = page.locator("#panel ol.paths li").first.inner_text()
    assert words.index("GLUE") < words.index("BERT") < words.index("ZESHEL")
    page.locator("#panel ol.paths summary").first.click()
    assert page.locator("#panel ol.paths mark").count() >= 2


# ---- taking away ----


def test_take_a_citation_list(page: Page) -> None:
    """The papers of the thing selected, as BibTeX, can be read, copied and saved."""
    _find(page, "glue")
    page.click("text=Cite")
    text = page.input_value("#dialog textarea")
    assert text.count("@misc{") == 2
    assert "author = {Jacob Devlin and Ming-Wei Chang}" in text
    assert "eprint = {1810.04805}" in text
    page.click("#dialog button:text-is('Copy')")
    page.wait_for_selector("#toast:not([hidden])")
    assert page.evaluate("navigator.clipboard.readText()") == text
    with page.expect_download() as saved:
        page.click("#dialog button:text-is('Save')")
    assert Path(saved.value.path()).read_text(encoding="utf-8") == text


def test_take_a_table_that_a_spreadsheet_does_not_run(page: Page) -> None:
    """The CSV of a selection has its links with their sentences; formulas are defused."""
    _find(page, "squad")
    page.click("#show-takeaway")
    page.click("[data-kind=csv]")
    text = page.input_value("#dialog textarea")
    lines = text.strip().splitlines()
    assert lines[0].startswith("subject,relation,object")
    assert len(lines) == 3
    assert "evaluatesOn" in lines[1]
    assert not any(cell.startswith(("=", "@")) for line in lines for cell in line.split(","))


def test_the_query_gives_the_same_answer_as_the_panel(page: Page) -> None:
    """The SPARQL offered for a thing, asked of the Turtle, finds the links that the panel has."""
    import io

    from pyoxigraph import RdfFormat, Store

    from kg.export import EXPORTERS

    stream = io.BytesIO()
    EXPORTERS["ttl"].load()(small_graph(), stream)
    store = Store()
    store.load(stream.getvalue(), format=RdfFormat.TURTLE)

    _find(page, "zeshel")
    shown = set(page.locator("#panel .links .thing").all_inner_texts())
    page.click("#panel >> text=SPARQL")
    rows = list(store.query(page.input_value("#dialog textarea")))
    papers = {row["name"].value for row in rows if "/paper/" in row["thing"].value}
    assert papers
    assert papers == shown
    page.click("#dialog button:text-is('Close')")
    page.evaluate("location.hash = 'node=method/bert&with=dataset/glue'")
    page.wait_for_selector("#panel >> text=Between two things")
    both = page.locator("#panel section", has_text="Papers that name both").locator(".thing")
    shown = set(both.all_inner_texts())
    page.click("#panel >> text=SPARQL")
    rows = list(store.query(page.input_value("#dialog textarea")))
    assert {row["title"].value for row in rows} == shown != set()


def test_take_the_picture(page: Page) -> None:
    """The picture is saved as PNG, and as SVG that is well-formed and holds text, not markup."""
    saved = {}
    for kind in ("png", "svg"):
        page.click("#show-takeaway")
        with page.expect_download() as download:
            page.click(f"[data-kind={kind}]")
        saved[kind] = Path(download.value.path()).read_bytes()
    assert saved["png"].startswith(b"\x89PNG")
    assert len(saved["png"]) > 10_000
    root = ET.fromstring(saved["svg"])
    tags = {element.tag.split("}")[1] for element in root.iter()}
    assert tags == {"svg", "title", "rect", "circle", "polygon", "path", "text"}
    assert "ZESHEL" in {element.text for element in root.iter() if element.tag.endswith("text")}


# ---- finding one's way ----


def test_the_legend_is_the_filter(page: Page) -> None:
    """Pressing a type in the legend takes its things off the map and out of the table."""
    page.click("[data-type=Dataset]")
    page.click("#show-table")
    assert "Dataset" not in page.locator("#table tbody td:nth-child(2)").all_inner_texts()
    page.click("[data-type=Dataset]")
    assert "Dataset" in page.locator("#table tbody td:nth-child(2)").all_inner_texts()


def test_filters_by_year_role_and_confidence(reader: Reader) -> None:
    """Each filter leaves what it says, papers without a year not passing a filter by year."""
    page = reader.open("#from=2020&to=2020&table=1&types=Paper")
    names = page.locator("#table tbody th").all_inner_texts()
    assert sorted(name.split()[0] for name in names) == ["ELECTRA:", "Scalable"]
    page = reader.open("#confidence=75&node=method/bert")
    assert page.locator("#panel >> text=Used by").count() == 1
    assert page.locator("#panel >> text=Compared with by").count() == 0
    page = reader.open("#roles=comparesWith&table=1")
    assert len(page.locator("#table tbody th").all_inner_texts()) == 2


def test_double_click_focuses_a_neighbourhood(page: Page) -> None:
    """A double click shows only a thing and its links; Escape leads back to the map."""
    _settled(page)
    spot = _spot(page, "GLUE")
    page.mouse.click(*spot)
    page.wait_for_selector("#panel h2:text-is('GLUE')")  # the map has moved from under the pointer
    page.mouse.click(*spot, click_count=2)
    page.wait_for_selector("#crumbs >> text=Neighbourhood")
    assert "focus=1" in page.evaluate("location.hash")
    page.locator("#graph").focus()
    page.keyboard.press("Escape")
    page.wait_for_selector("#crumbs", state="hidden")
    assert page.locator("#panel h2").inner_text() == "GLUE"


def test_walk_the_map_by_keyboard(page: Page) -> None:
    """Arrow keys go from thing to thing and tell its name; Enter opens, F focuses."""
    page.locator("#graph").focus()
    page.keyboard.press("ArrowRight")
    first = page.locator("#status").inner_text()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    second = page.locator("#status").inner_text()
    assert first
    assert second
    assert first != second
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == second.split(", ")[0]
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel", state="hidden")  # drawn once the address has changed
    assert page.evaluate("document.activeElement.id") == "graph"


def test_every_control_is_reached_by_tab_and_shows_it(page: Page) -> None:
    """Tab visits search, tools, map, zoom and legend in turn, each with a visible outline."""
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "[document.activeElement.id || document.activeElement.dataset.type,"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    names = [name for name, _ in seen]
    for name in (
        "skip",
        "find",
        "show-filters",
        "show-table",
        "theme",
        "graph",
        "zoom-in",
        "Paper",
    ):
        assert name in names
    assert all(style != "none" for name, style in seen if name)


def test_roles_say_what_each_part_is(page: Page) -> None:
    """A screen reader meets a search with a list, a region of details, a status, and names."""
    _find(page, "glue")
    assert page.get_by_role("combobox", name="Find a paper").count() == 1
    assert page.get_by_role("region", name="Details").count() == 1
    assert page.get_by_role("application", name="Map of the graph").count() == 1
    assert page.get_by_role("heading", name="GLUE").count() == 1
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, input, select, a')].filter(e => !e.hidden &&"
        " !e.textContent.trim() && !e.ariaLabel && !(e.labels || []).length).map(e => e.outerHTML)"
    )
    assert nameless == []


def test_the_table_sorts_and_opens_details(page: Page) -> None:
    """The table is a way of its own to all that the map shows."""
    page.keyboard.press("t")
    assert page.locator("#table caption").inner_text().startswith("16 things")
    page.click("#table thead >> text=Year")
    years = [y for y in page.locator("#table tbody td:nth-child(3)").all_inner_texts() if y]
    assert years == sorted(years, reverse=True)
    page.click("#table tbody >> text=GLUE")
    assert page.locator("#panel h2").inner_text() == "GLUE"


def test_light_and_dark(browser: Browser, file: Path) -> None:
    """The page follows the system's theme, and a button changes it."""
    visit = Reader(browser, file, color_scheme="dark")
    page = visit.open()
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("#theme")
    light = page.evaluate(ground)
    assert dark == "rgb(17, 21, 27)"
    assert light == "rgb(247, 247, 245)"
    visit.context.close()
    assert visit.faults == []


def test_a_phone_is_wide_enough(browser: Browser, file: Path) -> None:
    """At 360 pixels nothing sticks out, and search, panel and filters work."""
    visit = Reader(browser, file, width=360)
    page = visit.open()
    _find(page, "glue")
    page.click("#panel .close")
    page.click("#show-filters")
    page.check("#with-code")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for name in ("#find", "#filters", "#legend", "#theme"):
        box = page.locator(name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    visit.context.close()
    assert visit.faults == []


# ---- safety ----


def test_hostile_text_stays_text(page: Page) -> None:
    """Markup in a title, name, alias or sentence is shown as written and never becomes markup."""
    page.keyboard.press("/")
    page.keyboard.type("<script")
    page.wait_for_selector("#found li")
    assert HOSTILE in page.locator("#found").inner_text()
    page.evaluate("location.hash = 'node=paper/hostile&table=1'")
    page.wait_for_selector("#panel h2")
    assert page.locator("#panel h2").inner_text() == HOSTILE
    assert HOSTILE in page.locator("#table").inner_text()
    page.evaluate("location.hash = 'node=method/hostile&focus=1'")
    page.wait_for_selector("#crumbs >> text=Neighbourhood")
    page.evaluate("location.hash = 'node=method/hostile&with=method/bert'")
    page.wait_for_selector("#panel >> text=Between two things")
    page.click("#panel >> text=Cite")
    assert page.locator("main img, main script, main iframe").count() == 0
    assert page.locator("script").count() == 5
    assert page.title() != "owned"


def test_only_web_addresses_become_links(reader: Reader) -> None:
    """`javascript:` and `data:` addresses are shown, but cannot be followed."""
    for fragment in ("paper/hostile", "method/hostile", "repository/evil"):
        page = reader.open(f"#node={fragment}")
        assert page.locator("#panel .nolink").count() >= 1
        for link in page.locator("#panel a").all():
            assert (link.get_attribute("href") or "").startswith("https://")


def test_a_mangled_address_opens_the_map(reader: Reader) -> None:
    """A fragment that means nothing, or worse, is left aside."""
    page = reader.open("#node=<img>&with=%00&from=x&at=1_2&roles=__proto__&types=%E0%A4%A&focus=1")
    assert page.locator("#panel").is_hidden()
    assert page.locator("#legend").is_visible()


def test_code_that_is_not_the_page_s_own_does_not_run(reader: Reader) -> None:
    """The policy stops a script that has been brought in after all."""
    page = reader.open()
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in fault for fault in reader.faults)
    reader.faults.clear()


@pytest.mark.slow
def test_twenty_thousand_things_open_on_the_backbone(browser: Browser, tmp_path: Path) -> None:
    """A large graph first shows its most linked things; any other is found by its name."""
    path = tmp_path / "large.html"
    with path.open("wb") as stream:
        export(large_graph(20_000, 60_000), stream)
    visit = Reader(browser, path)
    page = visit.open()
    page.keyboard.press("t")
    assert page.locator("#table caption").inner_text().startswith("20,000 things")
    page.keyboard.press("t")
    _find(page, "thing 12345")
    assert page.locator("#panel h2").inner_text() == "Thing 12345"
    visit.context.close()
    assert visit.faults == []
