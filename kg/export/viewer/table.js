// Owns the table view: everything that passes the filters, as rows that a screen reader reads.

const ROWS = 100;
const TABLE_COLUMNS = ["Name", "Type", "Year", "Papers", "Links", "Code", "Also called"];
let tableRows = [];
let tableSort = { column: -1, down: false };

function showTable() {
  const box = byId("table");
  box.hidden = !state.table;
  byId("show-table").setAttribute("aria-pressed", String(state.table));
  if (!state.table) { box.replaceChildren(); return; }
  tableRows = [];
  for (let node = 0; node < G.count; node++) if (passes.node[node]) tableRows.push(node);
  sortTable();
  drawTable(ROWS);
}

function sortTable() {
  const { column, down } = tableSort;
  if (column < 0) return;
  const keys = new Map(tableRows.map((node) => [node, tableKeys(node)[column]]));
  tableRows.sort((a, b) => (down ? -1 : 1) * compareKeys(keys.get(a), keys.get(b)) || a - b);
}

function tableKeys(node) {
  return [fold(titleOf(node)), typeOf(node).name, yearOf(node), isPaper(node) ? 1 : papersOf(node).size, degreeOf(node), G.hasCode[node], aliasesOf(node).length];
}

function drawTable(most) {
  const body = el("tbody", {}, ...tableRows.slice(0, most).map(tableRow));
  const table = el("table", {}, el("caption", {}, `${plural(tableRows.length, "thing")} pass the filters, the most linked first; choose a name for its details.`), el("thead", {}, el("tr", {}, ...TABLE_COLUMNS.map(tableHead))), body);
  const more = tableRows.length > most ? action(`Show ${Math.min(ROWS * 5, tableRows.length - most)} more`, () => drawTable(most + ROWS * 5)) : null;
  byId("table").replaceChildren(...[table, more].filter(Boolean));
}

function tableHead(name, column) {
  const button = action(name, () => {
    tableSort = { column, down: tableSort.column === column ? !tableSort.down : column > 1 };
    sortTable();
    drawTable(ROWS);
    byId("table").querySelectorAll("th button")[column].focus();
  });
  const sorted = tableSort.column === column ? (tableSort.down ? "descending" : "ascending") : "none";
  return el("th", { scope: "col", "aria-sort": sorted }, button);
}

function tableRow(node) {
  const papers = isPaper(node) ? "" : String(papersOf(node).size);
  const cells = [typeOf(node).name, yearOf(node) || "", papers, String(degreeOf(node)), G.hasCode[node] ? "yes" : "", shorten(aliasesOf(node).join(" · "), 90)];
  return el("tr", {}, el("th", { scope: "row" }, nodeButton(node)), ...cells.map((text) => el("td", {}, String(text))));
}
