"""The floors of ARCHITECTURE.md: a file imports only from floors below its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The first prefix that fits a module says its floor.
FLOORS: list[tuple[str, int]] = [
    ("kg.errors", 0),
    ("kg.schema", 0),
    ("kg.files", 1),
    ("kg.processes", 1),
    ("kg.model", 1),
    ("kg.names", 1),
    ("kg.terms", 1),
    ("kg.identifiers", 1),
    ("kg.vocabulary", 1),
    ("kg.evidence", 2),
    ("kg.records", 2),
    ("kg.readers", 2),
    ("kg.extract", 2),
    ("kg.link", 2),
    ("kg.graph", 3),
    ("kg.store", 3),
    ("kg.assemble", 3),
    ("kg.evaluate", 3),
    ("kg.rdf", 3),
    ("kg.ontology", 3),
    ("kg.export", 4),
    ("kg.query", 4),
    ("kg.describe", 4),
    ("kg.drafts", 4),
    ("kg.validate", 4),
    ("kg.serve", 5),
    ("kg.pipeline", 5),
    ("kg.spark", 5),
    ("kg.cli", 6),
    ("kg.commands", 6),
    ("kg.__main__", 7),
    ("kg", 7),  # the package's public face
]
# Modules of one floor that may use one another, each with its reason.
ALLOWED = {
    ("kg.vocabulary", "kg.model"),  # its rows are the model's values
    ("kg.names", "kg.model"),  # what short forms stand for is told by a paper's mentions
    ("kg.vocabulary", "kg.identifiers"),  # and its ids are slugs
    ("kg.extract", "kg.records"),  # workers hand back the written form
    ("kg.link", "kg.records"),  # `kg link` reads it
    ("kg.spark", "kg.pipeline"),  # the same line, and the same report of it
}


def floor(module: str) -> int:
    return next(n for prefix, n in FLOORS if module == prefix or module.startswith(prefix + "."))


def part(module: str) -> str:
    return next(
        prefix for prefix, _ in FLOORS if module == prefix or module.startswith(prefix + ".")
    )


def modules() -> list[tuple[str, Path]]:
    found = []
    for path in sorted((ROOT / "kg").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found.append((".".join(p for p in parts if p != "__init__"), path))
    return found


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "kg")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "kg":
            assert node.module
            submodules = [f"{node.module}.{a.name}" for a in node.names]
            known = {name for name, _ in modules()}
            yield from (s if s in known else node.module for s in submodules)


@pytest.mark.parametrize(("module", "path"), modules(), ids=[m for m, _ in modules()])
def test_imports_go_down(module: str, path: Path) -> None:
    """No module imports from its own floor or above, except within its own package."""
    for name in imports(path):
        if part(name) == part(module) or (part(module), part(name)) in ALLOWED:
            continue
        assert floor(name) < floor(module), f"{module} imports {name}"


@pytest.mark.parametrize(("module", "path"), modules(), ids=[m for m, _ in modules()])
def test_modules_say_what_they_own(module: str, path: Path) -> None:
    """Every module with code in it opens with a sentence."""
    tree = ast.parse(path.read_text())
    if tree.body:
        docstring = ast.get_docstring(tree)
        assert docstring, module
        assert docstring.split("\n\n")[0].rstrip().endswith((".", ":", "`")), module
