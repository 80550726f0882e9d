"""Required minus held: the analysis of a company, and the skills that matter most in it."""

from dataclasses import dataclass

from skillmatch.company.check import check_company
from skillmatch.company.model import Company
from skillmatch.errors import InputError
from skillmatch.gap.held import HeldSkills
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import Gap, GapAnalysis
from skillmatch.gap.needs import read_needs
from skillmatch.gap.requirements import find_requirements
from skillmatch.gap.resolve import Resolved, resolve
from skillmatch.gap.roles import link_roles
from skillmatch.gap.rules import because
from skillmatch.words import Reason, Transition


@dataclass(frozen=True)
class SkillShare:
    """A skill that is short: its weighted gap over all roles, and the share of that in all weighted gap (in [0, 1])."""

    skill: str
    transition: Transition
    weight: float
    share: float
    roles: tuple[str, ...]
    people_short: int


def analyse(company: Company, knowledge: Knowledge) -> GapAnalysis:
    """Return which skills a company's needs call for, which roles must have them, and what is short.

    Raises
    ------
    InputError
        If parts of the company do not fit together, such as a held skill of a role that does not exist.
    """
    problems = check_company(company)
    if problems:
        raise InputError(problems)
    with knowledge.remembering():
        return _analyse(company, knowledge)


def _analyse(company: Company, knowledge: Knowledge) -> GapAnalysis:
    words = [held.skill for held in company.held] + [each.skill for each in company.corrections if each.skill]
    resolved = resolve(words, knowledge)
    links, notes = link_roles(company.roles, knowledge)
    readings = read_needs(company, resolved, knowledge)
    requirements = find_requirements(company, links, readings, resolved, knowledge)
    held = HeldSkills(company, links, resolved, knowledge)
    roles = {role.id: role for role in company.roles}
    gaps = []
    for requirement in requirements:
        holding = held.holding(roles[requirement.role], requirement.skill, requirement.level, requirement.people)
        gaps.append(Gap(requirement, holding.levels, holding.reasons, holding.opens, holding.evidence))
    return GapAnalysis(
        links=links,
        measures=tuple(measure for reading in readings for measure in reading.measures),
        need_skills=tuple(skill for reading in readings for skill in reading.skills),
        requirements=requirements,
        gaps=tuple(sorted(gaps, key=lambda gap: (-gap.weight, gap.role, gap.skill))),
        unmatched=tuple(words for reading in readings for words in reading.unmatched),
        notes=(*notes, *_lost(company, resolved), *(note for each in readings for note in each.notes), *held.notes),
    )


def skills_that_matter(analysis: GapAnalysis, n: int = 10) -> tuple[SkillShare, ...]:
    """Return the n skills with the largest weighted gap over all roles: heaviest first, then by URI.

    The shares of all skills add up to 1 (to 0 where nothing is short); skills of which nobody is short are left out.
    """
    by_skill: dict[str, list[Gap]] = {}
    for gap in analysis.gaps:
        if gap.people_short:
            by_skill.setdefault(gap.skill, []).append(gap)
    total = sum(gap.weight for gaps in by_skill.values() for gap in gaps)
    shares = [
        SkillShare(
            skill=skill,
            transition=gaps[0].requirement.transition,
            weight=sum(gap.weight for gap in gaps),
            share=sum(gap.weight for gap in gaps) / total if total else 0.0,
            roles=tuple(sorted(gap.role for gap in gaps)),
            people_short=sum(gap.people_short for gap in gaps),
        )
        for skill, gaps in by_skill.items()
    ]
    return tuple(sorted(shares, key=lambda each: (-each.weight, each.skill))[:n])


def _lost(company: Company, resolved: dict[str, Resolved]) -> list[Reason]:
    """Return a note for each decision whose skill was not understood."""
    return [
        because("correction not understood", words=each.skill, kind=each.kind)
        for each in company.corrections
        if each.skill and resolved[each.skill].uri is None
    ]
