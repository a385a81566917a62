"""Owns the node types, relations and roles: one table row each.

`schemas/ontology.ttl` and `schemas/shapes.ttl` are generated from these tables; the viewer takes
its colours from them, and the readers of `kg extract` their vocabulary of roles.
"""

from __future__ import annotations

from dataclasses import dataclass

# Reserved by RFC 2606, so nobody else's: the terms are looked up in the ontology that ships with
# every export, not on the web.  One line to change when the project has a home of its own.
NAMESPACE = "https://kg.example/ns#"
DEFAULT_BASE = "https://kg.example/id/"

LPWC = "https://linkedpaperswithcode.com/class/"
LPWC_P = "https://linkedpaperswithcode.com/property/"
FABIO = "http://purl.org/spar/fabio/"
SCHEMA_ORG = "http://schema.org/"
DCAT = "http://www.w3.org/ns/dcat#"
MLS = "http://www.w3.org/ns/mls#"
FAIR4ML = "https://w3id.org/fair4ml#"


@dataclass(frozen=True, slots=True)
class NodeType:
    """One kind of node: its name (also the class's local name), id segment, label and look."""

    name: str
    segment: str
    plural: str
    comment: str
    colour: str  # Okabe-Ito, told apart by colour-blind eyes
    shape: str  # vis-network's name for it
    parents: tuple[str, ...]  # IRIs of classes that it is a subclass of


@dataclass(frozen=True, slots=True)
class Relation:
    """One kind of edge: its name (also the property's local name), ends and meaning."""

    name: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    label: str
    comment: str
    parents: tuple[str, ...] = ()  # IRIs of properties that it is a subproperty of
    inverse: str | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """One property of a node or an edge that holds a value: its name, domain, datatype, meaning.

    Domain and range are prefixed names (`kg:Result`, `xsd:decimal`); a range outside of `xsd:`
    makes it an object property.  `values` are all that it may hold, where they are few.
    """

    name: str
    domain: tuple[str, ...]
    range: str
    label: str
    comment: str
    values: tuple[str, ...] = ()


NODE_TYPES: dict[str, NodeType] = {
    row.name: row
    for row in (
        NodeType("Paper", "paper", "papers", "A research paper, known by its title and abstract.",
                 "#56B4E9", "dot", (LPWC + "paper", FABIO + "ResearchPaper", SCHEMA_ORG + "ScholarlyArticle")),
        NodeType("Method", "method", "methods", "A model, architecture, algorithm, training objective, loss, technique, tool or framework.",
                 "#E69F00", "square", (LPWC + "method", MLS + "Algorithm")),
        NodeType("Dataset", "dataset", "datasets", "A named dataset, corpus, benchmark or knowledge base used as data; a suite has parts.",
                 "#009E73", "diamond", (LPWC + "dataset", DCAT + "Dataset", SCHEMA_ORG + "Dataset")),
        NodeType("Task", "task", "tasks", "A problem with an input, an output and papers of its own.",
                 "#CC79A7", "triangle", (LPWC + "task", MLS + "Task")),
        NodeType("Metric", "metric", "metrics", "A measure that results are reported in.",
                 "#F0E442", "hexagon", (MLS + "EvaluationMeasure",)),
        NodeType("Repository", "repository", "repositories", "A place that holds code, weights or data: owner/name on its host.",
                 "#999999", "star", (LPWC + "repository", SCHEMA_ORG + "SoftwareSourceCode")),
        NodeType("Result", "result", "results", "One number that a paper states: method, dataset, metric and value.",
                 "#D55E00", "triangleDown", (LPWC + "evaluationresult", MLS + "ModelEvaluation")),
    )
}  # fmt: skip

_PAPER = ("Paper",)
RELATIONS: dict[str, Relation] = {
    row.name: row
    for row in (
        Relation("introduces", _PAPER, ("Method", "Dataset"), "introduces", "It is this paper's own contribution.", inverse="introducedBy"),
        Relation("uses", _PAPER, ("Method", "Dataset"), "uses", "The paper builds on, applies, studies or discusses it."),
        Relation("comparesWith", _PAPER, ("Method",), "compares with", "The paper names it as a baseline or competitor."),
        Relation("evaluatesOn", _PAPER, ("Dataset",), "evaluates on", "The paper reports results on it."),
        Relation("addresses", _PAPER, ("Task",), "addresses", "The paper's contribution or evaluation is on it.", (LPWC_P + "hasTask",)),
        Relation("mentions", _PAPER, ("Task", "Metric"), "mentions", "The paper names it in passing.", (SCHEMA_ORG + "mentions",)),
        Relation("reports", _PAPER, ("Metric", "Result"), "reports", "The paper reports results in this metric, or this result."),
        Relation("hasCode", _PAPER, ("Repository",), "has code", "The paper gives this address for code, data or weights.", (LPWC_P + "hasRepository",)),
        Relation("hasOfficialCode", _PAPER, ("Repository",), "has official code", "The authors say that this repository is theirs.", (LPWC_P + "hasOfficialRepository",)),
        Relation("introducedBy", ("Method", "Dataset"), _PAPER, "introduced by", "The paper in this collection that introduces it.", (LPWC_P + "introducedBy",), "introduces"),
        Relation("variantOf", ("Method", "Dataset", "Task", "Metric"), ("Method", "Dataset", "Task", "Metric"), "variant of", "A version, size or split of the other."),
        Relation("partOf", ("Dataset",), ("Dataset",), "part of", "A member of the suite."),
        Relation("basedOn", ("Method",), ("Method",), "based on", "Introduced by a paper as built on the other."),
        Relation("trainedOn", ("Method",), ("Dataset",), "trained on", "Its weights come from this data.", (FAIR4ML + "trainedOn",)),
        Relation("evaluatedOn", ("Method",), ("Dataset",), "evaluated on", "A result of it on this dataset is reported.", (FAIR4ML + "evaluatedOn",)),
        Relation("ofMethod", ("Result",), ("Method",), "of method", "What was measured."),
        Relation("onDataset", ("Result",), ("Dataset",), "on dataset", "What it was measured on.", (LPWC_P + "hasDataset",)),
        Relation("inMetric", ("Result",), ("Metric",), "in metric", "What the number is a measure of."),
        Relation("forTask", ("Result",), ("Task",), "for task", "The problem that was solved.", (LPWC_P + "hasTask",)),
    )
}  # fmt: skip

_LINKED = ("kg:Method", "kg:Dataset", "kg:Task", "kg:Metric")
DETAILS: dict[str, Detail] = {
    row.name: row
    for row in (
        Detail("authorCount", ("kg:Paper",), "xsd:nonNegativeInteger", "author count", "How many authors the source says there are; it may name fewer."),
        Detail("upvotes", ("kg:Paper",), "xsd:nonNegativeInteger", "upvotes", "How many readers of the source voted for the paper, when it was saved."),
        Detail("linkStatus", _LINKED, "xsd:string", "link status", "Whether the name was known before, is new, or may mean several things.", ("ambiguous", "known", "new")),
        Detail("unit", ("kg:Result",), "xsd:string", "unit", "What the number counts, as written: %, x, points, ms."),
        Detail("kind", ("kg:Result", "kg:Repository"), "xsd:string", "kind", "Of a result: absolute, gain or ratio. Of a repository: what it holds."),
        Detail("better", ("kg:Result",), "xsd:string", "better", "Which way the metric points.", ("higher", "lower")),
        Detail("host", ("kg:Repository",), "xsd:string", "host", "The site that keeps the repository."),
        Detail("confidence", ("rdf:Statement", "oa:Annotation"), "xsd:decimal", "confidence", "How sure it is that the statement, or the mention, is right: 0 to 1."),
        Detail("origin", ("rdf:Statement",), "xsd:string", "origin", "Where the statement comes from: text, a field of the source, the vocabulary, or other statements.", ("derived", "extracted", "stated", "vocabulary")),
        Detail("textProperty", ("kg:Text",), "rdf:Property", "text property", "The property of the paper whose value is this text: offsets count its code points."),
        Detail("model", ("prov:Activity",), "xsd:string", "model", "The model that read the texts."),
        Detail("vocabulary", ("prov:Activity",), "xsd:string", "vocabulary", "The list of known names, by its digest."),
        Detail("sha256", ("prov:Entity",), "xsd:string", "SHA-256", "The digest of the source's bytes, in hexadecimal."),
    )
}  # fmt: skip

# Superproperties that hold for objects of one type only: (relation, type of object) -> IRIs.
OBJECT_PARENTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("introduces", "Method"): (LPWC_P + "hasMethod",),
    ("uses", "Method"): (LPWC_P + "hasMethod",),
    ("evaluatesOn", "Dataset"): (LPWC_P + "usesDataset",),
    ("uses", "Dataset"): (LPWC_P + "usesDataset",),
    ("reports", "Result"): (LPWC_P + "hasEvaluationResult",),
}

# What a paper does with a thing, by the thing's type, and the edge that says so.
# The keys are the roles of `kg extract`; they are also how gold annotations name them.
ROLES: dict[str, dict[str, str]] = {
    "Method": {"introduces": "introduces", "uses": "uses", "compares": "comparesWith"},
    "Dataset": {"introduces": "introduces", "evaluates": "evaluatesOn", "uses": "uses"},
    "Task": {"addresses": "addresses", "mentions": "mentions"},
    "Metric": {"reports": "reports", "mentions": "mentions"},
}

# Where an identifier of each scheme is looked up: the object of skos:exactMatch.
IDENTIFIER_URLS: dict[str, str] = {
    "arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "acl": "https://aclanthology.org/{}",
    "openreview": "https://openreview.net/forum?id={}",
    "openalex": "https://openalex.org/{}",
    "s2": "https://www.semanticscholar.org/paper/{}",
    "dblp": "https://dblp.org/rec/{}",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/",
    "wikidata": "http://www.wikidata.org/entity/{}",
    "hf": "https://huggingface.co/{}",
    "hf-dataset": "https://huggingface.co/datasets/{}",
    "github": "https://github.com/{}",
}


def entity_id(type_: str, slug: str) -> str:
    """The identifier of a node: its type's segment and a slug, such as `method/bert`."""
    return f"{NODE_TYPES[type_].segment}/{slug}"
