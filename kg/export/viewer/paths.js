// Owns what two things have to do with each other: shortest paths, and what both lead to.

const MOST_PATHS = 12;
const LONGEST = 6;

// All shortest paths between two nodes over the links that pass, as {nodes, edges}; the ones by
// little-linked things first, since a path through a hub says least.
function shortestPaths(from, to) {
  const before = stepsTo(from, to);
  const paths = [];
  if (before) walkBack(before, from, to, { nodes: [to], edges: [] }, paths);
  const weight = (path) => path.nodes.reduce((sum, node) => sum + degreeOf(node), 0);
  paths.sort((a, b) => weight(a) - weight(b) || a.nodes.join().localeCompare(b.nodes.join()));
  return { paths: paths.slice(0, MOST_PATHS), more: paths.length > MOST_PATHS };
}

// For each node reached, the edges by which it was reached soonest; null where `to` never is.
function stepsTo(from, to) {
  const distance = new Map([[from, 0]]);
  const before = new Map();
  let front = [from];
  for (let step = 1; front.length && step <= LONGEST && !distance.has(to); step++) {
    const next = [];
    for (const node of front) {
      for (const edge of linksOf(node)) {
        const other = otherEnd(edge, node);
        if (!passes.edge[edge]) continue;
        if (!distance.has(other)) { distance.set(other, step); before.set(other, []); next.push(other); }
        if (distance.get(other) === step) before.get(other).push(edge);
      }
    }
    front = next;
  }
  return distance.has(to) ? before : null;
}

function walkBack(before, from, node, path, paths) {
  if (paths.length > 400) return;
  if (node === from) {
    paths.push({ nodes: [...path.nodes].reverse(), edges: [...path.edges].reverse() });
    return;
  }
  const seen = new Set();
  for (const edge of before.get(node)) {
    const other = otherEnd(edge, node);
    if (seen.has(other)) continue;
    seen.add(other);
    walkBack(before, from, other, { nodes: [...path.nodes, other], edges: [...path.edges, edge] }, paths);
  }
}

// Papers that say anything of a node (itself, for a paper).
function papersOf(node) {
  if (isPaper(node)) return new Set([node]);
  const papers = new Set();
  for (const edge of linksOf(node)) {
    const paper = G.edgePaper[edge];
    if (passes.edge[edge] && paper >= 0) papers.add(paper);
  }
  return papers;
}

// Things of a type that the papers of a node are linked to, with those papers: node -> [papers].
function thingsBeside(node, type, relations) {
  const wanted = new Set(relations.map((name) => G.relationIndex.get(name)));
  const things = new Map();
  for (const paper of papersOf(node)) {
    const seen = new Set();
    for (const edge of linksOf(paper)) {
      const thing = otherEnd(edge, paper);
      if (!passes.edge[edge] || !wanted.has(G.edges.relation[edge]) || !isType(thing, type) || thing === node || seen.has(thing)) continue;
      seen.add(thing);
      things.set(thing, [...(things.get(thing) || []), paper]);
    }
  }
  return things;
}

// Both sides of a comparison: [thing, papers of the first, papers of the second], shared first.
function compare(first, second, type, relations) {
  const left = thingsBeside(first, type, relations);
  const right = thingsBeside(second, type, relations);
  const rows = [...new Set([...left.keys(), ...right.keys()])].map((thing) => [thing, left.get(thing) || [], right.get(thing) || []]);
  const both = (row) => Math.min(row[1].length, row[2].length);
  return rows.sort((a, b) => both(b) - both(a) || b[1].length + b[2].length - a[1].length - a[2].length || a[0] - b[0]);
}

const directLinks = (first, second) => [...linksOf(first)].filter((edge) => passes.edge[edge] && otherEnd(edge, first) === second);
