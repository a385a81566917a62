"""The student as it is trained: the same network as `kg.extract.tagger`, in torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from kg.extract.decode import LABELS
from kg.extract.features import GRAMS, SHAPES, describe, norm
from training.data import ROLE_LABELS, Example


@dataclass(frozen=True)
class Shape:
    """Sizes of the network. `dilations` has one entry a block; after `pool` blocks the occurrences of
    a word exchange what they know, after `attend` blocks all words of the paper do."""

    word_width: int = 96
    gram_width: int = 64
    shape_width: int = 24
    width: int = 128
    hidden: int = 128
    dilations: tuple[int, ...] = (1, 2, 1, 4, 1)
    pool: int = 2
    attend: int = 3
    heads: int = 4
    head_width: int = 16


class Forms:
    """Every word form met so far and its features, numbered."""

    def __init__(self, vocab: Mapping[str, int]) -> None:
        self.vocab = vocab
        self.ids: dict[str, int] = {}
        self.norms: dict[str, int] = {}
        self.vocab_row: list[int] = []
        self.shape_row: list[int] = []
        self.grams: list[np.ndarray] = []
        self.norm_id: list[int] = []

    def __getitem__(self, word: str) -> int:
        found = self.ids.get(word)
        if found is not None:
            return found
        seen = describe(word, self.vocab)
        self.vocab_row.append(seen.vocab)
        self.shape_row.append(seen.shape)
        self.grams.append(np.array(seen.grams, np.int32))
        self.norm_id.append(self.norms.setdefault(norm(word), len(self.norms)))
        self.ids[word] = len(self.ids)
        return len(self.ids) - 1


@dataclass
class Item:
    """One paper as the student reads it: form of each word, flags, and its targets."""

    forms: np.ndarray
    flags: np.ndarray
    labels: np.ndarray
    roles: np.ndarray
    soft: np.ndarray | None = None
    weight: float = 1.0


def word_flags(example: Example) -> np.ndarray:
    """(words, 2): does the word stand in the title; does it touch the word before it."""
    end_of_title = example.text.find("\n")
    starts = np.array([a for a, _ in example.spans])
    ends = np.array([b for _, b in example.spans])
    glued = np.zeros(len(starts), bool)
    glued[1:] = starts[1:] == ends[:-1]
    return np.stack([starts < end_of_title, glued], 1).astype(np.float32)


def make_item(example: Example, forms: Forms) -> Item:
    """A paper made ready for the student."""
    ids = np.array([forms[w] for w in example.words], np.int32)
    labels, roles = np.array(example.labels, np.int64), np.array(example.roles, np.int64)
    return Item(ids, word_flags(example), labels, roles)


class Batch:
    """Papers padded to one length; features are looked up once for each distinct form."""

    def __init__(self, items: Sequence[Item], forms: Forms) -> None:
        n, width = len(items), max(len(x.forms) for x in items)
        self.mask = torch.zeros(n, width, 1)
        self.flags = torch.zeros(n, width, 2)
        slots = np.zeros((n, width), np.int64)
        used, inverse = np.unique(np.concatenate([x.forms for x in items]), return_inverse=True)
        same = np.zeros((n, width), np.int64)
        norms = np.array(forms.norm_id, np.int64)
        at = 0
        groups = 1
        for k, item in enumerate(items):
            size = len(item.forms)
            slots[k, :size] = inverse[at : at + size]
            _, group = np.unique(norms[item.forms], return_inverse=True)
            same[k, :size] = group + groups
            groups += int(group.max(initial=-1)) + 1
            at += size
            self.mask[k, :size] = 1
            self.flags[k, :size] = torch.from_numpy(item.flags)
        self.slots = torch.from_numpy(slots)
        self.same = torch.from_numpy(same).flatten()
        self.groups = groups
        self.vocab = torch.tensor([forms.vocab_row[i] for i in used])
        self.shapes = torch.tensor([forms.shape_row[i] for i in used])
        bags = [forms.grams[i] for i in used]
        self.grams = torch.from_numpy(np.concatenate(bags).astype(np.int64))
        self.offsets = torch.from_numpy(np.cumsum([0, *(len(b) for b in bags[:-1])]))


class Block(nn.Module):
    """x + relu(window(norm(x)) A + a) B: a dilated convolution over three words."""

    def __init__(self, width: int, hidden: int, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.inner = nn.Linear(3 * width, hidden)
        self.outer = nn.Linear(hidden, width)
        nn.init.zeros_(self.outer.bias)
        self.outer.weight.data *= 0.5

    def forward(self, x: Tensor, mask: Tensor, drop: nn.Module) -> Tensor:
        """The same shape, (papers, words, width)."""
        d = self.dilation
        y = unit(x)
        left = torch.nn.functional.pad(y, (0, 0, d, 0))[:, : y.shape[1]]
        right = torch.nn.functional.pad(y, (0, 0, 0, d))[:, d:]
        hidden = drop(relu(self.inner(torch.cat([left, y, right], -1))))
        out: Tensor = (x + self.outer(hidden)) * mask
        return out


class PaperDropout(nn.Module):
    """Dropout that hides a feature in all words of a paper at once (Gal & Ghahramani 2016)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """The same shape, (papers, words, width)."""
        if not self.training or not self.rate:
            return x
        keep = torch.rand(x.shape[0], 1, x.shape[2]) >= self.rate
        return x * (keep / (1 - self.rate)).to(x.dtype)


def unit(x: Tensor) -> Tensor:
    """Each row scaled to a root mean square of one (Zhang & Sennrich 2019)."""
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True, dtype=torch.float32) + 1e-6).to(
        x.dtype
    )


class Student(nn.Module):
    """Word forms in, scores of the labels out."""

    def __init__(self, shape: Shape, vocab_size: int) -> None:
        super().__init__()
        s = self.sizes = shape
        self.words = nn.Embedding(vocab_size, s.word_width)
        self.grams = nn.EmbeddingBag(GRAMS, s.gram_width, mode="mean")
        self.shapes = nn.Embedding(SHAPES, s.shape_width)
        for table in (self.words, self.grams, self.shapes):
            nn.init.normal_(table.weight, std=0.1)
        self.enter = nn.Linear(s.word_width + s.gram_width + s.shape_width, s.width)
        self.flags = nn.Linear(2, s.width, bias=False)
        self.blocks = nn.ModuleList(Block(s.width, s.hidden, d) for d in s.dilations)
        self.pool = nn.Linear(s.width, s.width)
        self.qkv = nn.Linear(s.width, 3 * s.heads * s.head_width)
        self.mix = nn.Linear(s.heads * s.head_width, s.width)
        self.out = nn.Linear(s.width, len(LABELS))
        self.roles = nn.Linear(s.width, len(ROLE_LABELS))

    def encode_forms(self, batch: Batch, unknown: float) -> Tensor:
        """A vector for each distinct form; `unknown` is how often a known word is hidden."""
        vocab = batch.vocab
        if unknown:
            vocab = torch.where(torch.rand(vocab.shape) < unknown, 0, vocab)
        parts = [
            self.words(vocab),
            self.grams(batch.grams, batch.offsets),
            self.shapes(batch.shapes),
        ]
        return relu(self.enter(torch.cat(parts, -1)))

    def share(self, x: Tensor, batch: Batch) -> Tensor:
        """Each word gains the mean over its occurrences in the paper."""
        y = unit(x)
        flat = y.reshape(-1, y.shape[-1]).float()
        sums = torch.zeros(batch.groups, flat.shape[1]).index_add(0, batch.same, flat)
        counts = torch.bincount(batch.same, minlength=batch.groups).clamp(min=1)[:, None]
        mean = (sums / counts)[batch.same].reshape(y.shape)
        out: Tensor = (x + self.pool(mean)) * batch.mask
        return out

    def attend(self, x: Tensor, batch: Batch) -> Tensor:
        """Each word gains what it finds in the whole paper (Vaswani et al. 2017)."""
        s = self.sizes
        n, t, _ = x.shape
        qkv = self.qkv(unit(x)).reshape(n, t, 3, s.heads, s.head_width).permute(2, 0, 3, 1, 4)
        bias = ((1 - batch.mask) * -1e4).to(qkv.dtype)[:, None, None, :, 0]
        y = torch.nn.functional.scaled_dot_product_attention(
            qkv[0], qkv[1], qkv[2], attn_mask=bias.expand(n, 1, t, t)
        )
        out: Tensor = (x + self.mix(y.transpose(1, 2).reshape(n, t, -1))) * batch.mask
        return out

    def forward(self, batch: Batch, drop: nn.Module, unknown: float = 0.0) -> tuple[Tensor, Tensor]:
        """Scores (papers, words, labels), and of roles (papers, words, role labels)."""
        x = self.encode_forms(batch, unknown)[batch.slots] + self.flags(batch.flags)
        if torch.is_autocast_enabled("cpu"):
            x = x.bfloat16()
            batch.mask = batch.mask.bfloat16()
        x = drop(x) * batch.mask
        for i, block in enumerate(self.blocks):
            if i == self.sizes.pool:
                x = self.share(x, batch)
            if i == self.sizes.attend:
                x = self.attend(x, batch)
            x = block(x, batch.mask, drop)
        x = unit(x)
        return self.out(x), self.roles(x)
