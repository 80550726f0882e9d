"""How the numbers of *what is missing* came about, row by row: each formula with the values in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from skillmatch.company.model import Role
from skillmatch.gap.model import Gap, GapAnalysis, NeedSkill
from skillmatch.gap.risk import EndingEvidence, RiskView, SkillRisk
from skillmatch.report.format import day, number, people, percent
from skillmatch.report.numbers import Opened
from skillmatch.report.reasons import sentences
from skillmatch.words import LEVELS, Reason

ABOUT: Mapping[str, frozenset[str]] = {
    "people": frozenset(
        {"required by you", "leads", "helps to lead", "works with it", "nearest role", "most relevant", "cover",
         "few to choose from", "same occupation", "same unit group", "same minor group", "shared skills",
         "similar title"}
    ),
    "level": frozenset({"required by you", "measure skill", "said in text", "skill added", "also wanted"}),
    "weight": frozenset({"weight"}),
    "relevance": frozenset({"essential", "optional", "predicted"}),
}  # fmt: skip
"""Number of a requirement -> the rules that it comes from."""
OWN_WEIGHT = "You asked for it and no change does: it counts as an important one (2/3) × its transition."


def opened_gap(gap: Gap, role: Role, language: str = "en") -> tuple[Opened, ...]:
    """Open the numbers of a role and a skill."""
    need, short = gap.requirement, gap.people_short
    having = sum(level >= need.level for level in gap.held)
    held = ", ".join(f"{count} × level {level}" for level, count in sorted(Counter(gap.held).items()))
    return (
        Opened("People who must have it", f"{need.people} of {role.people}", _said(need.reasons, "people")),
        Opened("Level needed", f"{need.level} {LEVELS[need.level]}", _said(need.reasons, "level")),
        Opened(
            "People short",
            str(short),
            f"{need.people} who must have it − {having} who have level {need.level} or more = "
            f"{need.people - having}{'' if need.people >= having else ', so nobody is short'}. Held on the last day of "
            f"the plan: {held}. {' '.join(sentences(gap.reasons))}",
        ),
        Opened(
            "Weight",
            number(gap.weight, language, 2),
            f"{number(need.weight, language, 4)} for each person × {people(short)} short = "
            f"{number(gap.weight, language, 4)}. {_said(need.reasons, 'weight') or OWN_WEIGHT}",
        ),
        Opened("Relevance of the skill to the role", number(need.relevance, language, 2),
               f"From 0 (none) to 1. {_said(need.reasons, 'relevance')}"),
        Opened("Identifier of the skill", "", gap.skill),
    )  # fmt: skip


def _said(reasons: Sequence[Reason], about: str) -> str:
    return " ".join(sentences(reason for reason in reasons if reason.rule in ABOUT[about]))


def opened_thread(view: RiskView, labels: Mapping[str, str]) -> tuple[Opened, ...]:
    """Open the numbers of the sentence about what hangs by a thread; `labels` maps skills to their names."""

    def listed(risks: Sequence[SkillRisk]) -> str:
        names = ", ".join(f"{labels[risk.skill]} (level {risk.level})" for risk in risks)
        return f"Counted over all roles, when the plan begins: {names or 'none'}."

    ending = ", ".join(f"{each.holder}: {labels[each.skill]}, until {each.expires}" for each in view.ending)
    return (
        Opened("Held by nobody", str(len(view.nobody)), listed(view.nobody)),
        Opened("Held by one person only", str(len(view.one_person)), listed(view.one_person)),
        Opened("Evidence that ends", str(len(view.ending)), ending or "None is said to end."),
    )


def opened_risk(
    risk: SkillRisk, analysis: GapAnalysis, titles: Mapping[str, str], language: str = "en"
) -> tuple[Opened, ...]:
    """Open the numbers of a skill that few people have; `titles` maps roles to their titles."""
    holders = Counter(titles.get(role, role) for role, _ in risk.holders)
    who = ", ".join(f"{title} {count}" for title, count in holders.items()) or "nobody"
    wanted = [(gap.role, gap.requirement.people) for gap in analysis.gaps if gap.skill == risk.skill]
    total = " + ".join(f"{number(count, language)} ({titles.get(role, role)})" for role, count in wanted)
    return (
        Opened(
            "People who have it",
            str(risk.people),
            f"At level {risk.level} or more (the least that any role needs) when the plan begins: {who}. "
            f"{risk.assumed} of them are only assumed to, because of their occupation.",
        ),
        Opened("People wanted", str(risk.wanted), f"{total} = {risk.wanted}" if wanted else "No change calls for it."),
    )


def opened_ending(each: EndingEvidence, start: date, language: str = "en") -> tuple[Opened, ...]:
    """Open the numbers of evidence that ends; `start` is that of the plan."""
    until, begins = day(each.expires, language), day(start, language)
    window = f"within {each.within} days" if each.within else "ended"
    return (
        Opened("Valid until", until, "As you entered it with the skill that is held."),
        Opened("From the plan's start", window, f"{until} − {begins} = {each.days} days."),
    )


def opened_evidence(skill: NeedSkill, language: str = "en") -> tuple[Opened, ...]:
    """Open the numbers of a skill that a change calls for."""
    chosen = any(reason.rule == "measure chosen" for reason in skill.reasons)
    level = "The library of measures says so." if skill.measure else "Able to do it alone, unless you said otherwise."
    if skill.measure:
        weight = "Core skills of a measure count 1, supporting ones 0.5; the library says which this is."
        sure = "You chose the measure." if chosen else "How alike your words and the measure are, from 0 to 100%."
    else:
        weight = "A skill that your words point to counts as much as that is probable; one that you added counts 1."
        sure = "How often such a reading of words was right, among texts whose skills are known."
    asked = " ".join(sentences(skill.reasons))
    return (
        Opened("Level", str(skill.level), f"{level} {asked}"),
        Opened("Weight", number(skill.weight, language, 2), weight),
        Opened("Probability", percent(skill.probability, language), sure),
    )
