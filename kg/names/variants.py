"""Owns which names are versions, sizes or splits of another: "LLaMA-2-7B-chat", "ViT-B/16"."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What a variant's name has behind its parent's: a size, a version, a tuning, a patch size, a split.
_SUFFIX = re.compile(
    r"(?:[-_ /:](?:v?\d+(?:\.\d+)*[kKmMbBtT]?|\d+x\d+(?:\.\d+)?[bBmM]?|A\d+(?:\.\d+)?B|base|large|small|tiny|"
    r"medium|mini|nano|huge|giant|big|xs|xl|xxl|chat|instruct|preview|turbo|it|hf|hd|pro|flash|max|plus|"
    r"ultra|lite|light|multilingual|uncased|cased|distilled?|zero|coder|math|vision|omni|audio|next|"
    r"[BLHSTGM](?:/\d+)?|[XB]L(?:/\d+)?|dev|test|val|validation|train|hard|easy|clean|other|full|verified|"
    r"diamond|challenge|sonnet|opus|haiku|en|zh|de|fr|cs)|(?<=[a-zA-Z])v?\d+(?:\.\d+)*[kKmMbB]?|/\d+|\+{1,2})$",
    re.IGNORECASE,
)
VARIED = ("Method", "Dataset")  # the types of which a name may be a version of another
_NAMED = re.compile(r"[A-Za-z]\w*[A-Z]|[A-Z]\w*\d|[A-Z]{2}|[A-Z][a-z]{2,}")


def parents(type_: str, name: str) -> Iterator[str]:
    """The names that `name` may be a variant of, the nearest first.

    Only a proper name has variants: "top-5" of a metric or "stage 2" is no version of anything.
    """
    if type_ not in VARIED or not _NAMED.search(name):
        return
    while (shorter := _SUFFIX.sub("", name).rstrip("-_ /")) != name and len(shorter) > 2:
        yield shorter
        name = shorter
