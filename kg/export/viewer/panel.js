// Owns the panel: what one thing is, or what two have to do with each other, sentence by sentence.

const FIRST_ROWS = 12; // of a long list; the rest comes on request
// Headings of the papers of a thing, by relation; seen from the thing, most telling first.
const INWARD = {
  introduces: "Introduced by", evaluatesOn: "Evaluated on by", addresses: "Addressed by", comparesWith: "Compared with by",
  reports: "Reported by", uses: "Used by", mentions: "Mentioned by", hasOfficialCode: "Official code of", hasCode: "Code of",
  introducedBy: "Introduces", variantOf: "Variants", partOf: "Parts", basedOn: "Built upon by", trainedOn: "Trained here", evaluatedOn: "Evaluated here",
};
const RESULT_RELATIONS = new Set(["ofMethod", "onDataset", "inMetric", "forTask"]);

let panelWanted = false; // the reader came by keyboard or search: take them there once it is drawn

function goToPanel(change) {
  panelWanted = true;
  go(change);
}

function focusPanel() {
  if (panelWanted && !byId("panel").hidden) byId("panel").focus({ preventScroll: true });
  panelWanted = false;
}

function showPanel() {
  const panel = byId("panel");
  const open = state.node >= 0;
  panel.hidden = !open;
  document.body.classList.toggle("panelled", open);
  if (!open) { panel.replaceChildren(); return; }
  panel.replaceChildren(...(state.second >= 0 ? pairPanel() : nodePanel(state.node)));
  panel.scrollTop = 0;
}

function heading(node) {
  const close = el("button", { type: "button", class: "icon close", "aria-label": "Close details", title: "Close (Escape)" }, "×");
  close.addEventListener("click", () => { go({ node: -1, second: -1, focus: false }); byId("graph").focus(); });
  const year = yearOf(node) ? ` · ${G.papers.published[G.paper[node]]}` : "";
  return el("header", {}, el("p", { class: "kind" }, shapeIcon(typeOf(node)), typeOf(node).name, year), el("h2", {}, titleOf(node)), close);
}

function nodePanel(node) {
  return [heading(node), nodeActions(node), ...facts(node), ...resultSection(node), ...codeSection(node), ...abstractSection(node), ...linkSections(node)];
}

function action(label, act, title, pressed) {
  const button = el("button", { type: "button", title });
  if (pressed !== undefined) button.setAttribute("aria-pressed", String(pressed));
  button.append(label);
  button.addEventListener("click", act);
  return button;
}

function nodeActions(node) {
  return el("div", { class: "row actions" },
    action(state.focus ? "Back to the map" : "Focus", () => go({ focus: !state.focus }), "Show only this and its links (F, or double click)", state.focus),
    action("Compare with …", chooseSecond, "Choose a second thing: paths between, and what both share"),
    action("Cite", () => openTakeaway("bibtex"), "Citation list of its papers (BibTeX)"),
    action("SPARQL", () => openTakeaway("sparql"), "The query that asks the same of the exported Turtle"));
}

// ---- what is known of the node itself ----

function facts(node) {
  const list = el("dl");
  const fact = (term, ...values) => { if (values.length) list.append(el("dt", {}, term), el("dd", {}, ...values)); };
  const aliases = aliasesOf(node);
  if (aliases.length) fact("Also called", aliases.join(" · "));
  if (G.entities.status[node] === "ambiguous") fact("Note", "This name may mean several things");
  fact("Look up", ...separated(identifierLinks(node)));
  if (isPaper(node)) paperFacts(node, fact);
  return list.children.length ? [list] : [];
}

const separated = (items) => items.flatMap((item, k) => (k ? [" · ", item] : [item]));

function identifierLinks(node) {
  const pairs = isPaper(node) ? G.papers.identifiers[G.paper[node]] || [] : G.entities.identifiers[node] || [];
  return pairs.map(([scheme, value]) => {
    const template = G.identifierUrls[scheme];
    const address = template ? template.replace("{}", () => encodeURI(value)) : value;
    return outsideLink(address, webAddress(value) ? value : `${scheme}:${value}`);
  });
}

function paperFacts(node, fact) {
  const at = G.paper[node];
  const authors = G.papers.authors[at];
  if (Array.isArray(authors)) fact("Authors", authors.join(", "));
  else if (authors) fact("Authors", String(authors));
  if (G.papers.venue[at]) fact("Venue", G.papers.venue[at]);
  if (G.papers.upvotes[at]) fact("Upvotes", String(G.papers.upvotes[at]));
  if (G.papers.url[at]) fact("Page", outsideLink(G.papers.url[at], G.papers.url[at]));
  const sources = G.papers.sources[at] || [];
  if (sources.length) fact("Read from", sources.map(([file, line]) => `${file.split("/").pop()}, line ${line}`).join(" · "));
}

function section(title, ...children) {
  return el("section", {}, el("h3", {}, ...[title].flat()), ...children);
}

const counted = (title, count) => [title, el("span", { class: "number" }, ` ${count.toLocaleString("en")}`)];

function resultSection(node) {
  const table = resultTable(node);
  return table ? [section(counted(isType(node, "Dataset") ? "Leaderboard" : "Results", table.querySelectorAll("tbody tr").length), table)] : [];
}

// ---- code ----

function codeSection(node) {
  const papers = isPaper(node) ? [node] : origins(node, "introduces");
  const rows = papers.flatMap(codeOf);
  if (isType(node, "Repository")) rows.push([addressOf(node), "", -1]);
  const seen = new Set();
  const unique = rows.filter(([address]) => !seen.has(address) && seen.add(address));
  if (!unique.length) return [];
  return [section("Code", el("ul", { class: "plain" }, ...unique.map(([address, note]) => el("li", {}, outsideLink(address, address.replace(/^https?:\/\//, "")), note ? el("small", {}, ` ${note}`) : null))))];
}

function codeOf(paper) {
  const official = new Set(targets(paper, "hasOfficialCode"));
  const repositories = [...new Set([...official, ...targets(paper, "hasCode")])];
  const links = G.papers.links[G.paper[paper]] || [];
  return [...repositories.map((r) => [addressOf(r), official.has(r) ? "official" : ""]), ...links.map(([kind, url]) => [url, kind])];
}

function addressOf(repository) {
  const { url } = propertiesOf(repository);
  return url || `https://${G.ids[repository].replace(/^repository\//, "")}`;
}

// ---- a paper's abstract, with everything that it names marked ----

function abstractSection(node) {
  if (!isPaper(node)) return [];
  const text = abstracts().abstracts[G.paper[node]];
  if (!text) return [];
  return [section("Abstract", el("p", { class: "abstract" }, ...markedText(text, spansOf(node))))];
}

// Places in the abstract where the paper's links have their evidence, without overlaps.
function spansOf(node) {
  const spans = [];
  const own = 2 * G.paper[node] + 1;
  for (const edge of linksOf(node)) {
    const other = otherEnd(edge, node);
    for (let row = G.firstEvidence[edge]; row < G.firstEvidence[edge + 1]; row++) {
      if (G.sentences.text[G.evidence.sentence[row]] !== own) continue;
      const { textStart, start, end } = spanAt(row);
      spans.push({ start: textStart, end: textStart + end - start, node: other });
    }
  }
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  let last = 0;
  return spans.filter((span) => span.start >= last && span.end > span.start && (last = span.end));
}

function markedText(text, spans) {
  const parts = [];
  let at = 0;
  for (const span of spans) {
    const button = nodeButton(span.node, text.slice(span.start, span.end));
    button.classList.add("inline");
    parts.push(text.slice(at, span.start), button);
    at = span.end;
  }
  return [...parts, text.slice(at)];
}

// ---- links, by relation, each with its sentence ----

function linkSections(node) {
  const groups = groupLinks(node);
  return groups.map(([title, edges]) => section(counted(title, edges.length), linkList(node, edges)));
}

function groupLinks(node) {
  const groups = new Map();
  for (const edge of linksOf(node)) {
    const { name, label } = relationOf(edge);
    if (!passes.edge[edge] || isResultLink(node, edge)) continue;
    const outward = G.edges.subject[edge] === node;
    const title = outward ? capital(label) : INWARD[name] || `${capital(label)} (from)`;
    const key = `${outward ? 0 : 1}${title}`;
    if (!groups.has(key)) groups.set(key, [title, [], outward ? G.edges.relation[edge] : Object.keys(INWARD).indexOf(name)]);
    groups.get(key)[1].push(edge);
  }
  return [...groups.values()].sort((a, b) => a[2] - b[2]).map(([title, edges]) => [title, edges.sort((a, b) => otherEnd(a, node) - otherEnd(b, node))]);
}

// Results stand in the table; a result's own panel lists what it is of.
function isResultLink(node, edge) {
  if (isType(node, "Result")) return false;
  return isType(otherEnd(edge, node), "Result") || RESULT_RELATIONS.has(relationOf(edge).name);
}

function linkList(node, edges) {
  const list = el("ul", { class: "links" }, ...edges.slice(0, FIRST_ROWS).map((edge) => linkRow(node, edge)));
  if (edges.length <= FIRST_ROWS) return list;
  const more = action(`Show all ${edges.length}`, () => {
    const rows = edges.slice(FIRST_ROWS).map((edge) => linkRow(node, edge));
    list.append(...rows);
    more.remove();
    rows[0].querySelector("button").focus();
  });
  return el("div", {}, list, more);
}

function linkRow(node, edge) {
  const other = otherEnd(edge, node);
  const spans = evidenceOf(edge);
  const side = [yearOf(other) || "", G.edges.origin[edge] === "extracted" || !G.edges.origin[edge] ? `${G.edges.confidence[edge]} %` : G.edges.origin[edge]].filter(Boolean).join(" · ");
  const row = el("li", {}, nodeButton(other), el("span", { class: "side", title: "Year and confidence" }, side));
  row.append(...quotations(spans, node, other));
  return row;
}

// The first sentence at once, the others folded away; the paper is named where the row does not.
function quotations(spans, node, other) {
  if (!spans.length) return [];
  const withPaper = !isPaper(node) && !isPaper(other);
  const [head, ...rest] = unique(spans).map((span) => quotation(span, withPaper));
  if (!rest.length) return [head];
  return [head, el("details", {}, el("summary", {}, plural(rest.length, "more sentence")), ...rest)];
}

function unique(spans) {
  const seen = new Set();
  return spans.filter((span) => !seen.has(`${span.paper} ${span.sentence}`) && seen.add(`${span.paper} ${span.sentence}`));
}

// ---- two things ----

function pairPanel() {
  const { node, second } = state;
  const head = heading(node);
  head.querySelector(".kind").replaceChildren("Between two things");
  head.querySelector("h2").replaceChildren(nodeButton(node), " and ", nodeButton(second));
  const actions = el("div", { class: "row actions" },
    action("Only the first", () => go({ second: -1 }), "Put the second away"),
    action("Swap", () => go({ node: second, second: node }), "Exchange the two"),
    action("Cite", () => openTakeaway("bibtex"), "Citation list of the papers that name both"),
    action("SPARQL", () => openTakeaway("sparql"), "The query that asks the same of the exported Turtle"));
  return [head, actions, ...directSection(), ...pathSection(), ...sharedPapers(), ...comparisons()];
}

function directSection() {
  const edges = directLinks(state.node, state.second);
  if (!edges.length) return [];
  const rows = edges.map((edge) => el("li", {}, el("p", {}, edgeWords(edge)), ...quotations(evidenceOf(edge), state.node, state.second)));
  return [section("Said directly", el("ul", { class: "links" }, ...rows))];
}

const edgeWords = (edge) => `${titleOf(G.edges.subject[edge])} ${relationOf(edge).label} ${titleOf(G.edges.object[edge])}`;

function pathSection() {
  const { paths, more } = shortestPaths(state.node, state.second);
  if (!paths.length) return [section("Paths", el("p", {}, "No path of up to six links that passes the filters."))];
  const rows = paths.map((path) => el("li", {}, ...pathWords(path), el("details", {}, el("summary", {}, "Sentences"), ...path.edges.flatMap(pathQuotes))));
  const title = `Shortest paths (${plural(paths[0].edges.length, "link")})`;
  return [section(counted(title, paths.length), el("ol", { class: "links paths" }, ...rows), more ? el("p", { class: "side" }, "More of this length are left out.") : null)];
}

function pathWords(path) {
  return path.nodes.flatMap((node, k) => {
    const button = nodeButton(node, shorten(titleOf(node), 60));
    if (!k) return [button];
    const edge = path.edges[k - 1];
    const forward = G.edges.object[edge] === node;
    return [el("span", { class: "step" }, forward ? ` ${relationOf(edge).label} → ` : ` ← ${relationOf(edge).label} `), button];
  });
}

function pathQuotes(edge) {
  const [span] = evidenceOf(edge);
  return span ? [el("p", { class: "side" }, edgeWords(edge)), quotation(span, false)] : [];
}

function sharedPapers() {
  const left = papersOf(state.node);
  const shared = [...papersOf(state.second)].filter((paper) => left.has(paper)).sort((a, b) => a - b);
  if (!shared.length) return [];
  return [section(counted("Papers that name both", shared.length), el("ul", { class: "plain" }, ...shared.slice(0, 40).map((paper) => el("li", {}, nodeButton(paper), yearOf(paper) ? el("span", { class: "side" }, ` ${yearOf(paper)}`) : null))))];
}

function comparisons() {
  return [
    comparison("Datasets that their papers evaluate on", "Dataset", ["evaluatesOn"]),
    comparison("Tasks that their papers address", "Task", ["addresses"]),
  ].flat();
}

function comparison(title, type, relations) {
  const { node, second } = state;
  const rows = compare(node, second, type, relations);
  if (!rows.length) return [];
  const cell = (papers) => (papers.length ? plural(papers.length, "paper") : el("span", { class: "missing" }, "—"));
  const cells = rows.slice(0, 60).map(([thing, left, right]) => ({ keys: [fold(nameOf(thing)), left.length, right.length], cells: [nodeButton(thing), cell(left), cell(right)] }));
  return [section(counted(title, rows.length), sortableTable([type, shorten(titleOf(node), 22), shorten(titleOf(second), 22)], cells, title))];
}
