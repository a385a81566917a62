"""Canned questions on the example pages, against answers worked out by reading the pages.

Reading gives what must be in an answer, and what must not; where the pages leave no doubt, the
whole answer.  What extraction may well see more of (a method named in passing, say) is not held
against a question, which is what is tested here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Store as Triplestore

from kg.query import bind, load, questions, run
from kg.query.answers import columns, rows
from kg.query.canned import question
from kg.schema import DEFAULT_BASE
from kg.store import Store
from kg.terms import prefixes
from tests.sample import sample

PREFIXES = prefixes(DEFAULT_BASE)
ZESHEL = "Zero-Shot Entity Linking by Reading Entity Descriptions"
BLINK = "Scalable Zero-shot Entity Linking with Dense Entity Retrieval"
GENRE = "Autoregressive Entity Retrieval"
SWIN = "Swin Transformer: Hierarchical Vision Transformer using Shifted Windows"
DETR = "End-to-End Object Detection with Transformers"
MOCO = "Momentum Contrast for Unsupervised Visual Representation Learning"
RESNET = "Deep Residual Learning for Image Recognition"
BYOL = "Bootstrap your own latent: A new approach to self-supervised Learning"
SIMCLR = "A Simple Framework for Contrastive Learning of Visual Representations"
DEIT = "Training data-efficient image transformers & distillation through attention"
DIT = "Scalable Diffusion Models with Transformers"
DDPM = "Denoising Diffusion Probabilistic Models"
ATTENTION = "Attention Is All You Need"
MASK = "Mask R-CNN"
SAM = "Segment Anything"

Row = tuple[str, ...]


@pytest.fixture(scope="module")
def store(built: Path) -> Iterator[Triplestore]:
    with Store.open(built) as graph:
        yield load(graph)


def answer(store: Triplestore, name: str, values: dict[str, str], names: str) -> list[Row]:
    """The rows of a question's answer in the columns that `names` lists."""
    found = run(store, bind(question(name), values, store, DEFAULT_BASE), PREFIXES)
    order = [columns(found).index(column) for column in names.split()]  # type: ignore[arg-type]
    return [tuple(row[place] for place in order) for row in rows(found, PREFIXES)]  # type: ignore[arg-type]


# question, values, columns, the whole answer in order
WHOLE: list[tuple[str, dict[str, str], str, list[Row]]] = [
    ("sota", {"dataset": "ImageNet", "metric": "top-1 accuracy"}, "value number unit paperTitle", [
        ("83.1%", "83.1", "%", DEIT), ("76.5%", "76.5", "%", SIMCLR), ("74.3%", "74.3", "%", BYOL)]),
    ("sota", {"dataset": "imagenet", "metric": "FID"}, "value paperTitle", [("2.27", DIT)]),
    ("sota", {"dataset": "CIFAR-10", "metric": "fid"}, "value paperTitle", [("3.17", DDPM)]),
    ("papers-of-method", {"method": "BLINK"}, "title role", [
        (GENRE, "compares with"), (BLINK, "introduces")]),
    ("introduced-in", {"thing": "ZESHEL"}, "title", [(ZESHEL,)]),
    ("introduced-in", {"thing": "BLINK"}, "title", [(BLINK,)]),
    ("metrics-of-dataset", {"dataset": "ADE20K"}, "metric results", [("mIoU", "1")]),
    ("datasets-together", {"dataset": "PASCAL VOC"}, "otherName papers", [("COCO", "1")]),
    ("repositories-of-dataset", {"dataset": "ADE20K"}, "repository official", [
        ("microsoft/swin-transformer", "true")]),
]  # fmt: skip

# question, values, columns, rows that are there, rows that are not
PARTS: list[tuple[str, dict[str, str], str, set[Row], set[Row]]] = [
    ("papers-on-dataset", {"dataset": "zeshel"}, "title role method",
     {(BLINK, "introduces", "BLINK"), (BLINK, "uses", "BERT"), (BLINK, "uses", "bi-encoder"), (BLINK, "uses", "cross-encoder")},
     {(GENRE, "introduces", "GENRE")}),
    ("papers-on-task", {"task": "image classification"}, "title date", {(SWIN, "2021-03-25")}, {(SAM, "2023-04-05")}),
    ("most-compared", {}, "name papers", {("GPT-3", "2"), ("BLINK", "1")}, {("FlashAttention", "1")}),
    ("most-evaluated", {}, "name papers", {("ImageNet", "7"), ("COCO", "4"), ("LibriSpeech", "2"), ("ADE20K", "1")}, {("SA-1B", "1")}),
    ("repositories-of-dataset", {"dataset": "coco"}, "repository title",
     {("facebookresearch/detr", DETR), ("facebookresearch/moco", MOCO), ("microsoft/swin-transformer", SWIN)},
     {("facebookresearch/dit", DIT)}),
    ("results-of-method", {"method": "DeiT"}, "dataset metric value", {("ImageNet", "top-1 accuracy", "83.1%")}, {("ImageNet", "FID", "2.27")}),
    ("datasets-together", {"dataset": "COCO"}, "otherName papers", {("ADE20K", "1"), ("ImageNet-1k", "1"), ("PASCAL VOC", "1")}, {("COCO", "4"), ("GLUE", "1")}),
    ("methods-since", {"since": "2021"}, "name date title",
     {("Swin Transformer", "2021-03-25", SWIN), ("FlashAttention", "2022-05-27", "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness")},
     {("Transformer", "2017-06-12", ATTENTION), ("SimCLR", "2020-02-13", SIMCLR)}),
    ("code-without-result", {}, "title", {(MASK,), (SAM,), (GENRE,), (DETR,)}, {(BYOL,), (SWIN,), (RESNET,)}),
    ("results-without-code", {}, "title", {(BYOL,), (RESNET,), (ATTENTION,)}, {(SWIN,), (DEIT,), (MASK,)}),
    ("datasets-of-task", {}, "dataset papers", {("ADE20K", "1")}, {("SA-1B", "1")}),
    ("metrics-of-dataset", {"dataset": "ImageNet"}, "metric", {("top-1 accuracy",), ("FID",)}, {("mIoU",)}),
    ("used-with", {"method": "LoRA"}, "otherName papers", {("QLoRA", "1"), ("RoBERTa", "1"), ("GPT-2", "1")}, {("LoRA", "2"), ("MoCo", "1")}),
    ("evidence", {"thing": "ZESHEL"}, "title quote sentence",
     {(ZESHEL, "ZESHEL", "For it we build ZESHEL, a dataset from the wikis of fictional worlds."),
      (BLINK, "ZESHEL", "BLINK improves accuracy on ZESHEL by 6 points and is also state of the art on TACKBP-2010.")},
     set()),
    ("family", {"thing": "GLUE"}, "relation memberName", {("part", "MNLI")}, {("part", "GLUE")}),
    ("family", {"thing": "ImageNet"}, "relation memberName", {("variant", "ImageNet-1k")}, {("variant", "COCO 2016")}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "names", "expected"), WHOLE)
def test_whole_answers(
    store: Triplestore, name: str, values: dict[str, str], names: str, expected: list[Row]
) -> None:
    """The answer is exactly what reading the pages gives, in its order."""
    assert answer(store, name, values, names) == expected


@pytest.mark.parametrize(("name", "values", "names", "there", "absent"), PARTS)
def test_answers_hold_what_the_pages_say(
    store: Triplestore,
    name: str,
    values: dict[str, str],
    names: str,
    there: set[Row],
    absent: set[Row],
) -> None:
    """What the pages say is in the answer; what they do not is not."""
    found = answer(store, name, values, names)
    assert there <= set(found)
    assert not absent & set(found)


def test_unsure_statements_come_first_and_stay_below(store: Triplestore) -> None:
    """The least sure come first, and none is as sure as was asked."""
    found = [float(row[0]) for row in answer(store, "unsure", {"below": "0.5"}, "confidence")]
    assert found
    assert found == sorted(found)
    assert found[-1] < 0.5


def test_builds_on_goes_through_others() -> None:
    """What is based on something that is based on it is found, too, by hand: c on b on a."""
    store = load(sample())
    kg, base = "https://kg.example/ns#", DEFAULT_BASE + "method/"
    store.update(f"""INSERT DATA {{ <{base}c> <{kg}basedOn> <{base}roberta> ;
        <http://www.w3.org/2004/02/skos/core#prefLabel> "C" }}""")
    assert answer(store, "builds-on", {"method": "BERT"}, "name") == [("C",), ("RoBERTa",)]
    assert answer(store, "builds-on", {"method": "RoBERTa"}, "name") == [("C",)]


def test_every_question_is_tested_here() -> None:
    """No canned question is without an answer worked out by hand."""
    held = {row[0] for row in WHOLE} | {row[0] for row in PARTS} | {"unsure", "builds-on"}
    assert held == set(questions())
