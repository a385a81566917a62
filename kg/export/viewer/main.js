// Owns the start, and the drawing of a state: the picture first, then the graph, then the controls.

const THEME_KEY = "kg-theme";

function showState(next) {
  const before = state;
  state = next;
  const whole = scene.kind === "map" && Math.abs(network.getScale() / scene.fitScale - 1) < 0.03;
  const filtered = before.filters !== next.filters && toFragment({ ...START, filters: before.filters }) !== toFragment({ ...START, filters: next.filters });
  const elsewhere = before.node !== next.node || before.second !== next.second || before.focus !== next.focus;
  if (filtered || !passes.node) { applyFilters(); showFilters(); }
  if (filtered || elsewhere) showPanel();
  if (filtered || elsewhere || !before.ready) refreshScene(Boolean(next.camera));
  state.ready = true;
  showTable();
  if (next.camera) moveCamera(next.camera);
  else if (elsewhere && scene.kind === "map") follow(whole && before.node < 0 !== next.node < 0, next.node);
  if (scene.kind === "map" && (next.camera || elsewhere)) show(mapNodes(), false);
  describe();
  focusPanel();
  network.redraw();
}

// From the whole map, what was chosen and its links come into the room beside the panel, and back.
function follow(fromWhole, node) {
  if (node < 0 && scene.leftWhole) fitMap();
  else if (fromWhole && innerWidth >= NARROW) fitTo([...scene.near].map(placeOf), scene.fitScale * 1.5);
  if (node >= 0) bringIntoView(node);
  scene.leftWhole = node >= 0 && (fromWhole || scene.leftWhole);
}

function describe() {
  const { node, second } = state;
  document.title = node < 0 ? G.title : `${titleOf(node)} — ${G.title}`;
  if (second >= 0) say(`${titleOf(node)} and ${titleOf(second)}`);
  else if (node >= 0) say(`${titleOf(node)}, ${typeOf(node).name}, ${plural(degreeOf(node), "link")}`);
  else say(`${plural(passes.count, "thing")} pass the filters; ${scene.shown.size} drawn`);
  showCrumbs();
}

function showCrumbs() {
  const box = byId("crumbs");
  const filtered = isFiltered() || state.filters.types;
  box.hidden = scene.kind === "map" && !filtered;
  if (box.hidden) return;
  const words = { focus: "Neighbourhood", paths: "Paths", map: `${plural(passes.count, "thing")} pass the filters` };
  const back = scene.kind === "map"
    ? action("Clear filters", () => go({ filters: NO_FILTERS }))
    : action("Back to the map", () => go({ focus: false, second: -1 }));
  box.replaceChildren(el("span", {}, words[scene.kind]), back);
}

// ---- theme ----

function wireTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = readStored();
  if (stored) document.documentElement.dataset.theme = stored;
  dark.addEventListener("change", retheme);
  byId("theme").addEventListener("click", () => {
    const next = isDark(dark) ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem(THEME_KEY, next); } catch { /* a page from disk may have no storage */ }
    retheme();
  });
  readTheme();
}

function readStored() {
  try {
    const value = localStorage.getItem(THEME_KEY);
    return value === "dark" || value === "light" ? value : null;
  } catch { return null; }
}

function isDark(query) {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : query.matches;
}

function retheme() {
  readTheme();
  batches.key = "";
  network.redraw();
}

// ---- controls ----

function toggleFilters(open = byId("filters").hidden) {
  byId("filters").hidden = !open;
  byId("show-filters").setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("filtering", open);
  if (network.getScale() <= scene.fitScale * 1.05) fitAll();
  if (open) byId("with-code").focus();
}

function skipToTable(event) {
  event.preventDefault();
  go({ table: true });
  byId("table").querySelector("button")?.focus();
}

function openHelp() {
  const keys = [["/", "Find"], ["Arrow keys", "Walk from thing to thing (on the map)"], ["Enter", "Open the thing under the cursor"], ["Shift + Enter, Shift + click", "Add a second: paths and comparison"], ["F, double click", "Show only its neighbourhood"], ["+  −  0", "Zoom in, out, show everything"], ["T", "Table"], ["Escape", "Close, go back"]];
  const rows = keys.flatMap(([key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)]);
  openDialog("Help and keys",
    el("p", {}, "Each shape is a paper, or a thing that papers name; each disc of the map is a group that the same papers speak of, named after its most telling member. Larger is more linked. Zoom in for more. Lines between groups appear for what you select."),
    el("dl", { class: "keys" }, ...rows));
}

function openDialog(title, ...children) {
  const dialog = byId("dialog");
  const close = action("Close", () => dialog.close());
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, title), ...children.filter(Boolean), el("div", { class: "row" }, close));
  if (!dialog.open) dialog.showModal();
}

function wireControls() {
  byId("show-filters").addEventListener("click", () => toggleFilters());
  byId("show-table").addEventListener("click", () => go({ table: !state.table }));
  byId("skip").addEventListener("click", skipToTable);
  byId("show-help").addEventListener("click", openHelp);
  byId("zoom-in").addEventListener("click", () => zoomBy(1.4));
  byId("zoom-out").addEventListener("click", () => zoomBy(1 / 1.4));
  byId("zoom-all").addEventListener("click", () => { fitAll(); settleSoon(); });
  byId("graph").addEventListener("keydown", graphKey);
  document.addEventListener("keydown", pageKey);
  addEventListener("hashchange", addressChanged);
  addEventListener("resize", () => settleSoon());
}

// ---- start ----

function start() {
  G.title = document.title;
  wireTheme();
  startNetwork();
  readLooks(first.types);
  scene.fitScale = fitFirst();
  network.once("afterDrawing", () => setTimeout(startGraph, 0));
  network.redraw();
}

// Before the graph is read only the nodes' places tell how large the map is.
function fitFirst() {
  const camera = fitBox(...first.box, 1.6);
  network.moveTo(camera);
  return camera.scale;
}

function startGraph() {
  loadGraph();
  turnMap();
  G.edgePaper = Int32Array.from({ length: G.edgeCount }, (_, edge) => paperOfEdge(edge));
  buildLegend();
  buildFilters();
  buildTakeaway();
  wireSearch();
  wireControls();
  wirePointer();
  showState(fromFragment(location.hash));
  document.documentElement.dataset.ready = "true";
}

start();
