"""Owns the bare head of a fuller name in one paper: "segmentation" for "image segmentation"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.link.known import Key
from kg.names.normal import parts

# Heads that stand for a fuller name so often that the paper's only one of that head is meant.
_HEADS = {
    "Task": frozenset(
        {
            "segmentation",
            "captioning",
            "translation",
            "diarization",
            "infilling",
            "personalization",
            "reconstruction",
            "classification",
        }
    ),
    "Method": frozenset({"pruning"}),
}


def heads() -> Iterator[Key]:
    """The names that may stand for a fuller one."""
    yield from ((type_, form) for type_, forms in _HEADS.items() for form in forms)


def is_head(form: Key) -> bool:
    """Whether a name may stand for a fuller one."""
    return form[1] in _HEADS.get(form[0], ())


def fuller_names(forms: Mapping[Key, str]) -> dict[Key, Key]:
    """Bare head -> the one name in the paper that ends in it, of (type, form) -> a spelling."""
    found: dict[Key, Key] = {}
    for form in forms:
        if not is_head(form):
            continue
        full = [
            f for f, text in forms.items() if f[0] == form[0] and f != form and _ends(text, form)
        ]
        if len(full) == 1:
            found[form] = full[0]
    return found


def _ends(text: str, head: Key) -> bool:
    folded = parts(text, head[0])
    return len(folded) == 2 and folded[-1] == head[1]
