"""Whose number a result is."""

from __future__ import annotations

import pytest

from kg.extract.result_methods import name_methods
from kg.model import Mention, Result


def mention(text: str, name: str, role: str) -> Mention:
    start = text.index(name)
    return Mention("abstract", start, start + len(name), name, "Method", role)


@pytest.mark.parametrize(
    ("text", "methods", "value", "expected"),
    [
        ("Our FooNet reaches 84.2% on ImageNet.", {"FooNet": "introduces"}, "84.2%", "FooNet"),
        ("We propose FooNet. We reach 84.2%.", {"FooNet": "introduces"}, "84.2%", "FooNet"),
        ("FooNet has 84.2%, against 80.1% for BarNet.", {"FooNet": "introduces", "BarNet": "uses"}, "80.1%", "BarNet"),
        ("We study pruning. LLaMA-2 loses 3.1%.", {"LLaMA-2": "uses"}, "3.1%", "LLaMA-2"),
        ("It is better than BarNet, with 84.2%.", {"BarNet": "compares"}, "84.2%", None),
        ("The error is 3.1%.", {}, "3.1%", None),
    ],
)  # fmt: skip
def test_the_sentence_says_whose(
    text: str, methods: dict[str, str], value: str, expected: str | None
) -> None:
    """The paper's own method, the one that the number is said to be of, or none."""
    at = text.index(value)
    (named,) = name_methods(
        text,
        [mention(text, name, role) for name, role in methods.items()],
        [Result(value, start=at, end=at + len(value))],
    )
    assert named.method == expected
