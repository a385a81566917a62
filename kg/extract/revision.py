"""Owns the name of what extraction is made of, so that facts are made anew when it changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

# Raise it with any change of the rules that changes what is extracted.
REVISION = 3

WEIGHTS = Path(__file__).parent / "weights"


def weights_digest(profile: str) -> str:
    """A digest of the names and bytes of all weights that ship with the package."""
    digest = hashlib.sha256(profile.encode())
    for path in sorted(WEIGHTS.glob("*")):
        if path.suffix in {".npz", ".json", ".onnx", ".txt"}:
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
