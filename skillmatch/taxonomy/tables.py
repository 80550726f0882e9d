"""Read one CSV file of an ESCO bundle into a clean frame, or say everything that is wrong with it."""

import csv
import io

import pandas as pd

from skillmatch.errors import InputError, Problem
from skillmatch.taxonomy.bundle import DOWNLOAD, BundleFile

SHOWN = 20
"""How many problems of one kind are listed for one file; the rest is counted."""


def read_table(file: BundleFile) -> pd.DataFrame:
    """Read the columns that the file's layout names, as stripped text; blank cells and absent optional columns are "".

    Column names are recognised in any order and case; other columns are ignored.

    Raises
    ------
    InputError
        The file is no UTF-8, no CSV, lacks a column, or has a URI that is malformed or, for a concept, repeated.
    """
    content = file.open()
    named = _columns(file, content)
    try:
        frame = pd.read_csv(
            io.BytesIO(content),
            dtype="str",
            keep_default_na=False,
            encoding="utf-8-sig",
            usecols=list(named),
        )
    except (UnicodeDecodeError, pd.errors.ParserError, ValueError) as error:
        raise InputError(_unreadable(file, error)) from error
    frame = frame.fillna("").rename(columns=named).reset_index(drop=True)
    for column in frame:
        frame[column] = frame[column].str.strip()
    for column in file.layout.optional:
        if column not in frame:
            frame[column] = ""
    problems = _check_uris(file, frame)
    if problems:
        raise InputError(problems)
    return frame


def _columns(file: BundleFile, content: bytes) -> dict[str, str]:
    """Return name in the file -> name in the layout, of the columns to read."""
    line = content[:100_000].decode("utf-8-sig", errors="replace").partition("\n")[0].strip("\r")
    header = next(csv.reader([line]), [])
    wanted = {column.lower(): column for column in (*file.layout.required, *file.layout.optional)}
    named = {name: wanted[name.strip().lower()] for name in header if name.strip().lower() in wanted}
    missing = [column for column in file.layout.required if column not in named.values()]
    if missing:
        found = f"columns {', '.join(header)}" if header else "an empty file"
        remedy = f"{DOWNLOAD}; do not edit it in a spreadsheet"
        raise InputError(
            Problem(file.where, f"{found}; {', '.join(missing)} missing", "comma-separated columns of ESCO", remedy)
        )
    return named


def _check_uris(file: BundleFile, frame: pd.DataFrame) -> list[Problem]:
    """Check that URIs look like URIs, and that the URI of a concept, where labels are given, occurs once."""
    problems = []
    for column in [name for name in file.layout.required if name.endswith("Uri")]:
        wrong = frame[~frame[column].str.match(r"https?://\S+$")]
        rows = [(int(str(row)) + 1, uri) for row, uri in wrong[column].items()]
        problems += _list(file, rows, column, "a URI such as http://data.europa.eu/esco/skill/…")
    if "preferredLabel" in frame:
        repeated = frame[frame["conceptUri"].duplicated()]
        rows = [(int(str(row)) + 1, uri) for row, uri in repeated["conceptUri"].items()]
        problems += _list(file, rows, "conceptUri", "each URI once")
    return problems


def _list(file: BundleFile, rows: list[tuple[int, str]], column: str, allowed: str) -> list[Problem]:
    remedy = "delete or correct the record, or download the file again"
    problems = [
        Problem(f"{file.where}, record {number}, column {column}", repr(uri), allowed, remedy)
        for number, uri in rows[:SHOWN]
    ]
    if len(rows) > SHOWN:
        problems.append(
            Problem(f"{file.where}, column {column}", f"{len(rows) - SHOWN:,} more of them", allowed, remedy)
        )
    return problems


def _unreadable(file: BundleFile, error: Exception) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        return Problem(
            file.where, f"byte {error.start:,} is not UTF-8", "text in UTF-8", f"{DOWNLOAD}; do not save it anew"
        )
    return Problem(file.where, f"no CSV ({str(error).strip()})", "comma-separated text", DOWNLOAD)
