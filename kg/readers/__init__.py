"""Owns the readers: one file a source format, and the dict `READERS`.

A reader is a function of a binary stream and the name of its source to the papers in it, in the
source's order, with an `Unread` for each part that could not be read.  `SNIFFERS` tells formats
apart by their first bytes: the first that says yes is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from kg.model import Paper, Unread
from kg.readers import hf_page, jsonl

Reader = Callable[[BinaryIO, str], Iterator[Paper | Unread]]
Sniffer = Callable[[bytes], bool]

READERS: dict[str, Reader] = {
    "jsonl": jsonl.read,
    "hf-page": hf_page.read,
}

SNIFFERS: dict[str, Sniffer] = {
    "jsonl": jsonl.sniff,
    "hf-page": hf_page.sniff,
}
