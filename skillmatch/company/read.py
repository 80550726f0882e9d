"""A filled-in workbook to a company, with everything that is wrong in it at once."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from skillmatch.company.cells import plain
from skillmatch.company.check import check_company
from skillmatch.company.grid import Findings, Row, find_sheets, open_book, read_keys, read_table
from skillmatch.company.measures import Measure, load_measures
from skillmatch.company.model import Company, Constraints, Correction, Held, Need, Person, Role
from skillmatch.company.sheets import COMPANY, CORRECTIONS, HELD, NEEDS, PEOPLE, ROLES, SHEETS
from skillmatch.errors import InputError, Problem

logger = logging.getLogger(__name__)

NAME = re.compile(r"[^\W\d_]{2,}([-'’][^\W\d_]+)*(,? [^\W\d_]{2,}([-'’][^\W\d_]+)*){1,2}")
"""Two or three words of letters: what most names look like, and few pseudonyms."""
PLACEHOLDER_DAY = date(1, 1, 1)


@dataclass(frozen=True)
class Reading:
    """A company as read, and what the user should know about the file although it could be read."""

    company: Company
    notes: tuple[Problem, ...]


def read_workbook(path: Path, measures: Sequence[Measure] | None = None) -> Company:
    """Read a company from a workbook; notes about it (unknown columns, possible names) are logged as warnings.

    Parameters
    ----------
    path
        An .xlsx file in the form that `write_template` gives. Sheets and columns are found by name, forgivingly.
    measures
        The library that chosen measures are looked up in; None for the one that ships.

    Raises
    ------
    InputError
        With every problem of the file, each with sheet, cell, value found, values allowed and remedy.
    """
    reading = inspect_workbook(path, measures)
    for note in reading.notes:
        logger.warning("Note: %s", note)
    return reading.company


def inspect_workbook(path: Path, measures: Sequence[Measure] | None = None) -> Reading:
    """Do what `read_workbook` does, and return the notes instead of logging them."""
    path = Path(path)
    findings = Findings(path.name)
    sheets = find_sheets(book := open_book(path), findings)
    try:
        general = read_keys(sheets[COMPANY.name], findings) if COMPANY.name in sheets else Row(COMPANY.name, 0)
        tables = {
            sheet.name: read_table(sheets[sheet.name], sheet, findings) if sheet.name in sheets else []
            for sheet in SHEETS
            if sheet is not COMPANY
        }
    finally:
        book.close()
    for sheet in (ROLES, NEEDS):
        if sheet.name in sheets and not tables[sheet.name] and not _mentions(findings, sheet.name):
            remedy = "fill in a row; an example row counts only when you change it"
            findings.problems.append(Problem(findings.place(sheet.name), "no row", "at least one", remedy))
    company = _Builder(findings, general, tables, measures).build()
    if findings.problems:
        raise InputError(findings.problems)
    return Reading(company, tuple(findings.notes))


def _mentions(findings: Findings, sheet: str) -> bool:
    return any(problem.where.startswith(findings.place(sheet)) for problem in findings.problems)


class _Builder:
    """Puts the parts of a company together and remembers the row of each, so that a problem can name its cell.

    A cell that could not be read gets a harmless value here, so that its row does not cause further complaints; the
    company is handed out only if there was no problem.
    """

    def __init__(
        self,
        findings: Findings,
        general: Row,
        tables: Mapping[str, Sequence[Row]],
        measures: Sequence[Measure] | None,
    ) -> None:
        self.findings = findings
        self.general = general
        self.tables = tables
        self.measures = measures
        self.measure_ids: dict[str, str] | None = None
        self.origin: dict[str, list[Row]] = {"roles": [], "needs": [], "held": [], "people": [], "corrections": []}
        self.role_ids: dict[str, str] = {}
        self.need_ids: dict[str, str] = {}

    def build(self) -> Company:
        values = self.general.values
        roles = self._roles()
        needs = self._needs()
        held = self._held()
        people, held_by_people = self._people()
        corrections = self._corrections()
        start = values.get("start", PLACEHOLDER_DAY)
        company = Company(
            name=_as(values.get("name", "")),
            country=_as(values.get("country", "")),
            region=_as(values.get("region", "")),
            ecosystem=_as(values.get("ecosystem")),
            language=_as(values.get("language", "en")),
            sample=_as(values.get("sample", False)),
            roles=roles,
            needs=needs,
            held=held + held_by_people,
            people=people,
            constraints=Constraints(
                budget_eur=_as(values.get("budget_eur")),
                hours_per_person=_as(values.get("hours_per_person")),
                start=_as(start),
                end=_as(values.get("end", date.max)),
                languages=_as(values.get("languages", ())),
                modes=_as(values.get("modes", ())),
                reach=_as(values.get("reach", "anywhere")),
                away_share=_as(values.get("away_share")),
                other_sectors=_as(values.get("other_sectors", False)),
            ),
            corrections=corrections,
        )
        self.findings.problems.extend(check_company(company, self._locate))
        return company

    def _locate(self, part: str, index: int, field: str) -> str:
        row = self.general if index < 0 else self.origin[part][index]
        column = "person" if part == "people" and field == "id" else field
        return self.findings.place(row.sheet, row.cells.get(column) or (f"A{row.number}" if row.number else ""))

    def _problem(self, row: Row, field: str, found: str, allowed: str, remedy: str) -> None:
        place = self.findings.place(row.sheet, row.cells.get(field) or f"A{row.number}")
        self.findings.problems.append(Problem(place, found, allowed, remedy))
        row.broken.add(field)

    def _roles(self) -> tuple[Role, ...]:
        rows = list(self.tables[ROLES.name])
        titles = [str(row.values.get("title", f"row {row.number}")) for row in rows]
        ids = make_ids(titles, [_as(row.values.get("id")) for row in rows])
        self.role_ids = {key: key for key in ids} | {plain(title): key for title, key in zip(titles, ids, strict=True)}
        self.origin["roles"] = rows
        return tuple(
            Role(
                id=key,
                title=title,
                people=_as(row.values.get("people", 100_000)),
                description=_as(row.values.get("description", "")),
                occupation=_as(row.values.get("occupation")),
            )
            for row, title, key in zip(rows, titles, ids, strict=True)
        )

    def _needs(self) -> tuple[Need, ...]:
        rows = list(self.tables[NEEDS.name])
        chosen = [self._measure(row) for row in rows]
        texts = []
        for row, measure in zip(rows, chosen, strict=True):
            if "text" not in row.values and measure is None and not row.broken & {"text", "measure"}:
                self._problem(row, "text", "an empty cell", "your words, or a measure", "say what you want to change")
            texts.append(str(row.values.get("text") or (self._title(measure) if measure else f"row {row.number}")))
        ids = make_ids(texts, [_as(row.values.get("id")) for row in rows])
        self.need_ids = {plain(text): key for text, key in zip(texts, ids, strict=True)} | {key: key for key in ids}
        self.origin["needs"] = rows
        return tuple(
            Need(
                id=key,
                text=text,
                measure=measure,
                transition=_as(row.values.get("transition")),
                priority=_as(row.values.get("priority", 2)),
                due=_as(row.values.get("due")),
            )
            for row, text, key, measure in zip(rows, texts, ids, chosen, strict=True)
        )

    def _held(self) -> tuple[Held, ...]:
        rows = [row for row in self.tables[HELD.name] if row.read]
        self.origin["held"] += rows
        return tuple(
            Held(
                role=self._role(row),
                skill=_as(row.values["skill"]),
                level=_as(row.values["level"]),
                evidence=_as(row.values.get("evidence", "stated")),
                expires=_as(row.values.get("expires")),
            )
            for row in rows
        )

    def _people(self) -> tuple[tuple[Person, ...], tuple[Held, ...]]:
        """Return the people in the order of their first rows, and the skills of each, person by person."""
        rows: dict[str, list[Row]] = {}
        for row in self.tables[PEOPLE.name]:
            if "person" in row.values:
                rows.setdefault(str(row.values["person"]), []).append(row)
        people, held = [], []
        for person, theirs in rows.items():
            people.append(Person(id=person, role=self._role_of(person, theirs)))
            self.origin["people"].append(theirs[0])
            if NAME.fullmatch(person):
                place = self._locate("people", len(people) - 1, "person")
                allowed, remedy = "a pseudonym such as P-07", "replace it by a code if it is a person's name"
                self.findings.notes.append(Problem(place, f"{person!r}, which looks like a name", allowed, remedy))
            held += [one for row in theirs if (one := self._held_by(person, row))]
        return tuple(people), tuple(held)

    def _role_of(self, person: str, rows: Sequence[Row]) -> str:
        """Return the role that the rows of a person name; they must agree, and one must name it."""
        named = [row for row in rows if "role" in row.values]
        if not named:
            if "role" not in rows[0].broken:
                self._problem(
                    rows[0], "role", "an empty cell", "a title of the sheet Roles", "say which job the person has"
                )
            return next(iter(self.role_ids.values()), "")
        roles = [self._role(row) for row in named]
        for row, role in zip(named, roles, strict=True):
            if role != roles[0]:
                allowed = f"{rows[0].values.get('role')!r}, as in the first row of {person}"
                self._problem(row, "role", repr(row.values["role"]), allowed, "give each person one role")
        return roles[0] or ""

    def _held_by(self, person: str, row: Row) -> Held | None:
        values = row.values
        if not row.read:
            return None
        if "skill" not in values:
            if "level" in values:
                self._problem(row, "skill", "an empty cell", "a skill, as there is a level", "name the skill")
            return None
        if "level" not in values:
            self._problem(row, "level", "an empty cell", "a level, as there is a skill", "choose a level")
            return None
        self.origin["held"].append(row)
        return Held(
            person=person,
            skill=_as(values["skill"]),
            level=_as(values["level"]),
            evidence=_as(values.get("evidence", "stated")),
            expires=_as(values.get("expires")),
        )

    def _corrections(self) -> tuple[Correction, ...]:
        rows = [row for row in self.tables[CORRECTIONS.name] if row.read]
        self.origin["corrections"] = rows
        found = []
        for row in rows:
            fields: dict[str, object] = {
                name: row.values[name]
                for name in ("kind", "skill", "offer", "level", "people", "who", "note")
                if name in row.values
            }
            need = row.values.get("need")
            fields["need"] = (
                need if need is None else self.need_ids.get(plain(str(need)), self.need_ids.get(str(need), need))
            )
            fields["role"] = self._role(row) if "role" in row.values else None
            fields["measure"] = self._measure(row)
            found.append(Correction.model_validate(fields))
        return tuple(found)

    def _role(self, row: Row) -> str | None:
        """Return the id of the role that a row names by title or id; unknown words are left for the check to find."""
        words = str(row.values.get("role", ""))
        return self.role_ids.get(plain(words)) or self.role_ids.get(words) or words

    def _measure(self, row: Row) -> str | None:
        """Return the id of the measure that a row names by id or by title in any language."""
        words = row.values.get("measure")
        if words is None:
            return None
        found = self._library().get(plain(str(words)))
        if found is None:
            allowed = "the title of a measure (`skillmatch measures` lists them), or an empty cell"
            self._problem(
                row, "measure", repr(words), allowed, "choose from the list, or describe it in your own words"
            )
        return found

    def _library(self) -> dict[str, str]:
        if self.measure_ids is None:
            self.measures = load_measures() if self.measures is None else self.measures
            titles = {plain(title): each.id for each in reversed(self.measures) for title in each.title.values()}
            self.measure_ids = titles | {each.id: each.id for each in self.measures}
        return self.measure_ids

    def _title(self, measure: str) -> str:
        return next(each.title["en"] for each in self.measures or () if each.id == measure)


def make_ids(words: Sequence[str], given: Sequence[str | None]) -> tuple[str, ...]:
    """Return an identifier for each row: the given one, else one made of its words that no other row has.

    >>> make_ids(["CNC operator", "CNC Operator!", "Köchin"], [None, None, "cook"])
    ('cnc-operator', 'cnc-operator-2', 'cook')
    """
    taken = {key for key in given if key}
    ids = []
    for text, key in zip(words, given, strict=True):
        if not key:
            stem = re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:40].strip("-") or "row"
            key, number = stem, 1
            while key in taken:
                number += 1
                key = f"{stem}-{number}"
        taken.add(key)
        ids.append(key)
    return tuple(ids)


def _as(value: object) -> Any:  # noqa: ANN401 - the point is that the field decides
    """Hand a parsed cell to a field; pydantic checks its type again."""
    return value
