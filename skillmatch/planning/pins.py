"""What the user pinned: bookings that stand in any plan, read from the corrections and checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skillmatch.company.model import Company, Correction
from skillmatch.errors import InputError, Problem
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.model import Offer
from skillmatch.planning.eligibility import YIELDING, obstacles
from skillmatch.planning.problem import Cohort, Pin, PlanOptions, Run
from skillmatch.words import render

HARD = {
    "you excluded it": "both pinned and excluded",
    "price unknown": "no price",
    "begins too early": "it begins {date}, before the plan does ({start})",
    "ends too late": "it ends {date}, after the plan does ({end})",
    "too long for the window": "it takes {weeks} weeks, more than the plan has ({start} to {end})",
}
REMEDIES = {
    "you excluded it": "remove one of the two corrections",
    "price unknown": "enter its price in the catalogue",
    "begins too early": "set the start of the plan to {date} or earlier, or remove the pin",
    "ends too late": "set the end of the plan to {date} or later, or remove the pin",
    "too long for the window": "set a later end of the plan, or remove the pin",
}


@dataclass(frozen=True)
class PinRequest:
    """An offer pinned for a role (None: whoever gains from it), for at least so many people."""

    offer: str
    role: str | None
    people: int


def read_pins(company: Company, catalogue: Catalogue, options: PlanOptions) -> tuple[PinRequest, ...]:
    """Return the pins of a company, sorted; two for one offer and role count as the larger one.

    Raises
    ------
    InputError
        An offer or role that does not exist, more people than the role has, no price, dates outside the plan, or an
        offer that is excluded too.
    """
    pins: dict[tuple[str, str | None], int] = {}
    problems: list[Problem] = []
    for correction in company.corrections:
        if correction.kind != "offer pinned" or correction.offer is None:
            continue
        problems += _check(correction, correction.offer, company, catalogue, options)
        name = (correction.offer, correction.role)
        pins[name] = max(pins.get(name, 0), correction.people if correction.people is not None else 1)
    if problems:
        raise InputError(problems)
    return tuple(PinRequest(*name, pins[name]) for name in sorted(pins, key=lambda name: (name[0], name[1] or "")))


def resolve_pins(pins: Sequence[PinRequest], runs: Sequence[Run], cohorts: Sequence[Cohort]) -> tuple[Pin, ...]:
    """Return the pins in terms of the planning problem.

    Raises
    ------
    InputError
        A pinned run needs a course first that nobody offers in time.
    """
    place = {run.offer: number for number, run in enumerate(runs)}
    if stuck := [pin for pin in pins if pin.offer not in place]:
        allowed = "a run whose prerequisites can be booked before it"
        remedy = "add runs of its prerequisites that end before it begins, or remove the pin"
        raise InputError(
            Problem(f"pinned offer {pin.offer}", "no way to take its prerequisites first", allowed, remedy)
            for pin in stuck
        )
    return tuple(
        Pin(
            place[pin.offer],
            pin.role or "any role",
            tuple(number for number, cohort in enumerate(cohorts) if pin.role in (None, cohort.role)),
            pin.people,
        )
        for pin in pins
    )


def _check(
    correction: Correction, offer_id: str, company: Company, catalogue: Catalogue, options: PlanOptions
) -> Iterator[Problem]:
    where = f"pinned offer {offer_id}"
    people = {role.id: role.people for role in company.roles}
    if offer_id not in catalogue.index:
        yield Problem(where, "no such offer", "an offer of the catalogue", "remove the pin, or add the catalogue")
        return
    if correction.role is not None and correction.role not in people:
        yield Problem(where, f"role {correction.role!r}", f"one of {', '.join(sorted(people))}", "correct the role")
    elif correction.role is not None and (correction.people or 0) > people[correction.role]:
        most = people[correction.role]
        yield Problem(
            where, f"{correction.people} people", f"at most {most}, the people of {correction.role}", "pin fewer"
        )
    yield from _hard(catalogue.offer(offer_id), where, company, options)


def _hard(offer: Offer, where: str, company: Company, options: PlanOptions) -> Iterator[Problem]:
    for reason in obstacles(offer, company, options):
        if reason.rule not in YIELDING:
            yield Problem(where, render(HARD, reason), "an offer that the plan can hold", render(REMEDIES, reason))
