"""How text is cut into words, the unit that the tagger labels.

Every run of letters, digits and underscores is a word, and so is every other visible character, so that a
name can begin or end at any hyphen, slash or bracket.
"""

import re

_WORD = re.compile(r"\w+|[^\w\s]")


def word_spans(text: str) -> list[tuple[int, int]]:
    """Start and end (code points, end exclusive) of each word of `text`, in order."""
    return [match.span() for match in _WORD.finditer(text)]
