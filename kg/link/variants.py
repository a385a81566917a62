"""Owns which names are versions, sizes or splits of another: "LLaMA-2-7B-chat", "ViT-B/16"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SUFFIX = re.compile(
    r"(?:[-_ /](?:v?\d+(?:\.\d+)*[kKmMbB]?|\d+x\d+(?:[BM])?|base|large|small|tiny|medium|mini|huge|giant|xl|xxl|"
    r"chat|instruct|preview|turbo|it|hd|pro|flash|max|plus|lite|[BLHSTGM](?:/\d+)?|[XB]L(?:/\d+)?|dev|test|val|hard|lite|verified)|"
    r"(?<=[a-zA-Z])v?\d+(?:\.\d+)*|\+\+?)$",
    re.IGNORECASE,
)


def parents(type_: str, name: str) -> Iterator[str]:
    """The names that `name` may be a variant of, the nearest first."""
    if type_ not in ("Method", "Dataset"):
        return
    while (shorter := _SUFFIX.sub("", name)) != name and len(shorter) > 2:
        yield shorter
        name = shorter
