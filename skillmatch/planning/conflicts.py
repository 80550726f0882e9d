"""Pinned bookings that cannot all stand: which limits they conflict with, and the smallest change that would help."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

from skillmatch.errors import InputError, Problem
from skillmatch.planning.integer import Answer
from skillmatch.planning.outcome import Seat
from skillmatch.planning.problem import PlanProblem
from skillmatch.planning.program import Program, Unit

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
    """Return the cheapest seats that satisfy all pins, person by person; none without pins.

    Raises
    ------
    InputError
        There are none.
    """
    if not problem.pins:
        return []
    small = only_pins(problem)
    program = _program(small)
    answer = program.cheapen(-math.inf, small.budget_eur, SECONDS)
    if answer.values is None:
        explain_conflict(problem)
    people = [unit.people[0] for unit in program.units]
    return sorted((run, people[unit]) for run, unit in program.seats_in(answer.values))


def explain_conflict(problem: PlanProblem) -> NoReturn:
    """Raise the error that says what the pins conflict with: each problem names one change that is enough by itself."""
    small = only_pins(problem)
    problems = [*_budget(small), *_hours(small)] or [*_both(small)] or [*_fewer(small)]
    raise InputError(problems)


def _program(problem: PlanProblem) -> Program:
    """Return the programme over single persons."""
    units = [Unit(place, (person,)) for place, cohort in enumerate(problem.cohorts) for person in cohort.people]
    return Program(problem, units)


def _where(problem: PlanProblem) -> str:
    return f"pinned offers {', '.join(sorted({problem.runs[pin.run].offer for pin in problem.pins}))}"


def _net(program: Program, answer: Answer) -> float:
    assert answer.values is not None
    return float(sum(cost * answer.values[column] for column, cost in program.cost.items()))


def _budget(problem: PlanProblem) -> Iterator[Problem]:
    """Yield the budget that the pins need, if the other limits leave room for them."""
    if problem.budget_eur is None:
        return
    program = _program(problem)
    answer = program.cheapen(-math.inf, None, SECONDS)
    if answer.values is not None:
        needed = math.ceil(_net(program, answer) * 100 - 1e-6) / 100
        found = f"at least {needed:,.2f} euros, against a budget of {problem.budget_eur:,.2f} euros"
        remedy = f"raise the budget to {needed:,.2f} euros, or remove a pin"
        yield Problem(_where(problem), found, "bookings within the budget", remedy)


def _hours(problem: PlanProblem) -> Iterator[Problem]:
    """Yield the hours per person that the pins need, if the budget allows them."""
    if problem.hours_per_person is None:
        return
    if (needed := _least_hours(problem, problem.budget_eur)) is not None and needed > problem.hours_per_person:
        yield _hours_problem(problem, needed, problem.hours_per_person)


def _hours_problem(problem: PlanProblem, needed: float, limit: float) -> Problem:
    found = f"{needed:g} hours for one person, against a limit of {limit:g} hours"
    remedy = f"raise the hours per person to {needed:g}, or remove a pin"
    return Problem(_where(problem), found, "bookings within the hours per person", remedy)


def _least_hours(problem: PlanProblem, budget_eur: float | None) -> float | None:
    """Return the smallest limit of hours per person under which the pins can be booked; None if none does."""
    program = _program(replace(problem, hours_per_person=None))
    most = program.model.column()
    for number in range(len(program.units)):
        taken = {column: program.hours[column] for (_, unit), column in program.seat.items() if unit == number}
        if taken:
            program.model.row(taken | {most: -1.0}, high=0.0)
    extra = (*program.budget_row(budget_eur), *program.pin_limits())
    answer = program.model.minimise({most: 1.0}, *extra, seconds=SECONDS, gap=0.0)
    return None if answer.values is None else math.ceil(answer.objective * 100 - 1e-4) / 100


def _both(problem: PlanProblem) -> Iterator[Problem]:
    """Yield what budget and hours must both become, where neither is enough by itself."""
    if problem.budget_eur is None or problem.hours_per_person is None:
        return
    needed = _least_hours(problem, None)
    if needed is not None:
        relaxed = replace(problem, hours_per_person=max(needed, problem.hours_per_person))
        yield from _budget(relaxed)
        yield _hours_problem(problem, needed, problem.hours_per_person)


def _fewer(problem: PlanProblem) -> Iterator[Problem]:
    """Yield for each pin how many people can be booked at most, where group sizes, dates or absences forbid more."""
    free = replace(problem, budget_eur=None, hours_per_person=None, pins=())
    for pin in problem.pins:
        program = _program(free)
        columns = [column for (run, unit), column in program.seat.items()
                   if run == pin.run and program.units[unit].cohort in pin.cohorts]  # fmt: skip
        answer = program.model.minimise(dict.fromkeys(columns, -1.0), seconds=SECONDS, gap=0.0)
        most = 0 if answer.values is None else round(-answer.objective)
        if most < pin.people:
            found = f"{pin.people} people of {pin.role}"
            remedy = f"pin {most} people or fewer" if most else "remove the pin"
            where = f"pinned offer {problem.runs[pin.run].offer}"
            yield Problem(where, found, "what group sizes, dates and prerequisites allow", remedy)
            return
    allowed = "pins that can stand together"
    yield Problem(_where(problem), "dates or group sizes that exclude each other", allowed, "remove one of the pins")
