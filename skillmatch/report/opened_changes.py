"""How the numbers of two plans side by side came about, row by row: each formula with the values in it."""

from collections.abc import Callable, Mapping

from skillmatch.planning.model import Plan, PlanGap, PlanItem
from skillmatch.report.compare import Change, Figure, GapChange
from skillmatch.report.format import day, euros, hours, people, percent
from skillmatch.report.numbers import Opened, added, plan_numbers
from skillmatch.report.opened_plan import closing

SAME = {
    "Closed of what is missing": "Closed",
    "To pay": "To pay",
    "Training time of all people": "Training time",
    "People trained": "People trained",
    "Trainings": "Trainings",
}
"""Total of two plans -> the number at the head of a plan that it is."""
FIGURES: Mapping[str, Callable[[Plan, str], str]] = {
    "Price before funding": lambda plan, language: (
        f"Prices of the bookings: {added([euros(item.cost_eur_gross, language) for item in plan.items])}."
    ),
    "Funding": lambda plan, language: (
        f"Paid for the bookings: {added([euros(item.funding_eur, language) for item in plan.items])}."
    ),
    "Gaps that stay open for somebody": lambda plan, _: (
        f"{len(plan.gaps)} gaps − {len(plan.gaps) - len(plan.open)} that are closed for everybody."
    ),
}
"""Other totals -> how a plan comes to them."""


def opened_figure(figure: Figure, before: Plan, after: Plan, language: str) -> tuple[Opened, ...]:
    """Open a total of two plans."""

    def how(plan: Plan) -> str:
        if figure.name in FIGURES:
            return FIGURES[figure.name](plan, language)
        return next(each.how for each in plan_numbers(plan, language) if each.name == SAME[figure.name])

    first, second = figure.show(figure.before), figure.show(figure.after)
    return (
        Opened("First plan", first, how(before)),
        Opened("Second plan", second, how(after)),
        Opened("Difference", figure.difference, f"{second} − {first}, before rounding."),
    )


def opened_change(change: Change, language: str) -> tuple[Opened, ...]:
    """Open what differs between two lines of plans."""
    before, after = (_line(item, language) if item else "not booked" for item in (change.before, change.after))
    return (Opened("Details", change.what, f"First plan: {before}. Second plan: {after}."),)


def _line(item: PlanItem, language: str) -> str:
    gross, funding, net = (euros(each, language) for each in (item.cost_eur_gross, item.funding_eur, item.cost_eur_net))
    begins = day(item.planned_start or item.start, language)
    return (
        f"{people(len(item.people))} ({', '.join(item.people)}), from {begins}, {hours(item.hours, language)} each, "
        f"{gross} − {funding} of funding = {net} to pay"
    )


def opened_gap_change(change: GapChange, before: Plan, after: Plan, language: str) -> tuple[Opened, ...]:
    """Open what two plans close of a gap."""
    first, second = _closed(change.before, before, language), _closed(change.after, after, language)
    return (
        Opened("People closed, first", *first[0]),
        Opened("Share closed, first", *first[1]),
        Opened("People closed, second", *second[0]),
        Opened("Share closed, second", *second[1]),
    )


def _closed(gap: PlanGap | None, plan: Plan, language: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return people closed and share closed, each with how it came about."""
    if gap is None:
        return ("–", "This plan has no such gap."), ("–", "This plan has no such gap.")
    steps = closing(plan, gap.role, gap.skill)
    whole = f"{gap.people_closed} of {gap.people_short}"
    return (
        (whole, f"Who reaches level {gap.level}, of those who are short of it. {steps}"),
        (percent(gap.coverage, language), f"Levels gained ÷ levels short, over all who are short. {steps}"),
    )
