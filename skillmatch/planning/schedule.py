"""When each booking takes place: runs with dates on theirs, the others one after the other, as early as can be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from skillmatch.planning.outcome import Seat
from skillmatch.planning.problem import PlanProblem

Booking = tuple[int, str]
"""(run, role)."""


def schedule(problem: PlanProblem, seats: Sequence[Seat], start: date, end: date) -> dict[Booking, tuple[date, date]]:
    """Return when each booking begins and ends.

    Training without dates begins once what it builds on is done, and after other undated training of the same people;
    where that would pass the end of the plan, it runs beside the other training instead.
    """
    people: dict[Booking, set[int]] = defaultdict(set)
    for place, person in seats:
        people[place, problem.people[person].role].add(person)
    before = {booking: _before(problem, booking, people) for booking in people}
    planned: dict[Booking, tuple[date, date]] = {}
    busy: dict[int, date] = {}
    for booking in _in_order(problem, before):
        run = problem.runs[booking[0]]
        if run.start is not None and run.end is not None:
            planned[booking] = (run.start, run.end)
            continue
        earliest = max(
            [start, *(planned[other][1] + timedelta(days=1) for other in before[booking] if other in planned)]
        )
        free = max([earliest, *(busy[person] + timedelta(days=1) for person in people[booking] if person in busy)])
        length = timedelta(weeks=run.weeks, days=-1)
        begin = free if free + length <= end else earliest
        planned[booking] = (begin, begin + length)
        for person in people[booking]:
            busy[person] = max(busy.get(person, start), begin + length)
    return planned


def _before(problem: PlanProblem, booking: Booking, people: Mapping[Booking, set[int]]) -> set[Booking]:
    """Return the bookings of the same role that somebody in this one needs first."""
    run, role = booking
    needed = {other for options in problem.runs[run].prerequisites for other in options}
    for cohort in {problem.cohort_of[person] for person in people[booking]}:
        for stake in problem.stakes_of[cohort]:
            needed |= {other for way in stake.ways if way.run == run for other in way.lifts}
    return {(other, role) for other in needed if people.get((other, role), set()) & people[booking]}


def _in_order(problem: PlanProblem, before: Mapping[Booking, set[Booking]]) -> list[Booking]:
    """Return the bookings so that each comes after those it builds on; dated ones first, by date, then by number."""

    def rank(booking: Booking) -> tuple[bool, date, Booking]:
        begin = problem.runs[booking[0]].start
        return (begin is None, begin or date.max, booking)

    left, order = sorted(before, key=rank), []
    while left:
        # Where two courses are lifts for each other (in different skills), the first by rank goes first.
        chosen = next((booking for booking in left if not before[booking] & set(left) - {booking}), left[0])
        left.remove(chosen)
        order.append(chosen)
    return order
