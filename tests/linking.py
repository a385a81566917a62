"""Papers written with their names marked, for the tests of linking: "{M:BERT} on {D:GLUE}"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.link import Linkage, Linker, Overrides
from kg.model import Facts, Mention, Paper
from kg.vocabulary import Entry, Vocabulary, load

_MARK = re.compile(r"\{([MDTX])(!?):([^{}]*)\}")
_TYPES = {"M": "Method", "D": "Dataset", "T": "Task", "X": "Metric"}
CURATED = load()


def marked(id_: str, title: str, abstract: str = "") -> tuple[Paper, Facts]:
    """A paper and its mentions; `!` behind the type's letter says that the paper introduces it."""
    texts, mentions = [], []
    for field, source in (("title", title), ("abstract", abstract)):
        text, at = "", 0
        for mark in _MARK.finditer(source):
            text += source[at : mark.start()]
            type_, name = _TYPES[mark[1]], mark[3]
            role = "introduces" if mark[2] else "uses"
            mentions.append(Mention(field, len(text), len(text) + len(name), name, type_, role))  # type: ignore[arg-type]
            text += name
            at = mark.end()
        texts.append(text + source[at:])
    paper = Paper(id_, texts[0], texts[1])
    return paper, Facts(id_, tuple(mentions))


def link(
    papers: Sequence[tuple[Paper, Facts]],
    extra: Sequence[Entry] = (),
    overrides: Overrides | None = None,
) -> tuple[Linkage, dict[tuple[str, str], str]]:
    """The linkage of the papers, and the entity of each (paper, surface), which both ways of asking give."""
    linker = Linker(Vocabulary((*extra, *CURATED.entries)), overrides)
    told = iter([number for paper, facts in papers for number in linker.add(paper, facts)])
    linkage = linker.finish()
    ids = [thing.id for thing in linkage.things()]
    found = {}
    for paper, facts in papers:
        mentions = linkage.resolve(paper, facts).mentions
        places = linkage.things_in(paper, facts, told)
        assert [ids[place] for place in places] == [mention.entity for mention in mentions]
        for mention in mentions:
            found[paper.id, mention.text] = mention.entity
    assert next(told, None) is None
    return linkage, found


def entities_of(*marks: str) -> list[str]:
    """The entity of each marked name, each name in a paper of its own."""
    papers = [marked(f"p{i}", f"Paper {i}", f"We use {m} here.") for i, m in enumerate(marks)]
    _, found = link(papers)
    return [found[f"p{i}", _MARK.match(m)[3]] for i, m in enumerate(marks)]  # type: ignore[index]
