"""Results of evaluations as one page of tables; `skillmatch.evaluation.all` makes both.

    python -m skillmatch.evaluation.table docs/results docs/results.md

The first argument is a folder with what ``skillmatch evaluate TASK --format json`` printed, one file a task and model.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skillmatch.evaluation.rankers import PRODUCT

HEADING = """# How good the mapping is

Made by `python -m skillmatch.evaluation.all DATA`, which writes `docs/results` and this page; do not edit. The tasks
are described in [evaluation.md](evaluation.md). Each figure is the mean over queries with the 95 % interval of a
bootstrap over queries (for `speed`: median, smallest and largest). The sets are small: differences under two points
are noise. "Encoder alone" is the vectors of the shipped model without the rest of the product, "raw encoder" the
published model that its training began from.
"""


def render(results: Sequence[Mapping[str, Any]]) -> str:
    """Return the page: one section a task, one table a data set, one row a system; the product once for each setting.

    Data sets whose names are ``"GROUP: ROW"`` share a table: one row each, one column a system, the first metric alone.
    Baselines that use no encoder are the same for all models and shown once.
    """
    lines = [HEADING]
    for task in dict.fromkeys(str(result["task"]) for result in results):
        lines.append(f"## {task}\n")
        some = [result for result in results if result["task"] == task]
        names = list(dict.fromkeys(data for result in some for data in result["datasets"]))
        for group in dict.fromkeys(name.split(": ")[0] for name in names):
            members = [name for name in names if name.split(": ")[0] == group]
            table = _table(group, some) if members == [group] else _group(members, some)
            lines += [f"### {group}\n", *table, ""]
    return "\n".join([*lines, *_models(results), ""])


def _systems(data: str, results: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the name of each system on a data set -> its metrics, baselines first."""
    rows: dict[str, Mapping[str, Any]] = {}
    having = [result for result in results if data in result["datasets"]]
    for result in having:
        for system, baseline in result["baselines"].items():
            if data in baseline["datasets"]:
                name = system.replace("encoder alone", f"encoder alone ({result['model']})")
                rows.setdefault(name, baseline["datasets"][data])
    for result in having:
        setting = result.get("setting", "best")
        rows[f"**{PRODUCT}, {result['model']}, {setting}**"] = result["datasets"][data]
    return rows


def _table(data: str, results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the lines of the table of one data set."""
    rows = _systems(data, results)
    metrics = list(dict.fromkeys(metric for values in rows.values() for metric in values))
    lines = ["| system | " + " | ".join(metrics) + " |", "|---" * (len(metrics) + 1) + "|"]
    for name, values in rows.items():
        lines.append(f"| {name} | " + " | ".join(_cell(values.get(metric)) for metric in metrics) + " |")
    return lines


def _group(members: Sequence[str], results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the lines of the table of several data sets, with their first metric and the number of queries."""
    rows = {data: _systems(data, results) for data in members}
    systems = list(dict.fromkeys(name for systems in rows.values() for name in systems))
    metric = next(iter(next(iter(rows[members[0]].values()))))
    lines = [f"{metric}:\n", "| | texts | " + " | ".join(systems) + " |", "|---" * (len(systems) + 2) + "|"]
    for data, values in rows.items():
        count = next(result["counts"][data]["evaluated"] for result in results if data in result["counts"])
        cells = (_cell(values.get(system, {}).get(metric)) for system in systems)
        lines.append(f"| {data.split(': ', 1)[1]} | {count} | " + " | ".join(cells) + " |")
    return lines


def _cell(value: Mapping[str, float] | None) -> str:
    return f"{value['value']:.1f} ({value['low']:.1f}–{value['high']:.1f})" if value else ""


def _models(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the lines that name each model once, with the dates of its results and the weights they were made with."""
    lines = ["## Models\n"]
    for name in sorted({str(result["model"]) for result in results}):
        some = [result for result in results if result["model"] == name]
        days = sorted({str(result["date"]) for result in some})
        keys = sorted({str(result["model_hash"])[:16] for result in some})
        date = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
        lines.append(f"- {name}: measured {date}; key of the weights begins with {' or '.join(f'`{k}`' for k in keys)}")
        if len(keys) > 1:
            lines[-1] += " (results of several versions lie side by side: run all of them again)"
    return lines


def write_page(results: Path, page: Path) -> None:
    """Write the page of all results in a folder."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(results.glob("*.json"))]
    page.write_text(render(found), "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the results and write the page."""
    parser = argparse.ArgumentParser(description="Write the page of results.")
    parser.add_argument("results", type=Path, help="folder with *.json")
    parser.add_argument("page", type=Path, help="file to write")
    options = parser.parse_args(arguments)
    write_page(options.results, options.page)


if __name__ == "__main__":
    main()
