"""Lines of text to work on: from arguments, a file or standard input; plain or as JSON lines."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from skillmatch.errors import InputError, Problem


@dataclass(frozen=True)
class Line:
    """One text to work on; `id` is the given one or the line number, `lang` None if not said."""

    id: str | int
    text: str
    lang: str | None = None


class _JsonLine(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: str | int | None = None
    text: str
    lang: str | None = None


def read_lines(texts: Sequence[str], source: str | None, *, whole: bool = False) -> list[Line]:
    """Return the lines of the arguments, else of `source` (a file name, or ``-`` for standard input).

    Lines that begin with ``{`` are JSON objects with ``text`` and perhaps ``id`` and ``lang``; others are the text
    itself. Blank lines are kept, so that line n of the output answers line n of the input. With `whole`, a source that
    does not begin with ``{`` is one text, with all its lines.

    Raises
    ------
    InputError
        If there is nothing to read, the file is not UTF-8, or JSON lines are wrong (all of them at once).
    """
    if texts and source:
        raise InputError(Problem("command line", "both texts and --input", "one of the two", "leave one out"))
    if texts:
        return [Line(number, text) for number, text in enumerate(texts, 1)]
    if source is None:
        raise InputError(
            Problem(
                "command line",
                "no text",
                "texts as arguments, or --input FILE",
                "name a text, or --input - to read what is piped in",
            )
        )
    content = _read(source)
    if whole and not content.startswith("{"):
        return [Line(1, content)]
    return _parse(content, "standard input" if source == "-" else source)


def _read(source: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise InputError(
            Problem(source, error.strerror or "unreadable", "a readable text file", "check the name of the file")
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(
            Problem(
                f"{source}, line {line}", f"byte 0x{raw[error.start]:02x}", "text in UTF-8", "save the file as UTF-8"
            )
        ) from error


def _parse(content: str, where: str) -> list[Line]:
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, text in enumerate(content.removesuffix("\n").split("\n"), 1):
        if not text.startswith("{"):
            lines.append(Line(number, text.removesuffix("\r")))
            continue
        try:
            given = _JsonLine.model_validate(json.loads(text))
        except (json.JSONDecodeError, ValidationError) as error:
            found = str(error).splitlines()[0] if isinstance(error, json.JSONDecodeError) else _first(error)
            allowed = 'a JSON object such as {"id": 1, "text": "weld pipes", "lang": "en"}'
            problems.append(Problem(f"{where}, line {number}", found, allowed, "correct or remove the line"))
            continue
        lines.append(Line(number if given.id is None else given.id, given.text, given.lang))
    if problems:
        raise InputError(problems)
    return lines


def _first(error: ValidationError) -> str:
    detail = error.errors()[0]
    return f"{'.'.join(str(part) for part in detail['loc']) or 'the line'}: {detail['msg']}"
