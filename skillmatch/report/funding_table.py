"""Funding schemes as a table to fill in, and back: what a scheme pays, up to how much, and for what."""

import math
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from skillmatch.errors import InputError, Problem
from skillmatch.offers.funding import FundingScheme
from skillmatch.words import Transition

FOR: Mapping[str, tuple[Transition, ...]] = {
    "all training": (),
    "digital training": ("digital", "twin"),
    "green training": ("green", "twin"),
    "digital or green": ("digital", "green", "twin"),
}
"""What a scheme pays for, in words; training that serves both transitions counts as digital and as green."""

COLUMNS = [
    "id", "Scheme", "Pays %", "At most €", "No upper limit", "Pays for", "Up to people", "How it works", "Ask here",
]  # fmt: skip


def funding_table(schemes: Sequence[FundingScheme]) -> pd.DataFrame:
    """Return one row a scheme, what is filled in first, then by id; money in euros for the whole plan."""
    rows = [
        (
            scheme.id,
            scheme.name,
            None if scheme.rate is None else round(scheme.rate * 100, 4),
            scheme.cap_eur,
            not scheme.capped,
            _for(scheme.transitions),
            scheme.largest_company,
            " ".join(scheme.note.split()),
            scheme.url,
        )
        for scheme in sorted(schemes, key=lambda scheme: (scheme.rate is None, scheme.id))
    ]
    numbers = {"Pays %": "Float64", "At most €": "Float64", "Up to people": "Int64"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(numbers)


def _for(transitions: Sequence[Transition]) -> str:
    wanted = set(transitions) - {"twin"}
    return next(words for words, each in FOR.items() if set(each) - {"twin"} == wanted)


def read_funding_table(frame: pd.DataFrame, known: Sequence[FundingScheme]) -> tuple[FundingScheme, ...]:
    """Return the schemes of an edited table that are not as `known` has them: filled in, changed or new.

    Raises
    ------
    InputError
        Every cell that cannot be right, by scheme and column.
    """
    before = {scheme.id: scheme for scheme in known}
    problems: list[Problem] = []
    found: dict[str, FundingScheme] = {}
    for number, row in enumerate(frame.to_dict("records"), 1):
        values = {str(name): None if _empty(value) else value for name, value in row.items()}
        if all(value in (None, False, "all training") for value in values.values()):
            continue
        name = str(values["Scheme"] or "").strip()
        wrong = list(_wrong(f"Funding, {name or f'line {number}'}", name, values))
        problems += wrong
        if not wrong:
            given = str(values["id"] or next(each for each in _new_ids() if each not in {*before, *found}))
            found[given] = _scheme(before.get(given) or FundingScheme(id=given, name=name), name, values)
    if problems:
        raise InputError(problems)
    return tuple(found[name] for name in sorted(found) if found[name] != before.get(name))


def _empty(value: object) -> bool:
    return value is None or value is pd.NA or value == "" or (isinstance(value, float) and math.isnan(value))


def _new_ids() -> Iterator[str]:
    return (f"own-{number}" for number in range(1, 10_000))


def _wrong(where: str, name: str, values: Mapping[str, object]) -> Iterator[Problem]:
    """Yield what cannot be right in a row."""
    rate, cap, people = (values[column] for column in ("Pays %", "At most €", "Up to people"))
    if not name:
        yield Problem(f"{where}, Scheme", "no name", "the name of the scheme", "enter it")
    if rate is not None and not 0 < float(str(rate)) <= 100:
        yield Problem(f"{where}, Pays %", f"{rate}", "more than 0, at most 100", "enter the share in percent")
    if cap is not None and float(str(cap)) < 0:
        yield Problem(f"{where}, At most €", f"{cap}", "0 or more", "enter the most euros that it pays")
    if people is not None and float(str(people)) < 1:
        remedy = "enter the largest head-count, or leave it empty"
        yield Problem(f"{where}, Up to people", f"{people}", "1 or more", remedy)
    if cap is not None and values["No upper limit"]:
        yield Problem(f"{where}, No upper limit", "ticked, with an amount", "one of the two", "clear one of them")
    if rate is not None and cap is None and not values["No upper limit"]:
        remedy = "enter the amount, or tick No upper limit"
        yield Problem(f"{where}, At most €", "nothing", "an amount, as the scheme would not be counted", remedy)
    if rate is None and (cap is not None or values["No upper limit"]):
        yield Problem(f"{where}, Pays %", "nothing", "a share, as the scheme would not be counted", "enter the share")


def _scheme(before: FundingScheme, name: str, values: Mapping[str, object]) -> FundingScheme:
    """Return a scheme with the values of its row; what the table does not show stays as it was."""
    rate, cap, people = (values[column] for column in ("Pays %", "At most €", "Up to people"))
    wanted = str(values["Pays for"] or "all training")
    kept = before.transitions if _for(before.transitions) == wanted else FOR[wanted]
    return before.model_copy(
        update={
            "name": name,
            "rate": None if rate is None else round(float(str(rate)) / 100, 6),
            "cap_eur": None if cap is None else float(str(cap)),
            "capped": not values["No upper limit"],
            "transitions": kept,
            "largest_company": None if people is None else int(float(str(people))),
            "note": before.note if _same(before.note, values["How it works"]) else str(values["How it works"] or ""),
            "url": str(values["Ask here"] or ""),
        }
    )


def _same(note: str, shown: object) -> bool:
    return " ".join(note.split()) == str(shown or "")
