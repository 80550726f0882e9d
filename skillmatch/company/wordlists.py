"""Tables of words and skills beside the library: sentences by language, and skills with a grade."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import Field

from skillmatch.company.model import Record
from skillmatch.errors import Problem

Texts = tuple[str, ...]

GRADES: Mapping[int, float] = {3: 1.0, 2: 0.6, 1: 0.2}
"""Grade of a skill -> weight: 3 at the heart of what is wanted, 2 clearly needed for it, 1 useful."""


class GradedSkill(Record):
    """A skill that something calls for, and how much: a grade of `GRADES`; `label` is its English preferred label."""

    uri: str = Field(pattern=r"^https?://\S+$")
    label: str = Field(min_length=1)
    grade: int = Field(ge=min(GRADES), le=max(GRADES))


def read_sentences(
    folder: Path, columns: tuple[str, str], problems: list[Problem]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Read ``<language>.csv`` files with two columns, an id and a sentence: id -> language -> sentences.

    What is wrong is added to `problems`.
    """
    found: dict[str, dict[str, Texts]] = {}
    for path in sorted(folder.glob("*.csv")):
        for _, (id_, sentence) in _rows(path, columns, problems):
            languages = found.setdefault(id_, {})
            languages[path.stem] = (*languages.get(path.stem, ()), sentence)
    return found


def read_graded(path: Path, column: str, problems: list[Problem]) -> dict[str, tuple[GradedSkill, ...]]:
    """Read a table of an id (named `column`), uri, label and grade: id -> its skills; nothing if there is no file.

    What is wrong is added to `problems`, also a skill that stands there twice for an id.
    """
    found: dict[str, dict[str, GradedSkill]] = {}
    if not path.exists():
        return {}
    grades = [str(grade) for grade in sorted(GRADES)]
    for place, (id_, uri, label, grade) in _rows(path, (column, "uri", "label", "grade"), problems):
        skills = found.setdefault(id_, {})
        if grade not in grades:
            problems.append(Problem(place, f"the grade {grade!r}", f"one of {', '.join(grades)}", "correct it"))
        elif not uri.startswith("http"):
            problems.append(Problem(place, f"the URI {uri!r}", "an ESCO URI, beginning with http", "correct it"))
        elif uri in skills:
            problems.append(Problem(place, f"{label!r} a second time for {id_!r}", "each skill once", "remove one"))
        else:
            skills[uri] = GradedSkill(uri=uri, label=label, grade=int(grade))
    return {id_: tuple(skills.values()) for id_, skills in found.items()}


def _rows(path: Path, columns: tuple[str, ...], problems: list[Problem]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (place, cells) of each whole row of a table with exactly these columns."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            header = ", ".join(reader.fieldnames or ())
            problems.append(Problem(f"{path.name}, line 1", header, ",".join(columns), "correct the header"))
            return
        for row in reader:
            place = f"{path.name}, line {reader.line_num}"
            cells = tuple(row[column] or "" for column in columns)
            if all(cells):
                yield place, cells
            else:
                problems.append(Problem(place, "an empty cell", "one value in each column", "fill or remove the line"))
