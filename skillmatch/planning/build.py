"""From gaps, a catalogue and a company to the planning problem: whom which run could help, and within which limits."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from skillmatch.company.model import Company
from skillmatch.gap.model import Gap, GapAnalysis
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.funding import FundingScheme
from skillmatch.offers.funding import obstacles as funding_obstacles
from skillmatch.offers.model import OfferSkill
from skillmatch.planning.pins import read_pins, resolve_pins
from skillmatch.planning.problem import Cohort, Crowd, Demand, Member, Pin, PlanOptions, PlanProblem, Run, Stake, Way
from skillmatch.planning.runs import Timing, choose_runs, find_clashes

Levels = Mapping[tuple[str, str], tuple[int, ...]]
"""(role, skill) -> level held by each cohort of the role, at most the required one."""


def build_problem(
    company: Company,
    analysis: GapAnalysis,
    catalogue: Catalogue,
    *,
    options: PlanOptions | None = None,
    schemes: Sequence[FundingScheme] = (),
) -> PlanProblem:
    """Return the planning problem of a company.

    Parameters
    ----------
    company, analysis, catalogue
        Who plans, what is short, and what is offered.
    options
        Further limits; None: none.
    schemes
        Funding schemes; those that do not apply to the company are left out.

    Raises
    ------
    InputError
        A pinned or excluded offer that cannot be what the user means: unknown, both, without price, outside the window.
    """
    options = options or PlanOptions()
    applied = tuple(scheme for scheme in schemes if not funding_obstacles(scheme, company))
    pinned = read_pins(company, catalogue, options)
    gaps = sorted(
        (gap for gap in analysis.gaps if gap.people_short and gap.weight > 0), key=lambda gap: (gap.role, gap.skill)
    )
    runs, skills = choose_runs(company, catalogue, gaps, {pin.offer for pin in pinned}, options, applied)
    everybody = {role.id for role in company.roles} if any(pin.role is None for pin in pinned) else set()
    roles = sorted({gap.role for gap in gaps} | {pin.role for pin in pinned if pin.role is not None} | everybody)
    people, cohorts, levels = _cohorts(company, gaps, roles)
    demands = tuple(
        Demand(gap.role, gap.skill, gap.requirement.level, gap.people_short, gap.requirement.weight) for gap in gaps
    )
    stakes = _stakes(gaps, cohorts, levels, runs, skills, Timing(company.constraints.start, company.constraints.end))
    pins = resolve_pins(pinned, runs, cohorts)
    return PlanProblem(
        people=people,
        cohorts=cohorts,
        runs=runs,
        demands=demands,
        stakes=stakes,
        pairs=_pairs(runs, stakes, pins),
        clashes=find_clashes(runs),
        pins=pins,
        crowds=_crowds(company, cohorts, options),
        budget_eur=company.constraints.budget_eur,
        hours_per_person=company.constraints.hours_per_person,
        rates=tuple(scheme.rate or 0.0 for scheme in applied),
        caps_eur=tuple(scheme.limit_eur for scheme in applied),
        total_weight=sum(gap.weight for gap in gaps),
    )


def _cohorts(
    company: Company, gaps: Sequence[Gap], roles: Sequence[str]
) -> tuple[tuple[Member, ...], tuple[Cohort, ...], Levels]:
    """Return people, cohorts and what each cohort holds; people with a pseudonym come first, as in `Gap.held`."""
    people: list[Member] = []
    cohorts: list[Cohort] = []
    levels: dict[tuple[str, str], tuple[int, ...]] = {}
    by_role: dict[str, list[Gap]] = defaultdict(list)
    for gap in gaps:
        by_role[gap.role].append(gap)
    counts = {role.id: role.people for role in company.roles}
    for role in roles:
        first = len(people)
        people += member_names(company, role, counts[role])
        groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for place in range(counts[role]):
            groups[tuple(min(gap.held[place], gap.requirement.level) for gap in by_role[role])].append(first + place)
        cohorts += [Cohort(role, tuple(groups[held])) for held in sorted(groups)]
        for column, gap in enumerate(by_role[role]):
            levels[gap.role, gap.skill] = tuple(held[column] for held in sorted(groups))
    return tuple(people), tuple(cohorts), levels


def member_names(company: Company, role: str, people: int) -> list[Member]:
    """Return the people of a role: pseudonyms in order, then the numbered places of the others."""
    known = sorted(person.id for person in company.people if person.role == role)[:people]
    return [Member(role, name) for name in (*known, *(f"place {number + 1}" for number in range(len(known), people)))]


def _stakes(
    gaps: Sequence[Gap],
    cohorts: Sequence[Cohort],
    levels: Levels,
    runs: Sequence[Run],
    skills: Sequence[Mapping[str, OfferSkill]],
    timing: Timing,
) -> tuple[Stake, ...]:
    """Return what each cohort can gain for each gap, where there is a way at all."""
    teachers: dict[str, list[tuple[OfferSkill, int]]] = defaultdict(list)
    for place, taught in enumerate(skills):
        for skill in taught.values():
            teachers[skill.skill].append((skill, place))
    first = {role: place for place, role in reversed(tuple(enumerate(cohort.role for cohort in cohorts)))}
    stakes = []
    for demand, gap in enumerate(gaps):
        offered = sorted(teachers[gap.skill], key=lambda pair: (pair[0].level_from, pair[1]))
        for place, held in enumerate(levels[gap.role, gap.skill]):
            if held < gap.requirement.level and (ways := find_ways(gap, held, offered, runs, timing)):
                stakes.append(Stake(demand, first[gap.role] + place, held, ways))
    return tuple(stakes)


def find_ways(
    gap: Gap, held: int, offered: Sequence[tuple[OfferSkill, int]], runs: Sequence[Run], timing: Timing
) -> tuple[Way, ...]:
    """Return the ways up from level `held`; `offered` is sorted by the level needed to begin.

    A run whose entry level is above `held` counts only after another that lifts to it and is done in time; whatever is
    not done by the date at which a need wants the skill does not count.
    """
    due = min(gap.requirement.due or timing.end, timing.end)
    done: dict[int, date] = {}
    reached: dict[int, tuple[int, int]] = {}
    ways: list[Way] = []
    for skill, place in offered:
        if skill.level_to <= held:
            continue
        ends: list[date] = [timing.earliest_end(runs[place])]
        lifts: tuple[int, ...] = ()
        if skill.level_from > held:
            after = {
                other: end
                for other, (low, high) in reached.items()
                if low < skill.level_from <= high
                and (end := timing.end_after(done[other], runs[place])) is not None
                and end <= due
                and runs[other].course != runs[place].course
            }
            lifts, ends = tuple(sorted(after)), list(after.values())
        if ends and min(ends) <= due:
            done[place] = min(ends)
            reached[place] = (skill.level_from, skill.level_to)
            ways.append(Way(place, min(skill.level_to, gap.requirement.level), lifts))
    return tuple(ways)


def _pairs(runs: Sequence[Run], stakes: Sequence[Stake], pins: Sequence[Pin]) -> tuple[tuple[int, int], ...]:
    """Return (run, cohort) where the cohort gains from the run, is pinned to it, or needs it before such a run."""
    pairs = {(way.run, stake.cohort) for stake in stakes for way in stake.ways}
    pairs |= {(pin.run, cohort) for pin in pins for cohort in pin.cohorts}
    todo = sorted(pairs)
    while todo:
        run, cohort = todo.pop()
        for other in (place for options in runs[run].prerequisites for place in options):
            if (other, cohort) not in pairs:
                pairs.add((other, cohort))
                todo.append((other, cohort))
    return tuple(sorted(pairs))


def _crowds(company: Company, cohorts: Sequence[Cohort], options: PlanOptions) -> tuple[Crowd, ...]:
    """Return how many people of each role may be away at the same time; none without such a limit."""
    if options.away_share is None:
        return ()
    people = {role.id: role.people for role in company.roles}
    return tuple(
        Crowd(role, tuple(place for place, cohort in enumerate(cohorts) if cohort.role == role),
              max(1, math.floor(people[role] * options.away_share + 1e-9)))
        for role in sorted({cohort.role for cohort in cohorts})
    )  # fmt: skip
