r"""Owns what a paper says its short forms stand for.

Found are, in this order of trust:

    masked language modeling (MLM)          the long form before the bracket
    MLM (masked language modeling)          or in it
    autoregressive (AR) models              a bracket inside of a name
    BLINK, short for Better …               said in words
    MLM … masked language modeling          both named, and the letters are the words' initials

The first two follow Schwartz and Hearst (2003): the letters of the short form, right to left, each
in the long form, the first of them at the start of a word.  Unlike theirs, a long form is bounded
by the names that were found, and letters may come from inside of words ("ELECTRA") only where a
bracket joins the two.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from kg.model import Definition, Mention
from kg.names.normal import clean, is_acronym, is_name

_BRACKET = re.compile(r"\(\s*[\"'“‘]?([^()]{2,80}?)[\"'”’]?\s*[),;]")
_SHORT = re.compile(r"[A-Za-z0-9][\w.+\-/@$^\\{}*]*")
_SAID = re.compile(
    r"\b(?P<short>[A-Z][\w\-+.]{1,14})\s*,?\s*(?:\(?\s*(?:short for|which stands for|stands for|"
    r"standing for|an? (?:acronym|abbreviation) (?:for|of)|abbreviated from)\s+)(?P<long>[^.;()]{6,90})"
)
_SAID_AFTER = re.compile(
    r"(?P<long>[\w\- ]{8,90}?),?\s*\(?(?:abbreviated as|abbreviated|in short|for short|or simply|"
    r"denoted as|hereafter|aka|a\.k\.a\.)[, ]\s*[\"'“]?(?P<short>[A-Z][\w\-+.]{1,14})"
)
# What stands in whatever the two above find.  The second is looked for around that alone: it may
# begin at any letter, and to try it from each of a text takes as long as to tag the text.
_SAID_CUES = ("short for", "stands for", "standing for", "acronym", "abbreviat")
_AFTER_CUES = ("abbreviated", "in short", "for short", "or simply", "denoted as", "hereafter",
               "aka", "a.k.a.")  # fmt: skip
_REACH = 100  # letters before such a word at which what it speaks of begins, at most
_COUNT = re.compile(r"([a-z])([2-5])")
_WORD = re.compile(r"[^\W_]+")
_SKIPPED = frozenset(
    {
        "of",
        "for",
        "and",
        "the",
        "a",
        "an",
        "in",
        "on",
        "to",
        "with",
        "by",
        "from",
        "via",
        "at",
        "as",
        "is",
    }
)


Short = Collection[tuple[str, str]]  # spellings of short forms, each with its type
Types = dict[str, list[str]]  # the types of each spelling, sorted


def matches(short: str, long: str) -> bool:
    """Whether the letters of `short` stand in `long` in order, the first at the start of a word.

    A digit may count the letter before it ("M3" of three words in M) or say nothing.
    """
    text, letters = clean(long).casefold(), _letters(short)
    counted = _COUNT.sub(lambda m: m[1] * int(m[2]), letters)
    plain = "".join(c for c in letters if c.isalpha() or c in text)
    return any(_in_order(form, text) for form in (counted, plain))


def _in_order(letters: str, text: str) -> bool:
    if len(letters) < 2 or len(text) <= len(letters):
        return False
    at = len(text)
    for index in range(len(letters) - 1, -1, -1):
        at = text.rfind(letters[index], 0, at)
        while index == 0 and at > 0 and text[at - 1].isalnum():
            at = text.rfind(letters[0], 0, at)
        if at < 0:
            return False
    return True


def initials(short: str, long: str) -> bool:
    """Whether `short` is made of the first letters of the words of `long`, small words left out or not."""
    return _letters(short) in _firsts(long)


@lru_cache(maxsize=1 << 12)  # a paper's names are held against one another, and recur in the next
def _firsts(long: str) -> tuple[str, ...]:
    """The first letters of all words, and of those that are not small; none of a single word."""
    found = [w.casefold() for w in _WORD.findall(clean(long))]
    if len(found) < 2:
        return ()
    return "".join([w[0] for w in found]), "".join([w[0] for w in found if w not in _SKIPPED])


def _spelled(short: str, long: str) -> str:
    """The part of a long form that the short one spells: "biomedical language models (LMs)"."""
    if initials(short, long):
        return long
    tokens = long.split()
    tails = (" ".join(tokens[start:]) for start in range(1, len(tokens) - 1))
    return next((tail for tail in tails if initials(short, tail)), long)


def _holds(long: str, short: str) -> bool:
    """Whether the short form stands in the long one as it is: "GPT-3.5-turbo" spells out nothing."""
    a, b = clean(long).casefold(), clean(short).casefold()
    at = a.find(b)
    while at >= 0:
        end = at + len(b)
        if not (a[max(0, at - 1) : at].isalnum() or a[end : end + 1].isalnum()):
            return True
        at = a.find(b, at + 1)
    return False


@lru_cache(maxsize=1 << 12)
def _letters(short: str) -> str:
    text = clean(short)
    if text.endswith("s") and text[:-1] != text[:-1].lower():
        text = text[:-1]
    return "".join(c for c in text.casefold() if c.isalnum())


def definitions(
    title: str, abstract: str, mentions: Sequence[Mention], only: Short | None = None
) -> Iterator[Definition]:
    """What a paper says its short forms stand for, the surest first; what the text does not join, once.

    `only` are the (spelling, type) of those that are asked for; None asks for all.
    """
    seen: set[tuple[str, str]] = set()
    for found in _candidates(title, abstract, mentions, only):
        place = (found.short, found.type)
        again = place in seen and not found.sure
        if not again and not _holds(found.long, found.short):
            seen.add(place)
            yield found._replace(long=_spelled(found.short, found.long))


def _candidates(
    title: str, abstract: str, mentions: Sequence[Mention], only: Short | None
) -> Iterator[Definition]:
    asked = {(m.text, m.type) for m in mentions} if only is None else only
    shorts: Types = {}
    for text, type_ in sorted(asked):
        if is_name(text):
            shorts.setdefault(text, []).append(type_)
    if not shorts:
        return
    for field, text in (("title", title), ("abstract", abstract)):
        if "(" in text:
            yield from _bracketed(text, [m for m in mentions if m.field == field], shorts)
    for text in (title, abstract):
        yield from _said(text, mentions, shorts)
    yield from _named(mentions, shorts)


def _bracketed(text: str, mentions: Sequence[Mention], shorts: Types) -> Iterator[Definition]:
    """Long (short), short (long), and long (short) tail."""
    by_end = {m.end: m for m in mentions}
    for match in _BRACKET.finditer(text):
        inner, before = match[1].strip(), ""
        end = match.start()
        while end and text[end - 1].isspace():
            end -= 1
        left = by_end.get(end)
        for type_ in shorts.get(inner, ()):
            before = before or text[:end]
            if left and left.type == type_ and left.text != inner and matches(inner, left.text):
                yield Definition(inner, left.text, type_, True)
            elif around := _around(match.start(), match.end(), mentions, type_):
                yield Definition(inner, around, type_, True)
            elif long := _long_before(before, inner):
                yield Definition(inner, long, type_, True)
        if left and left.type in shorts.get(left.text, ()) and matches(left.text, inner):
            yield Definition(left.text, inner, left.type, True)


def _long_before(before: str, short: str) -> str:
    """The words before a bracket that spell the short form: by initials, or by their capitals."""
    start, most = len(before), 2 * len(_letters(short))
    for word in reversed(before.rsplit(None, most)[-most:]):
        start = before.rindex(word, 0, start)
        candidate = before[start:].strip(" ,;:\"'(")
        if re.search(r"[.;:!?]\s", candidate):
            return ""
        capitals = "".join(c for c in candidate if c.isupper()).casefold()
        if initials(short, candidate) or (
            capitals == _letters(short) and matches(short, candidate)
        ):
            return candidate
    return ""


def _around(start: int, end: int, mentions: Iterable[Mention], type_: str) -> str:
    """The name that a bracket stands inside of: "autoregressive (AR) models"."""
    held = (m for m in mentions if m.type == type_ and m.start < start and end < m.end)
    return next((m.text for m in held), "")


def _said(text: str, mentions: Sequence[Mention], shorts: Types) -> Iterator[Definition]:
    """ "X, short for Y": the name that Y begins with, or the words whose initials spell X."""
    for match in _sayings(text):
        short, long = match["short"].rstrip(".,"), match["long"].strip()
        for type_ in shorts.get(short, ()):
            named = {m.text for m in mentions if m.type == type_ and matches(short, m.text)}
            whole = max((n for n in named if long.startswith(n)), key=len, default="")
            if exact := whole or _cut(short, long):
                yield Definition(short, exact, type_, True)


def _sayings(text: str) -> Iterator[re.Match[str]]:
    if any([cue in text for cue in _SAID_CUES]):  # noqa: C419 - a generator takes thrice as long
        yield from _SAID.finditer(text)
    done = 0
    told = [cue for cue in _AFTER_CUES if cue in text]
    for at in sorted({m.start() for cue in told for m in re.finditer(re.escape(cue), text)}):
        match = _SAID_AFTER.search(text, max(done, at - _REACH), at + _REACH)
        if match:
            done = match.end()
            yield match


def _cut(short: str, long: str) -> str:
    """The shortest run of words of `long` that spells `short`'s letters by their initials."""
    tokens = long.split()
    for start in range(len(tokens)):
        for stop in range(start + 1, min(len(tokens), start + 12) + 1):
            run = " ".join(tokens[start:stop]).strip(" ,")
            if initials(short, run):
                return run
    return ""


def _named(mentions: Sequence[Mention], shorts: Types) -> Iterator[Definition]:
    """Short and long both named in the paper, with one type, and the letters the words' initials."""
    asked = [(short, type_) for short in shorts if is_acronym(short) for type_ in shorts[short]]
    if not asked:
        return
    spelled: dict[tuple[str, str], set[str]] = {}  # (letters, type) -> the long forms of these
    first = {_letters(short)[:1] for short, _ in asked}
    for m in mentions:
        if len(m.text) > 6 and _may_begin(m.text, first):
            for letters in _firsts(m.text):
                spelled.setdefault((letters, m.type), set()).add(m.text)
    if spelled:
        for short, type_ in asked:
            for long in sorted(spelled.get((_letters(short), type_), ())):
                if not is_acronym(long):
                    yield Definition(short, long, type_, False)


def _may_begin(long: str, first: Collection[str]) -> bool:
    """Whether the initials of a name may begin with one of these letters; most do not, and need
    not be cleaned."""
    letter = long[0]
    return (
        letter.lower() in first
        or not (letter.isascii() and letter.isalpha())
        or long.split(" ", 1)[0].lower() in _SKIPPED
    )
