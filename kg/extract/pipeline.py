"""Owns the extraction pipeline: one spaCy `Language` of registered components, a paper in, facts out.

    title + "\\n" + abstract ─tokenize─▶ kg_ner ─▶ kg_gazetteer ─▶ kg_mentions ─▶ kg_roles ─▶ kg_results ─▶ kg_code
                                                                                             └─▶ kg_relations ─▶ kg_definitions

A paper is one `Doc`, so that the abstract is read in the light of the title.  Components hand on
plain values in `doc.user_data`, under the keys below, and each is a function of the Doc alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg.extract.gazetteer import Gazetteer
from kg.extract.mentions import combine
from kg.extract.ner import CONFIDENCE, blank
from kg.extract.relations import find_relations
from kg.extract.repos import find_code
from kg.extract.result_methods import name_methods
from kg.extract.results import find_results
from kg.extract.roles import assign_roles
from kg.model import Facts, Paper
from kg.names.acronyms import definitions
from kg.vocabulary import load as load_vocabulary
from kg.vocabulary import read

FIELDS = "kg_fields"  # (title, abstract): cutting them from the Doc would join its tokens again
MENTIONS = "kg_mentions"  # list[Mention]
RESULTS = "kg_results"  # list[Result]
CODE = "kg_code"  # list[CodeLink]
RELATIONS = "kg_relations"  # list[Relation]
DEFINITIONS = "kg_definitions"  # list[Definition]
_ON_MENTIONS = (
    "kg_mentions", "kg_roles", "kg_results", "kg_code", "kg_relations", "kg_definitions"
)  # fmt: skip
_BATCH = 64  # papers in one pass of the network


@dataclass(frozen=True, slots=True)
class Extractor:
    """A loaded pipeline: `extract` is a pure function of the papers' texts."""

    nlp: Language

    def extract(self, papers: Iterable[Paper]) -> Iterator[Facts]:
        """The facts of each paper, in order."""
        stream = iter(papers)
        while batch := list(islice(stream, _BATCH)):
            docs = self.nlp.pipe((self.doc(paper) for paper in batch), batch_size=_BATCH)
            for paper, doc in zip(batch, docs, strict=True):
                data = doc.user_data
                yield Facts(
                    paper.id,
                    *(tuple(data[k]) for k in (MENTIONS, RESULTS, CODE, DEFINITIONS, RELATIONS)),
                )

    def doc(self, paper: Paper) -> Doc:
        """The paper as one Doc: title, line feed, abstract."""
        doc = self.nlp.make_doc(f"{paper.title}\n{paper.abstract}")
        doc.user_data[FIELDS] = (paper.title, paper.abstract)
        return doc


def load(profile: str = "default", vocabulary: Sequence[Path] = ()) -> Extractor:
    """The pipeline with the weights of `profile` ("default") and the known names.

    Raises `KgError` where a vocabulary cannot be read, or the profile needs an extra that is not
    installed.
    """
    nlp = blank()
    nlp.add_pipe("kg_ner", config={"profile": profile})
    nlp.add_pipe("kg_gazetteer", config={"vocabulary": [str(path) for path in vocabulary]})
    for name in _ON_MENTIONS:
        nlp.add_pipe(name)
    return Extractor(nlp)


@Language.factory("kg_gazetteer", default_config={"vocabulary": []})
def _gazetteer(nlp: Language, name: str, vocabulary: list[str]) -> Gazetteer:
    theirs = [entry for path in vocabulary for entry in read(Path(path)) if entry.spot]
    return Gazetteer(nlp, load_vocabulary(), theirs)


@Language.component("kg_mentions")
def _mentions(doc: Doc) -> Doc:
    title, abstract = doc.user_data[FIELDS]
    doc.user_data[MENTIONS] = combine(doc, title, abstract, doc.user_data[CONFIDENCE])
    return doc


@Language.component("kg_roles")
def _roles(doc: Doc) -> Doc:
    title, abstract = doc.user_data[FIELDS]
    doc.user_data[MENTIONS] = assign_roles(title, abstract, doc.user_data[MENTIONS])
    return doc


@Language.component("kg_results")
def _results(doc: Doc) -> Doc:
    title, abstract = doc.user_data[FIELDS]
    mentions = doc.user_data[MENTIONS]
    doc.user_data[RESULTS] = name_methods(
        abstract, mentions, find_results(title, abstract, mentions)
    )
    return doc


@Language.component("kg_code")
def _code(doc: Doc) -> Doc:
    title, abstract = doc.user_data[FIELDS]
    doc.user_data[CODE] = [*find_code(title, "title"), *find_code(abstract, "abstract")]
    return doc


@Language.component("kg_relations")
def _relations(doc: Doc) -> Doc:
    title, abstract = doc.user_data[FIELDS]
    doc.user_data[RELATIONS] = list(find_relations(title, abstract, doc.user_data[MENTIONS]))
    return doc


@Language.component("kg_definitions")
def _definitions(doc: Doc) -> Doc:
    title, abstract = doc.user_data[FIELDS]
    doc.user_data[DEFINITIONS] = list(definitions(title, abstract, doc.user_data[MENTIONS]))
    return doc
