"""Owns the words that tell what a paper does with the names that stand near them."""

# Words that say the same of what follows them, rare ones with common ones.
RELATIONS = {
    "beaten": frozenset(
        {"beats", "beat", "beating", "outperforms", "outperform", "outperforming", "outperformed", "surpasses"}
        | {"surpass", "surpassing", "surpassed", "exceeds", "exceeding", "unlike", "versus", "vs", "against"}
        | {"over", "than", "compared", "comparison", "contrast", "opposed", "instead", "rather", "superior"}
        | {"alternative", "replace", "replaces", "replacing", "rival", "rivals", "baseline", "baselines"}
        | {"relative", "match", "matches", "matching", "comparable", "competitive", "not"}
    ),
    "made": frozenset(
        {"propose", "proposes", "introduce", "introduces", "present", "presents", "develop", "call", "called"}
        | {"named", "name", "dubbed", "termed", "term", "devise", "design", "release", "contribute", "create"}
        | {"proposed", "developed", "introducing", "proposing", "namely", "novel", "new", "construct", "build"}
    ),
    "built on": frozenset(
        {"use", "uses", "using", "used", "based", "leverage", "leverages", "leveraging", "employ", "employs"}
        | {"apply", "applying", "applies", "adopt", "utilize", "utilizes", "utilizing", "via", "extend"}
        | {"extends", "adapt", "integrate", "integrates", "combine", "combines", "incorporate", "building"}
    ),
    "trained": frozenset(
        {"train", "trained", "training", "pretrained", "pretrain", "pretraining", "finetuned", "tuned"}
        | {"derived", "sourced", "collected", "constructed", "built", "extracted", "crawled"}
    ),
    "tested": frozenset(
        {"evaluate", "evaluated", "evaluation", "evaluations", "experiments", "experiment", "tested", "test"}
        | {"results", "benchmarks", "performance", "accuracy", "score", "demonstrate", "validated"}
        | {"achieves", "achieve", "improvement", "improvements", "gains"}
    ),
}  # fmt: skip

# Words whose mere presence in a sentence says something of the names in it.
CUES = frozenset(
    {
        "propose", "introduce", "present", "develop", "novel", "new", "our", "we", "unlike", "outperforms",
        "outperform", "outperforming", "surpasses", "surpassing", "compared", "than", "over", "instead",
        "however", "existing", "previous", "prior", "conventional", "traditional", "standard", "baselines",
        "baseline", "based", "using", "use", "leverage", "evaluate", "experiments", "results", "achieves",
        "such", "while", "although", "despite", "contrast", "state-of-the-art", "art", "against", "versus",
        "called", "named", "dubbed", "termed", "namely", "whereas", "rather", "but", "widely", "recent",
        "recently", "have", "has", "been", "tasks", "task", "applications", "trained", "pretrained",
    }
)  # fmt: skip
