"""Owns `python -m kg.ontology FOLDER`, which writes the published contract."""

import sys
from pathlib import Path

from kg.ontology import write

write(Path(sys.argv[1] if len(sys.argv) > 1 else "schemas"))
