"""The plan as a calendar (iCalendar, RFC 5545) that any calendar program imports: one all-day event a booking.

Where the catalogue names the days of the week, the event repeats on these days.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from skillmatch.files import replace_file
from skillmatch.offers.model import WEEKDAYS
from skillmatch.planning.model import Plan, PlanItem
from skillmatch.report.format import day, euros, hours, people

SAMPLE = "Sample data, made up for demonstration. "


def write_calendar(plan: Plan, path: Path, titles: Mapping[str, str], language: str = "en") -> None:
    """Write the plan's bookings as an .ics file; `titles` maps role ids to titles.

    Events name roles and head-counts, never people. A training without a date of its own stands where the plan puts it,
    and says so. The same plan gives the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//SkillMatch//training plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Training plan: {plan.company}")
    stamp = datetime.combine(plan.constraints.start, time(), UTC)
    for item in plan.items:
        if (item.planned_start or item.start) is not None:
            calendar.add_component(_event(plan, item, titles[item.role], stamp, language))
    replace_file(path, calendar.to_ical(sorted=True))


def _event(plan: Plan, item: PlanItem, role: str, stamp: datetime, language: str) -> Event:
    begin = item.planned_start or item.start
    end = item.planned_end or item.end or begin
    assert begin is not None  # checked by the caller
    assert end is not None
    event = Event()
    identity = "\n".join((plan.company, item.offer, item.role))
    event.add("uid", f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}@skillmatch")
    event.add("dtstamp", stamp)
    if item.weekdays:  # a session on each of its days, week by week
        event.add("rrule", {"freq": "weekly", "byday": [day[:2].upper() for day in item.weekdays], "until": end})
        while WEEKDAYS[begin.weekday()] not in item.weekdays:
            begin += timedelta(days=1)
        end = begin
    event.add("dtstart", begin)
    event.add("dtend", end + timedelta(days=1))  # the end of an all-day event is the first day after it
    event.add("summary", f"{item.title} – {len(item.people)} × {role}")
    event.add("description", _words(plan, item, role, language))
    if item.url:
        event.add("url", item.url)
    event.add("transp", "TRANSPARENT" if item.mode == "self-paced" else "OPAQUE")
    return event


def _words(plan: Plan, item: PlanItem, role: str, language: str) -> str:
    labels = {gap.skill: gap.label for gap in plan.gaps}
    closes = ", ".join(labels[part.skill] for part in item.closes)
    free = "" if item.start else f"No fixed date; planned from {day(item.planned_start, language)}. "
    return (
        f"{SAMPLE if item.sample else ''}{item.provider}. {people(len(item.people))} of {role}, "
        f"{hours(item.hours, language)} each, {item.mode}. {free}To pay: {euros(item.cost_eur_net, language)}. "
        f"Closes: {closes}."
    )
