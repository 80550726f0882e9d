"""The tables that command line, workbook and app all show: one row a thing, columns in the reader's words."""

from collections.abc import Mapping, Sequence

import pandas as pd

from skillmatch.company.measures import Measure
from skillmatch.company.model import Company, Correction
from skillmatch.gap.model import GapAnalysis
from skillmatch.gap.risk import RiskView, SkillRisk
from skillmatch.offers.catalogue import Catalogue
from skillmatch.planning.model import Plan
from skillmatch.planning.recommend import Recommendation
from skillmatch.report.format import people, percent
from skillmatch.report.reasons import brief, sentences
from skillmatch.taxonomy.model import Taxonomy
from skillmatch.words import LEVELS, Transition

SIGNS: Mapping[Transition, str] = {"digital": "▣ digital", "green": "♣ green", "twin": "◆ twin", "none": "–"}
"""Transitions are told apart by sign and word, never by colour alone."""


def role_titles(company: Company) -> dict[str, str]:
    """Return role id -> title."""
    return {role.id: role.title for role in company.roles}


def skills_table(plan: Plan, analysis: GapAnalysis, titles: Mapping[str, str]) -> pd.DataFrame:
    """Return the skills that matter, in the plan's order; `Share` is the share of all weighted gap in [0, 1]."""
    rows = []
    for skill in plan.skills:
        gaps = [gap for gap in analysis.gaps if gap.skill == skill.skill and gap.people_short]
        calls = (reason for gap in gaps for reason in gap.requirement.reasons if reason.rule in CALLS)
        who = ", ".join(f"{titles[gap.role]} ({gap.people_short})" for gap in gaps)
        rows.append((skill.label, SIGNS[skill.transition], skill.weight, who, " ".join(sentences(calls))))
    return pd.DataFrame(
        rows, columns=["Skill", "Transition", "Share of what is missing", "Who is short (people)", "Why"]
    )


CALLS = frozenset({"measure skill", "said in text", "skill added", "required by you", "twin", "counted as twin"})
"""Rules that say what calls for a skill."""


def gaps_table(plan: Plan, analysis: GapAnalysis) -> pd.DataFrame:
    """Return every gap, heaviest first; `Weight` is its share of all weighted gap."""
    why = {(gap.role, gap.skill): brief((*gap.requirement.reasons, *gap.reasons)) for gap in analysis.gaps}
    columns = [
        "Role",
        "Skill",
        "Level needed",
        "People who must have it",
        "People short",
        "Closed by the plan",
        "Weight",
        "Why",
    ]
    rows = [
        (
            gap.role_title,
            gap.label,
            f"{gap.level} {LEVELS[gap.level]}",
            gap.people_required,
            gap.people_short,
            gap.people_closed,
            gap.weight,
            " ".join(why[gap.role, gap.skill]),
        )
        for gap in plan.gaps
    ]
    return pd.DataFrame(rows, columns=columns)


def items_table(plan: Plan, titles: Mapping[str, str]) -> pd.DataFrame:
    """Return what to book, in the plan's order; `titles` maps role ids to titles. Money in euros, hours per person."""
    labels = {gap.skill: gap.label for gap in plan.gaps}
    rows = [
        {
            "Training": item.title,
            "For": titles[item.role],
            "People": len(item.people),
            "Starts": item.planned_start or item.start,
            "Ends": item.planned_end or item.end,
            "Hours each": item.hours,
            "To pay €": item.cost_eur_net,
            "Closes": "; ".join(
                f"{labels[part.skill]} ({people(part.people)}, level {part.level_from} to {part.level_to})"
                for part in item.closes
            ),
            "Provider": item.provider,
            "How": ", ".join([item.mode, item.language, *item.weekdays]),
            "Cost €": item.cost_eur_gross,
            "Funding €": item.funding_eur,
            "Who": ", ".join(item.people),
            "Why": " ".join(item.reasons),
            "Sample data": "sample" if item.sample else "",
        }
        for item in plan.items
    ]
    return pd.DataFrame(rows, columns=ITEM_COLUMNS)


ITEM_COLUMNS = [
    "Training", "For", "People", "Starts", "Ends", "Hours each", "To pay €", "Closes", "Provider", "How", "Cost €",
    "Funding €", "Who", "Why", "Sample data",
]  # fmt: skip


def open_table(plan: Plan, titles: Mapping[str, str]) -> pd.DataFrame:
    """Return what stays open and why."""
    rows = [(titles[gap.role], gap.label, gap.people, gap.why) for gap in plan.open]
    return pd.DataFrame(rows, columns=["Role", "Skill", "People", "Why it stays open"])


def needs_table(company: Company, analysis: GapAnalysis, measures: Sequence[Measure]) -> pd.DataFrame:
    """Return each need, the measures it is read as, and how alike they are, or that the user chose."""
    titles = {measure.id: measure.words(company.language) for measure in measures}
    rows = []
    for need in company.needs:
        adopted = [reading for reading in analysis.measures if reading.need == need.id and reading.adopted]
        read_as = "; ".join(titles[reading.measure] for reading in adopted)
        fit = "; ".join("chosen" if reading.chosen else percent(reading.score) for reading in adopted)
        rows.append((need.text, read_as or "(no measure of the library fits)", fit))
    return pd.DataFrame(rows, columns=["What you want", "Read as", "Fit"])


def evidence_table(
    company: Company, analysis: GapAnalysis, taxonomy: Taxonomy, measures: Sequence[Measure]
) -> pd.DataFrame:
    """Return, for each need and skill, the words or the measure that call for it; the identifier is for checking."""
    needs = {need.id: need.text for need in company.needs}
    titles = {measure.id: measure.words(company.language) for measure in measures}
    columns = ["What you want", "Skill", "Because of", "Words", "Level", "Weight", "Probability", "Identifier"]
    rows = [
        (
            needs[skill.need],
            taxonomy.label(skill.skill, company.language),
            f"measure: {titles[skill.measure]}" if skill.measure else "your words",
            skill.evidence,
            skill.level,
            skill.weight,
            skill.probability,
            skill.skill,
        )
        for skill in analysis.need_skills
    ]
    return pd.DataFrame(rows, columns=columns)


def roles_table(company: Company, analysis: GapAnalysis, taxonomy: Taxonomy) -> pd.DataFrame:
    """Return each role, the occupation it stands for, and the runners-up."""
    links = {link.role: link for link in analysis.links}
    rows = []
    for role in company.roles:
        link = links[role.id]
        rows.append(
            (
                role.title,
                role.people,
                taxonomy.label(link.occupation, company.language) if link.occupation else "(none found)",
                "chosen" if link.chosen else link.score,
                "; ".join(taxonomy.label(uri, company.language) for uri, _ in link.alternatives),
            )
        )
    return pd.DataFrame(rows, columns=["Role", "People", "Understood as", "Fit", "Or"])


def reasons_table(company: Company, analysis: GapAnalysis, taxonomy: Taxonomy) -> pd.DataFrame:
    """Return every reason of every gap, one row a reason, arithmetic included: so each number can be opened."""
    titles = role_titles(company)
    rows = [
        (titles[gap.role], taxonomy.label(gap.skill, company.language), sentence)
        for gap in analysis.gaps
        if gap.people_short
        for sentence in sentences((*gap.requirement.reasons, *gap.reasons))
    ]
    return pd.DataFrame(rows, columns=["Role", "Skill", "Reason"])


def risks_table(risks: Sequence[SkillRisk], taxonomy: Taxonomy, language: str) -> pd.DataFrame:
    """Return skills that few people have, in the order given; twin skills stand first."""
    rows = [
        (
            taxonomy.label(risk.skill, language),
            SIGNS[risk.transition],
            risk.people,
            risk.wanted,
            " ".join(sentences(risk.reasons)),
        )
        for risk in risks
    ]
    return pd.DataFrame(rows, columns=["Skill", "Transition", "People who have it", "People wanted", "Why"])


def ending_table(view: RiskView, titles: Mapping[str, str], taxonomy: Taxonomy, language: str) -> pd.DataFrame:
    """Return evidence that ends within 180 days of the plan's start, or has ended, by last valid day."""
    rows = [
        (
            each.holder,
            titles.get(each.role, each.role),
            taxonomy.label(each.skill, language),
            each.evidence,
            each.expires,
            f"within {each.within} days" if each.within else "ended",
        )
        for each in view.ending
    ]
    return pd.DataFrame(rows, columns=["Who", "Role", "Skill", "Evidence", "Valid until", "From the plan's start"])


def gap_matrix(analysis: GapAnalysis, taxonomy: Taxonomy, company: Company, skills: Sequence[str]) -> pd.DataFrame:
    """Return people short by role and skill, long form: one row a role and a skill of `skills` that is required of it.

    Columns ``Role``, ``Skill``, ``Transition``, ``People short``, ``People who must have it``, ``Level needed``,
    ``Weight``, and the identifiers ``role`` and ``skill``; in the order of the company's roles, then of `skills`.
    """
    titles = role_titles(company)
    order = {role.id: place for place, role in enumerate(company.roles)}
    rank = {skill: place for place, skill in enumerate(skills)}
    chosen = sorted(
        (gap for gap in analysis.gaps if gap.skill in rank), key=lambda gap: (order[gap.role], rank[gap.skill])
    )
    columns = [
        "Role", "Skill", "Transition", "People short", "People who must have it", "Level needed", "Weight",
        "role", "skill",
    ]  # fmt: skip
    rows = [
        (
            titles[gap.role],
            taxonomy.label(gap.skill, company.language),
            SIGNS[gap.requirement.transition],
            gap.people_short,
            gap.requirement.people,
            f"{gap.requirement.level} {LEVELS[gap.requirement.level]}",
            gap.weight,
            gap.role,
            gap.skill,
        )
        for gap in chosen
    ]
    return pd.DataFrame(rows, columns=columns)


PARTS: Mapping[str, str] = {
    "gap": "+ gap closed",
    "level": "+ level fits",
    "pact": "+ Pact for Skills",
    "access": "+ language and kind",
    "cost": "+ low cost",
    "hours": "+ little time",
}
"""Heading of each part of a recommendation's score."""


def recommendations_table(
    found: Sequence[Recommendation], catalogue: Catalogue, titles: Mapping[str, str]
) -> pd.DataFrame:
    """Return recommendations, best first, with what each part adds to the score; the parts add up to `Score`."""
    rows = [
        (
            catalogue.offer(each.offer).title,
            titles[each.role],
            each.people,
            each.score,
            *(next((part.share for part in each.parts if part.name == name), 0.0) for name in PARTS),
            catalogue.offer(each.offer).start,
            each.offer,
        )
        for each in found
    ]
    return pd.DataFrame(rows, columns=["Training", "For", "People", "Score", *PARTS.values(), "Starts", "Offer"])


def correction_words(
    correction: Correction, company: Company, taxonomy: Taxonomy, trainings: Mapping[str, str] | None = None
) -> str:
    """Say a decision of the user in one sentence; `trainings` maps offers to their titles."""
    role = role_titles(company).get(correction.role or "", correction.role or "")
    offer = correction.offer or ""
    training = f"“{trainings[offer]}” ({offer})" if trainings and offer in trainings else f"The training {offer}"
    why = f" ({correction.note})" if correction.note else ""
    head_count = next((each.people for each in company.roles if each.id == correction.role), 0)
    named = f" ({', '.join(correction.who)})" if 0 < len(correction.who) < head_count else ""
    who = f"{people(correction.people)} of {role}{named}" if correction.people else role
    for_role = f" for {who}" if role else ""
    need = next((need.text for need in company.needs if need.id == correction.need), correction.need or "")
    uri = taxonomy.find_skill(correction.skill or "")
    skill = taxonomy.label(uri, company.language) if uri else correction.skill or ""
    sentences = {
        "skill not meant": f"“{need}” does not call for “{skill}”.",
        "skill added": f"“{need}” also calls for “{skill}”.",
        "measure not meant": f"“{need}” is not the measure “{correction.measure}”.",
        "not required": f"{role} need not have “{skill}”.",
        "required": f"{correction.people if correction.people is not None else 'All'} of {role} must have “{skill}”.",
        "offer excluded": f"{training} is never planned{why}.",
        "offer pinned": f"{training} is planned in any case{for_role}{why}.",
    }
    return sentences[correction.kind]
