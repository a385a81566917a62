// Owns the filters: which nodes and edges pass, and the controls that set them.

const HIDDEN_AT_FIRST = new Set(["Result"]); // rows of the tables, not places on the map
const passes = { node: null, edge: null, count: 0 };

const shownTypes = () => state.filters.types || new Set(G.types.map((t) => t.name).filter((n) => !HIDDEN_AT_FIRST.has(n)));
const shownRelations = () => state.filters.relations || new Set(G.relations.map((r) => r.name));

function applyFilters() {
  const { filters } = state;
  const relations = shownRelations();
  const relationOn = G.relations.map((row) => relations.has(row.name));
  passes.edge = new Uint8Array(G.edgeCount);
  passes.node = new Uint8Array(G.count);
  for (let e = 0; e < G.edgeCount; e++) {
    const paper = G.edgePaper[e];
    const passing = relationOn[G.edges.relation[e]] && G.edges.confidence[e] >= filters.confidence;
    passes.edge[e] = passing && (paper < 0 || paperPasses(paper, filters)) ? 1 : 0;
  }
  markNodes(filters);
}

function paperPasses(node, filters) {
  const year = yearOf(node);
  if ((filters.from || filters.to) && !year) return false;
  if (filters.from && year < filters.from) return false;
  if (filters.to && year > filters.to) return false;
  return !filters.code || G.hasCode[node] === 1;
}

function markNodes(filters) {
  const types = shownTypes();
  const typeOn = G.types.map((row) => types.has(row.name));
  const byLinks = filters.relations || filters.confidence;
  for (let e = 0; e < G.edgeCount; e++) {
    if (passes.edge[e]) passes.node[G.edges.subject[e]] = passes.node[G.edges.object[e]] = 1;
  }
  passes.count = 0;
  for (let i = 0; i < G.count; i++) {
    if (isPaper(i)) passes.node[i] = paperPasses(i, filters) && (!byLinks || passes.node[i]) ? 1 : 0;
    else if (linksOf(i).length === 0 && !isFiltered()) passes.node[i] = 1;
    if (!typeOn[G.nodes.type[i]]) passes.node[i] = 0;
    passes.count += passes.node[i];
  }
}

function isFiltered() {
  const { relations, from, to, confidence, code } = state.filters;
  return Boolean(relations || from || to || confidence || code);
}

function countByType() {
  const counts = new Int32Array(G.types.length);
  for (let i = 0; i < G.count; i++) counts[G.nodes.type[i]]++;
  return counts;
}

// The legend is the filter by type: a button each, pressed while its type is shown.
function buildLegend() {
  const counts = countByType();
  const legend = byId("legend");
  G.types.forEach((row, index) => {
    if (!counts[index]) return;
    const button = el("button", { type: "button", class: "key", title: row.comment, "data-type": row.name },
      shapeIcon(row), el("span", {}, capital(row.plural)), el("span", { class: "number" }, counts[index].toLocaleString("en")));
    button.addEventListener("click", () => toggleType(row.name));
    legend.append(button);
  });
}

function toggleType(name) {
  const types = new Set(shownTypes());
  if (!types.delete(name)) types.add(name);
  const usual = G.types.every((row) => types.has(row.name) !== HIDDEN_AT_FIRST.has(row.name));
  goFilter({ types: usual ? null : types });
}

function buildFilters() {
  const years = [...new Set(G.year.filter(Boolean))].sort();
  const box = byId("filters");
  box.append(
    el("h2", {}, "Filters"),
    el("label", { class: "check" }, el("input", { type: "checkbox", id: "with-code" }), "Only papers with code"),
    el("div", { class: "pair" }, yearChoice("from", "From year", years), yearChoice("to", "To year", years)),
    el("div", { class: "slide" }, el("label", { for: "confidence" }, "Confidence at least "), el("output", { id: "confidence-value", for: "confidence" }, "0 %"),
      el("input", { type: "range", id: "confidence", min: "0", max: "100", step: "5", value: "0" })),
    roleChoices(),
    el("div", { class: "row" }, el("button", { type: "button", id: "clear-filters" }, "Clear all filters")),
  );
  wireFilters();
}

function yearChoice(id, label, years) {
  const choices = [el("option", { value: "0" }, "any"), ...years.map((year) => el("option", { value: String(year) }, String(year)))];
  return el("label", {}, label, el("select", { id, ...(years.length ? {} : { disabled: "" }) }, ...choices));
}

function roleChoices() {
  const counts = new Int32Array(G.relations.length);
  for (let e = 0; e < G.edgeCount; e++) counts[G.edges.relation[e]]++;
  const field = el("fieldset", {}, el("legend", {}, "Roles and relations"));
  G.relations.forEach((row, index) => {
    if (!counts[index]) return;
    const box = el("input", { type: "checkbox", "data-relation": row.name, checked: "" });
    box.addEventListener("change", () => toggleRelation(row.name));
    field.append(el("label", { class: "check", title: row.comment }, box, capital(row.label), el("span", { class: "number" }, counts[index].toLocaleString("en"))));
  });
  return field;
}

function toggleRelation(name) {
  const relations = new Set(shownRelations());
  if (!relations.delete(name)) relations.add(name);
  goFilter({ relations: relations.size === G.relations.length ? null : relations });
}

function wireFilters() {
  byId("with-code").addEventListener("change", (event) => goFilter({ code: event.target.checked }));
  for (const id of ["from", "to"]) byId(id).addEventListener("change", (event) => goFilter({ [id]: Number(event.target.value) }));
  byId("confidence").addEventListener("input", (event) => { byId("confidence-value").textContent = `${event.target.value} %`; });
  byId("confidence").addEventListener("change", (event) => goFilter({ confidence: Number(event.target.value) }));
  byId("clear-filters").addEventListener("click", () => go({ filters: NO_FILTERS }));
}

// Put the controls where the state says, after a step back or a link.
function showFilters() {
  const { filters } = state;
  const types = shownTypes();
  const relations = shownRelations();
  for (const key of document.querySelectorAll("#legend .key")) key.setAttribute("aria-pressed", String(types.has(key.dataset.type)));
  for (const box of document.querySelectorAll("[data-relation]")) box.checked = relations.has(box.dataset.relation);
  byId("with-code").checked = filters.code;
  byId("from").value = String(filters.from);
  byId("to").value = String(filters.to);
  byId("confidence").value = String(filters.confidence);
  byId("confidence-value").textContent = `${filters.confidence} %`;
  showFilterCount(filters);
}

function showFilterCount(filters) {
  const set = [filters.types, filters.relations, filters.from || filters.to, filters.confidence, filters.code].filter(Boolean).length;
  byId("filter-count").textContent = ` ${set}`;
  byId("filter-count").hidden = set === 0;
}
