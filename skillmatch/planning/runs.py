"""From offers to runs: which can be booked, when they can take place, and what must come before what."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from skillmatch.company.model import Company
from skillmatch.gap.model import Gap
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.funding import FundingScheme
from skillmatch.offers.model import WEEKDAYS, Offer, OfferSkill
from skillmatch.planning.eligibility import YIELDING, end_of, obstacles, weeks_of
from skillmatch.planning.problem import EVERY_DAY, Run

UNBOUNDED = 1_000_000
"""Stands for *no largest group*: more people than any company here has."""


@dataclass(frozen=True)
class Timing:
    """When runs can take place, one after the other, within the window of the plan."""

    start: date
    end: date

    def earliest_end(self, run: Run) -> date:
        """Return the day on which somebody who begins as soon as possible is done."""
        return run.end or self.start + timedelta(weeks=run.weeks, days=-1)

    def end_after(self, done: date, run: Run) -> date | None:
        """Return the day on which `run` is done if it follows something done on `done`; None if it cannot."""
        if run.start is not None and run.end is not None:
            return run.end if done < run.start else None
        end = done + timedelta(weeks=run.weeks)
        return end if end <= self.end else None


def choose_runs(
    company: Company,
    catalogue: Catalogue,
    gaps: Sequence[Gap],
    pinned: set[str],
    schemes: Sequence[FundingScheme],
) -> tuple[tuple[Run, ...], tuple[Mapping[str, OfferSkill], ...]]:
    """Return the runs that touch a gap and can be booked, with their prerequisites, and what each teaches."""
    rate = max((scheme.rate or 0.0 for scheme in schemes), default=0.0)
    courses: dict[str, list[Offer]] = defaultdict(list)
    for offer in catalogue.offers:
        courses[offer.course].append(offer)
    wanted = {offer.id for skill in {gap.skill for gap in gaps} for offer in catalogue.teaching(skill)} | pinned
    chosen: dict[str, Offer] = {}
    todo = sorted(wanted)
    while todo:
        offer = catalogue.offer(todo.pop())
        if offer.id not in chosen and _bookable(offer, company, rate, offer.id in pinned):
            chosen[offer.id] = offer
            todo.extend(run.id for course in offer.prerequisites for run in courses.get(course, ()))
    offers = [chosen[name] for name in sorted(chosen)]
    taught = [{skill.skill: skill for skill in catalogue.skills_of(offer.id)} for offer in offers]
    runs = [_run(offer, _paying(offer, catalogue, company, schemes)) for offer in offers]
    return _order(runs, offers, taught, pinned, Timing(company.constraints.start, company.constraints.end))


def _bookable(offer: Offer, company: Company, rate: float, pinned: bool) -> bool:
    found = obstacles(offer, company, rate)
    return not found or (pinned and all(reason.rule in YIELDING for reason in found))


def _run(offer: Offer, schemes: tuple[int, ...]) -> Run:
    bounded = offer.group_min is not None or offer.group_max is not None or offer.price_basis == "group"
    return Run(
        offer=offer.id,
        course=offer.course,
        price_eur=offer.price_eur or 0.0,
        per_group=offer.price_basis == "group",
        hours=offer.hours,
        start=offer.start,
        end=end_of(offer),
        weeks=weeks_of(offer),
        group_min=offer.group_min or 1,
        group_max=offer.group_max or UNBOUNDED,
        # A dated run is one group; without dates a course is held as often as groups fill.
        most_groups=1 if offer.start or not bounded else UNBOUNDED,
        together=offer.start is not None and offer.mode != "self-paced",
        schemes=schemes,
        weekdays=frozenset(WEEKDAYS.index(day) for day in offer.weekdays) or EVERY_DAY,
    )


def _paying(offer: Offer, catalogue: Catalogue, company: Company, schemes: Sequence[FundingScheme]) -> tuple[int, ...]:
    """Return the schemes that pay for an offer: those without a transition, and those of a transition it serves."""
    serves = catalogue.serves(offer.id)
    return tuple(
        place
        for place, scheme in enumerate(schemes)
        if not scheme.transitions or serves.intersection(scheme.transitions)
    )


def _order(
    runs: list[Run],
    offers: Sequence[Offer],
    taught: Sequence[Mapping[str, OfferSkill]],
    pinned: set[str],
    timing: Timing,
) -> tuple[tuple[Run, ...], tuple[Mapping[str, OfferSkill], ...]]:
    """Link prerequisites to runs that come early enough; leave out runs whose prerequisites nobody offers in time."""
    alive = set(range(len(runs)))
    of_course: dict[str, list[int]] = defaultdict(list)
    for place, run in enumerate(runs):
        of_course[run.course].append(place)
    while True:
        options = {}
        for place in sorted(alive):
            courses = [[run for run in of_course.get(course, ()) if run in alive]
                       for course in offers[place].prerequisites]  # fmt: skip
            options[place] = _before(place, courses, runs, timing)
        stuck = {place for place, found in options.items() if not all(found)}
        if not stuck:
            break
        alive -= stuck
    kept = sorted(alive)
    new = {old: place for place, old in enumerate(kept)}
    linked = tuple(
        replace(runs[old], prerequisites=tuple(tuple(new[run] for run in found) for found in options[old]))
        for old in kept
    )
    return linked, tuple(taught[old] for old in kept)


def _before(
    place: int, courses: Iterable[Sequence[int]], runs: Sequence[Run], timing: Timing
) -> tuple[tuple[int, ...], ...]:
    """Return, for each course that must come first, those of its runs that are done in time for the run at `place`."""
    return tuple(
        tuple(
            other
            for other in options
            if runs[other].course != runs[place].course
            and timing.end_after(timing.earliest_end(runs[other]), runs[place]) is not None
        )
        for options in courses
    )


def find_clashes(runs: Sequence[Run]) -> tuple[tuple[int, ...], ...]:
    """Return the largest sets of runs that are all held on one day and need people at the same time.

    Runs that are held on one day are all under way from the latest of their starts on, so the same of them are held on
    that weekday of the first week from that start: the weeks that follow a start are enough to look at.
    """
    dated = [
        (run.start, run.end, run, place) for place, run in enumerate(runs) if run.together and run.start and run.end
    ]
    some = any(run.weekdays != EVERY_DAY for _, _, run, _ in dated)
    days = {start + timedelta(days=more) for start, _, _, _ in dated for more in range(7 if some else 1)}
    return largest_sets(
        {row for start, end, run, row in dated if start <= day <= end and day.weekday() in run.weekdays}
        for day in sorted(days)
    )


def largest_sets(sets: Iterable[Collection[int]]) -> tuple[tuple[int, ...], ...]:
    """Return the sets of at least two that are part of no other, sorted."""
    largest: list[frozenset[int]] = []
    for found in sorted({frozenset(one) for one in sets if len(one) > 1}, key=len, reverse=True):
        if not any(found < other for other in largest):
            largest.append(found)
    return tuple(sorted(tuple(sorted(found)) for found in largest))
