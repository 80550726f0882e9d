"""Catalogues in other people's columns: a small TOML file says which field of an offer comes from where."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import ValidationError, model_validator

from skillmatch.company.cells import Cell, text
from skillmatch.company.model import Record
from skillmatch.errors import InputError, Problem
from skillmatch.offers.columns import COLUMNS, join_list


class FieldRule(Record):
    """Where one field comes from: a `constant`, or one or more `columns` of the file (joined by a space).

    `values` turns what is found into what is meant (anything else found is a problem); `separator` and `strip` cut a
    list into values and take signs off both ends of each; `slug` makes an identifier of the words; `assumed` marks a
    field that the source does not state.
    """

    constant: str | int | float | bool | None = None
    columns: tuple[str, ...] = ()
    values: Mapping[str, str | int | float | bool] | None = None
    separator: str = ""
    strip: str = ""
    slug: bool = False
    assumed: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.constant is None) == (not self.columns):
            raise ValueError("give either constant or columns")
        return self


class ColumnMap(Record):
    """A whole mapping file. `same_id`: whether a row whose id an earlier row has is refused or left out."""

    name: str
    source: str = ""
    note: str = ""
    same_id: Literal["refuse", "leave out"] = "refuse"
    fields: Mapping[str, FieldRule]

    @model_validator(mode="after")
    def _fields_of_offers(self) -> Self:
        known = [column.field for column in COLUMNS]
        unknown = sorted(set(self.fields) - set(known))
        missing = sorted({column.field for column in COLUMNS if column.required} - set(self.fields))
        if unknown:
            raise ValueError(f"no field of an offer: {', '.join(unknown)}; the fields are {', '.join(known)}")
        if missing:
            raise ValueError(f"these fields must be there: {', '.join(missing)}")
        return self

    @property
    def assumed(self) -> tuple[str, ...]:
        """Names of the fields that the source does not state, sorted."""
        return tuple(sorted(name for name, rule in self.fields.items() if rule.assumed))


def read_column_map(path: Path) -> ColumnMap:
    """Read a mapping file.

    Raises
    ------
    InputError
        The file is missing, is no TOML or names fields that offers do not have.
    """
    remedy = "see docs/offers.md, section Other people's columns"
    try:
        return ColumnMap.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise InputError(Problem(str(path), "no such file", "a mapping file (TOML)", remedy)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem(path.name, str(error), "valid TOML in UTF-8", remedy)) from error
    except ValidationError as error:
        problems = (
            Problem(
                f"{path.name}, {'.'.join(map(str, item['loc'])) or 'whole file'}",
                repr(item["input"])[:80],
                item["msg"],
                remedy,
            )
            for item in error.errors()
        )
        raise InputError(problems) from error


def slug(words: str) -> str:
    """Return an identifier made of the words: plain lower-case letters and digits, joined by hyphens.

    >>> slug("Universität Zürich: IT-Support, Teil 2")
    'universitat-zurich-it-support-teil-2'
    """
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def apply_rule(rule: FieldRule, found: tuple[Cell, ...]) -> Cell:
    """Return the cell, as our own columns would hold it, for what was found in the rule's columns.

    >>> apply_rule(FieldRule(columns=("Skills",), separator=",", strip="[]' "), ("['SQL', ' Python']",))
    'SQL; Python'
    >>> apply_rule(FieldRule(columns=("Difficulty",), values={"Beginner": 0}), ("Beginner",))
    0

    Raises
    ------
    KeyError
        The rule has a table of values, and what was found is not in it.
    """
    if rule.constant is not None:
        return rule.constant
    words = " ".join(text(cell) for cell in found).strip()
    if rule.values is not None:
        return rule.values[words] if words else None
    if rule.separator:
        parts = (part.strip(rule.strip or None) for part in words.split(rule.separator))
        return join_list(part for part in parts if part)
    if rule.slug:
        return slug(words)
    return words.strip(rule.strip) if rule.strip else found[0] if len(found) == 1 else words
