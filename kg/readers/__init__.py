"""Owns the readers: one file a source format, and the dict `READERS`.

A reader is a function of a binary stream and the name of its source to the papers in it, in the
source's order, with an `Unread` for each part that could not be read.  `SNIFFERS` tells formats
apart by their first bytes: the first that says yes is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import BinaryIO

from kg.model import Paper, Unread
from kg.readers import (
    acl_anthology,
    arxiv_atom,
    arxiv_kaggle,
    arxiv_oai,
    bibtex,
    crossref,
    csl,
    csv_table,
    dblp,
    europepmc,
    hf_daily,
    hf_page,
    json_list,
    jsonl,
    openaire,
    openalex,
    openreview,
    paperlists,
    parquet,
    pmlr,
    pubmed,
    ris,
    semantic_scholar,
)

Reader = Callable[[BinaryIO, str], Iterator[Paper | Unread]]
Sniffer = Callable[[bytes], bool]

READERS: dict[str, Reader] = {
    "hf-page": hf_page.read,
    "hf-daily": hf_daily.read,
    "jsonl": jsonl.read,
    "json": json_list.read,
    "parquet": parquet.read,
    "csv": csv_table.read,
    "bibtex": bibtex.read,
    "ris": ris.read,
    "arxiv-atom": arxiv_atom.read,
    "arxiv-oai": arxiv_oai.read,
    "arxiv-kaggle": arxiv_kaggle.read,
    "openalex": openalex.read,
    "semantic-scholar": semantic_scholar.read,
    "crossref": crossref.read,
    "csl-json": csl.read,
    "europepmc": europepmc.read,
    "openreview": openreview.read,
    "paperlists": paperlists.read,
    "openaire": openaire.read,
    "dblp": dblp.read,
    "pubmed": pubmed.read,
    "acl-anthology": acl_anthology.read,
    "pmlr": pmlr.read,
}

# The narrow come before the wide: what names its source, then what any source may look like.
SNIFFERS: dict[str, Sniffer] = {
    "parquet": parquet.sniff,
    "arxiv-oai": arxiv_oai.sniff,
    "arxiv-atom": arxiv_atom.sniff,
    "pubmed": pubmed.sniff,
    "acl-anthology": acl_anthology.sniff,
    "dblp": dblp.sniff,
    "hf-daily": hf_daily.sniff,
    "arxiv-kaggle": arxiv_kaggle.sniff,
    "openaire": openaire.sniff,
    "europepmc": europepmc.sniff,
    "openreview": openreview.sniff,
    "semantic-scholar": semantic_scholar.sniff,
    "openalex": openalex.sniff,
    "crossref": crossref.sniff,
    "paperlists": paperlists.sniff,
    "csl-json": csl.sniff,
    "json": json_list.sniff,
    "jsonl": jsonl.sniff,
    "pmlr": pmlr.sniff,
    "ris": ris.sniff,
    "bibtex": bibtex.sniff,
    "csv": csv_table.sniff,
    "hf-page": hf_page.sniff,
}


@cache
def add_plugins() -> None:
    """Add the readers of installed packages: modules with `read` and `sniff`, by entry points.

    The group is `kg.readers`; an entry point's name is the format's.  What is built in stays as it
    is; what is added is asked before it, as it was installed to be used.
    """
    built_in = dict(SNIFFERS)
    found = sorted(entry_points(group="kg.readers"), key=lambda point: point.name)
    added = [point for point in found if point.name not in READERS]
    for point in added:
        module = point.load()
        READERS[point.name] = module.read
        SNIFFERS[point.name] = module.sniff
    for name in built_in if added else ():  # to the end, in their order
        SNIFFERS[name] = SNIFFERS.pop(name)
