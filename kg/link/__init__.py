"""Owns which names are one thing."""

from kg.link.linker import Linkage, Linker, Merge
from kg.link.overrides import Overrides

__all__ = ["Linkage", "Linker", "Merge", "Overrides"]
