"""The greedy solver: again and again the booking that closes most gap for the euros and hours it takes.

Bookings are evaluated lazily: an old evaluation, which as a rule only shrinks while the plan fills, is renewed only
when it comes first in the queue. Courses that build on others are booked together with them.
"""

import heapq
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skillmatch.planning.conflicts import pinned_seats
from skillmatch.planning.core import choose_core
from skillmatch.planning.outcome import Seat, solution_of
from skillmatch.planning.problem import PlanProblem, Solution
from skillmatch.planning.reduction import without_dominated
from skillmatch.planning.state import State

BUNDLES = 6
"""So many ways of taking what must come before a course are looked at, the cheapest first."""
EVALUATIONS_A_SECOND, LEAST_EVALUATIONS = 20_000, 5_000
"""A time limit is counted in evaluations of bookings, so that the plan does not depend on how busy the machine is, and
the exact solver can begin with just that plan; on a processor of 2024 some 25,000 of them take a second.
"""


@dataclass(frozen=True)
class Move:
    """Seats to book together, and their value for each unit of budget and hours they take."""

    seats: tuple[Seat, ...]
    ratio: float


def solve_greedy(problem: PlanProblem, *, time_limit_seconds: float = 10.0) -> Solution:
    """Return a good plan quickly: the best by value for cost and hours, for cost above all, and for value alone.

    Parameters
    ----------
    problem
        What is to be planned.
    time_limit_seconds
        Counted as `EVALUATIONS_A_SECOND`; then the best plan so far is returned, which is the same on every machine.

    Raises
    ------
    InputError
        What the user pinned cannot be booked within the limits.
    """
    begun = time.perf_counter()
    seats = greedy_seats(choose_core(without_dominated(problem)), time_limit_seconds)
    return solution_of(problem, seats, "greedy", time.perf_counter() - begun)


def greedy_seats(problem: PlanProblem, time_limit_seconds: float = math.inf) -> list[Seat]:
    """Return the seats of the greedy plan; InputError and limit as for `solve_greedy`."""
    start = pinned_seats(problem)
    left = max(time_limit_seconds * EVALUATIONS_A_SECOND, LEAST_EVALUATIONS)
    best: Solution | None = None
    for money, hours in ((1.0, 1.0), (1.0, 0.05), (0.0, 0.0)):
        state = State(problem)
        state.take(start)
        left -= Greedy(state, money, hours).run(evaluations=left)
        found = solution_of(problem, state.seats(), "greedy", 0.0)
        if best is None or (found.value, -found.cost_eur_net) > (best.value + 1e-9, -best.cost_eur_net):
            best = found
        if left <= 0:
            break
    assert best is not None
    return list(best.seats)


class Greedy:
    """One run of the greedy search; `money` and `hours` say how much the use of either counts against a booking."""

    def __init__(self, state: State, money: float, hours: float) -> None:
        problem = state.problem
        self.state = state
        total = sum(run.price_eur for run in problem.runs) or 1.0
        self._per_euro = money / (problem.budget_eur or total)
        limit = problem.hours_per_person or max((run.hours for run in problem.runs), default=1.0)
        self._per_hour = hours / max(limit * len(problem.people), 1.0)
        self._lifts: dict[tuple[int, int], set[tuple[int, ...]]] = defaultdict(set)
        for stake in problem.stakes:
            for way in stake.ways:
                if way.lifts:
                    self._lifts[way.run, stake.cohort].add(way.lifts)

    def run(self, deadline: float = math.inf, evaluations: float = math.inf) -> int:
        """Book until nothing affordable is left that closes anything, or the time or the evaluations are used up.

        `deadline` is as `time.perf_counter` counts; the number of evaluations used is returned.
        """
        queue = [(-math.inf, pair) for pair in self.state.problem.pairs]
        heapq.heapify(queue)
        used = 0
        while queue and used < evaluations and time.perf_counter() < deadline:
            _, pair = heapq.heappop(queue)
            move = self._best(*pair)
            used += 1
            if move is None:
                continue
            if queue and move.ratio < -queue[0][0]:
                heapq.heappush(queue, (-move.ratio, pair))
                continue
            self.state.take(move.seats)
            heapq.heappush(queue, (-move.ratio, pair))
        return used

    def _best(self, run: int, cohort: int) -> Move | None:
        """Return the best booking of a run for somebody of a cohort, with what it needs first; None: there is none."""
        moves = (self._move(seats) for seats in self._candidates(run, cohort))
        return max((move for move in moves if move is not None), key=lambda move: move.ratio, default=None)

    def _candidates(self, run: int, cohort: int) -> Iterator[tuple[Seat, ...]]:
        """Yield seats that might be booked: one person, or a group where groups must be filled or are paid as such."""
        state, problem = self.state, self.state.problem
        for person in state.representatives(cohort):
            for bundle in self._bundles(run, cohort, person):
                yield tuple((step, person) for step in bundle)
        new = problem.runs[run]
        # A new group is the same whoever asks for it, so only one cohort does.
        if (new.per_group or new.group_min > 1) and cohort == state.cohorts_of[run][0] and not state.room(run):
            yield self._group(run, new.group_min, new.group_max)

    def _bundles(self, run: int, cohort: int, person: int) -> Iterator[tuple[int, ...]]:
        """Yield the run with what this person must take before it: prerequisites, and a lift to its entry level."""
        taken = self.state.taken[person]
        if run in taken:
            return
        plain = self._with_prerequisites(run, taken)
        if plain is None:
            return
        yield plain
        lifts = {lift for lifts in self._lifts.get((run, cohort), ()) if taken.isdisjoint(lifts) for lift in lifts}
        for lift in sorted(lifts, key=lambda lift: (self.state.problem.runs[lift].price_eur, lift))[:BUNDLES]:
            before = self._with_prerequisites(lift, taken | set(plain))
            if before is not None:
                yield (*before, *plain)

    def _with_prerequisites(self, run: int, taken: set[int]) -> tuple[int, ...] | None:
        """Return the run after the cheapest runs of its prerequisites not taken yet; None if there are none."""
        steps: list[int] = []
        for options in self.state.problem.runs[run].prerequisites:
            if not taken.isdisjoint(options) or not set(steps).isdisjoint(options):
                continue
            cheapest = min(
                options, key=lambda option: (self.state.problem.runs[option].price_eur, option), default=None
            )
            before = None if cheapest is None else self._with_prerequisites(cheapest, taken | set(steps))
            if before is None:
                return None
            steps.extend(before)
        return (*steps, run)

    def _group(self, run: int, least: int, most: int) -> tuple[Seat, ...]:
        """Return the seats of a whole new group: those who gain most, until nobody gains any more."""
        state = self.state
        fit = [
            person
            for cohort in state.cohorts_of[run]
            for person in state.problem.cohorts[cohort].people
            if not state.problem.hinders(state.taken[person], run)
        ]
        alike: dict[tuple[int, frozenset[int]], float] = {}
        gains: dict[int, float] = {}
        for person in fit:
            key = (state.problem.cohort_of[person], frozenset(state.taken[person]))
            if key not in alike:
                alike[key] = state.gain([(run, person)])
            gains[person] = alike[key]
        order = sorted(fit, key=lambda person: (-gains[person], person))
        chosen = state.gaining(run, order, most)
        return tuple((run, person) for person in chosen) if len(chosen) >= least else ()

    def _move(self, seats: Sequence[Seat]) -> Move | None:
        """Return the seats as a move if they gain anything and keep to all rules."""
        if not seats or not self.state.allows(seats):
            return None
        gain = self.state.gain(seats)
        if gain <= 1e-12:
            return None
        hours = sum(self.state.problem.runs[run].hours for run, _ in seats)
        cost = self.state.extra_cost(seats)
        return Move(tuple(seats), gain / (cost * self._per_euro + hours * self._per_hour + 1e-9))
