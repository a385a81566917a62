// Owns the search box: names and aliases, best match first, all by keyboard.

const MOST_FOUND = 12;
let found = [];
let foundAt = -1;

const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

function buildIndex() {
  G.folded = G.nodes.name.map(fold);
  G.foldedAliases = new Map(Object.entries(G.entities.aliases).map(([node, names]) => [Number(node), names.map(fold)]));
}

// 0 for the very name, more for what begins, has a word that begins, or contains it; -1 for none.
function closeness(text, query) {
  const at = text.indexOf(query);
  if (at < 0) return -1;
  if (text === query) return 0;
  if (at === 0) return 1;
  return /[\p{L}\p{N}]/u.test(text[at - 1]) ? 3 : 2;
}

function match(node, query) {
  const own = closeness(G.folded[node], query);
  let best = own < 0 ? null : { node, closeness: own, alias: null };
  const aliases = G.foldedAliases.get(node) || [];
  aliases.forEach((alias, k) => {
    const score = closeness(alias, query);
    if (score >= 0 && (!best || score + 0.5 < best.closeness)) best = { node, closeness: score + 0.5, alias: aliasesOf(node)[k] };
  });
  return best;
}

// All that match, nearest first and then by rank; nothing does with an empty query.
function search(text) {
  const query = fold(text.trim());
  if (!query) return [];
  if (!G.folded) buildIndex();
  const matches = [];
  for (let node = 0; node < G.count; node++) {
    if (isType(node, "Result")) continue;
    const one = match(node, query);
    if (one) matches.push(one);
  }
  return matches.sort((a, b) => a.closeness - b.closeness || a.node - b.node);
}

function showFound() {
  const all = search(byId("find").value);
  found = all.slice(0, MOST_FOUND);
  foundAt = found.length ? 0 : -1;
  const list = byId("found");
  list.replaceChildren(...found.map(foundRow));
  if (byId("find").value.trim() && !found.length) list.append(el("li", { class: "none", role: "option", "aria-disabled": "true" }, "Nothing of that name"));
  openFound(Boolean(byId("find").value.trim()));
  markFound();
  say(byId("find").value.trim() ? `${plural(all.length, "match", "matches")}` : "");
}

function foundRow({ node, alias }, k) {
  const year = yearOf(node);
  const side = year ? String(year) : isPaper(node) ? "" : plural(degreeOf(node), "link");
  const row = el("li", { role: "option", id: `found-${k}`, "aria-selected": "false" },
    shapeIcon(typeOf(node)), el("span", { class: "name" }, nameOf(node), alias ? el("small", {}, ` also “${alias}”`) : null),
    el("span", { class: "side" }, [typeOf(node).name, side].filter(Boolean).join(" · ")));
  row.addEventListener("mousedown", (event) => { event.preventDefault(); choose(node, event.shiftKey); });
  return row;
}

function openFound(open) {
  byId("found").hidden = !open;
  byId("find").setAttribute("aria-expanded", String(open));
}

function markFound() {
  [...byId("found").children].forEach((row, k) => row.setAttribute("aria-selected", String(k === foundAt)));
  const row = byId(`found-${foundAt}`);
  if (row) row.scrollIntoView({ block: "nearest" });
  byId("find").setAttribute("aria-activedescendant", row ? row.id : "");
}

let choosingSecond = false;

// Open what was found, or, where a second thing was asked for, set it beside the first.
function choose(node, asSecond) {
  openFound(false);
  byId("find").value = "";
  const second = (asSecond || choosingSecond) && state.node >= 0 && state.node !== node;
  endChoosing();
  goToPanel(second ? { second: node, focus: false } : { node, second: -1, focus: false });
}

function chooseSecond() {
  choosingSecond = true;
  byId("find").placeholder = `Compare ${shorten(nameOf(state.node), 24)} with …`;
  byId("find").focus();
}

function endChoosing() {
  choosingSecond = false;
  byId("find").placeholder = "Find a method, dataset, task, paper …";
}

function wireSearch() {
  const input = byId("find");
  input.addEventListener("input", showFound);
  input.addEventListener("focus", () => { if (input.value.trim()) showFound(); });
  input.addEventListener("blur", () => { openFound(false); endChoosing(); });
  input.addEventListener("keydown", searchKey);
}

function searchKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    foundAt = (foundAt + step + found.length) % found.length;
    markFound();
  } else if (event.key === "Enter" && found[foundAt]) choose(found[foundAt].node, event.shiftKey);
  else if (event.key === "Escape" && !byId("found").hidden) openFound(false);
  else if (event.key === "Escape") byId("graph").focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
