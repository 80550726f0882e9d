"""How the numbers of two plans side by side came about, row by row: each formula with the values in it."""

from collections.abc import Callable, Mapping

from skillmatch.planning.model import Plan, PlanGap, PlanItem
from skillmatch.report.compare import Change, Figure, GapChange
from skillmatch.report.format import day, euros, hours, people, percent
from skillmatch.report.numbers import Opened

FIGURES: Mapping[str, Callable[[Plan, str], str]] = {
    "Closed of what is missing": lambda plan, _: (
        f"{len(plan.gaps)} gaps, each by its weight × the share that is closed"
    ),
    "To pay": lambda plan, language: (
        f"{euros(plan.totals.cost_eur_gross, language)} − {euros(plan.totals.funding_eur, language)} of funding"
    ),
    "Price before funding": lambda plan, _: f"the prices of {len(plan.items)} bookings, added up",
    "Funding": lambda plan, _: f"what schemes pay for {len(plan.items)} bookings, added up",
    "Training time of all people": lambda plan, _: f"people × hours each, over {len(plan.items)} bookings",
    "People trained": lambda plan, _: f"{sum(len(item.people) for item in plan.items)} seats, each person counted once",
    "Trainings": lambda plan, _: f"{len(plan.items)} bookings, each training counted once whatever the role",
    "Gaps that stay open for somebody": lambda plan, _: f"{len(plan.gaps)} gaps − those closed for everybody",
}
"""Figure -> how a plan comes to it."""


def opened_figure(figure: Figure, before: Plan, after: Plan, language: str) -> tuple[Opened, ...]:
    """Open a total of two plans."""
    how = FIGURES[figure.name]
    first, second = figure.show(figure.before), figure.show(figure.after)
    return (
        Opened("First plan", first, f"{how(before, language)}."),
        Opened("Second plan", second, f"{how(after, language)}."),
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


def opened_gap_change(change: GapChange, language: str) -> tuple[Opened, ...]:
    """Open what two plans close of a gap."""
    opened = []
    for order, gap, plan in (("first", change.before, "first"), ("second", change.after, "second")):
        opened += [
            Opened(f"People closed, {order}", *_closed(gap, plan)),
            Opened(
                f"Share closed, {order}",
                percent(gap.coverage, language) if gap else "–",
                "Levels gained ÷ levels short, over all who are short; who is on the way counts in part."
                if gap
                else f"The {plan} plan has no such gap.",
            ),
        ]
    return tuple(opened)


def _closed(gap: PlanGap | None, plan: str) -> tuple[str, str]:
    if gap is None:
        return "–", f"The {plan} plan has no such gap."
    return f"{gap.people_closed} of {gap.people_short}", f"Who reaches level {gap.level}, of those short of it."
