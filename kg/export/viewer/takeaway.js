// Owns what leaves the page: pictures, citation lists, tables and queries, all made here, offline.

const TAKEAWAYS = [
  ["link", "Copy the link to this view"],
  ["bibtex", "Citation list (BibTeX)"],
  ["csv", "Table of the selection (CSV)"],
  ["sparql", "Query that asks the same (SPARQL)"],
  ["png", "Picture (PNG)"],
  ["svg", "Picture (SVG)"],
];

function buildTakeaway() {
  const menu = byId("takeaway");
  for (const [kind, label] of TAKEAWAYS) {
    const item = el("button", { type: "button", role: "menuitem", "data-kind": kind }, label);
    item.addEventListener("click", () => { toggleMenu(false); openTakeaway(kind); });
    menu.append(el("li", { role: "none" }, item));
  }
  byId("show-takeaway").addEventListener("click", () => toggleMenu(menu.hidden));
  menu.addEventListener("keydown", menuKey);
  document.addEventListener("click", (event) => { if (!event.target.closest("#takeaway, #show-takeaway")) toggleMenu(false); });
}

function toggleMenu(open) {
  const menu = byId("takeaway");
  if (menu.hidden === !open) return;
  const inside = menu.contains(document.activeElement);
  menu.hidden = !open;
  byId("show-takeaway").setAttribute("aria-expanded", String(open));
  if (open) menu.querySelector("button").focus();
  else if (inside) byId("show-takeaway").focus();
}

function menuKey(event) {
  const items = [...byId("takeaway").querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length].focus();
}

function openTakeaway(kind) {
  const acts = { link: copyLink, png: savePng, svg: () => save("graph.svg", "image/svg+xml", pictureSvg()) };
  if (acts[kind]) return acts[kind]();
  const papers = selectedPapers();
  if (kind === "bibtex") return offer("Citation list", "graph.bib", "application/x-bibtex", papers.map(bibtex).join("\n\n"), plural(papers.length, "paper"));
  if (kind === "csv") return offer("Selection as CSV", "graph.csv", "text/csv", selectionCsv(), "");
  return offer("SPARQL", "query.rq", "application/sparql-query", sparql(), "Ask it of the exported Turtle: kg query query.rq");
}

// What is selected: the papers of one thing, those that name both of two, or all that pass.
function selectedPapers() {
  let papers = new Set();
  if (state.node < 0) for (let i = 0; i < G.count; i++) { if (isPaper(i) && paperPasses(i, state.filters)) papers.add(i); }
  if (state.node >= 0) papers = papersOf(state.node);
  if (state.second >= 0) {
    const other = papersOf(state.second);
    papers = new Set([...papers].filter((paper) => other.has(paper)));
  }
  return [...papers].sort((a, b) => a - b);
}

// The text in a window of its own: to read, to copy, to save.
function offer(title, file, kind, text, note) {
  const area = el("textarea", { readonly: "", rows: "14", "aria-label": title, spellcheck: "false" });
  area.value = text;
  openDialog(title, note ? el("p", {}, note) : null, area,
    el("div", { class: "row" }, action("Copy", () => copy(text, area)), action("Save", () => save(file, kind, text))));
}

async function copy(text, area) {
  try { await navigator.clipboard.writeText(text); } catch {
    if (!area) return offer("Copy this", "link.txt", "text/plain", text, "");
    area.select();
    document.execCommand("copy");
  }
  return toast("Copied");
}

function copyLink() {
  const { x, y } = network.getViewPosition();
  noteCamera([x, y, network.getScale()]);
  copy(location.href, null);
}

function save(name, kind, content) {
  const blob = content instanceof Blob ? content : new Blob([content], { type: `${kind};charset=utf-8` });
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  toast(`Saved ${name}`);
}

// ---- citations ----

const BIB_ESCAPES = { "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "%": "\\%", "&": "\\&", "$": "\\$", "#": "\\#", "_": "\\_", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
const bibText = (text) => text.replace(/\s+/g, " ").replace(/[\\{}%&$#_~^]/g, (c) => BIB_ESCAPES[c]);

function bibtex(node) {
  const at = G.paper[node];
  const identifiers = Object.fromEntries(G.papers.identifiers[at] || []);
  const authors = G.papers.authors[at];
  const url = webAddress(G.papers.url[at] || "");
  const fields = [
    ["title", `{${bibText(nameOf(node))}}`],
    ["author", Array.isArray(authors) && authors.length ? authors.map(bibText).join(" and ") : ""],
    ["year", yearOf(node) ? String(yearOf(node)) : ""],
    ["howpublished", bibText(G.papers.venue[at] || "")],
    ["doi", identifiers.doi || ""],
    ["eprint", identifiers.arxiv || ""],
    ["archiveprefix", identifiers.arxiv ? "arXiv" : ""],
    ["url", url ? url.replace(/[{}\\]/g, encodeURIComponent) : ""],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@misc{${bibKey(node)},\n${lines.join(",\n")}\n}`;
}

const bibKey = (node) => G.ids[node].replace(/^paper\//, "").replace(/[^A-Za-z0-9:.-]+/g, "-");

// ---- tables ----

// A cell that a spreadsheet would take for a formula gets a quote before it.
function csvCell(value) {
  const text = /^[=+\-@\t\r]/.test(String(value)) && !/^[+-]?[\d.]+%?$/.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLines = (rows) => `${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;

function selectionCsv() {
  return state.node < 0 ? nodesCsv() : linksCsv();
}

function nodesCsv() {
  const rows = [["id", "type", "name", "year", "papers", "links", "aliases"]];
  for (let node = 0; node < G.count; node++) {
    if (passes.node[node]) rows.push([G.ids[node], typeOf(node).name, titleOf(node), yearOf(node) || "", papersOf(node).size, degreeOf(node), aliasesOf(node).join("; ")]);
  }
  return csvLines(rows);
}

function linksCsv() {
  const rows = [["subject", "relation", "object", "subject_name", "object_name", "confidence", "paper", "sentence"]];
  const edges = new Set(linksOf(state.node));
  if (state.second >= 0) for (const edge of linksOf(state.second)) edges.add(edge);
  for (const edge of edges) {
    if (!passes.edge[edge]) continue;
    const { subject, object, confidence } = G.edges;
    const spans = evidenceOf(edge);
    const paper = G.edgePaper[edge];
    rows.push([G.ids[subject[edge]], relationOf(edge).name, G.ids[object[edge]], titleOf(subject[edge]), titleOf(object[edge]), confidence[edge] / 100, paper < 0 ? "" : nameOf(paper), spans.length ? spans[0].sentence : ""]);
  }
  return csvLines(rows);
}

// ---- SPARQL ----

// Each identifier as an IRI: all but what a path may hold is percent-encoded, as the exporter does.
const percent = (c) => [...new TextEncoder().encode(c)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
const pathOf = (id) => id.replace(/[^A-Za-z0-9/:@!$'*+,;=\-._~]/gu, percent).replace(/(?<=\/)\.{1,2}(?=\/|$)/g, (dots) => dots.replaceAll(".", "%2E"));
const iri = (node) => `<${G.base}${pathOf(G.ids[node])}>`;
const PREFIXES = () => `PREFIX kg: <${G.namespace}>\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nPREFIX dcterms: <http://purl.org/dc/terms/>\n`;

function sparql() {
  if (state.second >= 0) return pairQuery();
  return state.node >= 0 ? nodeQuery() : typeQuery();
}

function relationsIn(edges) {
  return [...new Set(edges.filter((edge) => passes.edge[edge]).map((edge) => relationOf(edge).name))].sort();
}

function nodeQuery() {
  const names = relationsIn([...linksOf(state.node)]);
  const values = names.map((name) => `kg:${name}`).join(" ");
  return `${PREFIXES()}# All that is linked to ${comment(nameOf(state.node))}
SELECT ?relation ?thing ?name WHERE {
  VALUES ?relation { ${values} }
  { ${iri(state.node)} ?relation ?thing } UNION { ?thing ?relation ${iri(state.node)} }
  OPTIONAL { ?thing skos:prefLabel|dcterms:title ?name }
}
ORDER BY ?relation ?name
`;
}

const comment = (text) => text.replace(/[\r\n\u2028\u2029]+/g, " ");

// A paper names itself; of any other thing, a paper is one that any relation leads to it from.
function namedBy(node) {
  return isPaper(node) ? `FILTER(?paper = ${iri(node)})` : `?paper ?${node === state.node ? "first" : "second"} ${iri(node)} .`;
}

function pairQuery() {
  return `${PREFIXES()}# Papers that name both ${comment(nameOf(state.node))} and ${comment(nameOf(state.second))}
SELECT DISTINCT ?paper ?title WHERE {
  ?paper a kg:Paper ; dcterms:title ?title .
  ${namedBy(state.node)}
  ${namedBy(state.second)}
}
ORDER BY ?title
`;
}

function typeQuery() {
  const types = G.types.filter((row) => shownTypes().has(row.name)).map((row) => `kg:${row.name}`).join(" ");
  const code = state.filters.code ? "\n  ?paper kg:hasCode|kg:hasOfficialCode ?repository .\n  { BIND(?paper AS ?thing) } UNION { ?paper ?does ?thing }" : "";
  return `${PREFIXES()}# Everything of the types shown${state.filters.code ? ", in papers with code" : ""}
SELECT DISTINCT ?type ?thing ?name WHERE {
  VALUES ?type { ${types} }${code}
  ?thing a ?type ; skos:prefLabel|dcterms:title ?name .
}
ORDER BY ?type ?name
`;
}

// ---- pictures ----

function savePng() {
  const source = byId("graph").querySelector("canvas");
  const canvas = el("canvas");
  canvas.width = source.width;
  canvas.height = source.height;
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = colours.page;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(source, 0, 0);
  canvas.toBlob((blob) => save("graph.png", "image/png", blob), "image/png");
}

function pictureSvg() {
  const { clientWidth: width, clientHeight: height } = byId("graph");
  const scale = network.getScale();
  const corner = network.DOMtoCanvas({ x: 0, y: 0 });
  const at = ([x, y]) => [(x - corner.x) * scale, (y - corner.y) * scale];
  const root = svg("svg", { xmlns: SVG, viewBox: `0 0 ${width} ${height}`, width, height, "font-family": FAMILY });
  root.append(svg("title", {}, document.title), svg("rect", { width, height, fill: colours.page }));
  if (scene.kind === "map") root.append(...G.regions.map((region) => svgRegion(region, at, scale)));
  root.append(...svgLines(at), ...[...scene.shown].sort((a, b) => b - a).map((node) => svgNode(node, at, scale)));
  root.append(...placeLabels(scale).map((label) => svgLabel(label, at)));
  return new XMLSerializer().serializeToString(root);
}

function svgRegion(region, at, scale) {
  const [cx, cy] = at([region.x, region.y]);
  return svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: (region.r * scale).toFixed(1), fill: colours.region, stroke: colours.rim });
}

function svgLines(at) {
  return scene.lines.filter(lineKind).map((edge) => {
    const [x1, y1] = at(placeOf(G.edges.subject[edge]));
    const [x2, y2] = at(placeOf(G.edges.object[edge]));
    const strong = lineKind(edge) === "strong";
    return svg("path", { d: `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`, stroke: strong ? colours.strong : colours.line, "stroke-width": strong ? "1.5" : "1", fill: "none" });
  });
}

function svgNode(node, at, scale) {
  const [x, y] = at(placeOf(node));
  const look = typeOf(node);
  const shape = svgShape(look.shape, Number(x.toFixed(1)), Number(y.toFixed(1)), pixelRadius(G.nodes.size[node], scale), { fill: look.colour, stroke: outline(look.colour), opacity: faded(node) ? "0.16" : "1" });
  shape.append(svg("title", {}, titleOf(node)));
  return shape;
}

function svgLabel(label, at) {
  const [x, y] = at([label.x, label.y]);
  const font = FONTS[label.style];
  const { height } = measure(label.text, label.style);
  return svg("text", {
    x: (x + label.dx + 3).toFixed(1), y: (y + label.dy + height / 2).toFixed(1), "dominant-baseline": "central", "font-size": font.size, "font-weight": font.weight, "letter-spacing": font.spacing || "0",
    fill: colours[font.colour], stroke: colours.halo, "stroke-width": "3", "paint-order": "stroke", opacity: label.faded ? "0.25" : "1",
  }, label.text);
}
