"""Run every task and write `docs/results` and the page made from it.

    python -m skillmatch.evaluation.all DATA

DATA is a folder with `esco/v1.1.1` (the official bundles as downloaded) and `benchmarks`. The taxonomy is
read from there, so nothing needs to be imported before. One JSON file a task, model and setting; what an earlier run
left is removed.
"""

import argparse
import json
import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from skillmatch.evaluation import melo
from skillmatch.evaluation.run import SETTINGS, TASKS, Bench, all_baselines, run_task
from skillmatch.evaluation.table import write_page
from skillmatch.mapping.encoder import load_encoder
from skillmatch.resources import DATA, MODELS, ROOT, home
from skillmatch.taxonomy.esco import read_esco

ESCO = Path("esco") / "v1.1.1"
BUNDLES = (
    "ESCO dataset - v1.1.1 - classification - en - csv.zip",
    "ESCO dataset - v1.1.1 - classification -  - csv.zip",
)
EXTRACTION = Path("benchmarks") / "skill-extraction"
FOLDERS = {
    "skill-extraction": EXTRACTION,
    "confidence": EXTRACTION,
    "melo": Path("benchmarks") / "melo",
    "languages": ESCO,
    "needs": DATA / "evaluation",
    "sentences": MODELS / "train" / "sentences",
}
"""Task -> where its files lie: below DATA, or in this repository. Tasks that are not here read no files."""

log = logging.getLogger(__name__)


def plan(data: Path, tasks: Sequence[str]) -> Iterator[tuple[str, str, Path]]:
    """Yield the stem of the file to write, the task and its folder, in the order of the page.

    >>> [stem for stem, *_ in plan(Path("data"), ["needs", "speed"])]
    ['3-needs', '9-speed']
    """
    for number, task in enumerate(TASKS, start=1):
        folder = data / FOLDERS.get(task, "")
        if task not in tasks:
            continue
        if task == melo.TASK:
            yield from ((f"{number}-{task}-{one.name}", task, one) for one in sorted(folder.iterdir()) if one.is_dir())
        else:
            yield f"{number}-{task}", task, folder


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the tasks and write results and page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with esco/v1.1.1 and benchmarks")
    parser.add_argument("--only", nargs="+", choices=list(TASKS), help="these tasks; all others keep their results")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "results", help="folder for the JSON files")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "results.md", help="file for the page")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    taxonomy = read_esco([options.data / ESCO / name for name in BUNDLES])
    options.out.mkdir(parents=True, exist_ok=True)
    written = []
    encoder, cache = load_encoder(), home() / "cache"
    for setting in SETTINGS:
        first = setting == SETTINGS[0]
        bench = Bench(taxonomy, encoder, all_baselines(cache) if first else (), cache, setting)
        tasks = [task for task in options.only or TASKS if first or task != melo.TASK]  # titles know no settings
        for stem, task, folder in plan(options.data, tasks):
            begun, processor = time.monotonic(), time.process_time()
            result = run_task(task, folder, bench=bench)
            path = options.out / f"{stem}-{result.model}-{setting}.json"
            path.write_text(json.dumps(result.to_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")
            written.append(path)
            took = time.monotonic() - begun, time.process_time() - processor
            log.info("%s, %s: %.0f s (processor %.0f s), %s", stem, setting, *took, result.average())
    if not options.only:
        for path in set(options.out.glob("*.json")) - set(written):
            path.unlink()
    write_page(options.out, options.page)


if __name__ == "__main__":
    main()
