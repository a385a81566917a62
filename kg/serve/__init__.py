"""Owns the SPARQL 1.1 endpoint: read-only, over the index of a build.

    GET /sparql?query=…            POST /sparql  query=…            POST /sparql  (the query itself)

Each query runs in a process of its own out of a small pool (`kg.serve.pool`), which is what makes
a time limit certain: the engine cannot be interrupted, a process can.
"""

from kg.serve.app import application
from kg.serve.pool import Limits

__all__ = ["Limits", "application"]
