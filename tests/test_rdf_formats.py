"""The syntaxes of RDF: each is opened by its real readers, to the same triples."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.export import EXPORTERS
from kg.export.xml import NOT_XML
from kg.model import Graph
from kg.rdf import triples
from kg.rdf.names import address, date, decimal, path_of
from kg.schema import DEFAULT_BASE, NAMESPACE
from kg.store import Store
from tests.sample import sample

# rdflib's own parsers use what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
OXIGRAPH = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
RDFLIB = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "trig": "trig", "rdfxml": "xml"}
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)


def written(graph: Graph, name: str, **options: object) -> bytes:
    stream = io.BytesIO()
    EXPORTERS[name].load()(graph, stream, **options)
    return stream.getvalue()


def by_oxigraph(data: bytes, name: str) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(data, format=OXIGRAPH[name])}


def by_rdflib(data: bytes, name: str) -> set[str]:
    """The triples as rdflib reads them, said over by Oxigraph so that they compare as text."""
    graph = rdflib.Dataset() if name == "trig" else rdflib.Graph()
    graph.parse(data=data, format=RDFLIB[name])
    quads = graph.quads() if isinstance(graph, rdflib.Dataset) else graph
    lines = " .\n".join(" ".join(term.n3() for term in quad[:3]) for quad in quads)
    return by_oxigraph(f"{lines} .".encode(), "ttl")


@pytest.mark.parametrize("name", OXIGRAPH)
def test_oxigraph_reads_the_triples_of_the_graph(name: str) -> None:
    """Every syntax holds exactly the triples that the graph is."""
    expected = {str(triple) for triple in triples(sample())}
    assert by_oxigraph(written(sample(), name), name) == expected


@pytest.mark.parametrize("name", RDFLIB)
def test_rdflib_reads_the_same(name: str) -> None:
    """rdflib reads every syntax to the same triples as Oxigraph."""
    data = written(sample(), name)
    assert by_rdflib(data, name) == by_oxigraph(data, name)


def test_rdflib_graph_is_the_same_graph() -> None:
    """`kg.to_rdflib` gives what rdflib reads from the Turtle."""
    from rdflib.compare import isomorphic

    import kg

    read = rdflib.Graph().parse(data=written(sample(), "ttl"), format="turtle")
    assert isomorphic(kg.to_rdflib(sample()), read)


def test_example_pages_are_read_alike(built: Path) -> None:
    """The Turtle of the example pages is the same to rdflib and Oxigraph."""
    with Store.open(built) as graph:
        data = written(graph, "ttl")
    assert by_rdflib(data, "ttl") == by_oxigraph(data, "ttl")


@pytest.mark.parametrize("base", ["https://example.org/a/", "https://example.org/a#", "urn:x/"])
@pytest.mark.parametrize("name", OXIGRAPH)
def test_base_is_the_users_choice(name: str, base: str) -> None:
    """Nodes are under the base that was asked for, in every syntax, and nothing else changes."""
    found = by_oxigraph(written(sample(), name, base=base), name)
    expected = {str(t).replace(DEFAULT_BASE, base) for t in triples(sample())}
    assert found == expected


@pytest.mark.parametrize(
    "base", ["", "x", "no scheme/", "https://a b/", "https://a.org", "https://a.org/<x>/"]
)
def test_bad_base_is_refused(base: str) -> None:
    """A base that no IRI can be made under is the caller's fault, said in one line."""
    with pytest.raises(KgError, match="--base") as caught:
        list(triples(sample(), base=base))
    assert caught.value.code == 2


def test_no_evidence_leaves_the_bare_graph() -> None:
    """Without evidence there are no annotations, spans or reified statements; the edges stay."""
    bare = {str(triple) for triple in triples(sample(), evidence=False)}
    full = {str(triple) for triple in triples(sample())}
    assert bare < full
    assert not any("oa#" in row or "#Statement" in row for row in bare)
    assert sum("ns#introduces>" in row for row in bare) == 2


@pytest.mark.parametrize("name", ["ttl", "trig", "rdfxml"])
def test_bytes_do_not_depend_on_the_run(name: str) -> None:
    """Two exports are byte-identical, the prefixes included."""
    assert len({written(sample(), name) for _ in range(8)}) == 1


def test_no_blank_nodes() -> None:
    """Every resource has an IRI that follows from the graph."""
    rows = list(triples(sample()))
    assert not any(isinstance(term, ox.BlankNode) for row in rows for term in row)


def test_terms_of_our_namespace_are_defined() -> None:
    """Whatever term of ours an export uses, the ontology defines."""
    used = set(re.findall(rf"<{re.escape(NAMESPACE)}(\w+)>", " ".join(map(str, triples(sample())))))
    assert used <= _defined()


def test_terms_of_the_example_pages_are_defined(built: Path) -> None:
    """So it is for the example pages, which use more of the terms."""
    with Store.open(built) as graph:
        text = " ".join(map(str, triples(graph)))
    used = set(re.findall(rf"<{re.escape(NAMESPACE)}(\w+)>", text))
    assert len(used) > 20
    assert used <= _defined()


def _defined() -> set[str]:
    graph = rdflib.Graph().parse(Path(__file__).parent.parent / "schemas" / "ontology.ttl")
    kinds = (rdflib.OWL.Class, rdflib.OWL.ObjectProperty, rdflib.OWL.DatatypeProperty)
    found = {str(s) for kind in kinds for s in graph.subjects(rdflib.RDF.type, kind)}
    return {iri.removeprefix(NAMESPACE) for iri in found if iri.startswith(NAMESPACE)}


def test_quotes_are_where_the_positions_say(built: Path) -> None:
    """Plain SPARQL cuts every quote out of its paper's text by its position."""
    from kg.query import ask

    query = """SELECT ?quote ?cut ?sentence ?text {
        ?span oa:hasSource ?source ; oa:hasSelector ?place , ?words .
        ?place oa:start ?start ; oa:end ?end .
        ?words oa:prefix ?before ; oa:exact ?quote ; oa:suffix ?after .
        ?source dcterms:isPartOf ?paper ; kg:textProperty ?property .
        ?paper ?property ?text
        BIND(SUBSTR(?text, ?start + 1, ?end - ?start) AS ?cut)
        BIND(CONCAT(?before, ?quote, ?after) AS ?sentence) }"""
    with Store.open(built) as graph:
        rows = [[term.value for term in row] for row in ask(graph, query)]
    assert len(rows) > 200
    assert [row for row in rows if row[0] != row[1] or row[2] not in row[3]] == []


def test_every_span_is_described(built: Path) -> None:
    """A statement rests on no span that is not described, also where it borrows its evidence."""
    from kg.query import ask

    query = """SELECT ?statement { ?statement a rdf:Statement ; prov:wasDerivedFrom ?span
               FILTER NOT EXISTS { ?span a oa:SpecificResource } }"""
    with Store.open(built) as graph:
        assert list(ask(graph, query)) == []


NASTY = [
    "quotes \" and '",
    "new\nlines\r\nand\ttabs",
    "back\\slash \\u0041 \\",
    "emoji 🤗 👩‍🔬",
    "right\u200fto\u202eleft",
    "nul \x00 bell \x07 del \x7f",
    "\ufffe\uffff not characters",
    "]]> <script>&amp;</script>",
    "\u2028 and \u2029",
    "",
]


@pytest.mark.parametrize("title", NASTY)
@pytest.mark.parametrize("name", OXIGRAPH)
def test_hard_text_round_trips(name: str, title: str) -> None:
    """Text comes back as it was, or is refused where XML has no way to write it."""
    _round_trips(name, title)


@pytest.mark.parametrize("name", OXIGRAPH)
@given(title=ANY_TEXT)
@settings(deadline=None, max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
def test_any_text_round_trips(name: str, title: str) -> None:
    """Any Unicode comes back as it was, or is refused with a clear line."""
    _round_trips(name, title)


def _round_trips(name: str, title: str) -> None:
    halves = any("\ud800" <= c <= "\udfff" for c in title)
    if halves or (name == "rdfxml" and NOT_XML.search(title)):
        with pytest.raises(KgError, match="mend the source"):
            written(sample(title), name)
        return
    data = written(sample(title), name)
    found = {q.object.value for q in ox.parse(data, format=OXIGRAPH[name])
             if q.predicate.value.endswith("terms/title")}  # fmt: skip
    assert found == {title, "RoBERTa"}


@given(id_=st.text(max_size=20))
@settings(deadline=None, derandomize=True)
def test_any_id_makes_an_iri(id_: str) -> None:
    """Any id becomes an IRI that engines take, different ids different ones."""
    path = path_of(id_)
    assert re.fullmatch(r"[A-Za-z0-9/:@!$'*+,;=._~%-]*", path)
    ox.NamedNode(DEFAULT_BASE + path)
    rdflib.URIRef(DEFAULT_BASE + path).n3()
    assert path_of(id_ + " ") != path


def test_iris_are_readable() -> None:
    """Ids that are plain already stay as they are."""
    assert path_of("paper/1810.04805") == "paper/1810.04805"
    assert path_of("paper/10.1000/a(b) c?d#e%20") == "paper/10.1000/a%28b%29%20c%3Fd%23e%2520"
    assert path_of("paper/../x/.") == "paper/%2E%2E/x/%2E"


def test_addresses() -> None:
    """An address becomes an IRI with its stray characters escaped, or none at all."""
    assert (
        address("https://a.org/x y?q=1%20&z=%zz#é") == "<https://a.org/x%20y?q=1%20&z=%25zz#%C3%A9>"
    )
    assert address("javascript:alert(1)") is None
    assert address("no scheme") is None
    assert address("https://a.org/\ud800") is None


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("2023-12-14", "date"), ("2023-12", "gYearMonth"), ("2023", "gYear"), ("--12-14", "gMonthDay")],
)  # fmt: skip
def test_dates_are_as_precise_as_they_are_known(text: str, datatype: str) -> None:
    """A date has the datatype of its precision; what is no date stays text."""
    assert date(text) == f'"{text}"^^<http://www.w3.org/2001/XMLSchema#{datatype}>'
    assert date("2023-13") == '"2023-13"'


@pytest.mark.parametrize(
    ("text", "value"),
    [("84.2", "84.2"), ("1,000", "1000"), ("-0.50", "-0.50"), ("1e-3", "0.001"), ("nan", None), ("x", None), ("1e999", None)],
)  # fmt: skip
def test_numbers_are_decimals(text: str, value: str | None) -> None:
    """A number is an xsd:decimal without an exponent; what is none is left out."""
    expected = value and f'"{value}"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    assert decimal(text) == expected


def test_jsonld_is_plain_json_to_people() -> None:
    """Own terms are bare words, and what the context types needs no value object."""
    data = json.loads(written(sample(), "jsonld"))
    nodes = {node["@id"]: node for node in data["@graph"]}
    assert nodes["method/bert"]["skos:prefLabel"] == "BERT"
    assert nodes["paper/1810.04805"]["introduces"] == "method/bert"
    assert nodes["result/1810.04805/1"]["mls:hasValue"] == "80.5"
    assert "Paper" in nodes["paper/roberta"]["@type"]


N3_SCRIPT = """
const { Parser, Writer } = require('n3');
const text = require('fs').readFileSync(0, 'utf8');
const writer = new Writer({ format: 'N-Triples' });
writer.addQuads(new Parser({ format: process.argv[1] }).parse(text));
writer.end((error, result) => process.stdout.write(result));
"""


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with N3.js from npm."""
    if not shutil.which("npm"):
        pytest.skip("npm is not on this machine")
    folder = tmp_path_factory.mktemp("n3")
    command = [
        "npm",
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(folder),
        "n3",
    ]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("npm cannot reach its registry")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ttl", "nt", "trig"])
def test_n3js_reads_the_same(name: str, built: Path, node_modules: Path) -> None:
    """N3.js reads the export of the example pages to the same triples as Oxigraph."""
    with Store.open(built) as graph:
        data = written(graph, name)
    done = subprocess.run(
        ["node", "-e", N3_SCRIPT, {"ttl": "Turtle", "nt": "N-Triples", "trig": "TriG"}[name]],
        input=data, capture_output=True, check=True, cwd=node_modules,
    )  # fmt: skip
    rows = ox.parse(done.stdout, format=ox.RdfFormat.N_QUADS)
    assert {str(quad.triple) for quad in rows} == by_oxigraph(data, name)
