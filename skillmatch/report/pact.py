"""What the yearly survey of the Pact for Skills asks of a member, and what a plan answers."""

from collections.abc import Callable, Mapping

import pandas as pd

from skillmatch.company.model import Company
from skillmatch.offers.pact import load_charter, load_indicators
from skillmatch.planning.model import Plan
from skillmatch.report.format import euros, percent


def _invested(plan: Plan, company: Company) -> str:
    totals, language = plan.totals, company.language
    gross, paid = euros(totals.cost_eur_gross, language), euros(totals.funding_eur, language)
    return f"{euros(totals.cost_eur_net, language)} ({gross} before {paid} of funding)"


def _share(plan: Plan, company: Company) -> str:
    everybody = sum(role.people for role in company.roles)
    return f"{percent(plan.totals.people / everybody, company.language)} ({plan.totals.people} of {everybody})"


ANSWERS: Mapping[str, Callable[[Plan, Company], str]] = {
    "people-trained": lambda plan, _: str(plan.totals.people),
    "invested": _invested,
    "workforce-trained": _share,
    "skills-needed": lambda plan, _: ", ".join(skill.label for skill in plan.skills),
}
"""Indicator -> what a plan says about it, once everybody has finished."""


def survey_table(plan: Plan, company: Company) -> pd.DataFrame:
    """Return what the survey asks, with the plan's answer where it has one: those first, then as in the register."""
    rows = [
        (
            each.name,
            ANSWERS[each.id](plan, company) if each.id in ANSWERS else "not in a plan",
            each.definition,
            each.reported,
            each.source,
        )
        for each in sorted(load_indicators(), key=lambda each: each.id not in ANSWERS)
    ]
    return pd.DataFrame(
        rows, columns=["The survey asks", "This plan", "What is meant", "All members reported", "Source"]
    )


def charter_table() -> pd.DataFrame:
    """Return the principles of the charter that members sign, with an example of keeping to each."""
    rows = [(each.number, each.name, each.description, each.example) for each in load_charter()]
    return pd.DataFrame(rows, columns=["", "Principle", "In plain words", "For example"])
