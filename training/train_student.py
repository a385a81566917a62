"""Train the student on gold and on what the teacher thinks of unlabelled papers; write its weights."""

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from kg.extract.decode import TYPES
from kg.extract.features import norm
from kg.extract.words import word_spans
from training.data import (
    ROLE_LABELS,
    Example,
    Sets,
    f1,
    load_sets,
    make_example,
    mentions,
    paper_text,
    read_jsonl,
)
from training.student import Batch, Forms, Item, PaperDropout, Shape, Student, make_item


def build_vocab(corpus: Path, least: int, most: int) -> list[str]:
    """The commonest folded words of the corpus, commonest first, after a first entry for the rest."""
    counts: Counter[str] = Counter()
    for paper in read_jsonl(corpus):
        text = paper_text(paper)
        counts.update(text[a:b] for a, b in word_spans(text))
    folded: Counter[str] = Counter()
    for word, n in counts.items():
        folded[norm(word)] += n
    common = sorted((w for w, n in folded.items() if n >= least), key=lambda w: (-folded[w], w))
    return ["", *common[: most - 1]]


def starting_vectors(vocab: Sequence[str], width: int) -> Tensor:
    """Word vectors to start from: the encoder's word pieces, averaged and cut to `width` by PCA."""
    from transformers import BertModel

    from training.teacher import encoder_path, load_tokenizer

    model = BertModel.from_pretrained(encoder_path(), add_pooling_layer=False)
    table = model.embeddings.word_embeddings.weight.detach()
    tokenizer = load_tokenizer(encoder_path())
    cut = tokenizer.encode_batch(list(vocab), add_special_tokens=False)
    rows = torch.stack([table[c.ids].mean(0) if c.ids else table[0] for c in cut])
    rows = rows - rows.mean(0)
    _, _, basis = torch.pca_lowrank(rows, width, center=False)
    vectors = rows @ basis
    return vectors / vectors.std() * 0.3


def soft_loss(scores: Tensor, items: Sequence[Item], smooth: float) -> Tensor:
    """Mean cross-entropy to the teacher where there is one, to the gold elsewhere."""
    flat, weights, targets = [], [], []
    eye = torch.eye(scores.shape[-1])
    for k, item in enumerate(items):
        size = len(item.forms)
        flat.append(scores[k, :size])
        weights.append(torch.full((size,), item.weight))
        if item.soft is None:
            targets.append(eye[torch.from_numpy(item.labels)] * (1 - smooth) + smooth / len(eye))
        else:
            targets.append(torch.from_numpy(item.soft).float().exp())
    loss = -(torch.cat(targets) * torch.cat(flat).float().log_softmax(-1)).sum(-1)
    weight = torch.cat(weights)
    return (loss * weight).sum() / weight.sum()


def role_loss(scores: Tensor, items: Sequence[Item]) -> Tensor:
    """Mean cross-entropy of the roles of the words that stand in annotated mentions."""
    flat, targets = [], []
    for k, item in enumerate(items):
        if item.soft is None:
            inside = np.flatnonzero(item.roles >= 0)
            flat.append(scores[k, torch.from_numpy(inside)])
            targets.append(torch.from_numpy(item.roles[inside]))
    if not sum(map(len, targets)):
        return scores.sum() * 0
    return nn.functional.cross_entropy(torch.cat(flat).float(), torch.cat(targets))


@torch.inference_mode()
def role_accuracy(model: Student, items: Sequence[Item], forms: Forms) -> float:
    """Percent of the words in annotated mentions whose role, of those of their type, is right."""
    model.eval()
    right = total = 0
    kind = np.array([TYPES.index(k) for k, _ in ROLE_LABELS])
    for k in range(0, len(items), 32):
        chosen = items[k : k + 32]
        scores = model(Batch(chosen, forms), nn.Identity())[1].float().numpy()
        for rows, item in zip(scores, chosen, strict=True):
            inside = np.flatnonzero(item.roles >= 0)
            gold = item.roles[inside]
            other = kind[gold][:, None] != kind[None]
            right += int((np.where(other, -1e9, rows[inside]).argmax(1) == gold).sum())
            total += len(gold)
    return 100 * right / max(1, total)


@torch.inference_mode()
def predict(model: Student, items: Sequence[Item], forms: Forms) -> list[np.ndarray]:
    """Log-probabilities of the labels for each word of each paper."""
    model.eval()
    out = []
    for k in range(0, len(items), 32):
        chosen = items[k : k + 32]
        scores = model(Batch(chosen, forms), nn.Identity())[0].float().log_softmax(-1).numpy()
        out += [scores[i, : len(x.forms)] for i, x in enumerate(chosen)]
    return out


def report(tag: str, examples: Sequence[Example], scores: Sequence[np.ndarray]) -> str:
    """One line: precision, recall, F1, and F1 of each type."""
    found = [mentions(e, s) for e, s in zip(examples, scores, strict=True)]
    gold = [e.gold for e in examples]
    p, r, f = f1(found, gold)
    kinds = " ".join(f"{t[:2]} {f1(found, gold, t)[2]:.1f}" for t in TYPES)
    return f"{tag} P {p:.1f} R {r:.1f} F {f:.1f} {kinds}"


def batches(items: Sequence[Item], size: int) -> list[list[Item]]:
    """Shuffled batches of papers of like length."""
    order = sorted(items, key=lambda x: len(x.forms) + random.random() * 40)
    cut = [order[i : i + size] for i in range(0, len(order), size)]
    random.shuffle(cut)
    return cut


def train(
    model: Student,
    forms: Forms,
    gold: list[Item],
    silver: list[Item],
    a: argparse.Namespace,
    sets: Sets,
) -> dict[str, Tensor]:
    """Fit the student; the result is the running average of its weights."""
    dev = {k: (v, [make_item(e, forms) for e in v]) for k, v in sets.held_out.items()}
    drop = PaperDropout(a.dropout)
    tables = [model.words.weight, model.grams.weight, model.shapes.weight]
    rest = [p for p in model.parameters() if not any(p is t for t in tables)]
    groups = [
        {"params": rest, "weight_decay": 0.01, "lr": a.lr},
        {"params": tables, "lr": a.lr, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    per_epoch = (len(silver) + len(gold) * a.gold_repeat + a.batch - 1) // a.batch
    total = a.epochs * per_epoch
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (0.05 * total)) * max(0.01, 1 - s / total)
    )
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    began, step = time.time(), 0
    for epoch in range(a.epochs):
        model.train()
        drop.train()
        seen = 0.0
        todo = batches([*silver, *gold * a.gold_repeat], a.batch)
        for chosen in todo:
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bool(a.bf16)):
                scores, roles = model(Batch(chosen, forms), drop, a.unknown)
            loss = soft_loss(scores, chosen, a.smooth)
            if a.roles:
                loss = loss + a.roles * role_loss(roles, chosen)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            keep = min(a.average, (step + 1) / (step + 10))
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    average[k].lerp_(v, 1 - keep)
            seen += loss.item()
        now = {k: v.detach().clone() for k, v in model.state_dict().items()}
        model.load_state_dict(average)
        drop.eval()
        lines = [
            report(k, ex, predict(model, it, forms))
            + f" roles {role_accuracy(model, it, forms):.1f}"
            for k, (ex, it) in dev.items()
        ]
        print(
            epoch,
            f"loss {seen / len(todo):.4f} {time.time() - began:.0f}s",
            *lines,
            sep=" | ",
            flush=True,
        )
        if a.out:
            torch.save({"state": average, "vocab": list(forms.vocab), "sizes": model.sizes}, a.out)
        model.load_state_dict(now)
    return average


def load_silver(
    path: Path, corpus: Path, forms: Forms, most: int, weight: float, done: set[str]
) -> list[Item]:
    """Papers with the teacher's log-probabilities, from what `training.label` wrote, less those in `done`."""
    with np.load(path) as saved:
        ids, ends, probs = list(saved["ids"]), saved["ends"], saved["probs"]
    where = {str(i): k for k, i in enumerate(ids[:most])}
    out = []
    for paper in read_jsonl(corpus):
        k = where.get(paper["id"])
        if k is None or paper["id"] in done:
            continue
        item = make_item(make_example(paper, None), forms)
        item.soft = probs[ends[k - 1] if k else 0 : ends[k]]
        item.weight = weight
        assert len(item.soft) == len(item.forms)
        out.append(item)
    return out


def start_from(model: Student, earlier: dict[str, Tensor]) -> None:
    """Take over the weights of an earlier student that have the same shape here."""
    own = model.state_dict()
    same = {k: v for k, v in earlier.items() if k in own and v.shape == own[k].shape}
    model.load_state_dict(same, strict=False)
    print("started from", len(same), "of", len(own), "arrays", flush=True)


def main(argv: Iterable[str] | None = None) -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--gold", type=Path, required=True, help="folder of the gold files")
    add("--corpus", type=Path, required=True, help="unlabelled abstracts, JSONL, may be gzipped")
    add("--annotations", type=Path, default=Path(__file__).parent / "annotations")
    add("--silver", type=Path, help="what training.label wrote")
    add("--silver-most", type=int, default=10**9)
    add("--silver-weight", type=float, default=1.0)
    add("--vocab", type=Path, help="cache of the vocabulary and its starting vectors (.pt)")
    add("--vocab-size", type=int, default=40000)
    add("--epochs", type=int, default=4)
    add("--batch", type=int, default=16)
    add("--lr", type=float, default=2e-3)
    add("--dropout", type=float, default=0.1)
    add("--unknown", type=float, default=0.15)
    add("--smooth", type=float, default=0.0)
    add("--average", type=float, default=0.995)
    add("--gold-repeat", type=int, default=1)
    add("--bf16", type=int, default=1)
    add("--threads", type=int, default=2)
    add("--seed", type=int, default=0)
    add("--width", type=int, default=128)
    add("--hidden", type=int, default=128)
    add("--dilations", default="1,2,1,4,1")
    add("--heads", type=int, default=4)
    add("--roles", type=float, default=0.1, help="weight of the loss of roles; 0: leave them")
    add("--init", type=Path, help="an earlier run's .pt: what has the same shape starts from it")
    add("--out", type=Path)
    a = parser.parse_args(argv if argv is None else list(argv))
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    random.seed(a.seed)
    sets = load_sets(a.gold, a.corpus, a.annotations)
    if a.vocab and a.vocab.exists():
        saved = torch.load(a.vocab)
    else:
        words = build_vocab(a.corpus, 5, a.vocab_size)
        saved = {"words": words, "vectors": starting_vectors(words, Shape().word_width)}
        if a.vocab:
            torch.save(saved, a.vocab)
    vocab = saved["words"][: a.vocab_size]
    forms = Forms({w: i for i, w in enumerate(vocab)})
    dilations = tuple(map(int, a.dilations.split(",")))
    sizes = Shape(width=a.width, hidden=a.hidden, dilations=dilations, heads=a.heads)
    model = Student(sizes, len(vocab))
    model.words.weight.data.copy_(saved["vectors"][: len(vocab)])
    if a.init:
        start_from(model, torch.load(a.init, weights_only=False)["state"])
    gold = [make_item(e, forms) for e in sets.training]
    done = {e.id for e in sets.training}
    silver = (
        load_silver(a.silver, a.corpus, forms, a.silver_most, a.silver_weight, done)
        if a.silver
        else []
    )
    print(len(gold), "gold", len(silver), "silver", len(forms.ids), "forms", flush=True)
    train(model, forms, gold, silver, a, sets)


if __name__ == "__main__":
    main()
