"""Measure speed and memory as a user feels them: `python benchmarks/run.py`, on an otherwise idle machine.

Every figure is the median of several runs of a whole process or of a warm call; results, with machine, date, method,
go to benchmarks/results/speed.json; words after the command are kept there as a note. Nothing here is a test: figures
are compared by people, not by CI.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skillmatch.mapping.mapper import Setting

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "speed.json"
SHARED = ROOT.parent / "shared" / "data"
PARAGRAPH = (
    "We are looking for a maintenance technician who keeps our CNC machines and compressors running, reads electrical "
    "drawings, documents repairs in the maintenance system and helps us to save energy. You work safely, plan spare "
    "parts with purchasing and explain machines to new colleagues."
)
SHORT = (
    "Schweißen",
    "Wartung von Pumpen",
    "Buchhaltung",
    "Lagerhaltung planen",
    "Abfall trennen",
    "Angebote schreiben",
)


def process(arguments: list[str], home: Path, runs: int = 3) -> float:
    """Return the median wall seconds of a whole process."""
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "skillmatch.cli", *arguments],
            check=True,
            capture_output=True,
            env={**os.environ, "SKILLMATCH_HOME": str(home)},
            cwd=ROOT,
        )
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def call(work: Callable[[], object], runs: int = 20) -> float:
    """Return the median seconds of a warm call."""
    work()
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def peak_mib() -> float:
    """Return the peak memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def mapping_figures() -> dict[str, float]:
    """Measure the full English ESCO: import, cold index, and what `warm_figures` says in both settings."""
    from skillmatch.taxonomy.esco import read_esco
    from skillmatch.taxonomy.storage import load, save

    folder = SHARED / "esco" / "v1.1.1"
    bundles = [folder / f"ESCO dataset - v1.1.1 - classification - {part}csv.zip" for part in ("en - ", " - ")]
    figures = {}
    begun = time.perf_counter()
    taxonomy = read_esco(bundles)
    figures["import_english_esco_seconds"] = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as name:
        save(taxonomy, Path(name) / "esco")
        figures["load_english_esco_seconds"] = call(lambda: load(Path(name) / "esco"), runs=5)
        for setting in ("best", "fast"):
            command = [sys.executable, __file__, "--warm", setting, name]
            if setting == "best":
                cold = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
                figures["index_cold_seconds"] = cold["index_seconds"]
                figures["peak_memory_cold_mib"] = cold["peak_memory_mib"]
            warm = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            figures |= {f"{setting}_{key}": value for key, value in warm.items()}
    return figures


def warm_figures(setting: "Setting", folder: Path) -> dict[str, float]:
    """Measure one process with the full English ESCO that lies in `folder`: index, one text alone, many, memory."""
    from skillmatch.company.topics import associations
    from skillmatch.evaluation.speed import SENTENCES
    from skillmatch.mapping.encoder import load_encoder
    from skillmatch.mapping.examples import load_examples
    from skillmatch.mapping.mapper import Mapper
    from skillmatch.taxonomy.storage import load

    taxonomy, encoder, known = load(folder / "esco"), load_encoder(), associations()
    examples = load_examples(encoder)
    figures, begun = {}, time.perf_counter()
    mapper = Mapper.build(
        taxonomy,
        encoder,
        cache=folder,
        associations=known,
        examples=examples,
        setting="fast" if setting == "fast" else "best",
    )
    figures["index_seconds"] = time.perf_counter() - begun
    figures["paragraph_milliseconds"] = 1000 * call(lambda: mapper.map(PARAGRAPH))
    bulk = {name: [frame.format("pumps", number) for number in range(512)] for name, frame in SENTENCES.items()}
    bulk["short German"] = [f"{word} {number}" for number in range(64) for word in SHORT]
    for name, texts in bulk.items():
        key = name.lower().replace(" ", "_")
        figures[f"{key}_milliseconds"] = 1000 * call(lambda texts=texts: mapper.map(texts[0]))  # type: ignore[misc]
        begun = time.perf_counter()
        mapper.map_many(texts)
        figures[f"{key}_texts_per_second"] = len(texts) / (time.perf_counter() - begun)
        begun = time.perf_counter()
        mapper.index.encoder.encode(texts)
        figures[f"{key}_encoded_per_second"] = len(texts) / (time.perf_counter() - begun)
    figures["peak_memory_mib"] = peak_mib()
    return figures


def main() -> None:
    """Measure everything and write the results."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        home, out = Path(name) / "home", str(Path(name) / "out")
        figures["help_seconds"] = process(["--help"], home, runs=5)
        figures["demo_cold_seconds"] = process(["demo", "--out", out], home, runs=1)
        figures["demo_warm_seconds"] = process(["demo", "--out", out], home)
    if SHARED.is_dir():
        figures |= mapping_figures()
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "method": "medians: whole processes by wall time, warm calls by perf_counter; peak memory of the process",
        "note": " ".join(sys.argv[1:]),
        "figures": {key: round(value, 3) for key, value in figures.items()},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(json.dumps(result["figures"], indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--warm"]:
        print(json.dumps(warm_figures("fast" if sys.argv[2] == "fast" else "best", Path(sys.argv[3]))))
    else:
        main()
