"""Mix the weights of several models of one training, also with those it began from.

What a long training gains on texts like those it saw, it loses in part on others; the mixture keeps most of both.
"""

import argparse
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file


def main() -> None:
    """Read the options and average."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+", help="folders of models of one architecture")
    parser.add_argument("--shares", type=float, nargs="+", help="share of each model; left out: all alike")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    shares = options.shares or [1 / len(options.models)] * len(options.models)
    if len(shares) != len(options.models) or abs(sum(shares) - 1) > 1e-6:
        parser.error("one share for each model is needed, and shares that add up to 1")
    shutil.rmtree(options.out, ignore_errors=True)
    shutil.copytree(options.models[0], options.out)
    every = [load_file(folder / "model.safetensors") for folder in options.models]
    mean = {
        name: sum(share * weights[name].float() for share, weights in zip(shares, every, strict=True))
        if value.is_floating_point()
        else value
        for name, value in every[0].items()
    }
    save_file({name: value.contiguous() for name, value in mean.items()}, options.out / "model.safetensors")


if __name__ == "__main__":
    main()
