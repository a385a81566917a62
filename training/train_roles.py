"""Train the role classifiers on annotated mentions, write their weights, and measure them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.extract import linear as inference
from kg.extract.role_features import places, thing_features
from kg.extract.roles import assign_roles, things
from kg.schema import ROLES
from training import linear
from training.annotated import Annotated, run

OUTPUT = Path(inference.__file__).parent / "weights" / "roles.json"
_STRENGTH = 0.1
_LEAST = 3


def examples(paper: Annotated) -> Iterator[tuple[str, list[str], str]]:
    """(type, features, role) of each thing in the paper."""
    mentions = paper.mentions
    placed = places(paper.title, paper.abstract, mentions)
    groups = things(paper.title, paper.abstract, mentions)
    counts = Counter(mentions[group[0]].type for group in groups)
    for group in groups:
        members = [(mentions[i], placed[i]) for i in group]
        role = Counter(mentions[i].role for i in group).most_common(1)[0][0]
        yield members[0][0].type, sorted(thing_features(members, counts)), role


def train(papers: Sequence[Annotated]) -> None:
    """Fit one classifier a type, and write them."""
    rows: dict[str, list[tuple[list[str], str, str]]] = defaultdict(list)
    for paper in papers:
        for type_, features, role in examples(paper):
            rows[type_].append((features, role, paper.id))
    classifiers = {}
    for type_ in ROLES:
        names, roles, ids = zip(*rows[type_], strict=True)
        classifiers[type_] = linear.fit(names, roles, ids, strength=_STRENGTH, least=_LEAST)
        print(type_, len(roles), "things,", len(classifiers[type_]["weights"]), "features")
    linear.write(OUTPUT, classifiers)


def measure(papers: Sequence[Annotated]) -> None:
    """Print how many of the things named in gold get their role, by type, and the calibration."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for paper in papers:
        given = assign_roles(paper.title, paper.abstract, paper.mentions)
        things_right: dict[tuple[str, str], bool] = {}
        for gold, ours in zip(paper.mentions, given, strict=True):
            key = (gold.type, gold.name.casefold())
            things_right[key] = things_right.get(key, False) or gold.role == ours.role
            row = (ours.role_confidence, gold.role == ours.role)
            bins[min(9, int(10 * ours.role_confidence))].append(row)
        for (type_, _), good in things_right.items():
            total.update((type_, "all"))
            right.update((type_, "all") if good else ())
    print("  role accuracy:", {t: round(100 * right[t] / total[t], 1) for t in sorted(total)})
    off = sum(abs(sum(c for c, _ in b) - sum(r for _, r in b)) for b in bins.values())
    print(f"  calibration error: {100 * off / sum(map(len, bins.values())):.1f} points")


if __name__ == "__main__":
    run(__doc__, train, measure)
