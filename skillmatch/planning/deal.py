"""Dealing the seats of a cohort to its people: each must keep to hours, dates and order, and the value be reached."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from skillmatch.planning.outcome import TOLERANCE, Seat, climb
from skillmatch.planning.problem import PlanProblem, Stake, Way
from skillmatch.planning.program import Unit, UnitProgram


@dataclass(frozen=True)
class Hand:
    """What a cohort was given: run -> seats, and (demand, level) -> people who count at that level."""

    cohort: int
    seats: Mapping[int, int]
    counted: Mapping[tuple[int, int], int]


def deal(problem: PlanProblem, hand: Hand, seconds: float) -> tuple[list[Seat], bool]:
    """Return (run, person) for the seats of a cohort, and whether all that counts is reached.

    Where it cannot be reached, the best that can be is returned; it may leave seats out.
    """
    by_hand = deal_by_hand(problem, hand)
    if by_hand is not None and _reached(problem, hand, by_hand):
        return by_hand, True
    return deal_exactly(problem, hand, seconds)


def deal_by_hand(problem: PlanProblem, hand: Hand) -> list[Seat] | None:
    """Give each run's seats to those who gain most from it and have taken least; None if somebody's limits forbid it.

    Runs that others build on are dealt first. A quick attempt that mostly succeeds.
    """
    taken: dict[int, set[int]] = {person: set() for person in problem.cohorts[hand.cohort].people}
    for run in _order(problem, hand):
        fit = [person for person in taken if not problem.hinders(taken[person], run)]
        if len(fit) < hand.seats[run]:
            return None
        hours = {person: _hours(problem, taken[person]) for person in fit}
        gains = {person: _gain(problem, hand.cohort, taken[person], run) for person in fit}
        for person in sorted(fit, key=lambda person: (-gains[person], hours[person], person))[: hand.seats[run]]:
            taken[person].add(run)
    return [(run, person) for person in sorted(taken) for run in sorted(taken[person])]


def deal_exactly(problem: PlanProblem, hand: Hand, seconds: float) -> tuple[list[Seat], bool]:
    """Deal with the integer programme, person by person, so that as much as possible of what counts is reached."""
    small = _only(problem, hand)
    people = problem.cohorts[hand.cohort].people
    program = UnitProgram(small, [Unit(hand.cohort, (person,)) for person in people])
    pinned = {pin.run for pin in problem.pins}
    for run, seats in hand.seats.items():
        columns = [program.seat[run, unit] for unit in range(len(people))]
        fixed = run in pinned or problem.runs[run].group_min > 1
        program.model.row(dict.fromkeys(columns, 1.0), low=seats if fixed else 0, high=seats)
    for demand, most in _people_counted(hand).items():
        columns = [column for (number, _, _), column in program.counted.items() if number == demand]
        program.model.at_most(columns, most)
    target = sum(problem.worth(stake, level) * hand.counted.get((stake.demand, level), 0)
                 for stake in small.stakes for level in {way.level for way in stake.ways})  # fmt: skip
    worth = {column: -value for column, value in program.worth.items()}
    found = program.model.minimise(worth, seconds=seconds, gap=0.0)
    if found.values is None:
        return [], False
    seats_given = [(run, people[unit]) for run, unit in program.seats_in(found.values)]
    return sorted(seats_given), -found.objective >= target - TOLERANCE


def _only(problem: PlanProblem, hand: Hand) -> PlanProblem:
    """Return the problem reduced to one cohort and the runs it was given."""
    stakes = []
    for stake in problem.stakes_of[hand.cohort]:
        ways: dict[int, Way] = {}
        for way in stake.ways:
            lifts = tuple(run for run in way.lifts if run in ways)
            if way.run in hand.seats and (lifts or not way.lifts):
                ways[way.run] = Way(way.run, way.level, lifts)
        if ways:
            stakes.append(Stake(stake.demand, stake.cohort, stake.held, tuple(ways.values())))
    pairs = tuple((run, hand.cohort) for run in sorted(hand.seats))
    return replace(problem, stakes=tuple(stakes), pairs=pairs)


def _people_counted(hand: Hand) -> Counter[int]:
    people: Counter[int] = Counter()
    for (demand, _), number in hand.counted.items():
        people[demand] += number
    return people


def _reached(problem: PlanProblem, hand: Hand, seats: list[Seat]) -> bool:
    """Tell whether, for each demand and level, as many people reach at least that level as were counted on."""
    taken: dict[int, set[int]] = defaultdict(set)
    for run, person in seats:
        taken[person].add(run)
    for stake in problem.stakes_of[hand.cohort]:
        wanted = {level: people for (demand, level), people in hand.counted.items() if demand == stake.demand}
        climbs = [climb(stake, runs) for runs in taken.values()] if wanted else []
        tops = [steps[-1][2] for steps in climbs if steps]
        for least in wanted:
            if sum(top >= least for top in tops) < sum(people for level, people in wanted.items() if level >= least):
                return False
    return True


def _order(problem: PlanProblem, hand: Hand) -> list[int]:
    """Return the runs so that prerequisites and lifts stand before what builds on them."""
    before: dict[int, set[int]] = {run: set() for run in hand.seats}
    for run in hand.seats:
        for options in problem.runs[run].prerequisites:
            before[run].update(other for other in options if other in before)
    for stake in problem.stakes_of[hand.cohort]:
        for way in stake.ways:
            if way.run in before:
                before[way.run].update(other for other in way.lifts if other in before)
    order: list[int] = []
    while len(order) < len(before):
        left = [run for run in sorted(before) if run not in order]
        # Runs that wait for each other (for different skills) are dealt by number: order then decides nothing.
        order.append(next((run for run in left if before[run] <= set(order)), left[0]))
    return order


def _hours(problem: PlanProblem, taken: set[int]) -> float:
    return sum(problem.runs[run].hours for run in taken)


def _gain(problem: PlanProblem, cohort: int, taken: set[int], run: int) -> float:
    """Return what a person gains by taking one more run, if all of it counts."""

    def value(runs: set[int]) -> float:
        steps = ((stake, climb(stake, runs)) for stake in problem.stakes_of[cohort])
        return sum(problem.worth(stake, found[-1][2]) for stake, found in steps if found)

    return value(taken | {run}) - value(taken)
