// Owns what is on the canvas and where: the map, the neighbourhood of one thing, paths between two.

const NARROW = 700; // pixels: below this, a phone
const NEIGHBOURS = 90; // most links of one thing that are shown at once
let network = null;
let visNodes = null;
// places: node -> [x, y] where that is not its place on the map; lines: numbers of the edges drawn.
const scene = { kind: "map", shown: new Set(), places: new Map(), lines: [], near: new Set(), version: 0, fitScale: 1 };

const budget = () => (innerWidth < NARROW ? 130 : G.backbone || first.nodes.length);
let first = null;

// Draw the first view from its own small block, before the graph itself is read.
function startNetwork() {
  first = readBlock("data-first");
  if (isUpright()) turnFirst();
  visNodes = new vis.DataSet(first.nodes);
  const options = first.options;
  options.nodes.ctxRenderer = drawNode;
  network = new vis.Network(byId("graph"), { nodes: visNodes, edges: [] }, options);
  scene.shown = new Set(first.nodes.map((node) => node.id));
  network.on("beforeDrawing", drawBelow);
  network.on("afterDrawing", drawAbove);
}

// On an upright screen the map, which is wider than high, is turned on its diagonal.
const isUpright = () => byId("graph").clientHeight > 1.15 * byId("graph").clientWidth;

function turnFirst() {
  first.turned = true;
  first.box = [first.box[1], first.box[0], first.box[3], first.box[2]];
  for (const place of first.nodes) [place.x, place.y] = [place.y, place.x];
}

function turnMap() {
  if (!first.turned) return;
  [G.nodes.x, G.nodes.y] = [G.nodes.y, G.nodes.x];
  for (const region of G.regions) [region.x, region.y] = [region.y, region.x];
}

const placeOf = (node) => scene.places.get(node) || [G.nodes.x[node], G.nodes.y[node]];

function visNode(node) {
  const [x, y] = placeOf(node);
  return { id: node, x, y, size: G.nodes.size[node], group: typeOf(node).name, label: nameOf(node), shape: "custom" };
}

// Show exactly these nodes; those that stay are left alone unless their places changed.
function show(wanted, moved) {
  const gone = [...scene.shown].filter((node) => !wanted.has(node));
  const fresh = [...wanted].filter((node) => moved || !scene.shown.has(node));
  if (gone.length) visNodes.remove(gone);
  if (fresh.length) visNodes.update(fresh.map(visNode));
  scene.shown = wanted;
  scene.lines = linesAmong(wanted);
  scene.version++;
}

function linesAmong(nodes) {
  const { subject, object } = G.edges;
  const lines = [];
  for (let e = 0; e < G.edgeCount; e++) {
    if (passes.edge[e] && nodes.has(subject[e]) && nodes.has(object[e])) lines.push(e);
  }
  return lines;
}

// Links of a node that pass the filters, its best ranked neighbours first.
function neighboursOf(node, most = NEIGHBOURS) {
  const found = new Set();
  for (const e of linksOf(node)) {
    const other = otherEnd(e, node);
    if (passes.edge[e] && passes.node[other]) found.add(other);
  }
  return [...found].sort((a, b) => a - b).slice(0, most);
}

function refreshScene(keepCamera) {
  const before = scene.kind;
  if (state.second >= 0) scene.kind = "paths";
  else scene.kind = state.focus ? "focus" : "map";
  const local = scene.kind !== "map";
  scene.places = local ? localPlaces() : new Map();
  scene.near = nearSelection();
  show(local ? new Set(scene.places.keys()) : mapNodes(), local || before !== "map");
  if (local) fitTo([...scene.places.values()]);
  else if (before !== "map" && !keepCamera) fitMap();
}

const localPlaces = () => (scene.kind === "paths" ? pathPlaces() : focusPlaces(state.node));

function nearSelection() {
  if (state.node < 0) return new Set();
  if (scene.kind === "paths") return new Set(scene.places.keys());
  return new Set([state.node, ...neighboursOf(state.node)]);
}

// The map: what the filters pass in rank order, as many as a screen holds; zoomed in, those in view.
function mapNodes() {
  const wanted = new Set(scene.near);
  const inView = viewTest();
  const most = budget() + wanted.size;
  for (let node = 0; node < G.count && wanted.size < most; node++) {
    if (passes.node[node] && inView(node)) wanted.add(node);
  }
  return wanted;
}

function viewTest() {
  const scale = network.getScale();
  if (scale < scene.fitScale * 1.25) return () => true;
  const centre = network.getViewPosition();
  const width = (0.6 * innerWidth) / scale;
  const height = (0.6 * innerHeight) / scale;
  return (node) => Math.abs(G.nodes.x[node] - centre.x) < width && Math.abs(G.nodes.y[node] - centre.y) < height;
}

// A neighbourhood: the thing in the middle, a sector for each type, the best linked nearest.
function focusPlaces(centre) {
  const places = new Map([[centre, [0, 0]]]);
  const neighbours = neighboursOf(centre);
  if (!isType(centre, "Result")) addResults(centre, neighbours);
  const groups = G.types.map((_, type) => neighbours.filter((n) => G.nodes.type[n] === type)).filter((group) => group.length);
  const total = groups.reduce((sum, group) => sum + Math.sqrt(group.length), 0);
  let angle = -Math.PI / 2;
  for (const group of groups) {
    const width = (2 * Math.PI * Math.sqrt(group.length)) / total;
    placeSector(places, group, angle, width);
    angle += width;
  }
  return places;
}

function addResults(centre, neighbours) {
  for (const relation of ["reports", "introduces"]) {
    for (const node of targets(centre, relation)) {
      if (passes.node[node] && !neighbours.includes(node)) neighbours.push(node);
    }
  }
}

function placeSector(places, group, start, width) {
  let ring = 0;
  for (let at = 0; at < group.length; ring++) {
    const radius = 190 + ring * 105;
    const room = Math.max(1, Math.floor((width * radius) / 92));
    const row = group.slice(at, at + room);
    row.forEach((node, k) => {
      const angle = start + (width * (k + 0.5 + (ring % 2 ? 0.22 : -0.22) * (row.length > 1))) / row.length;
      places.set(node, [radius * 1.35 * Math.cos(angle), radius * Math.sin(angle)]);
    });
    at += room;
  }
}

// Paths from left to right: a column for each step.
function pathPlaces() {
  const places = new Map();
  const columns = [];
  for (const path of shortestPaths(state.node, state.second).paths) {
    path.nodes.forEach((node, step) => { (columns[step] ||= new Set()).add(node); });
  }
  if (!columns.length) columns.push(new Set([state.node]), new Set([state.second]));
  columns.forEach((nodes, step) => {
    [...nodes].forEach((node, row) => places.set(node, [step * 330, (row - (nodes.size - 1) / 2) * 95]));
  });
  return places;
}

// ---- camera ----

// What the page's own furniture covers of the canvas, in pixels.
function insets() {
  const panel = byId("panel");
  const open = !panel.hidden;
  const narrow = innerWidth < NARROW;
  const table = byId("filters").hidden || narrow ? 0 : byId("filters").offsetWidth + 16;
  const side = narrow ? 16 : 64; // names stick out of the map
  return { left: side + table, right: side + (open && !narrow ? panel.offsetWidth : 0), top: 28, bottom: 40 + (open && narrow ? panel.offsetHeight : 0) };
}

function fitBox(left, top, right, bottom, closest) {
  const inset = insets();
  const frame = byId("graph");
  const width = Math.max(frame.clientWidth - inset.left - inset.right, 80);
  const height = Math.max(frame.clientHeight - inset.top - inset.bottom, 80);
  const scale = Math.min(width / Math.max(right - left, 1), height / Math.max(bottom - top, 1), closest);
  return {
    scale,
    position: {
      x: (left + right) / 2 + (inset.right - inset.left) / (2 * scale),
      y: (top + bottom) / 2 + (inset.bottom - inset.top) / (2 * scale),
    },
  };
}

function fitTo(points, closest = 1.1) {
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  network.moveTo(fitBox(Math.min(...xs) - 130, Math.min(...ys) - 50, Math.max(...xs) + 130, Math.max(...ys) + 60, closest));
}

function mapBox() {
  const boxes = G.regions.length ? G.regions : [{ x: 0, y: 0, r: 200 }];
  const edge = (side, sign) => boxes.map((region) => region[side] + sign * region.r);
  return [Math.min(...edge("x", -1)), Math.min(...edge("y", -1)), Math.max(...edge("x", 1)), Math.max(...edge("y", 1))];
}

function fitMap() {
  const camera = fitBox(...mapBox(), 1.6);
  scene.fitScale = camera.scale;
  network.moveTo(camera);
}

function fitAll() {
  if (scene.kind === "map") fitMap();
  else fitTo([...scene.places.values()]);
}

function zoomBy(factor) {
  network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, scene.fitScale / 3), scene.fitScale * 40) });
  settleSoon();
}

// Bring a node of the map into view, nearer if it could not be told from its neighbours.
function bringIntoView(node) {
  const [x, y] = placeOf(node);
  const frame = byId("graph");
  const inset = insets();
  const spot = network.canvasToDOM({ x, y });
  const seen = spot.x > inset.left + 30 && spot.x < frame.clientWidth - inset.right - 30 && spot.y > inset.top + 20 && spot.y < frame.clientHeight - inset.bottom - 20;
  const tiny = node >= budget() && network.getScale() < scene.fitScale * 2.4;
  if (seen && !tiny) return;
  const scale = tiny ? scene.fitScale * 2.4 : network.getScale();
  network.moveTo({ scale, position: { x: x + (inset.right - inset.left) / (2 * scale), y: y + (inset.bottom - inset.top) / (2 * scale) } });
}

let settleTimer = 0;
function settleSoon() {
  clearTimeout(settleTimer);
  settleTimer = setTimeout(settle, 140);
}

// The camera has come to rest: bring in what there is now room for.
function settle() {
  if (!passes.node) return;
  if (scene.kind === "map") show(mapNodes(), false);
  const { x, y } = network.getViewPosition();
  noteCamera([x, y, network.getScale()]);
  network.redraw();
}

function moveCamera([x, y, scale]) {
  network.moveTo({ position: { x, y }, scale });
}
