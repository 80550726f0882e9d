"""Needs times roles: which skill a role must have, at what level, how many of its people, and how much it matters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from skillmatch.company.model import Company, Correction, Need
from skillmatch.gap.allot import LEAST_BEARING, Allotment, Share, allot_by_relevance
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import NeedSkill, Requirement, RoleLink
from skillmatch.gap.needs import TEXT_LEVEL, NeedReading
from skillmatch.gap.relevance import Relevance, relevances
from skillmatch.gap.resolve import Resolved
from skillmatch.gap.roles import RoleFits
from skillmatch.gap.rules import because
from skillmatch.words import Reason, Transition

PRIORITY: Mapping[int, float] = {1: 1 / 3, 2: 2 / 3, 3: 1.0}
"""What a need's priority counts: useful, important, essential."""
TRANSITION: Mapping[Transition, float] = {"twin": 1.0, "digital": 0.8, "green": 0.8, "none": 0.8}
"""A twin skill serves both transitions at once and counts a quarter more; scaled so that the highest weight is 1."""
DECIDED = 2 / 3
"""Weight of a requirement that the user added and no need calls for: as an important one."""


@dataclass(frozen=True)
class Demand:
    """What one need asks of one role; see `Requirement` for the fields."""

    need: Need
    role: str
    skill: str
    level: int
    people: int
    weight: float
    relevance: float
    reasons: tuple[Reason, ...]


def find_requirements(
    company: Company,
    links: Sequence[RoleLink],
    readings: Sequence[NeedReading],
    resolved: Mapping[str, Resolved],
    knowledge: Knowledge,
) -> tuple[Requirement, ...]:
    """Return what each role must have, heaviest first, then by role and skill.

    Where several needs ask a role for one skill, the demand with the highest weight counts (then that with more people
    times levels, then the higher level); the others are among the reasons.

    Parameters
    ----------
    links
        Of the roles, in their order.
    readings
        Of the needs, in their order.
    resolved
        What the words of skills in decisions name.
    """
    decided = _decisions(company.corrections, resolved)
    called_for = {skill.skill for reading in readings for skill in reading.skills} | {skill for _, skill in decided}
    relevance = relevances(company.roles, links, sorted(called_for), knowledge)
    fits = RoleFits(company.roles, links, knowledge)
    by_place: dict[tuple[str, str], list[Demand]] = {}
    for need, reading in zip(company.needs, readings, strict=True):
        for demand in _demands(need, reading, company, fits, relevance, knowledge):
            by_place.setdefault((demand.role, demand.skill), []).append(demand)
    found = {place: _merge(demands, knowledge) for place, demands in by_place.items()}
    for place, correction in decided.items():
        changed = _decide(place, correction, found.get(place), company, relevance, knowledge)
        found.pop(place, None)
        if changed:
            found[place] = changed
    return tuple(sorted(found.values(), key=lambda each: (-each.weight, each.role, each.skill)))


def _demands(
    need: Need,
    reading: NeedReading,
    company: Company,
    fits: RoleFits,
    relevance: Mapping[tuple[str, str], Relevance],
    knowledge: Knowledge,
) -> Iterator[Demand]:
    adopted = [each.measure for each in reading.measures if each.adopted]
    allotments = {key: Allotment(knowledge.measure_by_id[key], company.roles, fits) for key in adopted}
    beside = tuple(allotments.values())
    for skill in reading.skills:
        if skill.measure and skill.who:
            shares: Sequence[Share] = allotments[skill.measure].shares(skill.who)
        else:
            label = knowledge.label(skill.skill)
            shares = allot_by_relevance(skill.skill, label, company.roles, relevance, beside)
        for share in shares:
            yield _demand(need, skill, share, relevance[share.role, skill.skill], knowledge)


def _demand(need: Need, skill: NeedSkill, share: Share, relevance: Relevance, knowledge: Knowledge) -> Demand:
    """Weigh what a need asks of a role: priority x importance x bearing x transition."""
    bearing = max(share.fit, relevance.value, LEAST_BEARING)
    transition = knowledge.taxonomy.skill(skill.skill).transition
    weight = round(PRIORITY[need.priority] * skill.weight * bearing * TRANSITION[transition], 4)
    weighed = because(
        "weight",
        weight=weight,
        need=need.text,
        priority=round(PRIORITY[need.priority], 2),
        importance=skill.weight,
        bearing=bearing,
        transition=TRANSITION[transition],
    )
    reasons = (*skill.reasons, *share.reasons, *relevance.reasons, *knowledge.why_twin(skill.skill), weighed)
    return Demand(need, share.role, skill.skill, skill.level, share.people, weight, relevance.value, reasons)


def _merge(demands: Sequence[Demand], knowledge: Knowledge) -> Requirement:
    """Make one requirement of all that needs ask of a role for one skill."""
    first, *others = sorted(demands, key=lambda each: (-each.weight, -each.people * each.level, -each.level))
    also = tuple(
        because("also wanted", need=each.need.text, level=each.level, people=each.people, weight=each.weight)
        for each in others
    )
    dues: list[date] = [each.need.due for each in demands if each.need.due]
    return Requirement(
        role=first.role,
        skill=first.skill,
        level=first.level,
        people=first.people,
        weight=first.weight,
        transition=knowledge.taxonomy.skill(first.skill).transition,
        relevance=first.relevance,
        needs=tuple(dict.fromkeys(each.need.id for each in demands)),
        due=min(dues, default=None),
        reasons=(*first.reasons, *also),
    )


def _decisions(
    corrections: Sequence[Correction], resolved: Mapping[str, Resolved]
) -> dict[tuple[str, str], Correction]:
    """Return the user's last decision on each (role, skill)."""
    decided = {}
    for each in corrections:
        uri = resolved[each.skill].uri if each.skill and each.skill in resolved else None
        if each.kind in ("required", "not required") and each.role and uri:
            decided[each.role, uri] = each
    return decided


def _decide(
    place: tuple[str, str],
    correction: Correction,
    found: Requirement | None,
    company: Company,
    relevance: Mapping[tuple[str, str], Relevance],
    knowledge: Knowledge,
) -> Requirement | None:
    """Return the requirement as the user wants it; None if there is to be none."""
    if correction.kind == "not required" or correction.people == 0 or correction.level == 0:
        return None
    role = next(role for role in company.roles if role.id == place[0])
    people = role.people if correction.people is None else min(correction.people, role.people)
    level = correction.level or (found.level if found else TEXT_LEVEL)
    label = knowledge.label(place[1])
    why = because("required by you", role=role.title, skill=label, people=people, level=level)
    if found:
        return replace(found, people=people, level=level, reasons=(why, *found.reasons))
    transition = knowledge.taxonomy.skill(place[1]).transition
    return Requirement(
        role=role.id, skill=place[1], level=level, people=people, transition=transition,
        weight=round(DECIDED * TRANSITION[transition], 4), relevance=relevance[place].value, needs=(), due=None,
        reasons=(why, *relevance[place].reasons, *knowledge.why_twin(place[1])),
    )  # fmt: skip
