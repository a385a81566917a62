"""Owns the small graph that the viewer's tests open, some of it hostile, and a large one."""

from __future__ import annotations

from kg.graph import GraphView, assemble
from kg.model import Entity, Evidence, Field, Link, Paper, Source, Statement

HOSTILE = '<script>document.title="owned"</script><img src=x onerror=alert(1)>'

PAPERS = (
    Paper(
        id="bert",
        title="BERT: Pre-training of Deep Bidirectional Transformers",
        abstract="We present BERT, a bidirectional encoder. BERT reaches 80.5% on GLUE. "
        "It also improves SQuAD by a wide margin.",
        published="2018-10-11",
        authors=("Jacob Devlin", "Ming-Wei Chang"),
        identifiers=(("arxiv", "1810.04805"),),
        sources=(Source("language.txt", 3),),
        links=(Link("code", "https://github.com/google-research/bert"),),
    ),
    Paper(
        id="blink",
        title="Scalable Zero-shot Entity Linking with Dense Entity Retrieval",
        abstract="BLINK links mentions with two stages built on BERT. "
        "On ZESHEL it gains almost 6 points of accuracy 🎉 over what came before. "
        "Code: https://github.com/facebookresearch/BLINK",
        published="2020",
        upvotes=7,
    ),
    Paper(
        id="electra",
        title="ELECTRA: Pre-training Text Encoders as Discriminators",
        abstract="ELECTRA trains a discriminator in place of a masked language model. "
        "It reaches 85.0% on GLUE where BERT is behind, and is tested on SQuAD.",
        published="2020-03-23",
    ),
    Paper(
        id="zeshel",
        title="Zero-Shot Entity Linking by Reading Entity Descriptions",
        abstract="We build ZESHEL, a set of wikis for entity linking to unseen entities.",
        published="--06-18",
    ),
    Paper(
        id="hostile",
        title=HOSTILE,
        abstract=f"A text with </script>{HOSTILE}\u2028 and <!-- in it names BERT. End.",
        published="2021",
        url="javascript:alert(1)",
        venue=HOSTILE,
        links=(Link("project", "javascript:alert(2)"), Link("page", "data:text/html,x")),
    ),
)
ENTITIES = (
    Entity("method/bert", "Method", "BERT", ("Bidirectional Encoder",), (("arxiv", "1810.04805"),)),
    Entity("method/blink", "Method", "BLINK", (), (), "known"),
    Entity("method/electra", "Method", "ELECTRA"),
    Entity("dataset/zeshel", "Dataset", "ZESHEL", ("Zero-shot EL wikis",)),
    Entity("dataset/glue", "Dataset", "GLUE"),
    Entity("dataset/squad", "Dataset", "SQuAD"),
    Entity("task/entity-linking", "Task", "entity linking", ("EL",), (), "ambiguous"),
    Entity("metric/accuracy", "Metric", "accuracy"),
    Entity("method/hostile", "Method", HOSTILE, (HOSTILE,), (("", "javascript:alert(3)"),)),
    Entity(
        "repository/github.com/facebookresearch/blink",
        "Repository",
        "facebookresearch/BLINK",
        properties=(("url", "https://github.com/facebookresearch/BLINK"),),
    ),
    Entity(
        "repository/evil",
        "Repository",
        "evil",
        properties=(("url", "javascript:alert(4)"),),
    ),
    *(
        Entity(
            f"result/{paper}/0",
            "Result",
            value,
            properties=(
                ("better", "higher"),
                ("kind", kind),
                ("number", number),
                ("unit", "%"),
                ("value", value),
            ),
        )
        for paper, value, number, kind in (
            ("bert", "80.5%", "80.5", "absolute"),
            ("electra", "85.0%", "85.0", "absolute"),
            ("blink", "+6", "6", "gain"),
        )
    ),
)


def _evidence(paper: Paper, quote: str, confidence: float) -> Evidence:
    """The first place where the quote stands, in the sentence around it."""
    field: Field = "abstract" if quote in paper.abstract else "title"
    text = getattr(paper, field)
    start = text.index(quote)
    begin = text.rfind(". ", 0, start) + 2 if ". " in text[:start] else 0
    stop = text.find(". ", start)
    sentence = text[begin : stop + 1 if stop >= 0 else len(text)]
    node = f"paper/{paper.id}"
    return Evidence(
        node, field, start, start + len(quote), quote, sentence, begin, confidence, "ner"
    )


def _said(subject: str, relation: str, object_: str, by: str, quote: str, sure: float) -> Statement:
    paper = next(paper for paper in PAPERS if paper.id == by)
    return Statement(subject, relation, object_, sure, (_evidence(paper, quote, sure),))


STATEMENTS = (
    _said("paper/bert", "introduces", "method/bert", "bert", "BERT", 0.95),
    _said("paper/bert", "evaluatesOn", "dataset/glue", "bert", "GLUE", 0.9),
    _said("paper/bert", "evaluatesOn", "dataset/squad", "bert", "SQuAD", 0.9),
    _said("paper/blink", "introduces", "method/blink", "blink", "BLINK", 0.99),
    _said("paper/blink", "uses", "method/bert", "blink", "BERT", 0.8),
    _said("paper/blink", "evaluatesOn", "dataset/zeshel", "blink", "ZESHEL", 0.97),
    _said("paper/blink", "reports", "metric/accuracy", "blink", "accuracy", 0.6),
    _said("paper/blink", "addresses", "task/entity-linking", "blink", "Entity Linking", 0.9),
    _said(
        "paper/blink",
        "hasOfficialCode",
        "repository/github.com/facebookresearch/blink",
        "blink",
        "https://github.com/facebookresearch/BLINK",
        1.0,
    ),
    _said("paper/electra", "introduces", "method/electra", "electra", "ELECTRA", 0.9),
    _said("paper/electra", "comparesWith", "method/bert", "electra", "BERT", 0.7),
    _said("paper/electra", "evaluatesOn", "dataset/glue", "electra", "GLUE", 0.9),
    _said("paper/electra", "evaluatesOn", "dataset/squad", "electra", "SQuAD", 0.9),
    _said("paper/zeshel", "introduces", "dataset/zeshel", "zeshel", "ZESHEL", 0.9),
    _said("paper/zeshel", "addresses", "task/entity-linking", "zeshel", "entity linking", 0.9),
    _said("paper/hostile", "uses", "method/bert", "hostile", "BERT", 0.5),
    _said("paper/hostile", "introduces", "method/hostile", "hostile", HOSTILE, 0.5),
    _said("paper/hostile", "hasCode", "repository/evil", "hostile", "text", 0.5),
    _said("paper/bert", "reports", "result/bert/0", "bert", "80.5%", 0.9),
    _said("result/bert/0", "ofMethod", "method/bert", "bert", "80.5%", 0.9),
    _said("result/bert/0", "onDataset", "dataset/glue", "bert", "80.5%", 0.9),
    _said("paper/electra", "reports", "result/electra/0", "electra", "85.0%", 0.9),
    _said("result/electra/0", "ofMethod", "method/electra", "electra", "85.0%", 0.9),
    _said("result/electra/0", "onDataset", "dataset/glue", "electra", "85.0%", 0.9),
    _said("paper/blink", "reports", "result/blink/0", "blink", "6", 0.9),
    _said("result/blink/0", "onDataset", "dataset/zeshel", "blink", "6", 0.9),
    _said("result/blink/0", "inMetric", "metric/accuracy", "blink", "6", 0.9),
    Statement("method/bert", "introducedBy", "paper/bert", origin="derived"),
    Statement("method/blink", "basedOn", "method/bert", 0.8, origin="derived"),
)


def small_graph() -> GraphView:
    """Five papers on language models and entity linking; one of them attacks the page."""
    return GraphView(assemble(PAPERS, ENTITIES, STATEMENTS, {"version": "test"}))


def large_graph(nodes: int, edges: int) -> GraphView:
    """A graph of papers and what they use in forty groups, drawn by arithmetic alone."""
    groups, count = 40, nodes // 3
    papers = [
        Paper(id=f"p{i:05}", title=f"Paper {i}", abstract=f"It uses what it uses, number {i}.")
        for i in range(count)
    ]
    kinds = ("Method", "Dataset", "Task", "Method")
    entities = [
        Entity(f"{kinds[i % 4].lower()}/t{i}", kinds[i % 4], f"Thing {i}")
        for i in range(nodes - count)
    ]
    relation = {"Method": "uses", "Dataset": "evaluatesOn", "Task": "addresses"}
    pairs: dict[tuple[int, int], None] = {}
    for k in range(4 * edges):
        if len(pairs) == edges:
            break
        paper = (k * 7919) % count
        share = ((k * 104729) % 1000003 / 1000003) ** 3
        home = int(share * (len(entities) // groups)) * groups + paper % groups
        pairs[paper, home if k % 7 else int(share * len(entities))] = None
    statements = [
        Statement(f"paper/p{p:05}", relation[entities[e].type], entities[e].id) for p, e in pairs
    ]
    return GraphView(assemble(papers, entities, statements))
