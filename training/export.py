"""Write a trained student as the file that the package loads: half-precision arrays and nothing to run."""

import argparse
import dataclasses
import json
from pathlib import Path

import numpy as np
import torch


def main() -> None:
    """Parse the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("student", type=Path, help="what training.train_student wrote")
    parser.add_argument("out", type=Path, help="for example kg/extract/weights/ner.npz")
    parser.add_argument("--calibration", type=Path, help="what training.evaluate wrote")
    a = parser.parse_args()
    saved = torch.load(a.student, weights_only=False)
    state = {k: v for k, v in saved["state"].items() if not k.startswith("roles.")}
    arrays = {k: v.numpy().astype(np.float16) for k, v in state.items()}
    sizes = dataclasses.asdict(saved["sizes"])
    sizes["calibration"] = (
        json.loads(a.calibration.read_text())
        if a.calibration
        else {kind: [1.0, 0.0] for kind in ("Method", "Dataset", "Task", "Metric")}
    )
    text = {"vocab": "\n".join(saved["vocab"]), "sizes": json.dumps(sizes)}
    extra = {k: np.frombuffer(v.encode(), np.uint8) for k, v in text.items()}
    np.savez(a.out, **arrays, **extra)  # type: ignore[arg-type]
    print(a.out, f"{a.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
