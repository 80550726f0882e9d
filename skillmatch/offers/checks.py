"""What must hold within one offer, and between the offers of a catalogue."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from skillmatch.errors import Problem
from skillmatch.offers.model import WEEKDAYS, Offer


def check_offer(offer: Offer, where: str) -> Iterator[Problem]:
    """Yield what contradicts itself within one offer."""
    if offer.start and offer.end and offer.end < offer.start:
        found = f"end {offer.end} before start {offer.start}"
        yield Problem(where, found, "an end on or after the start", "correct one of the two dates")
    if offer.end and not offer.start:
        yield Problem(
            where, f"end {offer.end} without a start", "both dates or none", "enter the start, or remove the end"
        )
    if offer.weekdays and not offer.start:
        found = f"weekdays {', '.join(offer.weekdays)} without a start"
        yield Problem(where, found, "days of the week of a dated run", "enter the start, or remove the weekdays")
    if offer.weekdays and offer.start and offer.end and not any(held_days(offer)):
        found = f"no {' or '.join(offer.weekdays)} from {offer.start} to {offer.end}"
        yield Problem(where, found, "at least one such day", "correct the dates or the weekdays")
    if offer.group_min and offer.group_max and offer.group_max < offer.group_min:
        found = f"group_max {offer.group_max} below group_min {offer.group_min}"
        yield Problem(where, found, "a largest group that is not below the smallest", "correct one of the two")
    if offer.level_from is not None and offer.level_to is not None and offer.level_to <= offer.level_from:
        found = f"level_from {offer.level_from}, level_to {offer.level_to}"
        yield Problem(where, found, "a level_to above level_from", "correct one of the two levels")


def held_days(offer: Offer) -> Iterator[date]:
    """Yield the days on which a run with start and end is held, as far as its weekdays say."""
    assert offer.start is not None
    assert offer.end is not None
    for more in range((offer.end - offer.start).days + 1):
        day = offer.start + timedelta(days=more)
        if not offer.weekdays or WEEKDAYS[day.weekday()] in offer.weekdays:
            yield day


def check_catalogue(found: Sequence[tuple[Offer, str]]) -> Iterator[Problem]:
    """Yield what is wrong between offers, each with its place: ids given twice, prerequisites unknown or circular."""
    first: dict[str, str] = {}
    for offer, where in found:
        if offer.id in first:
            remedy = "give each run an id of its own, and runs of one course the same course"
            yield Problem(where, f"id {offer.id!r}, which {first[offer.id]} has too", "an id used once", remedy)
        first.setdefault(offer.id, where)
    courses = {offer.course for offer, _ in found}
    needs: dict[str, set[str]] = defaultdict(set)
    for offer, where in found:
        for course in offer.prerequisites:
            if course not in courses:
                remedy = "use the course (or id) of another row; put requirements in words into the description"
                yield Problem(where, f"prerequisite {course!r}", "a course of these catalogues", remedy)
        needs[offer.course] |= set(offer.prerequisites) & courses
    places = {offer.course: where for offer, where in reversed(found)}
    for circle in find_circles(needs):
        shown = " needs ".join((*circle, circle[0]))
        remedy = "remove one of these prerequisites"
        yield Problem(
            places[circle[0]], f"circular prerequisites: {shown}", "courses that can be taken in some order", remedy
        )


def find_circles(needs: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """Return one circle of each knot of prerequisites, beginning with its smallest course; sorted.

    >>> find_circles({"a": {"b"}, "b": {"a"}, "c": {"a"}, "d": {"d"}})
    [('a', 'b'), ('d',)]
    """
    state: dict[str, str] = {}
    circles: set[tuple[str, ...]] = set()
    for start in sorted(needs):
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = []
        if start in state:
            continue
        state[start] = "open"
        path.append(start)
        stack.append((start, iter(sorted(needs.get(start, ())))))
        while stack:
            course, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[course] = "done"
                stack.pop()
                path.pop()
            elif state.get(following) == "open":
                circle = path[path.index(following) :]
                least = circle.index(min(circle))
                circles.add(tuple(circle[least:] + circle[:least]))
            elif following not in state:
                state[following] = "open"
                path.append(following)
                stack.append((following, iter(sorted(needs.get(following, ())))))
    return sorted(circles)
