"""The published contract: generated, consistent, and kept by what is exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS

from kg.errors import KgError
from kg.export import EXPORTERS
from kg.files import atomic_write
from kg.model import Graph
from kg.ontology import documents, ontology, shapes
from kg.records import extract_line
from kg.schema import DETAILS, NAMESPACE, NODE_TYPES, RELATIONS
from kg.store import Store
from kg.validate import validate
from tests.conftest import Run
from tests.sample import sample

SCHEMAS = Path(__file__).parent.parent / "schemas"
# rdflib's own parsers and pySHACL use classes that rdflib deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl"
)


def test_schemas_are_generated() -> None:
    """`schemas/` holds exactly what the tables give; write it anew: python -m kg.ontology schemas."""
    held = {str(p.relative_to(SCHEMAS)): p.read_text() for p in SCHEMAS.rglob("*") if p.is_file()}
    held.pop("README.md", None)
    assert held == documents()


def test_every_term_is_described() -> None:
    """Each class and property has a type, a label, a comment and says where it is defined."""
    graph = rdflib.Graph().parse(data=ontology(), format="turtle")
    for name in (*NODE_TYPES, *RELATIONS, *DETAILS, "Text"):
        term = rdflib.URIRef(NAMESPACE + name)
        for way in (RDF.type, RDFS.label, RDFS.comment, RDFS.isDefinedBy):
            assert graph.value(term, way) is not None, (name, way)
    for name in (*RELATIONS, *DETAILS):
        assert graph.value(rdflib.URIRef(NAMESPACE + name), RDFS.domain) is not None, name
    assert len(list(graph.subject_objects(OWL.versionIRI))) == 1


@pytest.mark.slow
def test_a_reasoner_finds_no_contradiction() -> None:
    """OWL 2 RL over ontology and data finds nothing that cannot be, and that it can find such."""
    import owlrl

    def errors(extra: str) -> list[str]:
        graph = rdflib.Graph().parse(data=ontology(), format="turtle")
        graph.parse(data=export(sample(), "ttl"), format="turtle")
        graph.parse(data=f"@prefix kg: <{NAMESPACE}> . {extra}", format="turtle")
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
        wrong = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
        return [str(text) for text in graph.objects(None, wrong)]

    assert errors("") == []
    assert errors("<x:y> a kg:Paper , kg:Method .") != []


def test_introduced_by_implies_introduces() -> None:
    """The inverse is said in one direction only: not every claim is the introduction."""
    graph = rdflib.Graph().parse(data=ontology(), format="turtle")
    ours = rdflib.URIRef(NAMESPACE + "introducedBy")
    inverses = [
        graph.value(parent, OWL.inverseOf) for parent in graph.objects(ours, RDFS.subPropertyOf)
    ]
    assert rdflib.URIRef(NAMESPACE + "introduces") in inverses


def export(graph: Graph, name: str, **options: object) -> bytes:
    import io

    stream = io.BytesIO()
    EXPORTERS[name].load()(graph, stream, **options)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "trig", "rdfxml"])
def test_exports_conform(name: str, tmp_path: Path) -> None:
    """What is exported conforms to the shapes, in every syntax."""
    path = tmp_path / f"graph.{EXPORTERS[name].suffix}"
    path.write_bytes(export(sample(), name))
    found = validate(path)
    assert found.faults == ()
    assert found.triples > 300


def test_the_bare_graph_conforms(tmp_path: Path) -> None:
    """So does a graph without evidence."""
    path = tmp_path / "graph.ttl"
    path.write_bytes(export(sample(), "ttl", evidence=False))
    assert validate(path).faults == ()


def test_example_pages_conform(built: Path, tmp_path: Path) -> None:
    """The graph of the example pages conforms."""
    path = tmp_path / "graph.nt"
    with Store.open(built) as graph:
        path.write_bytes(export(graph, "nt"))
    found = validate(path)
    assert found.faults == ()
    assert found.triples > 10_000


BREAKS = {
    "a title twice": ('title "RoBERTa"', 'title "A", "RoBERTa"', "title"),
    "a confidence above one": ("kg:confidence 0.97", "kg:confidence 1.97", "confidence"),
    "an origin that is none": ('kg:origin "derived"', 'kg:origin "invented"', "origin"),
    "an edge to the wrong type": (
        "kg:evaluatesOn dataset:glue",
        "kg:evaluatesOn method:bert",
        "evaluatesOn",
    ),
    "a number that is text": ("mls:hasValue 80.5", 'mls:hasValue "80.5"', "hasValue"),
    "a span without a quote": ('oa:exact "ELMo" ;', "", "exact"),
    "a thing without a name": ('skos:prefLabel "ELMo" ;', "", "prefLabel"),
    "a count below zero": (
        '"4"^^xsd:nonNegativeInteger',
        '"-4"^^xsd:nonNegativeInteger',
        "authorCount",
    ),
}


@pytest.mark.parametrize("case", BREAKS)
def test_shapes_see_what_is_wrong(case: str, tmp_path: Path) -> None:
    """Each kind of damage is found, and named by its property."""
    old, new, way = BREAKS[case]
    text = export(sample(), "ttl").decode()
    assert old in text
    path = tmp_path / "graph.ttl"
    path.write_text(text.replace(old, new, 1))
    assert [fault.path.rpartition(":")[2] for fault in validate(path).faults] == [way]


def test_validate_reports_for_people(tmp_path: Path, run: Run) -> None:
    """`kg validate` says what is wrong, how often and where, and exits with 1."""
    text = export(sample(), "ttl").decode()
    (tmp_path / "good.ttl").write_text(text)
    (tmp_path / "bad.ttl").write_text(text.replace('skos:prefLabel "ELMo" ;', ""))
    good, bad = run("validate", "good.ttl"), run("validate", "bad.ttl")
    assert (good.returncode, bad.returncode) == (0, 1)
    assert "conform to the shapes" in good.stdout
    assert "1 × skos:prefLabel" in bad.stdout
    assert "method/elmo" in bad.stdout


@pytest.mark.parametrize(
    ("name", "text"), [("x.ttl", "<a> <b"), ("x.txt", ""), ("missing.nt", None)]
)
def test_validate_refuses_what_is_no_rdf(name: str, text: str | None, tmp_path: Path) -> None:
    """A file that is none, or no RDF, is one clear line."""
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(KgError, match=name) as caught:
        validate(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_shapes_are_shapes() -> None:
    """The shapes themselves conform to SHACL's own."""
    import pyshacl

    rules = rdflib.Graph().parse(data=shapes(), format="turtle")
    ok, _, report = pyshacl.validate(rdflib.Graph(), shacl_graph=rules, meta_shacl=True)
    assert ok, report


def test_context_is_what_exports_carry() -> None:
    """The published context is the one inside of every JSON-LD export."""
    published = json.loads((SCHEMAS / "context.jsonld").read_text())
    assert json.loads(export(sample(), "jsonld"))["@context"] == published["@context"]


def test_extract_lines_are_as_the_schema_says(built: Path) -> None:
    """Each line of `kg extract` has exactly the properties that the JSON Schema names."""
    from kg.pipeline import extract

    schema = json.loads((SCHEMAS / "extract.schema.json").read_text())
    mention = schema["properties"]["mentions"]["items"]["properties"]
    result = schema["properties"]["results"]["items"]["properties"]
    lines = [
        extract_line(paper, facts)
        for paper, facts in extract([str(Path(__file__).parent.parent / "examples" / "pages")])
    ]
    assert len(lines) == 40
    for line in lines:
        assert set(line) == set(schema["properties"])
        assert all(set(row) == set(mention) for row in line["mentions"])
        assert all(row["type"] in mention["type"]["enum"] for row in line["mentions"])
        assert all(row["role"] in mention["role"]["enum"] for row in line["mentions"])
        assert all(set(row) == set(result) for row in line["results"])


def test_failed_write_leaves_the_last_good_file(tmp_path: Path) -> None:
    """A write that fails half-way leaves what was there, and nothing beside it."""
    path = tmp_path / "graph.ttl"
    path.write_text("good")

    def fail() -> None:
        with atomic_write(path) as stream:
            stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [p.name for p in tmp_path.iterdir()] == ["graph.ttl"]
    assert path.read_text() == "good"
