"""Owns what a thing is called and what its identifier is.

The identifier is made of the folded words of the normal form (`method/large-language-model`,
`dataset/zeshel`), not of the spelling met most often: a further paper changes it only where it
brings a spelling of the same form in more words, and `kg merges` then says so.  The name is for
people, and takes the commonest spelling, of common nouns that in small letters.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping

from kg.identifiers import slug
from kg.link.known import Key
from kg.names.normal import clean, is_acronym, is_proper, singular
from kg.schema import entity_id
from kg.vocabulary import Entry

_SYMBOLS = str.maketrans(
    {"@": "-at-", "%": "-percent-", "#": "-sharp-", "<": "-lt-", ">": "-gt-", "=": "-eq-"}
)

_SHORT = 80  # letters that a slug keeps
_MOSTLY = 10  # times as often as in small letters, a word is written as a name: titles are fewer
_READABLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")  # which is its own slug
_HELD = re.compile(r"[\w.+\-]*")


def known_id(entry: Entry) -> str:
    """The identifier of a known thing."""
    return entity_id(entry.type, slug(entry.name))


def new_id(form: Key, cut: str, reserved: frozenset[str]) -> str:
    """The identifier of a thing that is not known; apart from the reserved ones of those that are.

    `cut` is the form in words, hyphens between.  What a slug cannot hold is kept apart by a digest
    of the form.
    """
    if _READABLE.fullmatch(cut) and len(cut) <= _SHORT:  # as nearly all
        readable, id_ = cut, entity_id(form[0], cut)
        if id_ not in reserved:
            return id_
    else:
        readable = slug(cut.translate(_SYMBOLS)) if cut else slug(form[1])
        id_ = entity_id(form[0], readable)
    lossless = _HELD.fullmatch(form[1]) is not None
    if readable and id_ not in reserved and lossless:
        return id_
    digest = hashlib.sha256(form[1].encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return entity_id(form[0], f"{readable}-{digest}".strip("-"))


def display_name(spellings: Mapping[str, int]) -> str:
    """What a new thing is called: a common noun in lower case and singular, else its short name."""
    if len(spellings) == 1:
        return name_of_one(*spellings)
    ranked = sorted(spellings, key=lambda s: (-spellings[s], len(s), s))
    common = [s for s in ranked if _is_common(s)]
    if common and not _is_name(spellings, common):
        return _singular_name(common)
    short = [s for s in ranked if " " not in s]
    titled = [s for s in short if is_acronym(s) or is_proper(s)]
    return (titled or short or ranked)[0]


def _is_name(spellings: Mapping[str, int], common: list[str]) -> bool:
    """Whether the small letters are another way to write a name: "fps" of "FPs", "mamba" of "Mamba"."""
    if any(" " in s or "-" in s for s in common):
        return False
    small = sum(spellings[s] for s in common)
    written = Counter[bool]()  # as no common noun is, or as titles write those
    for surface, count in spellings.items():
        if surface != surface.lower() and " " not in surface:
            written[is_acronym(surface) or is_proper(surface)] += count
    return written[True] > small or sum(written.values()) >= _MOSTLY * small


def name_of_one(spelling: str) -> str:
    """What a new thing of one spelling is called."""
    return _singular_name([spelling]) if _is_common(spelling) else spelling


def _is_common(spelling: str) -> bool:
    return spelling == spelling.lower() and any(c.isalpha() for c in spelling)


def _singular_name(common: list[str]) -> str:
    """The commonest spelling, or its singular: as it was met, or else made by rule."""
    best = common[0]
    for other in common:
        if other != best and best.startswith(other) and len(best) - len(other) <= 2:
            return other
    head, _, last = clean(best).rpartition(" ")
    stem = singular(last)
    return f"{head} {stem}".strip() if last.isalpha() and stem != last else best
