"""Emitting rows as a table, JSON lines or CSV, and showing progress; shared by every command."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer

from skillmatch.mapping.model import Match

Row = Mapping[str, Any]


class Format(StrEnum):
    """How a command writes its result."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="A table to read, or one JSON object a line, or CSV.")]


def emit(rows: Iterable[Row], columns: Sequence[str], form: Format, title: str = "") -> None:
    """Write `rows` to standard output; the table and CSV show the keys `columns`, JSON lines carry every key."""
    {Format.table: _table, Format.jsonl: _jsonl, Format.csv: _csv}[form](rows, columns, title)


def _table(rows: Iterable[Row], columns: Sequence[str], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=False)
    table = Table(title=title or None, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    shown = [[_words(row.get(column)) for column in columns] for row in rows]
    for place, column in enumerate(columns):
        numeric = all(_is_number(line[place]) for line in shown)
        table.add_column(column.replace("_", " "), justify="right" if shown and numeric else "left", overflow="fold")
    for line in shown:
        table.add_row(*line)
    console.print(table)


def _is_number(words: str) -> bool:
    return not words or words.replace(",", "").replace(".", "", 1).replace("%", "").strip().lstrip("-").isdigit()


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, (list, tuple)):
        return "; ".join(_words(part) for part in value)
    return str(value)


def _jsonl(rows: Iterable[Row], _columns: Sequence[str], _title: str) -> None:
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def _csv(rows: Iterable[Row], columns: Sequence[str], _title: str) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            [
                _words(row.get(column)) if isinstance(row.get(column), (list, tuple)) else row.get(column)
                for column in columns
            ]
        )
    sys.stdout.flush()


def match_row(match: Match) -> dict[str, Any]:
    """Return a match as the JSON object that `skillmatch map` promises."""
    return {
        "uri": match.uri,
        "label": match.label,
        "score": round(match.score, 6),
        "probability": round(match.probability, 6),
        "start": match.start,
        "end": match.end,
    }


@contextmanager
def progress(what: str) -> Iterator[Any]:
    """Show a progress bar on standard error where that is a terminal; yields a function to call with (done, total)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report
