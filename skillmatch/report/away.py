"""Who is in training when: people of each role by week, and the sessions behind each number."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from skillmatch.company.model import Company
from skillmatch.planning.model import Plan, PlanItem
from skillmatch.report.format import hours


@dataclass(frozen=True)
class Session:
    """A week of a booking: `people` of the role spend `hours` each; `fixed` tells whether the provider sets the dates.

    `week` is its Monday. `hours` are the booking's, spread evenly over the working days it lasts.
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
    # A course at the weekend has no working days: all of its days count then.
    working = [day for day in days if day.weekday() < 5] or days
    by_week: dict[date, int] = defaultdict(int)
    for day in working:
        by_week[day - timedelta(days=day.weekday())] += 1
    for week, count in sorted(by_week.items()):
        yield Session(week, item.role, item, item.hours * count / len(working))


def weeks_table(plan: Plan, company: Company) -> pd.DataFrame:
    """Return one row a week and role with training: who is away, for how long, and for what.

    ``People in training`` counts each person once; ``At fixed times`` are those who must be there on the provider's
    dates, the others learn in their own time. ``Hours each`` is the most that one person of the role has that week.
    """
    roles = {role.id: role for role in company.roles}
    by_place: dict[tuple[date, str], list[Session]] = defaultdict(list)
    for session in sessions(plan):
        by_place[session.week, session.role].append(session)
    order = {role.id: place for place, role in enumerate(company.roles)}
    rows = []
    for (week, role), found in sorted(by_place.items(), key=lambda pair: (pair[0][0], order.get(pair[0][1], 0))):
        load: dict[str, float] = defaultdict(float)
        for session in found:
            for person in session.item.people:
                load[person] += session.hours
        fixed = {person for session in found if session.fixed for person in session.item.people}
        title, head_count = (roles[role].title, roles[role].people) if role in roles else (role, len(load))
        rows.append(
            (week, title, len(load), head_count, len(fixed), max(load.values()), _what(found, company.language))
        )
    return pd.DataFrame(rows, columns=WEEK_COLUMNS)


WEEK_COLUMNS = [
    "Week of", "Role", "People in training", "Of the role", "At fixed times", "Hours each", "Trainings",
]  # fmt: skip


def _what(found: list[Session], language: str) -> str:
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
