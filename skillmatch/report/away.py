"""Who is in training when: people of each role by week, and the sessions behind each number."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from skillmatch.company.model import Company
from skillmatch.offers.model import WEEKDAYS
from skillmatch.planning.model import Plan, PlanItem
from skillmatch.report.format import hours


@dataclass(frozen=True)
class Session:
    """A week of a booking: `people` of the role spend `hours` each; `fixed` tells whether the provider sets the dates.

    `week` is its Monday. `hours` are the booking's, spread evenly over the days on which it is held: its weekdays where
    the catalogue names them, else the working days it lasts.
    """

    week: date
    role: str
    item: PlanItem
    hours: float

    @property
    def fixed(self) -> bool:
        """Whether people have to be there on the provider's dates."""
        return self.item.start is not None and self.item.mode != "self-paced"


def sessions(plan: Plan) -> tuple[Session, ...]:
    """Return the sessions of a plan, by week, then role, then as planned; the hours add up to the plan's."""
    found = [session for item in plan.items for session in _weeks(item)]
    return tuple(sorted(found, key=lambda session: (session.week, session.role)))


def _weeks(item: PlanItem) -> Iterator[Session]:
    start = item.planned_start or item.start
    end = item.planned_end or item.end or start
    if start is None or end is None:
        return
    days = [start + timedelta(days=more) for more in range((end - start).days + 1)]
    held = item.weekdays or WEEKDAYS[:5]
    # A course at the weekend has no working days: all of its days count then.
    working = [day for day in days if WEEKDAYS[day.weekday()] in held] or days
    by_week: dict[date, int] = defaultdict(int)
    for day in working:
        by_week[day - timedelta(days=day.weekday())] += 1
    for week, count in sorted(by_week.items()):
        yield Session(week, item.role, item, item.hours * count / len(working))


@dataclass(frozen=True)
class Week:
    """A week in which people of a role are in training; `of` is the head-count of the role."""

    week: date
    role: str
    of: int
    sessions: tuple[Session, ...]

    @property
    def load(self) -> dict[str, float]:
        """Hours of each person who is in training, by name."""
        found: dict[str, float] = defaultdict(float)
        for session in self.sessions:
            for person in session.item.people:
                found[person] += session.hours
        return found

    @property
    def fixed(self) -> frozenset[str]:
        """Those who have to be there on a provider's dates."""
        return frozenset(person for session in self.sessions if session.fixed for person in session.item.people)


def weeks_of(plan: Plan, company: Company) -> tuple[Week, ...]:
    """Return the weeks with training, by date, then in the order of the company's roles."""
    roles = {role.id: role for role in company.roles}
    order = {role: place for place, role in enumerate(roles)}
    by_place: dict[tuple[date, str], list[Session]] = defaultdict(list)
    for session in sessions(plan):
        by_place[session.week, session.role].append(session)
    places = sorted(by_place, key=lambda place: (place[0], order.get(place[1], 0)))
    found = [(week, role, tuple(by_place[week, role])) for week, role in places]
    return tuple(Week(week, role, roles[role].people, there) for week, role, there in found)


def weeks_table(plan: Plan, company: Company) -> pd.DataFrame:
    """Return `weeks_of` as a table: who is away, for how long, and for what.

    ``People in training`` counts each person once; ``At fixed times`` are those who must be there on the provider's
    dates, the others learn in their own time. ``Hours each`` is the most that one person of the role has that week.
    """
    titles = {role.id: role.title for role in company.roles}
    rows = [
        (
            each.week,
            titles[each.role],
            len(each.load),
            each.of,
            len(each.fixed),
            max(each.load.values()),
            _what(each.sessions, company.language),
        )
        for each in weeks_of(plan, company)
    ]
    return pd.DataFrame(rows, columns=WEEK_COLUMNS)


WEEK_COLUMNS = [
    "Week of", "Role", "People in training", "Of the role", "At fixed times", "Hours each", "Trainings",
]  # fmt: skip


def _what(found: Sequence[Session], language: str) -> str:
    return "; ".join(
        f"{each.item.title} ({len(each.item.people)}, {hours(each.hours, language)} each"
        f"{'' if each.fixed else ', in their own time'})"
        for each in found
    )


def weeks_matrix(weeks: pd.DataFrame, company: Company) -> pd.DataFrame:
    """Return people in training, one row a role and one column a week in which anybody is; "" where nobody is.

    `weeks` is what `weeks_table` returns; the columns are headed by the Monday of the week.
    """
    mondays = {week: f"{week:%d %b}" for week in sorted(set(weeks["Week of"]))}
    counts = {(row[0], row[1]): row[2] for row in weeks.itertuples(index=False)}
    titles = [role.title for role in company.roles if role.title in set(weeks["Role"])]
    rows = [(title, *(counts.get((week, title), "") for week in mondays)) for title in titles]
    return pd.DataFrame(rows, columns=["Role", *mondays.values()])
