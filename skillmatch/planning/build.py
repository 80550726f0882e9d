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
from skillmatch.planning.people import Levels, make_cohorts
from skillmatch.planning.pins import enrolled_in, read_pins, resolve_pins
from skillmatch.planning.problem import Cohort, Crowd, Demand, Pin, PlanProblem, Run, Stake, Way
from skillmatch.planning.runs import Timing, choose_runs, find_clashes


def build_problem(
    company: Company,
    analysis: GapAnalysis,
    catalogue: Catalogue,
    *,
    schemes: Sequence[FundingScheme] = (),
) -> PlanProblem:
    """Return the planning problem of a company.

    Parameters
    ----------
    company, analysis, catalogue
        Who plans, what is short, and what is offered.
    schemes
        Funding schemes; those that do not apply to the company are left out.

    Raises
    ------
    InputError
        A pinned or excluded offer that cannot be what the user means: unknown, both, without price, outside the window.
    """
    applied = tuple(scheme for scheme in schemes if not funding_obstacles(scheme, company))
    pinned = read_pins(company, catalogue)
    gaps = sorted(
        (gap for gap in analysis.gaps if gap.people_short and gap.weight > 0), key=lambda gap: (gap.role, gap.skill)
    )
    runs, skills = choose_runs(company, catalogue, gaps, {pin.offer for pin in pinned}, applied)
    everybody = {role.id for role in company.roles} if any(pin.role is None for pin in pinned) else set()
    roles = sorted({gap.role for gap in gaps} | {pin.role for pin in pinned if pin.role is not None} | everybody)
    people, cohorts, levels = make_cohorts(company, gaps, roles, enrolled_in(pinned))
    demands = tuple(
        Demand(gap.role, gap.skill, gap.requirement.level, gap.people_short, gap.requirement.weight) for gap in gaps
    )
    stakes = _stakes(gaps, cohorts, levels, runs, skills, Timing(company.constraints.start, company.constraints.end))
    pins = resolve_pins(pinned, runs, people, cohorts)
    return PlanProblem(
        people=people,
        cohorts=cohorts,
        runs=runs,
        demands=demands,
        stakes=stakes,
        pairs=_pairs(runs, stakes, pins),
        clashes=find_clashes(runs),
        pins=pins,
        crowds=_crowds(company, cohorts),
        budget_eur=company.constraints.budget_eur,
        hours_per_person=company.constraints.hours_per_person,
        rates=tuple(scheme.rate or 0.0 for scheme in applied),
        caps_eur=tuple(scheme.limit_eur for scheme in applied),
        total_weight=sum(gap.weight for gap in gaps),
    )


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


def _crowds(company: Company, cohorts: Sequence[Cohort]) -> tuple[Crowd, ...]:
    """Return how many people of each role may be away at the same time; none without such a limit."""
    share = company.constraints.away_share
    if share is None:
        return ()
    people = {role.id: role.people for role in company.roles}
    return tuple(
        Crowd(role, tuple(place for place, cohort in enumerate(cohorts) if cohort.role == role),
              max(1, math.floor(people[role] * share + 1e-9)))
        for role in sorted({cohort.role for cohort in cohorts})
    )  # fmt: skip
