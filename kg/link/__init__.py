"""Owns which names are one thing."""

from kg.link.groups import Merge
from kg.link.linkage import Linkage
from kg.link.linker import Linker
from kg.link.overrides import Overrides

__all__ = ["Linkage", "Linker", "Merge", "Overrides"]
