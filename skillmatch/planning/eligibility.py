"""Hard constraints: why an offer cannot be booked by a company at all, whoever would take it."""

import math
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from skillmatch.company.model import REACHES, Company
from skillmatch.offers.model import WEEKDAYS, Offer
from skillmatch.words import ECOSYSTEMS, Reason

HOURS_A_DAY = 8.0
HOURS_A_WEEK = 8.0
"""Pace at which a person works through training without dates."""
REMOTE = ("online", "self-paced")


def end_of(offer: Offer) -> date | None:
    """Return the last day of a dated offer; where none is stated, so many days of eight hours as it needs.

    These are working days, or its own weekdays where the catalogue names them.

    >>> end_of(Offer(id="1", course="1", title="T", provider="P", hours=16, start=date(2027, 1, 8)))
    datetime.date(2027, 1, 11)
    """
    if offer.start is None or offer.end is not None:
        return offer.end
    held = offer.weekdays or WEEKDAYS[:5]
    day = offer.start
    for _ in range(math.ceil(offer.hours / HOURS_A_DAY) - 1):
        day += timedelta(days=1)
        while WEEKDAYS[day.weekday()] not in held:
            day += timedelta(days=1)
    return day


def weeks_of(offer: Offer) -> int:
    """Return how many weeks an offer without dates takes, at `HOURS_A_WEEK`."""
    return max(1, math.ceil(offer.hours / HOURS_A_WEEK))


def obstacles(offer: Offer, company: Company, rate: float = 0.0) -> tuple[Reason, ...]:
    """Return why the offer cannot be booked; empty if it can.

    Parameters
    ----------
    offer, company
        What is offered, to whom, within which limits.
    rate
        The largest share of the price, in [0, 1], that a funding scheme may pay.
    """
    return (*_price(offer, company, rate), *(reason for check in CHECKS for reason in check(offer, company)))


def _excluded(offer: Offer, company: Company) -> Iterator[Reason]:
    if any(correction.kind == "offer excluded" and correction.offer == offer.id for correction in company.corrections):
        yield Reason("you excluded it")


def _price(offer: Offer, company: Company, rate: float) -> Iterator[Reason]:
    budget = company.constraints.budget_eur
    if offer.price_eur is None:
        yield Reason("price unknown")
    elif budget is not None and offer.price_eur * (1 - rate) > budget:
        yield Reason("price above budget", {"price": offer.price_eur, "basis": offer.price_basis, "budget": budget})


def _hours(offer: Offer, company: Company) -> Iterator[Reason]:
    limit = company.constraints.hours_per_person
    if limit is not None and offer.hours > limit:
        yield Reason("hours above limit", {"hours": offer.hours, "limit": limit})


def _dates(offer: Offer, company: Company) -> Iterator[Reason]:
    first, last, end = company.constraints.start, company.constraints.end, end_of(offer)
    if offer.start is None or end is None:
        weeks = weeks_of(offer)
        if first + timedelta(weeks=weeks) > last + timedelta(days=1):
            yield Reason("too long for the window", {"weeks": weeks, "start": str(first), "end": str(last)})
    elif offer.start < first:
        yield Reason("begins too early", {"date": str(offer.start), "start": str(first)})
    elif end > last:
        yield Reason("ends too late", {"date": str(end), "end": str(last)})


def _language(offer: Offer, company: Company) -> Iterator[Reason]:
    spoken = company.constraints.languages
    if spoken and offer.language not in spoken:
        yield Reason("language not spoken", {"language": offer.language, "languages": ", ".join(spoken)})


def _mode(offer: Offer, company: Company) -> Iterator[Reason]:
    wanted = company.constraints.modes
    if wanted and offer.mode not in wanted:
        yield Reason("mode not wanted", {"mode": offer.mode, "modes": ", ".join(wanted)})


def _reach(offer: Offer, company: Company) -> Iterator[Reason]:
    if offer.mode in REMOTE:
        return
    reach = company.constraints.reach
    near = {
        "anywhere": True,
        "country": offer.country == company.country,
        "region": offer.country == company.country and bool(offer.region) and offer.region == company.region,
        "online": False,
    }
    if not near[reach]:
        place = ", ".join(part for part in (offer.region, offer.country) if part) or "a place not stated"
        yield Reason("too far", {"place": place, "reach": REACHES[reach]})


def _sector(offer: Offer, company: Company) -> Iterator[Reason]:
    own = company.ecosystem
    if own is not None and offer.ecosystems and own not in offer.ecosystems and not company.constraints.other_sectors:
        sectors = ", ".join(ECOSYSTEMS.get(sector, sector) for sector in offer.ecosystems)
        yield Reason("other sector", {"sectors": sectors, "own": ECOSYSTEMS.get(own, own)})


CHECKS: tuple[Callable[[Offer, Company], Iterator[Reason]], ...] = (
    _excluded, _hours, _dates, _language, _mode, _reach, _sector,
)  # fmt: skip
YIELDING = frozenset(
    {"language not spoken", "mode not wanted", "too far", "other sector", "price above budget", "hours above limit"}
)
"""Rules that a pinned offer overrides; budget and hours are then left to the solver, which names what conflicts."""
