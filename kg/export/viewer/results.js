// Owns the leaderboards: the results about a node as rows of a table that sorts.

const RESULT_ENDS = { Method: "ofMethod", Dataset: "onDataset", Metric: "inMetric", Task: "forTask" };
const KINDS = { absolute: "", gain: "gain", ratio: "ratio" };

// Numbers of the result nodes about a node: a paper's reports, or those that point to it.
function resultsOf(node) {
  if (isType(node, "Result")) return [node];
  const all = isPaper(node) ? targets(node, "reports").filter((n) => isType(n, "Result")) : origins(node, RESULT_ENDS[typeOf(node).name] || "");
  return all.filter((result) => [...linksOf(result)].some((edge) => passes.edge[edge]));
}

function resultRow(result) {
  const properties = propertiesOf(result);
  const end = (relation) => targets(result, relation)[0] ?? -1;
  return {
    result,
    Method: end("ofMethod"),
    Dataset: end("onDataset"),
    Metric: end("inMetric"),
    Task: end("forTask"),
    Value: properties.value ?? nameOf(result),
    number: Number.parseFloat(properties.number ?? properties.value),
    kind: KINDS[properties.kind] || "",
    better: properties.better || "",
    Paper: origins(result, "reports")[0] ?? -1,
  };
}

// A table of results: without the column that is the node itself, or that nothing fills.
function resultTable(node) {
  const rows = resultsOf(node).map(resultRow);
  if (!rows.length) return null;
  const columns = ["Method", "Dataset", "Task", "Metric", "Value", "Paper"].filter((name) => name === "Value" || rows.some((row) => row[name] >= 0 && row[name] !== node));
  rows.sort(byMetricThenBest);
  const cells = rows.map((row) => ({ keys: columns.map((name) => sortKey(row, name)), cells: columns.map((name) => resultCell(row, name)) }));
  return sortableTable(columns, cells, `Results: ${titleOf(node)}`);
}

function byMetricThenBest(a, b) {
  const metric = (row) => (row.Metric < 0 ? "\uffff" : fold(nameOf(row.Metric)));
  const sign = a.better === "lower" ? 1 : -1;
  return metric(a).localeCompare(metric(b)) || a.kind.localeCompare(b.kind) || sign * ((a.number || 0) - (b.number || 0)) || a.result - b.result;
}

function sortKey(row, column) {
  if (column === "Value") return Number.isFinite(row.number) ? row.number : -Infinity;
  return row[column] < 0 ? "\uffff" : fold(nameOf(row[column]));
}

function resultCell(row, column) {
  if (column === "Value") return valueCell(row);
  if (row[column] < 0) return el("span", { class: "missing", title: "The abstract does not say" }, "—");
  return nodeButton(row[column], shorten(nameOf(row[column]), column === "Paper" ? 34 : 40));
}

// The number opens the sentence that states it.
function valueCell(row) {
  const edge = [...linksOf(row.result)].find((e) => G.edges.evidence[e] > 0);
  const words = [row.Value, row.kind ? el("small", {}, ` ${row.kind}`) : null];
  if (edge === undefined) return el("strong", {}, ...words.filter(Boolean));
  const box = el("details", { class: "value" }, el("summary", {}, ...words.filter(Boolean)));
  box.addEventListener("toggle", () => { if (box.open && box.children.length === 1) box.append(quotation(evidenceOf(edge)[0], false)); });
  return box;
}

// rows: {keys, cells}, one a column.  Each heading is a button that sorts by its column, then back.
function sortableTable(columns, rows, caption) {
  const body = el("tbody");
  const heads = columns.map((name) => el("th", { scope: "col", "aria-sort": "none" }, el("button", { type: "button" }, name)));
  const fill = (ordered) => body.replaceChildren(...ordered.map((row) => el("tr", {}, ...row.cells.map((cell) => el("td", {}, cell)))));
  heads.forEach((head, column) => head.firstChild.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") !== "descending";
    heads.forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    fill([...rows].sort((a, b) => (down ? -1 : 1) * compareKeys(a.keys[column], b.keys[column])));
  }));
  fill(rows);
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", {}, el("caption", { class: "unseen" }, caption), el("thead", {}, el("tr", {}, ...heads)), body));
}

const compareKeys = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
