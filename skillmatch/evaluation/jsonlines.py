"""Files with one JSON object a line, as the tasks read them."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from skillmatch.errors import InputError, Problem

T = TypeVar("T")


def read_json_lines(paths: Iterable[Path], make: Callable[[Any], T], expected: str, *, blank: bool = False) -> list[T]:
    """Return what `make` makes of the object in each line of the files.

    Parameters
    ----------
    make
        Raises ValueError, KeyError, TypeError or AttributeError for an object that is not as expected.
    expected
        What a line has to be, in words.
    blank
        Whether blank lines are passed over; if not, they are problems too.

    Raises
    ------
    InputError
        With every line that is not as expected.
    """
    problems, found = [], []
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if blank and not line.strip():
                continue
            try:
                found.append(make(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                problems.append(Problem(f"{path}, line {number}", str(error), expected, "mend or leave out the line"))
    if problems:
        raise InputError(problems)
    return found
