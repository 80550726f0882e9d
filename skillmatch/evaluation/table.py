"""Results of evaluations as one page of tables.

    python -m skillmatch.evaluation.table docs/results docs/results.md

The first argument is a folder with what ``skillmatch evaluate TASK --format json`` printed, one file a task and model.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skillmatch.evaluation.result import PRODUCT

HEADING = """# How good the mapping is

Made by `python -m skillmatch.evaluation.table docs/results docs/results.md` from what lies in `docs/results`; do not
edit. Each figure is the mean over queries with the 95 % interval of a bootstrap over queries (for `speed`: median,
smallest and largest). The sets are small: differences under two points are noise.
"""


def render(results: Sequence[Mapping[str, Any]]) -> str:
    """Return the page: one section a task, one table a data set, one row a system; the product once for each model.

    Baselines that use no encoder are the same for all models and shown once.
    """
    lines = [HEADING]
    tasks = list(dict.fromkeys(str(result["task"]) for result in results))
    for task in tasks:
        lines.append(f"## {task}\n")
        some = [result for result in results if result["task"] == task]
        for data in dict.fromkeys(data for result in some for data in result["datasets"]):
            lines += [f"### {data}\n", *_table(data, [one for one in some if data in one["datasets"]]), ""]
    models = sorted({(str(result["model"]), str(result["model_hash"])[:16]) for result in results})
    lines += ["## Models\n", *(f"- {name}: key begins with `{key}`" for name, key in models), ""]
    return "\n".join(lines)


def _table(data: str, results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the lines of one table."""
    metrics = list(results[0]["datasets"][data])
    lines = ["| system | " + " | ".join(metrics) + " |", "|---" * (len(metrics) + 1) + "|"]
    rows: dict[str, Mapping[str, Any]] = {}
    for result in results:
        for system, baseline in result["baselines"].items():
            name = f"{system} ({result['model']})" if system.startswith("encoder") else system
            rows.setdefault(name, baseline["datasets"][data])
    for result in results:
        rows[f"**{PRODUCT}, {result['model']}**"] = result["datasets"][data]
    for name, values in rows.items():
        cells = (f"{one['value']:.1f} ({one['low']:.1f}–{one['high']:.1f})" for one in map(values.get, metrics) if one)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the results and write the page."""
    parser = argparse.ArgumentParser(description="Write the page of results.")
    parser.add_argument("results", type=Path, help="folder with *.json")
    parser.add_argument("page", type=Path, help="file to write")
    options = parser.parse_args(arguments)
    results = [json.loads(path.read_text("utf-8")) for path in sorted(options.results.glob("*.json"))]
    options.page.write_text(render(results), "utf-8")


if __name__ == "__main__":
    main()
