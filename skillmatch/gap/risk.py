"""What hangs by a thread: skills that nobody or one person has, evidence that ends soon, and what matters most."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from skillmatch.company.model import Company, Evidence, Held
from skillmatch.gap.gap import SkillShare, skills_that_matter
from skillmatch.gap.held import EVIDENCE, HeldSkills
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import GapAnalysis
from skillmatch.gap.resolve import Resolved, resolve
from skillmatch.gap.rules import because
from skillmatch.words import Reason, Transition

WINDOWS = (30, 90, 180)
"""Days from the start of the plan within which evidence that ends is listed."""
MATTER = 10
"""Skills that matter most, as many as one can talk about in a meeting."""


@dataclass(frozen=True)
class SkillRisk:
    """A skill that few people have, over the whole company.

    Parameters
    ----------
    level
        From which level on somebody counts: the lowest that any role is to have; 1 if no need calls for the skill.
    people
        How many have it when the plan begins, whatever the evidence; partial credit does not count.
    assumed
        How many of them are only assumed to have it because of their occupation.
    holders
        (role, pseudonym or empty) of those who have it; empty where nobody has.
    wanted
        How many people are to have it, over all roles; 0 if no need calls for it.
    weight
        Its weighted gap over all roles.
    """

    skill: str
    transition: Transition
    level: int
    people: int
    assumed: int
    holders: tuple[tuple[str, str], ...]
    wanted: int
    weight: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class EndingEvidence:
    """Evidence of a person or of everybody in a role that ends.

    `days` are counted from the start of the plan to the last valid day, below 0 if that has passed; `within` is the
    smallest of `WINDOWS` that holds them, 0 if it has passed. `wanted` tells whether a need calls for the skill.
    """

    holder: str
    role: str
    skill: str
    level: int
    evidence: Evidence
    expires: date
    days: int
    within: int
    wanted: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class RiskView:
    """The risks of a company.

    Parameters
    ----------
    nobody, one_person
        Skills that needs call for, or that somebody is said to have, by how many people have them: twin skills first,
        then by weighted gap (heaviest first), then by URI.
    ending
        By last valid day, then holder and skill.
    matter
        The `MATTER` skills with the largest weighted gap; `matter_share` in [0, 1] is their share of all weighted gap.
    """

    nobody: tuple[SkillRisk, ...]
    one_person: tuple[SkillRisk, ...]
    ending: tuple[EndingEvidence, ...]
    matter: tuple[SkillShare, ...]
    matter_share: float


def view_risks(company: Company, analysis: GapAnalysis, knowledge: Knowledge) -> RiskView:
    """Return what hangs by a thread in a company.

    Parameters
    ----------
    analysis
        Of the same company by the same knowledge.
    """
    resolved = resolve([held.skill for held in company.held], knowledge)
    said = {uri for held in company.held if held.level and (uri := resolved[held.skill].uri)}
    wanted = {requirement.skill for requirement in analysis.requirements}
    held = HeldSkills(company, analysis.links, resolved, knowledge)
    risks = [_risk(skill, company, analysis, held, knowledge) for skill in sorted(said | wanted)]
    risks.sort(key=lambda risk: (risk.transition != "twin", -risk.weight, risk.skill))
    matter = skills_that_matter(analysis, MATTER)
    ending = sorted(
        _ending(company, resolved, wanted, knowledge), key=lambda each: (each.expires, each.holder, each.skill)
    )
    return RiskView(
        nobody=tuple(risk for risk in risks if risk.people == 0),
        one_person=tuple(risk for risk in risks if risk.people == 1),
        ending=tuple(ending),
        matter=matter,
        matter_share=min(1.0, sum(each.share for each in matter)),
    )


def _risk(skill: str, company: Company, analysis: GapAnalysis, held: HeldSkills, knowledge: Knowledge) -> SkillRisk:
    """Count who has a skill on the first day of the plan."""
    gaps = [gap for gap in analysis.gaps if gap.skill == skill]
    level = min((gap.requirement.level for gap in gaps), default=1)
    holders: list[tuple[str, str]] = []
    assumed = 0
    for role in company.roles:
        names = held.people[role.id][: role.people]
        for place, each in enumerate(held.on(held.start, role, skill, level)):
            if each.level >= level:
                holders.append((role.id, names[place] if place < len(names) else ""))
                assumed += each.evidence == "assumed"
    label, wanted = knowledge.label(skill), sum(gap.requirement.people for gap in gaps)
    rule = {0: "held by nobody", 1: "held by one"}.get(len(holders))
    who = (holders[0][1] or held.roles[holders[0][0]].title) if holders else ""
    few = (because(rule, skill=label, level=level, wanted=wanted, holder=who),) if rule else ()
    reasons = (*few, *knowledge.why_twin(skill))
    transition = knowledge.taxonomy.skill(skill).transition
    weight = sum(gap.weight for gap in gaps)
    return SkillRisk(skill, transition, level, len(holders), assumed, tuple(holders), wanted, weight, reasons)


def _ending(
    company: Company, resolved: Mapping[str, Resolved], wanted: set[str], knowledge: Knowledge
) -> Iterator[EndingEvidence]:
    """Yield evidence that has ended or ends within the longest of the windows."""
    role_of = {person.id: person.role for person in company.people}
    titles = {role.id: role.title for role in company.roles}
    for held in company.held:
        skill = resolved[held.skill].uri
        if held.expires is None or skill is None:
            continue
        days = (held.expires - company.constraints.start).days
        within = 0 if days < 0 else next((window for window in WINDOWS if days <= window), None)
        if within is None:
            continue
        name = held.person or titles[held.role or ""]
        yield EndingEvidence(
            holder=held.person or held.role or "",
            role=role_of.get(held.person, "") if held.person else held.role or "",
            skill=skill,
            level=held.level,
            evidence=held.evidence,
            expires=held.expires,
            days=days,
            within=within,
            wanted=skill in wanted,
            reasons=(_why_ending(held, name, knowledge.label(skill), days),),
        )


def _why_ending(held: Held, holder: str, skill: str, days: int) -> Reason:
    until = held.expires.isoformat() if held.expires else ""
    evidence = EVIDENCE[held.evidence][0]
    rule = "evidence ended" if days < 0 else "evidence ends"
    return because(rule, holder=holder, skill=skill, expires=until, evidence=evidence, days=days)
