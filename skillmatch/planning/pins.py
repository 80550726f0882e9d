"""What the user pinned: bookings that stand in any plan, read from the corrections and checked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skillmatch.company.model import Company, Correction
from skillmatch.errors import InputError, Problem
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.model import Offer
from skillmatch.planning.eligibility import YIELDING, obstacles
from skillmatch.planning.people import Enrolled, member_names
from skillmatch.planning.problem import Cohort, Member, Pin, Run
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


MOST_NAMES = 12
"""So many people of a role are named in a message."""


@dataclass(frozen=True)
class PinRequest:
    """An offer pinned for at least so many people of a role (None: whoever gains from it), those in `who` included."""

    offer: str
    role: str | None
    people: int
    who: tuple[str, ...] = ()


def read_pins(company: Company, catalogue: Catalogue) -> tuple[PinRequest, ...]:
    """Return the pins of a company, sorted; two for one offer and role count as the larger one, for the people of both.

    Raises
    ------
    InputError
        An offer, role or person that does not exist, more people than the role has, no price, dates outside the plan,
        or an offer that is excluded too.
    """
    pins: dict[tuple[str, str | None], int] = {}
    who: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    problems: list[Problem] = []
    for correction in company.corrections:
        if correction.kind != "offer pinned" or correction.offer is None:
            continue
        problems += _check(correction, correction.offer, company, catalogue)
        name = (correction.offer, correction.role)
        people = correction.people if correction.people is not None else len(correction.who) or 1
        who[name] |= set(correction.who)
        pins[name] = max(pins.get(name, 0), people, len(who[name]))
    if problems:
        raise InputError(problems)
    names = sorted(pins, key=lambda name: (name[0], name[1] or ""))
    return tuple(PinRequest(*name, pins[name], tuple(sorted(who[name]))) for name in names)


def enrolled_in(pins: Sequence[PinRequest]) -> Enrolled:
    """Return the offers that single people are booked for by name."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pin in pins:
        for name in pin.who:
            found[pin.role or "", name].append(pin.offer)
    return {person: tuple(sorted(offers)) for person, offers in found.items()}


def resolve_pins(
    pins: Sequence[PinRequest], runs: Sequence[Run], people: Sequence[Member], cohorts: Sequence[Cohort]
) -> tuple[Pin, ...]:
    """Return the pins in terms of the planning problem.

    `cohorts` keep apart who is booked for different offers by name. So a cohort is booked for an offer as a whole or
    not at all, and a pin for all its people keeps exactly those who are named.

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
    return tuple(each for pin in pins for each in _pins_of(pin, place[pin.offer], people, cohorts))


def _pins_of(pin: PinRequest, run: int, people: Sequence[Member], cohorts: Sequence[Cohort]) -> Iterator[Pin]:
    """Yield a pin for each cohort of those who are named, and one for the role where it asks for more people."""
    role = pin.role or "any role"
    of_role = tuple(number for number, cohort in enumerate(cohorts) if pin.role in (None, cohort.role))
    for number in of_role:
        if people[cohorts[number].people[0]].name in pin.who:
            yield Pin(run, role, (number,), len(cohorts[number].people))
    if pin.people > len(pin.who):
        yield Pin(run, role, of_role, pin.people)


def _check(correction: Correction, offer_id: str, company: Company, catalogue: Catalogue) -> Iterator[Problem]:
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
    yield from _who(correction, where, company)
    yield from _hard(catalogue.offer(offer_id), where, company)


def _who(correction: Correction, where: str, company: Company) -> Iterator[Problem]:
    """Yield what is wrong with the people who are named."""
    if not correction.who:
        return
    if correction.role is None:
        yield Problem(where, "people without their role", "the role of the people named", "name the role")
        return
    count = next((role.people for role in company.roles if role.id == correction.role), 0)
    there = [member.name for member in member_names(company, correction.role, count)]
    shown = ", ".join(there[:MOST_NAMES]) + (" …" if len(there) > MOST_NAMES else "")
    for name in correction.who:
        if count and name not in there:
            remedy = "correct the name (several are separated by semicolons), or take it out of the decision"
            yield Problem(where, f"nobody called {name!r} in {correction.role}", f"one of {shown}", remedy)


def _hard(offer: Offer, where: str, company: Company) -> Iterator[Problem]:
    for reason in obstacles(offer, company):
        if reason.rule not in YIELDING:
            yield Problem(where, render(HARD, reason), "an offer that the plan can hold", render(REMEDIES, reason))
