"""How each number at the head of a page came about: its formula with the values in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from skillmatch.company.model import Company
from skillmatch.gap.gap import SkillShare
from skillmatch.gap.model import GapAnalysis
from skillmatch.planning.model import Plan
from skillmatch.report.format import euros, hours, number, percent
from skillmatch.report.summary import proof_sentence
from skillmatch.taxonomy.model import Taxonomy


@dataclass(frozen=True)
class Opened:
    """A number as it is shown, and how it came about."""

    name: str
    value: str
    how: str


def opened_table(numbers: Sequence[Opened]) -> pd.DataFrame:
    """Return the numbers with their reasons, in order."""
    return pd.DataFrame(
        [(each.name, each.value, each.how) for each in numbers], columns=["Number", "Value", "How it came about"]
    )


def gap_numbers(
    company: Company, analysis: GapAnalysis, ranking: Sequence[SkillShare], taxonomy: Taxonomy, first: int = 10
) -> tuple[Opened, ...]:
    """Open the numbers of *what is missing*; `ranking` holds all skills missing, heaviest first."""
    language = company.language
    short = [gap for gap in analysis.gaps if gap.people_short]
    titles = {role.id: role.title for role in company.roles}
    roles = [title for role, title in titles.items() if role in {gap.role for gap in short}]
    twins = [taxonomy.skill(gap.skill, language) for gap in short if gap.requirement.transition == "twin"]
    twin = sorted({f"{skill.label}{' (SkillMatch says so)' * (skill.esco_transition != 'twin')}" for skill in twins})
    shares = " + ".join(percent(skill.share, language) for skill in ranking[:first])
    total = sum(gap.weight for gap in short)
    return (
        Opened(
            "Skills missing",
            str(len({gap.skill for gap in short})),
            f"{len(analysis.requirements)} requirements (a skill that a role must have) were compared with what the "
            f"roles hold; in {len(short)} of them people are short. These name so many different skills.",
        ),
        Opened(
            "Roles concerned",
            f"{len(roles)} of {len(company.roles)}",
            ", ".join(roles) or "In no role is anybody short.",
        ),
        Opened(
            "Carried by the first ten",
            percent(sum(skill.share for skill in ranking[:first]), language),
            f"{shares or 'Nothing is missing'} (before rounding). A share is the weight of the skill × people short, "
            f"summed over the roles, divided by the same for all skills ({total:.2f}).",
        ),
        Opened(
            "Serving both transitions",
            str(len(twin)),
            ", ".join(twin) or "No missing skill is digital and green at once.",
        ),
    )


def plan_numbers(plan: Plan, language: str = "en") -> tuple[Opened, ...]:
    """Open the numbers of the plan."""
    totals, items = plan.totals, plan.items
    whole = sum(gap.people_closed == gap.people_short for gap in plan.gaps)
    part = sum(gap.coverage > 0 and gap.people_closed < gap.people_short for gap in plan.gaps)
    closed = sorted((gap for gap in plan.gaps if gap.coverage), key=lambda gap: -gap.weight * gap.coverage)
    shares = added([f"{gap.weight:.1%} × {gap.coverage:.0%}" for gap in closed])
    seats = sum(len(item.people) for item in items)
    prices = added([euros(item.cost_eur_gross, language) for item in items])
    time = added([f"{len(item.people)} × {number(item.hours, language)}" for item in items])
    gross, funding = euros(totals.cost_eur_gross, language), euros(totals.funding_eur, language)
    runs = len({item.offer for item in items})
    return (
        Opened(
            "Closed",
            percent(totals.coverage, language),
            f"Of {len(plan.gaps)} gaps, {whole} are closed for everybody and {part} in part. Each counts by its weight "
            f"(its share of all that is missing) × the share of it that is closed: {shares}.",
        ),
        Opened(
            "To pay",
            euros(totals.cost_eur_net, language),
            f"{gross} for {len(items)} bookings ({prices}) − {funding} of funding. Prices are the catalogue's, "
            "funding is what you filled in.",
        ),
        Opened(
            "People trained",
            str(totals.people),
            f"{seats} seats are booked − {seats - totals.people} of people who have one in another training already.",
        ),
        Opened("Training time", hours(totals.hours, language), f"People × hours each, over all bookings: {time}."),
        Opened("Trainings", str(runs), f"{len(items)} bookings, each training counted once whatever the role."),
        Opened("How good is it", plan.solver.status, _proof(plan)),
    )


def added(parts: Sequence[str], most: int = 40) -> str:
    """Return the parts of a sum; of very many, the first and how many are left out."""
    more = [f"{len(parts) - most} more"] if len(parts) > most else []
    return " + ".join([*parts[:most], *more]) or "0"


def _proof(plan: Plan) -> str:
    """Say what the proof of a plan rests on."""
    if plan.solver.optimality_gap is None:
        return proof_sentence(plan)
    return (
        f"{proof_sentence(plan)} The solver computes a bound that no plan can pass, and compares: "
        f"(bound − plan) ÷ bound = {plan.solver.optimality_gap:.2%}. It searched {plan.solver.seconds:.1f} seconds."
    )


WORDS = frozenset(
    {"Training", "For", "Role", "Skill", "Transition", "Week of", "Who", "What", "What you want", "Provider",
     "How", "Why", "Sample data", "Because of", "Words", "Identifier", "Evidence", "Offer", "", "Principle",
     "In plain words", "For example", "The survey asks", "What is meant", "Source", "Name", "Version"}
)  # fmt: skip
"""Headings of columns that name things; whatever stands in another column is a number, and opens its reasons."""

HELP = {
    "People short": "People who must have it − people of the role who have it at that level. Choose the row for why.",
    "People who must have it": "Everybody, or as many as the work needs and one more. Choose the row for the rule.",
    "Level needed": "1 basic, 2 intermediate, 3 advanced, 4 highly specialised. Choose the row for who asks for it.",
    "Weight": "Weight of the requirement (0 to 1) × people short. Choose the row for its parts.",
    "People": "Seats booked for the role: those who gain from it, or more where a group must be filled.",
    "Hours each": "Training time for each person, as the catalogue states it.",
    "Cost €": "Price × people, or the price of a group split over the roles by people.",
    "Funding €": "Rate × cost, up to the cap of each scheme that you filled in; no euro is funded twice.",
    "To pay €": "Cost − funding.",
    "Closes": "Skills, people and levels that the booking adds. Choose the row for what each is worth.",
    "People who have it": "People at the level when the plan begins, whatever the evidence.",
    "People wanted": "Sum over the roles of those who must have it.",
    "Probability": "How sure the reading of your words is; for a measure, how alike your words and the measure are.",
    "Level": "Level that the measure asks for, or that your words point to.",
    "People in training": "Different people of the role with a training in that week.",
    "Of the role": "Head-count of the role.",
    "At fixed times": "Those who must be there on the provider's dates; the others learn in their own time.",
    "Starts": "The provider's date; for training without a date, where the plan puts it.",
    "At most so far from the best": "(bound − plan) ÷ bound: the curve may be so much higher here, but no more.",
    "Covered": "Share of all weighted gap that the best plan for this budget closes.",
}  # fmt: skip
"""What the numbers in a column are, by its heading: the tooltip of the column."""
