// Owns every stroke on the canvas: regions and links below vis-network's nodes, names above them.

const colours = {}; // of the theme, read from the style sheet
const looks = new Map(); // type -> fill, outline and corners
const sprites = new Map(); // a name drawn once, by text, size and theme
let labels = { key: "", placed: [] };
let batches = { key: "", paths: [] };

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["page", "ink", "soft", "region", "rim", "line", "strong", "halo", "accent"]) {
    colours[name] = style.getPropertyValue(`--${name}`).trim();
  }
  sprites.clear();
  labels.key = "";
}

function readLooks(types) {
  for (const row of types) looks.set(row.name, { fill: row.colour, outline: outline(row.colour), corners: CORNERS[row.shape] });
}

// Half a node's width in pixels: it grows with the zoom, but slower than the distances do.
const growth = (scale) => Math.min(Math.max((scale / scene.fitScale) ** 0.42, 0.6), 3.2);
const pixelRadius = (size, scale) => (size / 10) * (scene.kind === "map" ? growth(scale) * Math.min(1, scene.fitScale * 2.6) ** 0.5 : 1.15);

// vis-network asks for each node in turn; `label` tells its name, `style.size` its size.
function drawNode({ ctx, id, x, y, style }) {
  const scale = network ? network.getScale() : 1;
  const radius = Math.max(pixelRadius(style.size, scale), 1.5) / scale;
  return {
    drawNode: () => paintNode(ctx, id, x, y, radius, scale),
    nodeDimensions: { width: 2 * radius, height: 2 * radius },
  };
}

function paintNode(ctx, id, x, y, radius, scale) {
  const look = looks.get(nodeType(id));
  const chosen = id === state.node || id === state.second;
  ctx.globalAlpha = faded(id) ? 0.16 : 1;
  outlinePath(ctx, look.corners, x, y, radius * (chosen ? 1.35 : 1));
  ctx.fillStyle = look.fill;
  ctx.fill();
  ctx.lineWidth = (chosen ? 3 : 1) / scale;
  ctx.strokeStyle = chosen ? colours.ink : look.outline;
  ctx.stroke();
  if (id === cursor.node) ringAround(ctx, x, y, radius, scale);
}

function outlinePath(ctx, corners, x, y, radius) {
  ctx.beginPath();
  if (!corners) ctx.arc(x, y, radius, 0, 2 * Math.PI);
  else corners.forEach(([dx, dy], k) => (k ? ctx.lineTo : ctx.moveTo).call(ctx, x + dx * radius * 1.12, y + dy * radius * 1.12));
  ctx.closePath();
}

function ringAround(ctx, x, y, radius, scale) {
  ctx.globalAlpha = 1;
  ctx.lineWidth = 3 / scale;
  ctx.strokeStyle = colours.accent;
  ctx.beginPath();
  ctx.arc(x, y, radius + 6 / scale, 0, 2 * Math.PI);
  ctx.stroke();
}

const nodeType = (id) => (G.types ? typeOf(id).name : first.nodes[id].group);
const faded = (id) => scene.kind === "map" && scene.near.size > 0 && !scene.near.has(id);

function drawBelow(ctx) {
  if (!G.count) return;
  const scale = network.getScale();
  ctx.save();
  if (scene.kind === "map") drawRegions(ctx, scale);
  drawLines(ctx, scale);
  ctx.restore();
}

function drawRegions(ctx, scale) {
  ctx.lineWidth = 1 / scale;
  ctx.fillStyle = colours.region;
  ctx.strokeStyle = colours.rim;
  for (const region of G.regions) {
    ctx.beginPath();
    ctx.arc(region.x, region.y, region.r, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
}

// Links of one look are one path, stroked at once: a stroke each is what makes big graphs slow.
function drawLines(ctx, scale) {
  const key = `${scene.version} ${scene.kind} ${state.node} ${state.second}`;
  if (batches.key !== key) batches = { key, paths: batchLines() };
  for (const { path, colour, width, alpha } of batches.paths) {
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = colours[colour];
    ctx.lineWidth = width / scale;
    ctx.stroke(path);
  }
  ctx.globalAlpha = 1;
}

function batchLines() {
  const faint = new Path2D();
  const strong = new Path2D();
  for (const edge of scene.lines) {
    const kind = lineKind(edge);
    if (kind) addLine(kind === "strong" ? strong : faint, edge);
  }
  const quiet = scene.near.size > 0 && scene.kind === "map";
  return [
    { path: faint, colour: "line", width: 1, alpha: quiet ? 0.35 : 1 },
    { path: strong, colour: "strong", width: 1.5, alpha: scene.kind === "focus" ? 0.4 : 0.85 },
  ];
}

// On the map, links between regions are drawn only for the thing selected: the regions say the rest.
function lineKind(edge) {
  const from = G.edges.subject[edge];
  const to = G.edges.object[edge];
  if (scene.kind === "paths") return "strong";
  if (from === state.node || to === state.node) return "strong";
  if (scene.kind === "focus") return "faint";
  return G.nodes.region[from] === G.nodes.region[to] ? "faint" : null;
}

function addLine(path, edge) {
  const [x1, y1] = placeOf(G.edges.subject[edge]);
  const [x2, y2] = placeOf(G.edges.object[edge]);
  path.moveTo(x1, y1);
  path.lineTo(x2, y2);
}

// ---- names ----

function drawAbove(ctx) {
  if (!G.count) return;
  const scale = network.getScale();
  const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  const corner = network.DOMtoCanvas({ x: 0, y: 0 });
  for (const label of placeLabels(scale)) {
    const x = (label.x - corner.x) * scale + label.dx;
    const y = (label.y - corner.y) * scale + label.dy;
    const { image, width, height } = sprite(label, ratio);
    if (x + width < 0 || y + height < 0 || x > ctx.canvas.clientWidth || y > ctx.canvas.clientHeight) continue;
    ctx.globalAlpha = label.faded ? 0.25 : 1;
    ctx.drawImage(image, Math.round(x * ratio) / ratio, Math.round(y * ratio) / ratio, width, height);
  }
  ctx.restore();
}

// A name with its halo as a small picture: drawn with strokes once, copied each frame.
function sprite(label, ratio) {
  const key = `${label.style} ${label.text}`;
  if (!sprites.has(key)) sprites.set(key, paintSprite(label, ratio));
  return sprites.get(key);
}

const FONTS = {
  region: { size: 12, weight: "700", colour: "soft", spacing: "0.7px" },
  large: { size: 14, weight: "600", colour: "ink" },
  medium: { size: 12.5, weight: "500", colour: "ink" },
  small: { size: 11, weight: "400", colour: "ink" },
};
const FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif";
const fontOf = (style) => `${FONTS[style].weight} ${FONTS[style].size}px ${FAMILY}`;
const useFont = (ctx, style) => { ctx.font = fontOf(style); ctx.letterSpacing = FONTS[style].spacing || "0px"; };
const ruler = document.createElement("canvas").getContext("2d");

function measure(text, style) {
  useFont(ruler, style);
  return { width: Math.ceil(ruler.measureText(text).width) + 6, height: Math.ceil(FONTS[style].size * 1.3) + 2 };
}

function paintSprite(label, ratio) {
  const { width, height } = measure(label.text, label.style);
  const image = document.createElement("canvas");
  image.width = Math.ceil(width * ratio);
  image.height = Math.ceil(height * ratio);
  const ctx = image.getContext("2d");
  ctx.scale(ratio, ratio);
  useFont(ctx, label.style);
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = colours.halo;
  ctx.strokeText(label.text, 3, height / 2);
  ctx.fillStyle = colours[FONTS[label.style].colour];
  ctx.fillText(label.text, 3, height / 2);
  return { image, width, height };
}

const ALWAYS_NAMED = 6; // the hubs have their names even where those touch something

// Which names have room, the most important first; in a plane of pixels at this scale, so that
// panning changes nothing.
function placeLabels(scale) {
  const key = `${scale.toPrecision(4)} ${scene.version} ${state.node} ${state.second} ${cursor.node}`;
  if (labels.key === key) return labels.placed;
  const room = new Room();
  const placed = [];
  if (scene.kind === "map") for (const region of G.regions) placeRegionName(region, scale, room, placed);
  for (const node of scene.shown) if (!isPaper(node)) room.block(node, scale);
  for (const node of labelOrder()) placeNodeName(node, scale, room, placed);
  labels = { key, placed };
  return placed;
}

function labelOrder() {
  const chosen = [state.node, state.second, cursor.node].filter((node) => node >= 0 && scene.shown.has(node));
  const others = [...scene.shown].sort((a, b) => faded(a) - faded(b) || labelRank(a) - labelRank(b));
  return [...new Set([...chosen, ...others])];
}

// Papers are named once things are: their titles are long.
const labelRank = (node) => node + (isPaper(node) ? G.count : 0);

function placeRegionName(region, scale, room, placed) {
  if (region.r * scale < 45) return;
  const name = shorten(region.label, 34);
  const text = name === name.toLowerCase() ? name.toUpperCase() : name; // "LLaMA" stays as it is
  const { width, height } = measure(text, "region");
  const rims = [[region.y - region.r, 1 - height / 2], [region.y + region.r, -1 - height / 2], [region.y - region.r, 2 + height]];
  const rim = rims.find(([y, dy]) => room.free(region.x * scale - width / 2, y * scale + dy, width, height, -1));
  if (!rim) return;
  room.take(region.x * scale - width / 2, rim[0] * scale + rim[1], width, height);
  placed.push({ text, style: "region", x: region.x, y: rim[0], dx: -width / 2, dy: rim[1], faded: scene.near.size > 0 });
}

function placeNodeName(node, scale, room, placed) {
  const chosen = node === state.node || node === state.second || node === cursor.node;
  const style = nameStyle(node, chosen);
  if (!style) return;
  const text = shorten(titleOf(node), isPaper(node) ? 44 : 32);
  const { width, height } = measure(text, style);
  const [x, y] = placeOf(node);
  const radius = pixelRadius(G.nodes.size[node], scale);
  const spots = [[-width / 2, radius + 1], [radius + 2, -height / 2], [-radius - 2 - width, -height / 2], [-width / 2, -radius - height - 1]];
  const spot = spots.find(([dx, dy]) => room.free(x * scale + dx, y * scale + dy, width, height, node)) || (chosen || node < (innerWidth < NARROW ? 2 : ALWAYS_NAMED) ? spots[0] : null);
  if (!spot) return;
  room.take(x * scale + spot[0], y * scale + spot[1], width, height);
  placed.push({ text, style, x, y, dx: spot[0], dy: spot[1], node, faded: faded(node) });
}

function nameStyle(node, chosen) {
  if (chosen) return "large";
  if (isPaper(node) && faded(node)) return null;
  if (isPaper(node)) {
    const near = scene.kind !== "map" || scene.near.has(node) || network.getScale() > scene.fitScale * 2.2;
    return near ? "small" : null;
  }
  const size = G.nodes.size[node];
  return size > 105 ? "large" : size > 68 ? "medium" : "small";
}

// Rectangles taken so far, in a coarse grid; small discs for the nodes themselves.
class Room {
  constructor() { this.grid = new Map(); }

  cells(x, y, width, height, visit) {
    for (let column = Math.floor(x / 48); column <= Math.floor((x + width) / 48); column++) {
      for (let row = Math.floor(y / 24); row <= Math.floor((y + height) / 24); row++) {
        const key = column * 100003 + row;
        if (visit(this.grid.get(key), key)) return true;
      }
    }
    return false;
  }

  put(box) {
    this.cells(box.x, box.y, box.width, box.height, (list, key) => {
      if (list) list.push(box);
      else this.grid.set(key, [box]);
    });
  }

  take(x, y, width, height) { this.put({ x, y, width, height, node: -1 }); }

  block(node, scale) {
    const [x, y] = placeOf(node);
    const radius = pixelRadius(G.nodes.size[node], scale) * 0.85;
    this.put({ x: x * scale - radius, y: y * scale - radius, width: 2 * radius, height: 2 * radius, node });
  }

  free(x, y, width, height, own) {
    return !this.cells(x, y, width, height, (list) => list && list.some((box) => box.node !== own || own < 0
      ? box.x < x + width && x < box.x + box.width && box.y < y + height && y < box.y + box.height
      : false));
  }
}
