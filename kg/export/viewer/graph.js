// Owns the graph in memory: columns as they come, the links of each node, and the texts.

const G = {};
const byId = (id) => document.getElementById(id);
const readBlock = (id) => JSON.parse(byId(id).textContent);

function loadGraph() {
  Object.assign(G, readBlock("data-graph"));
  G.count = G.nodes.id.length;
  G.edgeCount = G.edges.subject.length;
  G.typeIndex = new Map(G.types.map((row, index) => [row.name, index]));
  G.relationIndex = new Map(G.relations.map((row, index) => [row.name, index]));
  G.ids = G.nodes.id.map((id, i) => (id[0] === "/" ? id.slice(1) : `${G.types[G.nodes.type[i]].segment}/${id}`));
  G.number = new Map(G.ids.map((id, i) => [id, i]));
  G.paper = new Int32Array(G.count).fill(-1);
  G.papers.node.forEach((node, paper) => { G.paper[node] = paper; });
  G.year = G.papers.published.map((date) => (date && /^\d{4}/.test(date) ? Number(date.slice(0, 4)) : 0));
  G.firstEvidence = startsOf(G.edges.evidence);
  linkNodes();
  markCode();
}

function startsOf(counts) {
  const starts = new Int32Array(counts.length + 1);
  counts.forEach((count, i) => { starts[i + 1] = starts[i] + count; });
  return starts;
}

// The links of node i are linked[linkStart[i]] … linked[linkStart[i + 1] - 1]: numbers of edges.
function linkNodes() {
  const { subject, object } = G.edges;
  const counts = new Int32Array(G.count);
  for (let e = 0; e < G.edgeCount; e++) { counts[subject[e]]++; counts[object[e]]++; }
  G.linkStart = startsOf(counts);
  G.linked = new Int32Array(2 * G.edgeCount);
  const next = G.linkStart.slice();
  for (let e = 0; e < G.edgeCount; e++) {
    G.linked[next[subject[e]]++] = e;
    G.linked[next[object[e]]++] = e;
  }
}

function markCode() {
  const relations = ["hasCode", "hasOfficialCode"].map((name) => G.relationIndex.get(name));
  G.hasCode = new Uint8Array(G.count);
  for (let e = 0; e < G.edgeCount; e++) {
    if (relations.includes(G.edges.relation[e])) G.hasCode[G.edges.subject[e]] = 1;
  }
}

const linksOf = (node) => G.linked.subarray(G.linkStart[node], G.linkStart[node + 1]);
const otherEnd = (edge, node) => (G.edges.subject[edge] === node ? G.edges.object[edge] : G.edges.subject[edge]);
const typeOf = (node) => G.types[G.nodes.type[node]];
const isType = (node, name) => typeOf(node).name === name;
const isPaper = (node) => G.paper[node] >= 0;
const nameOf = (node) => G.nodes.name[node];
const relationOf = (edge) => G.relations[G.edges.relation[edge]];
const yearOf = (node) => (isPaper(node) ? G.year[G.paper[node]] : 0);
const aliasesOf = (node) => G.entities.aliases[node] || [];
const propertiesOf = (node) => G.entities.properties[node] || {};
const degreeOf = (node) => G.linkStart[node + 1] - G.linkStart[node];

// What a node is called in a sentence of the page: a result by its value and metric.
function titleOf(node) {
  if (!isType(node, "Result")) return nameOf(node);
  const { value } = propertiesOf(node);
  const metric = targets(node, "inMetric")[0];
  return metric === undefined ? value || nameOf(node) : `${nameOf(metric)} ${value || nameOf(node)}`;
}

// The nodes that `node` points to by a relation, in order of rank.
function targets(node, relation) {
  const wanted = G.relationIndex.get(relation);
  const found = [];
  for (const e of linksOf(node)) {
    if (G.edges.relation[e] === wanted && G.edges.subject[e] === node) found.push(G.edges.object[e]);
  }
  return found.sort((a, b) => a - b);
}

// The nodes that point to `node` by a relation, in order of rank.
function origins(node, relation) {
  const wanted = G.relationIndex.get(relation);
  const found = [];
  for (const e of linksOf(node)) {
    if (G.edges.relation[e] === wanted && G.edges.object[e] === node) found.push(G.edges.subject[e]);
  }
  return found.sort((a, b) => a - b);
}

function abstracts() {
  if (!G.texts) G.texts = readBlock("data-texts");
  return G.texts;
}

function textAt(number) {
  const titles = 2 * G.papers.node.length;
  if (number >= titles) return abstracts().loose[number - titles];
  const paper = number >> 1;
  return number & 1 ? abstracts().abstracts[paper] : nameOf(G.papers.node[paper]);
}

// The spans of an edge: the sentence, where in it the span stands, and the paper's node (or -1).
function evidenceOf(edge) {
  const spans = [];
  for (let row = G.firstEvidence[edge]; row < G.firstEvidence[edge + 1]; row++) spans.push(spanAt(row));
  return spans;
}

function spanAt(row) {
  const sentence = G.evidence.sentence[row];
  const start = G.sentences.start[sentence];
  const text = G.sentences.text[sentence];
  return {
    sentence: textAt(text).slice(start, start + G.sentences.length[sentence]),
    start: G.evidence.start[row],
    end: G.evidence.start[row] + G.evidence.length[row],
    paper: text < 2 * G.papers.node.length ? G.papers.node[text >> 1] : -1,
    inTitle: text < 2 * G.papers.node.length && !(text & 1),
    textStart: start + G.evidence.start[row],
  };
}

// The paper that an edge is said by: its subject, or the paper of its first span (-1: none).
function paperOfEdge(edge) {
  const subject = G.edges.subject[edge];
  if (isPaper(subject)) return subject;
  const row = G.firstEvidence[edge];
  if (row === G.firstEvidence[edge + 1]) return isPaper(G.edges.object[edge]) ? G.edges.object[edge] : -1;
  const text = G.sentences.text[G.evidence.sentence[row]];
  return text < 2 * G.papers.node.length ? G.papers.node[text >> 1] : -1;
}

// Only addresses of the web become links: no javascript:, data: or file:.
function webAddress(text) {
  let url;
  try { url = new URL(text); } catch { return null; }
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}
