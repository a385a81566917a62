"""Owns the readers: one file a source format, and the dict `READERS`.

A reader is a function of a binary stream and the name of its source to the papers in it, in the
source's order, with an `Unread` for each part that could not be read.  `SNIFFERS` tells formats
apart by their first bytes: the first that says yes is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from kg.model import Paper, Unread
from kg.readers import (
    acl_anthology,
    arxiv_atom,
    arxiv_kaggle,
    arxiv_oai,
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
    pubmed,
    semantic_scholar,
)

Reader = Callable[[BinaryIO, str], Iterator[Paper | Unread]]
Sniffer = Callable[[bytes], bool]

READERS: dict[str, Reader] = {
    "hf-page": hf_page.read,
    "hf-daily": hf_daily.read,
    "jsonl": jsonl.read,
    "json": json_list.read,
    "csv": csv_table.read,
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
}

# The narrow come before the wide: what names its source, then what any source may look like.
SNIFFERS: dict[str, Sniffer] = {
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
    "jsonl": jsonl.sniff,
    "json": json_list.sniff,
    "csv": csv_table.sniff,
    "hf-page": hf_page.sniff,
}
