// Owns the keys and the pointer on the canvas: a cursor that walks from thing to thing.

const cursor = { node: -1 };
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function moveCursor([dx, dy]) {
  const from = scene.shown.has(cursor.node) ? cursor.node : state.node >= 0 && scene.shown.has(state.node) ? state.node : nearestTo(network.getViewPosition());
  const next = cursor.node < 0 && state.node < 0 ? from : nextInDirection(from, dx, dy);
  if (next < 0) return;
  cursor.node = next;
  keepInView(next);
  network.redraw();
  say(`${titleOf(next)}, ${typeOf(next).name}, ${plural(degreeOf(next), "link")}`);
}

function nearestTo({ x, y }) {
  let best = -1;
  let least = Infinity;
  for (const node of scene.shown) {
    const [nx, ny] = placeOf(node);
    const distance = Math.hypot(nx - x, ny - y);
    if (distance < least) { least = distance; best = node; }
  }
  return best;
}

// The nearest thing that lies more ahead than aside.
function nextInDirection(from, dx, dy) {
  const [x, y] = placeOf(from);
  let best = -1;
  let least = Infinity;
  for (const node of scene.shown) {
    const [nx, ny] = placeOf(node);
    const ahead = (nx - x) * dx + (ny - y) * dy;
    const aside = Math.abs((nx - x) * dy) + Math.abs((ny - y) * dx);
    if (node === from || ahead <= 0 || aside > ahead * 1.2) continue;
    const distance = ahead + 1.6 * aside;
    if (distance < least) { least = distance; best = node; }
  }
  return best;
}

function keepInView(node) {
  const [x, y] = placeOf(node);
  const spot = network.canvasToDOM({ x, y });
  const frame = byId("graph");
  const inset = insets();
  if (spot.x > inset.left && spot.y > 20 && spot.x < frame.clientWidth - inset.right && spot.y < frame.clientHeight - inset.bottom) return;
  network.moveTo({ position: { x, y } });
  settleSoon();
}

function graphKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = cursor.node >= 0 ? cursor.node : state.node;
  const acts = {
    Enter: () => at >= 0 && (event.shiftKey && state.node >= 0 && at !== state.node ? goToPanel({ second: at, focus: false }) : goToPanel({ node: at, second: -1 })),
    f: () => at >= 0 && go({ node: at, second: -1, focus: !(state.focus && state.node === at) }),
    "+": () => zoomBy(1.4), "=": () => zoomBy(1.4), "-": () => zoomBy(1 / 1.4), 0: () => { fitAll(); settleSoon(); },
  };
  const act = ARROWS[event.key] ? () => moveCursor(ARROWS[event.key]) : acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function pageKey(event) {
  const typing = event.target.closest("input, select, textarea, dialog");
  if (event.key === "Escape" && !event.target.closest("dialog")) stepBack();
  else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === "/") { event.preventDefault(); byId("find").focus(); }
  else if (event.key === "?") openHelp();
  else if (event.key === "t") go({ table: !state.table });
}

// Escape closes what lies on top, then undoes the selection.
function stepBack() {
  if (!byId("takeaway").hidden) return toggleMenu(false);
  if (state.second >= 0) return go({ second: -1 });
  if (state.focus) return go({ focus: false });
  if (state.node >= 0) { go({ node: -1 }); byId("graph").focus(); return undefined; }
  if (!byId("filters").hidden) return toggleFilters(false);
  cursor.node = -1;
  return network.redraw();
}

// ---- pointer ----

function wirePointer() {
  let last = { node: -1, time: -Infinity, x: 0, y: 0 };
  network.on("click", ({ pointer, event }) => {
    const { x, y } = pointer.DOM;
    const now = performance.now();
    // The first of two clicks moves the map: the second means the same thing, whatever lies there now.
    if (now - last.time < 400 && Math.hypot(x - last.x, y - last.y) < 8) return;
    const node = network.getNodeAt(pointer.DOM);
    last = { node: node ?? -1, time: now, x, y };
    clicked(node, pointer, event.srcEvent || event);
  });
  network.on("doubleClick", () => {
    if (last.node >= 0) go({ node: last.node, second: -1, focus: true });
  });
  for (const event of ["zoom", "dragEnd"]) network.on(event, settleSoon);
  byId("graph").addEventListener("mousemove", hover);
  byId("graph").addEventListener("mouseleave", () => { byId("tip").hidden = true; });
}

function clicked(node, pointer, event) {
  const adding = event.shiftKey || event.ctrlKey || event.metaKey;
  cursor.node = -1;
  if (node !== undefined && adding && state.node >= 0 && node !== state.node) return go({ second: node, focus: false });
  if (node !== undefined) return go({ node, second: -1, focus: false });
  const edge = lineAt(pointer.canvas);
  if (edge >= 0) return go({ node: G.edges.subject[edge], second: G.edges.object[edge], focus: false });
  return state.node >= 0 && scene.kind === "map" ? go({ node: -1, second: -1 }) : undefined;
}

// The drawn link within five pixels of a point, or -1.
function lineAt({ x, y }) {
  let best = -1;
  let least = 5 / network.getScale();
  for (const edge of scene.lines) {
    const kind = lineKind(edge);
    if (!kind || (scene.near.size && kind === "faint" && scene.kind === "map")) continue;
    const distance = distanceToLine(x, y, placeOf(G.edges.subject[edge]), placeOf(G.edges.object[edge]));
    if (distance < least) { least = distance; best = edge; }
  }
  return best;
}

function distanceToLine(x, y, [x1, y1], [x2, y2]) {
  const length = (x2 - x1) ** 2 + (y2 - y1) ** 2 || 1;
  const along = Math.min(Math.max(((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length, 0), 1);
  return Math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1));
}

let hovering = 0;
function hover(event) {
  if (hovering || event.buttons) return;
  hovering = requestAnimationFrame(() => {
    hovering = 0;
    const frame = byId("graph").getBoundingClientRect();
    const node = network.getNodeAt({ x: event.clientX - frame.left, y: event.clientY - frame.top });
    byId("graph").style.cursor = node === undefined ? "" : "pointer";
    showTip(node, event.clientX - frame.left, event.clientY - frame.top);
  });
}

function showTip(node, x, y) {
  const tip = byId("tip");
  tip.hidden = node === undefined;
  if (node === undefined) return;
  const note = [typeOf(node).name, yearOf(node) || "", isPaper(node) ? "" : plural(papersOf(node).size, "paper")].filter(Boolean).join(" · ");
  tip.replaceChildren(el("strong", {}, shorten(titleOf(node), 120)), el("span", {}, note));
  tip.style.left = `${Math.min(x + 14, byId("graph").clientWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.min(y + 14, byId("graph").clientHeight - tip.offsetHeight - 8)}px`;
}
