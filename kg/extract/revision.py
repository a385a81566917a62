"""Owns the name of what extraction is made of, so that facts are made anew when it changes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_MADE_OF = ("*.py", "../names/*.py", "weights/*.npz", "weights/*.json")


@cache
def code_digest(profile: str) -> str:
    """A digest of the profile's name and of all code and weights of extraction."""
    digest = hashlib.sha256(profile.encode())
    for pattern in _MADE_OF:
        for path in sorted(_HERE.glob(pattern)):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
