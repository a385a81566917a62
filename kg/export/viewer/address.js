// Owns the state of the page and its place in the address: the view is a function of the fragment.

const NO_FILTERS = Object.freeze({ types: null, relations: null, from: 0, to: 0, confidence: 0, code: false });
const START = Object.freeze({ node: -1, second: -1, focus: false, table: false, filters: NO_FILTERS, camera: null });
let state = START;

const listOf = (set) => [...set].sort().join(".");
const setOf = (text) => new Set(text.split(".").filter(Boolean));

function toFragment(value, withCamera) {
  const parts = new URLSearchParams();
  const { filters } = value;
  if (value.node >= 0) parts.set("node", G.ids[value.node]);
  if (value.second >= 0) parts.set("with", G.ids[value.second]);
  if (value.focus) parts.set("focus", "1");
  if (value.table) parts.set("table", "1");
  if (filters.types) parts.set("types", listOf(filters.types));
  if (filters.relations) parts.set("roles", listOf(filters.relations));
  if (filters.from) parts.set("from", filters.from);
  if (filters.to) parts.set("to", filters.to);
  if (filters.confidence) parts.set("confidence", filters.confidence);
  if (filters.code) parts.set("code", "1");
  if (withCamera && value.camera) parts.set("at", value.camera.map((x) => Number(x.toPrecision(5))).join("_"));
  return parts.toString().replaceAll("%2F", "/");
}

// Whatever stands in the fragment gives a valid state: what is not understood is left out.
function fromFragment(text) {
  const parts = new URLSearchParams(text.replace(/^#/, ""));
  const node = G.number.get(parts.get("node")) ?? -1;
  const second = node < 0 ? -1 : G.number.get(parts.get("with")) ?? -1;
  return {
    node,
    second: second === node ? -1 : second,
    focus: parts.has("focus") && node >= 0,
    table: parts.has("table"),
    filters: filtersFrom(parts),
    camera: cameraFrom(parts.get("at")),
  };
}

function filtersFrom(parts) {
  const number = (key, low, high) => {
    const value = Number(parts.get(key));
    return value >= low && value <= high ? value : 0;
  };
  return {
    types: parts.has("types") ? setOf(parts.get("types")) : null,
    relations: parts.has("roles") ? setOf(parts.get("roles")) : null,
    from: number("from", 1, 9999),
    to: number("to", 1, 9999),
    confidence: number("confidence", 0, 100),
    code: parts.has("code"),
  };
}

function cameraFrom(text) {
  const numbers = (text || "").split("_").map(Number);
  return numbers.length === 3 && numbers.every(Number.isFinite) && numbers[2] > 0 ? numbers : null;
}

// Go to a changed state as a step in the browser's history; the fragment's change draws it.
function go(change) {
  const next = { ...state, camera: null, ...change };
  const fragment = toFragment(next, Boolean(next.camera));
  if (fragment === location.hash.slice(1)) {
    showState(next);
    return;
  }
  location.hash = fragment;
  showState(fromFragment(fragment)); // at once: a second press builds on what the first has changed
}

// The address was changed by the browser's own buttons, or by hand; our own changes are shown already.
function addressChanged() {
  if (location.hash.slice(1) !== toFragment(state, Boolean(state.camera))) showState(fromFragment(location.hash));
}

const goFilter = (change) => go({ filters: { ...state.filters, ...change } });

// Note where the camera stands without making a step of it.
function noteCamera(camera) {
  state = { ...state, camera };
  history.replaceState(null, "", `#${toFragment(state, true)}`);
}
