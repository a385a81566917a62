"""Owns the extraction pipeline: one spaCy `Language` of registered components, a paper in, facts out.

    title + "\\n" + abstract ──tokenize──▶ kg_ner ──▶ kg_gazetteer ──▶ kg_mentions ──▶ kg_roles ──▶ kg_results ──▶ kg_code

A paper is one `Doc`, so that the abstract is read in the light of the title.  Components hand on
plain values in `doc.user_data`, under the keys below, and each is a function of the Doc alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import KgError
from kg.extract.gazetteer import Gazetteer
from kg.extract.mentions import combine
from kg.extract.ner import Tagger, make_tokenizer
from kg.extract.repos import find_code
from kg.extract.results import find_results
from kg.extract.roles import assign_roles
from kg.model import CodeLink, Facts, Mention, Paper, Result
from kg.vocabulary import load as load_vocabulary

PROFILES = ("default", "accurate")
COMPONENTS = ("kg_ner", "kg_gazetteer", "kg_mentions", "kg_roles", "kg_results", "kg_code")

# Changes of the rules that change what is extracted: raise it, and texts are read again.
REVISION = 1

TITLE_END = "kg_title_end"  # int: length of the title in the Doc's text
MENTIONS = "kg_mentions"  # list[Mention]
RESULTS = "kg_results"  # list[Result]
CODE = "kg_code"  # list[CodeLink]
_BATCH = 64  # papers in one pass of the network


@dataclass(frozen=True, slots=True)
class Extractor:
    """A loaded pipeline; `name` tells all that its output depends on, for caching."""

    nlp: Language
    name: str

    def extract(self, papers: Iterable[Paper]) -> Iterator[Facts]:
        """The facts of each paper, in order; texts of any length, in batches."""
        stream = iter(papers)
        while batch := list(islice(stream, _BATCH)):
            docs = self.nlp.pipe([_doc(self.nlp, paper) for paper in batch], batch_size=_BATCH)
            yield from (_facts(paper, doc) for paper, doc in zip(batch, docs, strict=True))
