"""Planning again when something was booked or cancelled: the user's decisions that make the next plan keep to it."""

from collections.abc import Collection, Iterator

from skillmatch.company.model import Company, Correction
from skillmatch.errors import InputError, Problem
from skillmatch.planning.model import Plan, PlanItem

Booking = tuple[str, str]
"""(offer, role) of a line of a plan."""

BOOKED, CANCELLED = "booked", "cancelled"
"""Comments of the decisions made here, for the user to read."""


def bookings(plan: Plan) -> tuple[Booking, ...]:
    """Return the lines of a plan by offer and role, in its order."""
    return tuple((item.offer, item.role) for item in plan.items)


def rebook(company: Company, plan: Plan, booked: Collection[Booking], cancelled: Collection[str]) -> Company:
    """Return the company with decisions that keep what is booked and leave out what was cancelled.

    Each booked line of `plan` becomes a pin for the very people that it names; each cancelled offer is excluded.
    Earlier pins of the plan's offers that are not booked any more are dropped, all other decisions stay.

    Parameters
    ----------
    plan
        The plan that was carried out in part.
    booked
        Its lines that are booked, all of them: a line that is left out is free to change.
    cancelled
        Offers (runs) that do not take place, whoever was to go.

    Raises
    ------
    InputError
        Something booked that is not in the plan, something cancelled that is neither in the plan nor was pinned, or
        both at once; every such thing.
    """
    if problems := list(_contradictions(company, plan, booked, cancelled)):
        raise InputError(problems)
    touched = {item.offer for item in plan.items} | set(cancelled)
    kept = (each for each in company.corrections if not (_about(each) and each.offer in touched))
    pins = (_pin(item) for item in plan.items if (item.offer, item.role) in booked)
    struck = (Correction(kind="offer excluded", offer=offer, note=CANCELLED) for offer in sorted(cancelled))
    return company.model_copy(update={"corrections": (*kept, *pins, *struck)})


def decide(company: Company, offers: Collection[str], pinned: Collection[str], excluded: Collection[str]) -> Company:
    """Return the company with offers pinned (for whoever gains from them, at least one person) and excluded.

    Parameters
    ----------
    offers
        Every offer of the catalogue.

    Raises
    ------
    InputError
        An offer that the catalogue does not have, or one that is pinned and excluded; every such offer.
    """
    problems = [
        Problem(f"--{verb} {offer}", "no such offer", "the identifier of an offer in the catalogue", "correct it")
        for verb, named in (("pin", pinned), ("exclude", excluded))
        for offer in named
        if offer not in offers
    ]
    remedy = "leave out one of the two"
    problems += [
        Problem(f"--pin {offer}", "the same with --exclude", "one of the two", remedy)
        for offer in sorted(set(pinned) & set(excluded))
    ]
    if problems:
        raise InputError(problems)
    new = [Correction(kind="offer pinned", offer=offer) for offer in pinned]
    new += [Correction(kind="offer excluded", offer=offer) for offer in excluded]
    return company.model_copy(update={"corrections": tuple(dict.fromkeys((*company.corrections, *new)))})


def _about(correction: Correction) -> bool:
    return correction.kind in ("offer pinned", "offer excluded")


def _pin(item: PlanItem) -> Correction:
    return Correction(
        kind="offer pinned",
        offer=item.offer,
        role=item.role,
        people=len(item.people),
        who=item.people,
        note=BOOKED,
    )


def _contradictions(
    company: Company, plan: Plan, booked: Collection[Booking], cancelled: Collection[str]
) -> Iterator[Problem]:
    planned = {item.offer: item for item in plan.items}
    pinned = {each.offer for each in company.corrections if each.kind == "offer pinned"}
    allowed = f"a training of the plan: {', '.join(sorted(planned)) or 'none'}"
    for offer, role in sorted(set(booked) - set(bookings(plan))):
        yield Problem(f"booked {offer}", f"not in the plan ({role})", allowed, "correct the name, or leave it out")
    for offer in sorted(set(cancelled) - set(planned) - pinned):
        yield Problem(f"cancelled {offer}", "not in the plan", allowed, "correct the name, or leave it out")
    for offer in sorted(set(cancelled) & {offer for offer, _ in booked}):
        found = f"“{planned[offer].title}” both booked and cancelled" if offer in planned else "both"
        remedy = "take it out of one of the two; a run that is cancelled is cancelled for every role"
        yield Problem(offer, found, "one of the two", remedy)
