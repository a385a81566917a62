"""Give each thing its role by rules alone, and measure that against the commonest role and the trained classifier.

A rule looks at the sentence of a mention, in which every name stands as its type: at what comes
before the enumeration that the mention is in, at what follows the mention, and at where the
sentence stands.  The first rule that holds for any mention of a thing decides; the order, and each
rule, was settled on the `train` part of the gold.
"""

import argparse
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from kg.extract.context import list_head
from kg.extract.role_features import Place, places
from kg.extract.roles import assign_roles, things
from kg.model import Mention
from training.annotated import Annotated, load

Assigner = Callable[[Annotated], Sequence[str]]
"""The role of each mention of a paper, in their order."""

_REACH = 8  # words on either side that a rule sees

# What rules are made of; all match whole words, each with a space behind it.
_FEW = r"(?:[\w@#'’-]+ ){0,4}"  # adjectives and articles between a cue and what it is said of
_NAMED = (
    r"\b(?:called|named|dubbed|termed|namely|coined|denoted(?: as| by)?)(?: ['`\"“’]+)* (?:the )?$"
)
_MAKE = (
    r"(?:(?:propos|introduc|present|develop|design|devis|releas|contribut|creat|construct|build"
    r"|formulat)(?:e|es|ed|ing|s)?|put forward) "
)
_WE = r"\b(?:we|paper|work|article|study) (?:\w+ ){0,2}"
_PART = (
    r"\b(?:methods?|strateg\w+|approach\w*|algorithms?|innovations?|functions?|components?|designs?"
    r"|mechanisms?|modules?|types|techniques?|framework|paradigm|levels|stages)"
    r" (?:is |are |includes? )?(?:[:,] )?(?:\( (?:#|i+) \) )?(?:the |an? )?$"
)
_STEP = (
    r"(?:[,:;)] |and |with |\bvia |introduc\w+ |incorporat\w+ )(?:\( (?:#|i+) \) )?an? (?:\w+ )?$"
)
_DOES = (
    r"(?:is|are|achiev|outperform|surpass|improv|reduc|learn|consist|leverag|us(?:es|ing)|combin"
    r"|enabl|provid|allow|introduc|employ|offer|obtain|attain|yield|generat|exploit|address"
    r"|incorporat|integrat|demonstrat|also|exceed|beat|significant|consistent|adopt|extend|perform"
    r"|effective|train|produc|support|maintain|require|can)\w*\b"
)
_BEATEN = (
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|beat|beats|beating|superior to|better than"
    r"|improv\w* (?:up)?on|improv\w* over) " + _FEW + "$"
)
_RIVAL = (
    r"\b(?:unlike|than|versus|vs \.|instead of|opposed to|alternatives? (?:to|of|for)|replac\w+|over"
    r"|against|baselines?(?: such as| like)?|competitors?|rivals?|match\w*|comparable (?:to|with)"
    r"|competitive with|performance (?:to|with)|relative to|compar\w+ (?:with|to|against)"
    r"|contrast (?:with|to)|on par with|limitations of) " + _FEW + "$"
)
_REPLACED = (
    r"\b(?:unlike|conventional|traditional|vanilla|standard|previous|eliminat\w+ the need for|not"
    r"|(?:compared|contrast) (?:to|with)|than|instead of|rather than|over)"
    r" (?:the |a |an |standard |using |with |by )*(?:\w+ )?$"
)
_OTHERS = (
    r"\b(?:existing|previous|prior|current|traditional|conventional|other|mainstream|functionality"
    r"|compared to|strong\w*|baselines?|recent|popular)(?: [\w@-]+){0,3} (?:methods|approaches"
    r"|models|techniques|works?|baselines|solutions|architectures|algorithms)(?: \w+)? $"
)
_BASED = (
    r"\b(?:based on|buil[dt]s?(?: up)?on|using|use|uses|used|via|with|leverag\w+|employ\w*"
    r"|appl\w+(?: to)?|on top of|adapt\w*|extends?|fine - tun\w+|finetun\w+|(?:pre - )?train\w*"
    r"|pretrained|through|by) (?:the |a |an |existing )*$"
)
_DRAWN = (
    r"\b(?:(?:pre)?train\w*|derived|sourced|built|constructed|collected|crawled|extracted|sampled)"
    r" (?:\w+ )?(?:on|from|upon|with|using) " + _FEW + "$"
)
_CORPUS = (
    r"\b(?:corpora|corpus|(?:pre - ?|pre)?training (?:data\w*|corp\w+))(?: of| from)?(?: \()? $"
)
_CONTENT = r"^ (?:entit\w+|articles|passages|pages|dumps?|knowledge|triples|masks|documents)\b"
_OUR_DATA = r"\bour (?:new |novel |own )?(?:datasets?|benchmarks?|corpus)?(?: ,)? ?$"
_NEW_DATA = r"\b(?:introduced|proposed|curated|constructed|contribute|new) (?:\w+ )?$"
_MAKING = r"\b(?:development|construction|creation|release|version) of (?:the )?$"
_PROBLEM = (
    r"^(?: \( @T \))? (?:is|aims?|has|requires?|involves|refers|seeks|remains|poses|plays|of|in"
    r"|with)\b"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the role of a thing of `type`, one mention of which stands so.

    `before` is matched up to the enumeration that the mention is a member of, `after` from behind
    the mention, both in lower case with names as @M, @D, @T, @E (Method … Metric) and numbers as
    #; `zones` are those of `kg.extract.role_features.Place`.  `proper` asks for a name that is
    spelled as one, or not, and `words` for one of so many words at least; `fresh` that nothing
    before the authors speak of their own work names the thing; `times` how often it is named:
    "once", "often" or either.
    """

    type: str
    role: str
    before: str = ""
    after: str = ""
    zones: str = "title before own"
    proper: bool | None = None
    words: int = 1
    fresh: bool = False
    times: str = ""


_new = partial(Rule, "Method", "introduces", fresh=True)
_rival = partial(Rule, "Method", "compares")

RULES = (
    _new("^$", r"^(?: \( @M \))? :", "title", proper=True),
    _new(_NAMED, zones="own"),
    _new(rf"{_WE}{_MAKE}{_FEW}$", zones="own"),
    _new(r"\bour (?:\w+ )?(?:, )?$", zones="own", proper=True),
    Rule("Method", "uses", _BASED, zones="own", proper=True, times="often"),
    _rival(_BEATEN, zones="before own"),
    _rival(_RIVAL, zones="own", proper=True),
    _rival(_REPLACED, zones="own", proper=False, fresh=True),
    _new(r": (?:(?:the |an |a )(?:[\w-]+ )?)?$", zones="title", proper=True),
    _new("^$", zones="title", proper=True),
    _rival(_OTHERS, zones="before own"),
    _new(_PART, zones="own", proper=True),
    _new(_STEP, zones="own", words=3),
    Rule("Method", "uses", _BASED, zones="before own"),
    _new(r"(?:^|[,:;] |that |and |show |hence )(?:the )?$", rf"^(?: \( @M \))?(?: ,)? {_DOES}", "own", proper=True),
    _new(r"\b(?:via|with|using|by) $", zones="title", proper=True),
    Rule("Method", "uses"),
    Rule("Dataset", "introduces", "^$", r"^(?: \( @D \))? :", "title"),
    Rule("Dataset", "introduces", _NAMED),
    Rule("Dataset", "introduces", rf"{_WE}(?:{_MAKE}|curate |collect ){_FEW}$", zones="own"),
    Rule("Dataset", "introduces", _OUR_DATA, zones="own"),
    Rule("Dataset", "introduces", _NEW_DATA, zones="own"),
    Rule("Dataset", "introduces", _MAKING, zones="own"),
    Rule("Dataset", "uses", _DRAWN),
    Rule("Dataset", "uses", _CORPUS),
    Rule("Dataset", "uses", "", _CONTENT),
    Rule("Dataset", "evaluates"),
    Rule("Task", "addresses", zones="title"),
    Rule("Task", "addresses", "^$", _PROBLEM, "before"),
    Rule("Task", "mentions", zones="before", times="once"),
    Rule("Task", "addresses"),
    Rule("Metric", "mentions", zones="before", times="once"),
    Rule("Metric", "reports"),
)  # fmt: skip


@cache
def _patterns(rule: Rule) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(rule.before), re.compile(rule.after)


def _holds(rule: Rule, members: Sequence[tuple[Mention, Place]]) -> bool:
    """Whether the rule holds for a thing: for one of its mentions, and for how it is named."""
    if rule.times and (len(members) > 1) != (rule.times == "often"):
        return False
    if rule.fresh and any(place.zone == "before" for _, place in members):
        return False
    return any(_stands(rule, mention, place) for mention, place in members)


def _stands(rule: Rule, mention: Mention, place: Place) -> bool:
    """Whether one mention is spelled, and stands, as the rule asks."""
    if place.zone not in rule.zones or len(re.findall(r"\w+", mention.text)) < rule.words:
        return False
    if rule.proper is not None and _is_proper(mention.text) != rule.proper:
        return False
    tokens, (before, after) = place.words.tokens, _patterns(rule)
    head = list_head(tokens, place.token)
    left = "".join(f"{token} " for token in tokens[max(0, head - _REACH) : head])
    right = "".join(f" {token}" for token in tokens[place.token + 1 :][:_REACH])
    return bool(before.search(left) and after.search(right))


def _is_proper(text: str) -> bool:
    """Whether a name is spelled as one: a capital or a digit behind its first letter, no plural."""
    return any(c.isupper() or c.isdigit() for c in text[1:]) and not re.search(r"[^s]s$", text)


def by_rules(paper: Annotated) -> list[str]:
    """The role of each mention, by the rules."""
    placed = places(paper.title, paper.abstract, paper.mentions)
    roles = [""] * len(paper.mentions)
    for group in things(paper.title, paper.abstract, paper.mentions):
        members = [(paper.mentions[i], placed[i]) for i in group]
        type_ = members[0][0].type
        role = next(rule.role for rule in RULES if rule.type == type_ and _holds(rule, members))
        for i in group:
            roles[i] = role
    return _with_variants(paper, roles)


def _with_variants(paper: Annotated, roles: list[str]) -> list[str]:
    """The roles, where a size or version of what the paper introduces is introduced with it."""
    own = {m.text for m, r in zip(paper.mentions, roles, strict=True) if r == "introduces"}
    return [
        "introduces" if any(m.text.startswith((f"{name}-", f"{name} ")) for name in own) else role
        for m, role in zip(paper.mentions, roles, strict=True)
    ]


def commonest(papers: Sequence[Annotated]) -> dict[str, str]:
    """The role that most mentions of each type have in these papers."""
    counts: dict[str, Counter[str]] = {}
    for paper in papers:
        for m in paper.mentions:
            counts.setdefault(m.type, Counter()).update((m.role,))
    return {type_: count.most_common(1)[0][0] for type_, count in counts.items()}


def by_classifier(paper: Annotated) -> list[str]:
    """The role of each mention, as the package gives it."""
    return [m.role for m in assign_roles(paper.title, paper.abstract, paper.mentions)]


def accuracy(papers: Sequence[Annotated], assign: Assigner) -> dict[str, float]:
    """How many of the things named in gold get their role, in percent, by type and of all.

    As `training.train_roles` counts: a thing is right where a mention of it is.
    """
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for paper in papers:
        found: dict[tuple[str, str], bool] = {}
        for gold, role in zip(paper.mentions, assign(paper), strict=True):
            key = (gold.type, gold.name.casefold())
            found[key] = found.get(key, False) or gold.role == role
        for (type_, _), good in found.items():
            total.update((type_, "all"))
            right.update((type_, "all") if good else ())
    return {type_: round(100 * right[type_] / total[type_], 1) for type_ in sorted(total)}


def main() -> None:
    """The command line: each way of giving roles, measured on what is held out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True, help="folder of *.papers and *.gold")
    parser.add_argument("--corpus", type=Path, required=True, help="texts of own annotations")
    parser.add_argument("--annotations", type=Path, default=Path(__file__).parent / "annotations")
    options = parser.parse_args()
    training, held_out = load(options.gold, options.corpus, options.annotations)
    common = commonest(training)
    ways: dict[str, Assigner] = {
        "commonest role": lambda paper: [common[m.type] for m in paper.mentions],
        "rules": by_rules,
        "classifier": by_classifier,
    }
    for name, papers in held_out.items():
        for way, assign in ways.items():
            print(f"{name:12} {way:23}", accuracy(papers, assign), flush=True)


if __name__ == "__main__":
    main()
