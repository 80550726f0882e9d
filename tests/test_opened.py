"""The formulas behind the numbers on the pages, with values that can be worked out by hand."""

from datetime import date

import pytest
from fakes import tiny_taxonomy
from planning_company import analysis, catalogue, company, gap, offer

from skillmatch.company.model import Company
from skillmatch.planning.frontier import FrontierPoint, Marginal
from skillmatch.planning.plan import Plan, make_plan
from skillmatch.report.away import weeks_of, weeks_table
from skillmatch.report.compare import compare, figures
from skillmatch.report.numbers import Opened, plan_numbers
from skillmatch.report.opened_changes import FIGURES, SAME, opened_change, opened_figure, opened_gap_change
from skillmatch.report.opened_gaps import opened_gap
from skillmatch.report.opened_plan import (
    opened_item,
    opened_marginals,
    opened_open,
    opened_plan_gap,
    opened_point,
    opened_week,
)
from skillmatch.report.pact import opened_survey, survey_table

WASTE = {"course": "waste", "title": "Waste", "start": date(2027, 3, 1), "mode": "on-site"}
CATALOGUE = catalogue(
    {
        offer("waste-1", **WASTE): ["sort-waste"],
        offer("robots", hours=40, price_eur=900.0, price_basis="group"): ["robots"],
    }
)
FOUND = analysis(gap("welder", "sort-waste", [0, 0, 1]), gap("clerk", "robots", [0, 0], weight=0.5))
"""Weighted gap: 3 welders x 1 and 2 clerks x 0.5, 4 in all."""


def plan_for(firm: Company | None = None) -> Plan:
    return make_plan(firm or company(), FOUND, CATALOGUE, tiny_taxonomy())


def by_name(numbers: tuple[Opened, ...]) -> dict[str, Opened]:
    return {each.name: each for each in numbers}


def test_a_gap() -> None:
    opened = by_name(opened_gap(FOUND.gaps[0], company().roles[1]))
    assert opened["People who must have it"].value == "3 of 3"
    assert opened["People short"].how.startswith(
        "3 who must have it − 0 who have level 2 or more = 3. "
        "Held on the last day of the plan: 2 × level 0, 1 × level 1."
    )
    assert opened["Weight"].how.startswith("1 for each person × 3 people short = 3.")


def test_a_booking_for_each_person_and_one_for_a_group() -> None:
    plan = plan_for()
    lines = {item.offer: item for item in plan.items}
    waste, robots = (
        by_name(opened_item(lines[name], CATALOGUE.offer(name), plan, FOUND, "en")) for name in ("waste-1", "robots")
    )
    assert waste["Cost €"].how.startswith("3 × €500 for each person = €1,500.")
    assert waste["To pay €"].how == "€1,500 − €0 of funding = €1,500"
    assert "2 people from level 0 to 2: weight 1.0000 × 2.00 full gaps ÷ 4.00 in all = 50.00%" in waste["Closes"].how
    assert waste["Closes"].value == "75%"
    assert waste["Ends"].how == "16 h at 8 hours a working day, from the start on."
    assert robots["Cost €"].how.startswith("1 × €900 for a group, × 2 of 2 people in it = €900")
    assert robots["Ends"].how == "40 h at 8 hours a week, in whole weeks, from the start on."


def test_the_head_of_the_plan() -> None:
    opened = by_name(plan_numbers(plan_for()))
    assert opened["Closed"].how.endswith("75.0% × 100% + 25.0% × 100%.")
    assert opened["To pay"].how.startswith("€2,400 for 2 bookings (€900 + €1,500) − €0")
    assert opened["Training time"].how.endswith("2 × 40 + 3 × 16.")


def test_a_week_counts_what_lies_in_it() -> None:
    plan, firm = plan_for(), company()
    weeks = weeks_of(plan, firm)
    for week, row in zip(weeks, weeks_table(plan, firm).itertuples(index=False), strict=True):
        opened = opened_week(week, "en")
        assert [opened[0].value, opened[1].value, opened[2].value] == [str(value) for value in row[2:5]]
    first = by_name(opened_week(weeks[0], "en"))
    assert "40 h × 20% = 8 h" in first["Hours each"].how


def test_what_stays_open_says_what_is_left() -> None:
    firm = company(budget=1600.0, hours=20.0)
    plan = plan_for(firm)
    (left,) = plan.open
    opened = by_name(opened_open(left, plan, firm))
    assert opened["People"].how == "2 short − 0 who then reach level 2."
    assert "Budget €1,600 − €1,500 to pay = €100 left." in opened["Why it stays open"].how
    assert "Hours: 20 h − 0 h booked for whoever of the role has least = 20 h left." in opened["Why it stays open"].how
    shown = by_name(opened_plan_gap(plan.gaps[1], FOUND.gaps[1], plan, FOUND, "en"))
    assert shown["Weight"].how.startswith("0.5000 for each person × 2 short ÷ 4.00")
    assert shown["Closed by the plan"].how.startswith("No booking leads to it.")


def test_the_curve_and_a_little_more() -> None:
    points = (FrontierPoint(800.0, 0.25, 500.0, 0.0), FrontierPoint(1600.0, 0.75, 1500.0, 0.25))
    opened = by_name(opened_point(points[1], points, FOUND, "en"))
    assert opened["Budget €"].how == "2 of 2 equal steps up to €1,600, what the best plan without a budget costs."
    assert opened["Covered"].how.endswith("3.00 of 4.00.")
    assert opened["At most so far from the best"].how.startswith("(100.00% that no plan can pass − 75.00%) ÷ 100.00%")
    (more,) = opened_marginals([Marginal("budget_eur", 1000.0, 0.5, 0.75)], company().constraints, "en")
    assert (more.name, more.value) == ("€1,000 more", "25 percentage points")
    assert more.how.startswith("75% − 50%: closed by the best plan found with a budget of €11,000, and with €10,000")


def test_two_plans() -> None:
    before, after = plan_for(), plan_for(company(budget=1600.0))
    found = compare(before, after)
    made = figures(found)
    assert {figure.name for figure in made} == {*FIGURES, *SAME}
    assert all(opened_figure(figure, before, after, "en")[0].how for figure in made)
    paid = by_name(opened_figure(made[1], before, after, "en"))
    assert paid["First plan"].how.startswith("€2,400 for 2 bookings (€900 + €1,500) − €0 of funding.")
    assert paid["Difference"].how == "€1,500 − €2,400, before rounding."
    (dropped,) = opened_change(found.changes[0], "en")
    assert dropped.how.endswith("€900 − €0 of funding = €900 to pay. Second plan: not booked.")
    closed = by_name(opened_gap_change(found.gaps[0], before, after, "en"))
    assert (closed["People closed, first"].value, closed["Share closed, second"].value) == ("2 of 2", "0%")
    assert closed["People closed, first"].how.endswith("Robots: 2 people from level 0 to 2.")


@pytest.mark.parametrize("row", range(9))
def test_the_survey_has_the_answers_of_its_table(row: int) -> None:
    plan, firm = plan_for(), company()
    opened = opened_survey(row, plan, firm)
    line = survey_table(plan, firm).iloc[row]
    assert [each.value for each in opened] == [line["This plan"], line["All members reported"]]
