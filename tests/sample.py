"""A small graph made by hand, for what is easier to state exactly than to extract."""

from __future__ import annotations

from kg.graph import GraphView, assemble
from kg.model import Entity, Evidence, Paper, Source, Statement

BERT = "We introduce BERT. It obtains 80.5% on GLUE, and improves on ELMo."
FOLLOW = "We extend BERT to a model, RoBERTa. It is evaluated on GLUE."


def _span(paper: str, text: str, quote: str, extractor: str = "ner") -> Evidence:
    start = text.index(quote)
    begin = text.rfind(". ", 0, start) + 2 if ". " in text[:start] else 0
    stop = text.find(". ", start)
    stop = len(text) if stop < 0 else stop + 1
    return Evidence(
        f"paper/{paper}", "abstract", start, start + len(quote), quote, text[begin:stop], begin,
        0.97, extractor,
    )  # fmt: skip


def sample(title: str = 'BERT: "Pre-training" \\ of\nTransformers \U0001f917 \u200f') -> GraphView:
    """Two papers, a result, a repository, and an edge of every origin."""
    first, second = "1810.04805", "roberta"
    bert, glue = _span(first, BERT, "BERT"), _span(first, BERT, "GLUE")
    number = _span(first, BERT, "80.5%", "results")
    papers = [
        Paper(first, title, BERT, (Source("pages/a page.txt", 3, "hf-page"),), "2018-10-11",
              ("J. Devlin", "M.-W. Chang"), 4, 12, "NAACL", "Google", "https://example.org/p?a=1 2",
              (("arxiv", first), ("doi", "10.18653/v1/n19-1423"))),
        Paper(second, "RoBERTa", FOLLOW, (Source("more.jsonl", 1, "jsonl"),), "--07-26"),
    ]  # fmt: skip
    result = f"result/{first}/1"
    entities = [
        Entity("dataset/glue", "Dataset", "GLUE", (), (("homepage", "https://gluebenchmark.com/"),), "known"),
        Entity("method/bert", "Method", "BERT", ("Bert",), (("arxiv", first), ("hf", "google-bert/bert-base-uncased")), "known"),
        Entity("method/elmo", "Method", "ELMo"),
        Entity("method/roberta", "Method", "RoBERTa"),
        Entity("metric/accuracy", "Metric", "accuracy", ("Accuracy",), (), "known"),
        Entity("repository/github.com/google-research/bert", "Repository", "google-research/bert", properties=(
            ("host", "github.com"), ("kind", "repository"), ("url", "https://github.com/google-research/bert"))),
        Entity(result, "Result", "accuracy 80.5% on GLUE", properties=(
            ("better", "higher"), ("kind", "absolute"), ("number", "80.5"), ("unit", "%"), ("value", "80.5%"))),
    ]  # fmt: skip
    p1, p2 = f"paper/{first}", f"paper/{second}"
    statements = [
        Statement(p1, "introduces", "method/bert", 0.97, (bert,)),
        Statement(p1, "evaluatesOn", "dataset/glue", 0.9, (glue,)),
        Statement(p1, "comparesWith", "method/elmo", 0.85, (_span(first, BERT, "ELMo"),)),
        Statement(p1, "reports", result, 0.88, (number,)),
        Statement(p1, "hasOfficialCode", "repository/github.com/google-research/bert", 1.0, (), "stated"),
        Statement(p2, "introduces", "method/roberta", 0.9, (_span(second, FOLLOW, "RoBERTa"),)),
        Statement(p2, "uses", "method/bert", 0.9, (_span(second, FOLLOW, "BERT"),)),
        Statement(p2, "evaluatesOn", "dataset/glue", 0.9, (_span(second, FOLLOW, "GLUE"),)),
        Statement(result, "ofMethod", "method/bert", 0.88, (number,)),
        Statement(result, "onDataset", "dataset/glue", 0.88, (number,)),
        Statement(result, "inMetric", "metric/accuracy", 0.88, (number,)),
        Statement("method/bert", "evaluatedOn", "dataset/glue", 0.88, (number,), "derived"),
        Statement("method/bert", "introducedBy", p1, 0.97, (bert,), "derived"),
        Statement("method/roberta", "introducedBy", p2, 0.9, (_span(second, FOLLOW, "RoBERTa"),), "derived"),
        Statement("method/roberta", "basedOn", "method/bert", 0.63, (_span(second, FOLLOW, "BERT", "sentence"),)),
    ]  # fmt: skip
    metadata = {"software": "kg 0.1.0", "model": "default", "source:more.jsonl": "ab" * 32,
                "source:pages/a page.txt": "cd" * 32}  # fmt: skip
    return GraphView(assemble(papers, entities, statements, metadata))
