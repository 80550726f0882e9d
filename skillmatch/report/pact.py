"""What the yearly survey of the Pact for Skills asks of a member, and what a plan answers."""

from collections.abc import Callable, Mapping

import pandas as pd

from skillmatch.company.model import Company
from skillmatch.offers.pact import Indicator, load_charter, load_indicators
from skillmatch.planning.model import Plan
from skillmatch.report.format import euros, percent
from skillmatch.report.numbers import Opened


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


HOW: Mapping[str, Callable[[Plan, Company], str]] = {
    "people-trained": lambda *_: "People in at least one booking, each counted once.",
    "invested": lambda *_: "Price of all bookings − funding, as at the head of this page.",
    "workforce-trained": lambda plan, company: (
        f"{plan.totals.people} people trained ÷ {sum(role.people for role in company.roles)} in all roles."
    ),
    "skills-needed": lambda *_: "The skills with the largest share of all that is missing, largest first.",
}
"""Indicator -> how the plan's answer came about."""


def _asked() -> list[Indicator]:
    """Return what the survey asks: what a plan answers first, then as in the register."""
    return sorted(load_indicators(), key=lambda each: each.id not in ANSWERS)


def opened_survey(place: int, plan: Plan, company: Company) -> tuple[Opened, ...]:
    """Open the answer in a line of `survey_table`."""
    asked = _asked()[place]
    known = asked.id in ANSWERS
    answer = ANSWERS[asked.id](plan, company) if known else "not in a plan"
    return (
        Opened("This plan", answer, HOW[asked.id](plan, company) if known else "A plan says nothing of it."),
        Opened("All members reported", asked.reported, "As the Pact reports it; the source is linked in the table."),
    )


def survey_table(plan: Plan, company: Company) -> pd.DataFrame:
    """Return what the survey asks, with the plan's answer where it has one."""
    rows = [
        (
            each.name,
            ANSWERS[each.id](plan, company) if each.id in ANSWERS else "not in a plan",
            each.definition,
            each.reported,
            each.source,
        )
        for each in _asked()
    ]
    return pd.DataFrame(
        rows, columns=["The survey asks", "This plan", "What is meant", "All members reported", "Source"]
    )


def charter_table() -> pd.DataFrame:
    """Return the principles of the charter that members sign, with an example of keeping to each."""
    rows = [(each.number, each.name, each.description, each.example) for each in load_charter()]
    return pd.DataFrame(rows, columns=["", "Principle", "In plain words", "For example"])
