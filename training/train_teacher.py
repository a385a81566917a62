"""Train the teacher: fine-tune the MiniLM encoder on the gold and on the annotations beside this file."""

import argparse
import random
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from training.data import Example, load_sets
from training.teacher import (
    Batch,
    Encoded,
    Teacher,
    encode_all,
    encoder_path,
    load_tokenizer,
    log_probs,
)
from training.train_student import report

_MASK, _LAST_SPECIAL = 103, 103


def parameter_groups(
    model: Teacher, lr: float, head_lr: float, decay: float
) -> list[dict[str, Any]]:
    """Lower layers learn slower (Howard & Ruder 2018); word-piece and position tables stand still."""
    tables = model.encoder.embeddings
    tables.word_embeddings.weight.requires_grad_(False)
    tables.position_embeddings.weight.requires_grad_(False)
    depth = len(model.encoder.encoder.layer)
    groups = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        layer = int(name.split(".")[3]) if ".layer." in name else -1
        rate = lr * decay ** (depth - 1 - layer) if name.startswith("encoder.") else head_lr
        rest = {"weight_decay": 0.01 if parameter.dim() > 1 else 0.0}
        groups.append({"params": [parameter], "lr": rate, **rest})
    return groups


def batches(items: list[Encoded], size: int) -> list[list[Encoded]]:
    """Shuffled batches of papers of like length."""
    order = sorted(items, key=lambda x: len(x.ids) + random.random() * 60)
    cut = [order[i : i + size] for i in range(0, len(order), size)]
    random.shuffle(cut)
    return cut


def fit(model: Teacher, items: list[Encoded], a: argparse.Namespace) -> None:
    """Fine-tune with word pieces hidden at random and a rate that rises, then falls to nothing."""
    optimizer = torch.optim.AdamW(
        parameter_groups(model, a.lr, a.head_lr, a.decay), betas=(0.9, 0.98), fused=True
    )
    total = a.epochs * len(batches(items, a.batch))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / (0.1 * total)) * max(0, 1 - s / total) + 0.001
    )
    began = time.time()
    for epoch in range(a.epochs):
        model.train()
        seen = 0.0
        todo = batches(items, a.batch)
        for chosen in todo:
            batch = Batch(chosen)
            hide = (torch.rand(batch.ids.shape) < a.mask) & (batch.ids > _LAST_SPECIAL)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model(batch, torch.where(hide, _MASK, batch.ids))
            loss = torch.nn.functional.cross_entropy(scores.float(), batch.labels)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            seen += loss.item()
        print(epoch, f"loss {seen / len(todo):.4f} {time.time() - began:.0f}s", flush=True)


def main(argv: Iterable[str] | None = None) -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--gold", type=Path, required=True, help="folder of the gold files")
    add("--corpus", type=Path, required=True, help="unlabelled abstracts, JSONL, may be gzipped")
    add("--annotations", type=Path, default=Path(__file__).parent / "annotations")
    add("--epochs", type=int, default=6)
    add("--batch", type=int, default=16)
    add("--lr", type=float, default=2e-4)
    add("--head-lr", type=float, default=1e-3)
    add("--decay", type=float, default=0.85)
    add("--mask", type=float, default=0.1, help="how often a word piece is hidden")
    add("--threads", type=int, default=2)
    add("--seed", type=int, default=0)
    add("--out", type=Path, required=True)
    a = parser.parse_args(argv if argv is None else list(argv))
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    random.seed(a.seed)
    sets = load_sets(a.gold, a.corpus, a.annotations)
    tokenizer = load_tokenizer(encoder_path())
    model = Teacher(encoder_path())
    fit(model, encode_all(sets.training, tokenizer), a)
    torch.save(model.state_dict(), a.out)
    held: dict[str, list[Example]] = sets.held_out
    for name, examples in held.items():
        print(report(name, examples, log_probs(model, encode_all(examples, tokenizer))))


if __name__ == "__main__":
    main()
