// Owns the making of elements: text from data goes in as text nodes, never as markup.

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
const shorten = (text, length) => (text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text);

// Outline of each shape as corners on the unit circle (null: a circle).
const CORNERS = {
  dot: null,
  square: polygon(4, Math.PI / 4),
  diamond: polygon(4, 0),
  triangle: polygon(3, -Math.PI / 2),
  triangleDown: polygon(3, Math.PI / 2),
  hexagon: polygon(6, 0),
  star: star(5),
};

function polygon(count, turn) {
  return Array.from({ length: count }, (_, k) => [Math.cos(turn + (2 * Math.PI * k) / count), Math.sin(turn + (2 * Math.PI * k) / count)]);
}

function star(points) {
  return Array.from({ length: 2 * points }, (_, k) => {
    const radius = k % 2 ? 0.5 : 1.15;
    const angle = -Math.PI / 2 + (Math.PI * k) / points;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

function svgShape(shape, x, y, radius, attributes) {
  const corners = CORNERS[shape];
  if (!corners) return svg("circle", { cx: x, cy: y, r: radius, ...attributes });
  const points = corners.map(([dx, dy]) => `${(x + dx * radius * 1.12).toFixed(1)},${(y + dy * radius * 1.12).toFixed(1)}`).join(" ");
  return svg("polygon", { points, ...attributes });
}

function shapeIcon(type) {
  const icon = svg("svg", { viewBox: "-9 -9 18 18", width: "16", height: "16", "aria-hidden": "true", focusable: "false", class: "shape" });
  icon.append(svgShape(type.shape, 0, 0, 6.5, { fill: type.colour, stroke: outline(type.colour), "stroke-width": "1.2" }));
  return icon;
}

// The colour of a shape's edge: the fill made darker, so that pale fills stand out on white.
function outline(colour) {
  const parts = [1, 3, 5].map((at) => Math.round(parseInt(colour.slice(at, at + 2), 16) * 0.58));
  return `rgb(${parts.join(",")})`;
}

// A node as something to press, wherever the page names one.
function nodeButton(node, text = titleOf(node)) {
  const button = el("button", { type: "button", class: "thing", title: `${typeOf(node).name}: ${titleOf(node)}` }, shapeIcon(typeOf(node)), el("span", {}, text));
  button.addEventListener("click", (event) => {
    if (event.shiftKey && state.node >= 0) go({ second: node });
    else go({ node, second: -1, focus: state.focus });
  });
  return button;
}

function outsideLink(address, text) {
  const href = webAddress(address);
  if (!href) return el("span", { class: "nolink" }, text);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

// The sentence of a span as a quotation with the span marked.
function quotation(span, withPaper) {
  const quote = el("blockquote", {}, span.sentence.slice(0, span.start), el("mark", {}, span.sentence.slice(span.start, span.end)), span.sentence.slice(span.end));
  if (withPaper && span.paper >= 0) quote.append(el("footer", {}, "— ", nodeButton(span.paper, shorten(nameOf(span.paper), 90))));
  return quote;
}

function say(text) {
  byId("status").textContent = text;
}

let toastTimer = 0;
function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 2600);
}
