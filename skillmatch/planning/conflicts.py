"""Pinned bookings that cannot all stand: which limits they conflict with, and the smallest change that would help."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

from skillmatch.errors import InputError, Problem
from skillmatch.planning.outcome import Seat
from skillmatch.planning.problem import PlanProblem
from skillmatch.planning.program import PersonProgram

SECONDS = 5.0
"""Time for one question; the programme holds pinned runs and their prerequisites only, so it is small."""


def only_pins(problem: PlanProblem) -> PlanProblem:
    """Return the problem reduced to pinned runs and what must come before them; it values nothing."""
    needed = {pin.run for pin in problem.pins}
    todo = sorted(needed)
    while todo:
        for other in (run for options in problem.runs[todo.pop()].prerequisites for run in options):
            if other not in needed:
                needed.add(other)
                todo.append(other)
    return replace(problem, stakes=(), pairs=tuple(pair for pair in problem.pairs if pair[0] in needed))


def pinned_seats(problem: PlanProblem) -> list[Seat]:
    """Return the cheapest seats that satisfy all pins; none without pins.

    Raises
    ------
    InputError
        There are no such seats.
    """
    if not problem.pins:
        return []
    program = PersonProgram(only_pins(problem))
    answer = program.cheapest(SECONDS)
    if answer.values is None:
        explain_conflict(problem)
    return program.seats_in(answer.values)


def explain_conflict(problem: PlanProblem) -> NoReturn:
    """Raise the error that says what the pins conflict with: each problem names one change that is enough by itself."""
    small = only_pins(problem)
    raise InputError([*_budget(small), *_hours(small)] or [*_both(small)] or [*_fewer(small)])


def _where(problem: PlanProblem) -> str:
    return f"pinned offers {', '.join(sorted({problem.runs[pin.run].offer for pin in problem.pins}))}"


def _budget(problem: PlanProblem) -> Iterator[Problem]:
    """Yield the budget that the pins need, if the other limits leave room for them."""
    if problem.budget_eur is None:
        return
    program = PersonProgram(replace(problem, budget_eur=None))
    answer = program.cheapest(SECONDS)
    if answer.values is not None:
        needed = math.ceil(program.net_eur(answer.values) * 100 - 1e-6) / 100
        found = f"at least {needed:,.2f} euros, against a budget of {problem.budget_eur:,.2f} euros"
        remedy = f"raise the budget to {needed:,.2f} euros, or remove a pin"
        yield Problem(_where(problem), found, "bookings within the budget", remedy)


def _hours(problem: PlanProblem) -> Iterator[Problem]:
    """Yield the hours per person that the pins need, if the budget allows them."""
    limit = problem.hours_per_person
    if limit is not None and (needed := _least_hours(problem)) is not None and needed > limit:
        yield _hours_problem(problem, needed, limit)


def _hours_problem(problem: PlanProblem, needed: float, limit: float) -> Problem:
    found = f"{needed:g} hours for one person, against a limit of {limit:g} hours"
    remedy = f"raise the hours per person to {needed:g}, or remove a pin"
    return Problem(_where(problem), found, "bookings within the hours per person", remedy)


def _least_hours(problem: PlanProblem) -> float | None:
    """Return the smallest limit of hours per person under which the pins can be booked; None if none does."""
    program = PersonProgram(replace(problem, hours_per_person=None))
    most = program.model.column()
    for taken in program.taken.values():
        program.model.row({column: program.hours[column] for column in taken.values()} | {most: -1.0}, high=0.0)
    answer = program.model.minimise({most: 1.0}, seconds=SECONDS, gap=0.0)
    return None if answer.values is None else math.ceil(answer.objective * 100 - 1e-4) / 100


def _both(problem: PlanProblem) -> Iterator[Problem]:
    """Yield what budget and hours must both become, where neither is enough by itself."""
    limit = problem.hours_per_person
    if problem.budget_eur is None or limit is None:
        return
    if (needed := _least_hours(replace(problem, budget_eur=None))) is not None:
        yield from _budget(replace(problem, hours_per_person=max(needed, limit)))
        yield _hours_problem(problem, needed, limit)


def _fewer(problem: PlanProblem) -> Iterator[Problem]:
    """Yield how many people can be booked at most for a pin, where group sizes, dates or absences forbid more."""
    free = replace(problem, budget_eur=None, hours_per_person=None, pins=())
    for pin in problem.pins:
        program = PersonProgram(free)
        people = [person for cohort in pin.cohorts for person in problem.cohorts[cohort].people]
        wanted = {program.seat[pin.run, person]: -1.0 for person in people}
        answer = program.model.minimise(wanted, seconds=SECONDS, gap=0.0)
        most = 0 if answer.values is None else round(-answer.objective)
        if most < pin.people:
            found = f"{pin.people} people of {pin.role}"
            remedy = f"pin {most} people or fewer" if most else "remove the pin"
            where = f"pinned offer {problem.runs[pin.run].offer}"
            yield Problem(where, found, "what group sizes, dates and prerequisites allow", remedy)
            return
    allowed = "pins that can stand together"
    yield Problem(_where(problem), "dates or group sizes that exclude each other", allowed, "remove one of the pins")
