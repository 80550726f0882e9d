"""The exact solver: an integer programme over cohorts, dealt out to people, and split into people where that fails."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from skillmatch.planning.conflicts import explain_conflict
from skillmatch.planning.deal import Hand, deal
from skillmatch.planning.greedy import solve_greedy
from skillmatch.planning.integer import Answer
from skillmatch.planning.outcome import Seat, judge, solution_of, violations
from skillmatch.planning.problem import PlanProblem, Solution
from skillmatch.planning.program import Program, Unit

PROOF_SHARE = 0.7
"""Part of the time left that the search for the best coverage may take; the rest goes to the cheapest such plan."""
PROVEN_GAP = 1e-5
"""A relative gap that counts as proof: below it, differences are rounding."""


@dataclass(frozen=True)
class Clock:
    """How much of a time limit is left."""

    limit: float
    begun: float

    @classmethod
    def start(cls, limit: float) -> "Clock":
        """Return a clock that begins to run now."""
        return cls(limit, time.perf_counter())

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.begun

    @property
    def left(self) -> float:
        """Seconds until the limit, not below 0."""
        return max(0.0, self.limit - self.passed)


def solve_exact(problem: PlanProblem, *, time_limit_seconds: float = 10.0, cheapest: bool = True) -> Solution:
    """Return the plan that closes most weighted gap; among those the cheapest one, then the one of fewest hours.

    Parameters
    ----------
    problem
        What is to be planned.
    time_limit_seconds
        After it, the better of the best plan found and the greedy one is returned, with the gap proven so far.
    cheapest
        Whether cost is minimised at all; False saves time where only coverage is asked for.

    Raises
    ------
    InputError
        What the user pinned cannot be booked within the limits.
    """
    clock = Clock.start(time_limit_seconds)
    units = [Unit(place, cohort.people) for place, cohort in enumerate(problem.cohorts)]
    bound, best = problem.total_weight, None
    while True:
        program = Program(problem, units)
        first = program.maximise(problem.budget_eur, clock.left * PROOF_SHARE if cheapest else clock.left)
        if first.infeasible:
            explain_conflict(problem)
        bound = min(bound, max(first.bound, 0.0))
        if first.values is None:
            break
        answer = _cheapest(program, first, clock) if cheapest else first
        seats, failed = _deal_all(program, answer, clock)
        if not any(violations(problem, seats)) and (best is None or _rank(problem, seats) > _rank(problem, best)):
            best = seats
        if not failed or clock.left <= 0:
            break
        units = [single for unit in units for single in _split(unit, failed)]
    if best is None or not _proven(problem, best, bound):
        best = _better(problem, best)
    return _solution(problem, best, bound, clock)


def _cheapest(program: Program, first: Answer, clock: Clock) -> Answer:
    """Return the cheapest plan of that value, or the plan there is if none was found in time."""
    found = program.cheapen(first.objective, program.problem.budget_eur, clock.left)
    return first if found.values is None else found


def _deal_all(program: Program, answer: Answer, clock: Clock) -> tuple[list[Seat], set[int]]:
    """Return the seats of all people, and the cohorts to whom the seats could not be dealt."""
    assert answer.values is not None
    given = program.seats_in(answer.values)
    seats: list[Seat] = []
    failed: set[int] = set()
    for number, unit in enumerate(program.units):
        mine = {run: people for (run, owner), people in given.items() if owner == number}
        if len(unit.people) == 1:
            seats += [(run, unit.people[0]) for run in mine]
        elif mine:
            counted = {
                (demand, level): people
                for (demand, owner, level), column in program.counted.items()
                if owner == number and (people := round(float(answer.values[column])))
            }
            dealt, whole = deal(program.problem, Hand(unit.cohort, mine, counted), max(clock.left, 0.2))
            seats += dealt
            if not whole:
                failed.add(unit.cohort)
    return sorted(seats), failed


def _split(unit: Unit, failed: set[int]) -> list[Unit]:
    return [Unit(unit.cohort, (person,)) for person in unit.people] if unit.cohort in failed else [unit]


def _rank(problem: PlanProblem, seats: Sequence[Seat]) -> tuple[float, float, float]:
    """Return what makes one plan better than another: value, then less cost, then fewer hours."""
    outcome = judge(problem, seats)
    return (round(outcome.value, 9), -round(outcome.cost_eur_net, 2), -round(outcome.hours, 6))


def _proven(problem: PlanProblem, seats: Sequence[Seat], bound: float) -> bool:
    return bound - judge(problem, seats).value <= PROVEN_GAP * max(bound, 1e-12)


def _better(problem: PlanProblem, seats: list[Seat] | None) -> list[Seat]:
    """Return the better of a plan found in time, if any, and the greedy one."""
    greedy = list(solve_greedy(problem).seats)
    return greedy if seats is None or _rank(problem, greedy) > _rank(problem, seats) else seats


def _solution(problem: PlanProblem, seats: Sequence[Seat], bound: float, clock: Clock) -> Solution:
    solution = solution_of(problem, seats, "exact", clock.passed)
    proven = _proven(problem, seats, bound)
    gap = 0.0 if proven else (bound - solution.value) / bound
    return replace(solution, status="optimal" if proven else "time limit", bound=bound, optimality_gap=gap)
