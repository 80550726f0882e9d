"""Average the weights of several stages of one training: better than each where they pull in different directions."""

import argparse
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file


def main() -> None:
    """Read the options and average."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+", help="folders of models of one architecture")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    shutil.rmtree(options.out, ignore_errors=True)
    shutil.copytree(options.models[0], options.out)
    every = [load_file(folder / "model.safetensors") for folder in options.models]
    mean = {name: sum(weights[name].float() for weights in every) / len(every) for name in every[0]}
    save_file({name: value.contiguous() for name, value in mean.items()}, options.out / "model.safetensors")


if __name__ == "__main__":
    main()
