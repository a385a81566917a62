"""Owns the one name that each spelling of a metric is reported under, and metrics that words imply.

"macro-averaged F1 score" is `macro F1`; "three times faster" tells of a `speedup` that nothing names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# Normal form (lower case, singular, no hyphens, no "score") -> name.
_NAMES = {
    "acc": "accuracy", "classification accuracy": "accuracy", "average accuracy": "accuracy",
    "acc@1": "top-1 accuracy", "top1": "top-1 accuracy", "top 1": "top-1 accuracy",
    "top 1 acc": "top-1 accuracy", "top1 accuracy": "top-1 accuracy", "top 1 accuracy": "top-1 accuracy",
    "top 5": "top-5 accuracy", "top 5 accuracy": "top-5 accuracy",
    "f1": "F1", "f 1": "F1", "f_1": "F1", "f1 measure": "F1", "average f1": "F1",
    "macro f1": "macro F1", "macro f 1": "macro F1", "micro f 1": "micro F1", "weighted f 1": "weighted F1", "macro averaged f1": "macro F1", "macro average f1": "macro F1",
    "macro f": "macro F1", "f1 macro": "macro F1", "micro f1": "micro F1", "micro f": "micro F1",
    "micro averaged f1": "micro F1", "micro average f1": "micro F1", "weighted f1": "weighted F1",
    "bleu": "BLEU", "sacrebleu": "SacreBLEU", "rouge": "ROUGE", "meteor": "METEOR", "cider": "CIDEr",
    "rouge l": "ROUGE-L", "bleu 4": "BLEU-4", "bleu@4": "BLEU-4", "bertscore": "BERTScore",
    "ppl": "perplexity", "perplexity": "perplexity", "wer": "WER", "word error rate": "WER",
    "cer": "CER", "character error rate": "CER", "fid": "FID", "fréchet inception distance": "FID",
    "frechet inception distance": "FID", "gfid": "gFID", "rfid": "rFID", "fvd": "FVD",
    "is": "Inception Score", "inception": "Inception Score", "psnr": "PSNR", "ssim": "SSIM",
    "structural similarity": "SSIM", "structural similarity index": "SSIM", "lpips": "LPIPS",
    "miou": "mIoU", "mean iou": "mIoU", "mean intersection over union": "mIoU", "iou": "IoU",
    "intersection over union": "IoU", "map": "mAP", "mean average precision": "mAP",
    "average precision": "AP", "ap": "AP", "em": "exact match", "exact match accuracy": "exact match",
    "auc": "AUC", "auroc": "AUROC", "roc auc": "AUROC", "area under the roc curve": "AUROC",
    "dice": "Dice", "dice coefficient": "Dice", "dsc": "Dice", "dice similarity coefficient": "Dice",
    "mrr": "MRR", "mean reciprocal rank": "MRR", "ndcg": "NDCG", "mae": "MAE", "rmse": "RMSE",
    "mean absolute error": "MAE", "mse": "mean squared error", "mean square error": "mean squared error",
    "r@1": "Recall@1", "recall rate": "recall", "asr": "attack success rate",
    "kappa": "Cohen's kappa", "cohen's kappa": "Cohen's kappa", "cohen’s kappa": "Cohen's kappa", "iaa": "inter-annotator agreement",
    "annotator agreement": "inter-annotator agreement", "ece": "expected calibration error",
    "flop": "FLOPs", "flops": "FLOPs", "gflop": "FLOPs", "gflops": "FLOPs", "training flop": "FLOPs",
    "floating point operation": "FLOPs", "mac": "MACs", "tflop": "FLOPs", "flop count": "FLOPs", "speed up": "speedup", "speedup": "speedup",
    "inference speedup": "speedup", "inference speed up": "speedup", "decoding speedup": "speedup",
    "acceleration": "speedup", "inference acceleration": "speedup", "fps": "FPS",
    "frame per second": "FPS", "decoding latency": "latency", "generation latency": "latency",
    "training throughput": "throughput", "inference throughput": "throughput",
    "parameter": "parameters", "learnable parameters": "trainable parameters",
    "trainable parameters": "trainable parameters", "tokens": "number of tokens", "number of parameters": "parameters",
    "parameter count": "parameters",
    "model parameters": "parameters", "total parameters": "parameters",
    "number of model parameters": "parameters",
    "memory consumption": "memory", "memory requirement": "memory", "memory cost": "memory",
    "computation cost": "computational cost", "computation": "computational cost",
    "pretraining time": "training time",
    "pre training time": "training time", "success": "success rate", "ttft": "time to first token",
}  # fmt: skip

# Words that tell what a number is about where no metric was found, and that metric; with "", the
# words themselves name it.
_IMPLIED = (
    ("", r"(?:(?:top-\d|classification|average|test|mean|validation|zero-shot|execution)\s)?accurac(?:y|ies)"),
    ("", r"(?:(?:macro|micro|weighted)[\s-]?(?:averaged?\s|average\s)?)?F_?1(?:[\s-](?:scores?|measure))?"),
    ("", r"(?-i:BLEU(?:-\d)?|ROUGE(?:-[L12])?|METEOR|CIDEr|SPICE|chrF\+*|COMET|BERTScore|PPL|[grs]?FID"
         r"|FVD|PSNR|SSIM|LPIPS|mIo[Uu]|mIOU|IoU|mAP|AUROC|AUC|AP|WER|CER|EER|MAE|RMSE|MSE|MRR|EM|FPS"
         r"|NDCG(?:@\d+)?|QPS|PQ|TTFT|Top-1|[Rr]ecall@\d+|R@\d+|[Pp]ass@\d+)"),
    ("", r"perplexity|precision|recall|F-(?:score|measure)|Dice(?:\sscores?|\scoefficients?)?"),
    ("", r"(?:(?:attack\s)?success|win|(?:word\s|character\s|equal\s)?error|hit|pass|acceptance)\srates?"),
    ("", r"(?:average|overall|mean)\sscores?"),
    ("", r"correlations?|regret|sample\s(?:complexity|efficiency)|exact\smatch"),
    ("speedup", r"faster|(?:speed(?:s|ed|ing)?[\s-]?ups?)|accelerat(?:es?|ed|ing|ions?)|quicker"),
    ("", r"(?:inference|training|decoding|generation)\sspeed"),
    ("trainable parameters", r"(?:trainable|learnable|tunable)\sparameters"),
    ("parameters", r"(?:model\s|total\s)?parameters?|params"),
    ("FLOPs", r"[GTM]?FLOPs|FLOPS|floating[\s-]point operations"),
    ("memory", r"(?:GPU\s|peak\s)?memory(?:\s(?:usage|footprint|consumption|cost|requirements?))?"),
    ("throughput", r"throughput"),
    ("latency", r"latency"),
    ("training time", r"(?:pre-?)?training\s(?:time|hours)"),
    ("inference time", r"inference\stime"),
    ("", r"runtime|run\stime|energy(?:\sconsumption)?|convergence"),
    ("compute", r"(?:training\s)?compute|computational\sbudget"),
    ("computational cost", r"comput(?:e|ing|ation|ational)\s(?:costs?|overhead|load)|computations?"),
    ("", r"(?:training\s|labell?ing\s|annotation\s|inference\s)?costs?"),
    ("", r"(?:number\sof\s)?(?:visual\s|vision\s|output\s|reasoning\s|training\s)?tokens"),
    ("training data", r"(?:training|labell?ed|annotated)\s(?:data|samples|examples)"),
    ("KV cache", r"KV[\s-]cache(?:\ssize)?"),
    ("storage", r"storage|disk\sspace"),
    ("compression ratio", r"compress(?:ion|es|ed|ing)?(?:\s(?:ratio|rate)s?)?"),
    ("error", r"errors?"),
    ("sequence length", r"sequence\slengths?"),
    ("model size", r"(?:model\s)?size|smaller"),
)  # fmt: skip
_IMPLIED_PATTERN = re.compile(
    r"\b(?:" + "|".join(f"({pattern})" for _, pattern in _IMPLIED) + r")\b", re.IGNORECASE
)
# "reduces GPU hours by 40%", "a 40% drop in GPU hours", "40% fewer GPU hours": what changed is a
# measure, whether or not anyone knows its name.
_BEFORE = r"(?:reduc|decreas|cut|sav|lower|improv|increas|boost|rais|shrink)\w*\s(?:the\s|its\s|average\s|overall\s)*"
# Words that a measure does not begin with, or go on with: "1737x less than DPC" names none.
_AROUND = r"by|in|of|and|than|for|on|from|with|to|at|as|or|when|while|is|are|was|were|up|per|according|compared|using|across|without|over"
_MEASURE = (
    rf"((?!performance|results|quality|baselines?|(?:the|our|an?|its|their|these|those|both|that|other|{_AROUND})\b)"
    rf"[A-Za-z][\w-]*(?:\s(?!(?:{_AROUND})\b)[A-Za-z][\w-]*){{0,2}})"
)
_CHANGED = re.compile(
    rf"\b{_BEFORE}{_MEASURE}\s(?:by|from)\s"
    r"|\d\S*\s(?:absolute\s|relative\s|average\s)*(?:reductions?|decreases?|drops?|improvements?|increases?"
    rf"|gains?|savings?)\s(?:in|of)\s(?:the\s|average\s|overall\s)*{_MEASURE}(?=[\s,.;)])"
    rf"|\d\S*\s(?:fewer|less|lower|higher)\s{_MEASURE}(?=[\s,.;)])"
)
_SCORE = re.compile(r"\s(?:scores?|values?|metrics?|points?)$")
_SPACES = re.compile(r"[\s\-_]+")


@lru_cache(maxsize=4096)
def canonical_metric(surface: str) -> str:
    """The name that a metric is reported under; the surface itself where none is known."""
    folded = _SPACES.sub(" ", surface.replace("$", "")).strip().lower()
    stem = _SCORE.sub("", folded)
    for form in (folded, stem, _singular(stem)):
        if form in _NAMES:
            return _NAMES[form]
    return _singular(surface.strip())


def _singular(text: str) -> str:
    """The text less a plural ending on its last word; acronyms and "loss" have none."""
    if not text.endswith("s") or text.endswith(("ss", "us", "is", "Ps", "'s", "’s")):
        return text
    if text[:-1].isupper():
        return text[:-1]
    if not text[-2:-1].islower() or text.endswith(("tokens", "parameters", "hours")):
        return text
    return text[:-3] + "y" if text.endswith("ies") else text[:-1]


def implied_metrics(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of each word in text[start:end] that implies a metric."""
    for match in _IMPLIED_PATTERN.finditer(text, start, end):
        if match.lastindex is not None:
            name = _IMPLIED[match.lastindex - 1][0] or canonical_metric(match.group())
            yield match.start(), match.end(), name


def changed_measures(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of each measure in text[start:end] that is said to have changed."""
    for match in _CHANGED.finditer(text, start, end):
        group = match.lastindex
        if group is not None:
            yield *match.span(group), canonical_metric(match[group])
