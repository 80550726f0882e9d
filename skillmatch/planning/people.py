"""From head-counts to people, and to cohorts of people who are interchangeable in the plan."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from skillmatch.company.model import Company
from skillmatch.gap.model import Gap
from skillmatch.planning.problem import Cohort, Member

Levels = Mapping[tuple[str, str], tuple[int, ...]]
"""(role, skill) -> level held by each cohort of the role, at most the required one."""
Enrolled = Mapping[tuple[str, str], tuple[str, ...]]
"""(role, name of a person) -> the offers that this very person is booked for, sorted."""


def member_names(company: Company, role: str, people: int) -> list[Member]:
    """Return the people of a role: pseudonyms in order, then the numbered places of the others."""
    known = sorted(person.id for person in company.people if person.role == role)[:people]
    return [Member(role, name) for name in (*known, *(f"place {number + 1}" for number in range(len(known), people)))]


def make_cohorts(
    company: Company, gaps: Sequence[Gap], roles: Sequence[str], enrolled: Enrolled
) -> tuple[tuple[Member, ...], tuple[Cohort, ...], Levels]:
    """Return people, cohorts and what each cohort holds; people with a pseudonym come first, as in `Gap.held`.

    People of a role who hold the same levels are one cohort, as any of them may take the place of another; but those
    who are booked by name are alike only where they are booked for the same offers.
    """
    people: list[Member] = []
    cohorts: list[Cohort] = []
    levels: dict[tuple[str, str], tuple[int, ...]] = {}
    by_role: dict[str, list[Gap]] = defaultdict(list)
    for gap in gaps:
        by_role[gap.role].append(gap)
    counts = {role.id: role.people for role in company.roles}
    for role in roles:
        groups: dict[tuple[tuple[int, ...], tuple[str, ...]], list[int]] = defaultdict(list)
        for place, member in enumerate(member_names(company, role, counts[role])):
            held = tuple(min(gap.held[place], gap.requirement.level) for gap in by_role[role])
            groups[held, enrolled.get((role, member.name), ())].append(len(people))
            people.append(member)
        cohorts += [Cohort(role, tuple(groups[alike])) for alike in sorted(groups)]
        for column, gap in enumerate(by_role[role]):
            levels[gap.role, gap.skill] = tuple(held[column] for held, _ in sorted(groups))
    return tuple(people), tuple(cohorts), levels
