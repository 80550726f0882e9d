"""How the numbers of a plan came about, row by row: each formula with the values in it."""

from collections import defaultdict
from collections.abc import Sequence

from skillmatch.company.model import Company, Constraints
from skillmatch.gap.model import Gap, GapAnalysis
from skillmatch.offers.model import Offer
from skillmatch.planning.eligibility import HOURS_A_DAY, HOURS_A_WEEK
from skillmatch.planning.frontier import FrontierPoint, Marginal
from skillmatch.planning.model import OpenGap, Plan, PlanGap, PlanItem
from skillmatch.report.away import Week
from skillmatch.report.format import day, euros, hours, number, people, percent
from skillmatch.report.numbers import Opened
from skillmatch.words import LEVELS

LIMIT_WORDS = {"budget_eur": "budget", "hours_per_person": "limit of hours for each person"}


def opened_item(item: PlanItem, offer: Offer, plan: Plan, analysis: GapAnalysis, language: str) -> tuple[Opened, ...]:
    """Open the numbers of a booking; `offer` is what the catalogue says of it."""
    gross, funding, net = (euros(each, language) for each in (item.cost_eur_gross, item.funding_eur, item.cost_eur_net))
    funded = " ".join(reason for reason in item.reasons if " pays " in reason)
    return (
        Opened("People", str(len(item.people)), f"{', '.join(item.people)}. {' '.join(item.reasons)}"),
        Opened("Starts", day(item.planned_start or item.start, language), _when(item)),
        Opened("Ends", day(item.planned_end or item.end, language), _until(item, offer, language)),
        Opened("Hours each", hours(item.hours, language), _of_catalogue("hours", offer)),
        Opened("Closes", percent(sum(part.coverage for part in item.closes), language), _closes(item, plan, analysis)),
        Opened("Cost €", gross, f"{_price(item, offer, plan, language)} {_of_catalogue('price_eur', offer)}"),
        Opened("Funding €", funding, funded or "No scheme with amounts filled in pays for it."),
        Opened("To pay €", net, f"{gross} − {funding} of funding = {net}"),
    )


def _when(item: PlanItem) -> str:
    if item.start:
        return "The provider's date, as the catalogue says."
    return "It has no date. The plan puts it after what it builds on and after other undated training of its people."


def _until(item: PlanItem, offer: Offer, language: str) -> str:
    if offer.end:
        return "The provider's date, as the catalogue says."
    day_of_it = f"on each {' and '.join(offer.weekdays)}" if offer.weekdays else "a working day"
    pace = f"{HOURS_A_DAY:g} hours {day_of_it}" if item.start else f"{HOURS_A_WEEK:g} hours a week, in whole weeks"
    return f"{hours(item.hours, language)} at {pace}, from the start on."


def _of_catalogue(field: str, offer: Offer) -> str:
    return "Assumed: the catalogue does not say." if field in offer.assumed else "As the catalogue says."


def _price(item: PlanItem, offer: Offer, plan: Plan, language: str) -> str:
    """Say how the gross cost comes about."""
    count, price = len(item.people), euros(offer.price_eur or 0.0, language)
    gross = euros(item.cost_eur_gross, language)
    if offer.price_basis != "group":
        return f"{count} × {price} for each person = {gross}."
    lines = [other for other in plan.items if other.offer == item.offer]
    everybody = sum(len(other.people) for other in lines)
    groups = round(sum(other.cost_eur_gross for other in lines) / offer.price_eur) if offer.price_eur else 0
    return f"{groups} × {price} for a group, × {count} of {everybody} people in it = {gross}, to the cent."


def _closes(item: PlanItem, plan: Plan, analysis: GapAnalysis) -> str:
    """Say what each skill of a booking is worth."""
    weights = {(gap.role, gap.skill): gap.requirement.weight for gap in analysis.gaps}
    labels = {gap.skill: gap.label for gap in plan.gaps}
    total = total_weight(analysis)
    said = []
    for part in item.closes:
        weight = weights[item.role, part.skill]
        full = part.coverage * total / weight if weight else 0.0
        said.append(
            f"{labels[part.skill]}, {people(part.people)} from level {part.level_from} to {part.level_to}: weight "
            f"{weight:.4f} × {full:.2f} full gaps ÷ {total:.2f} in all = {part.coverage:.2%}."
        )
    whole = "A full gap is one person brought from the level held to the level needed; half of the way is 0.5."
    return " ".join([*said, whole]) if said else "It closes nothing by itself; the reasons say what it is for."


def total_weight(analysis: GapAnalysis) -> float:
    """Return the weighted size of all gaps."""
    return sum(gap.weight for gap in analysis.gaps if gap.people_short)


def opened_week(week: Week, language: str) -> tuple[Opened, ...]:
    """Open the numbers of a role in a week."""
    who = "; ".join(f"{each.item.title}: {', '.join(each.item.people)}" for each in week.sessions)
    dated = "; ".join(each.item.title for each in week.sessions if each.fixed) or "none"
    busiest = max(week.load, key=lambda person: (week.load[person], person))
    parts = [each for each in week.sessions if busiest in each.item.people]
    spread = " + ".join(
        f"{hours(each.item.hours, language)} × {each.hours / each.item.hours if each.item.hours else 0:.0%}"
        for each in parts
    )
    most = hours(week.load[busiest], language)
    return (
        Opened("People in training", str(len(week.load)), f"{who}. Each person counts once."),
        Opened("Of the role", str(week.of), "Head-count of the role on page 1."),
        Opened("At fixed times", str(len(week.fixed)), f"People in training on a provider's dates: {dated}."),
        Opened(
            "Hours each",
            most,
            f"The most that one person has, {busiest}: {spread} = {most}. The percentage is the part of the training's "
            "days that lies in this week.",
        ),
        Opened("Trainings", str(len(week.sessions)), "Behind each: people, and hours of each person this week."),
    )


def opened_point(
    point: FrontierPoint, points: Sequence[FrontierPoint], analysis: GapAnalysis, language: str
) -> tuple[Opened, ...]:
    """Open the numbers of a point of the curve; `points` are those that were worked out, by rising budget."""
    total, most = total_weight(analysis), points[-1].budget_eur
    budget, cost = euros(point.budget_eur, language), euros(point.cost_eur_net, language)
    place = next((number for number, each in enumerate(points, 1) if each == point), 0)
    where = (
        f"{place} of {len(points)} equal steps up to {euros(most, language)}, what the best plan without a budget costs"
    )
    how_far = "It was not proven how far this is from the best."
    if point.optimality_gap is not None:
        bound = point.coverage / (1 - point.optimality_gap) if point.optimality_gap < 1 else 1.0
        how_far = f"({bound:.2%} that no plan can pass − {point.coverage:.2%}) ÷ {bound:.2%}."
    return (
        Opened("Budget €", budget, f"{where}." if place else "Your budget, or none at all."),
        Opened("Covered", percent(point.coverage, language),
               f"Weighted gap that the best plan found closes: {point.coverage * total:.2f} of {total:.2f}."),
        Opened("To pay €", cost, "What the bookings of that plan cost after funding."),
        Opened("At most so far from the best",
               "–" if point.optimality_gap is None else f"{point.optimality_gap:.2%}", how_far),
    )  # fmt: skip


def opened_marginals(found: Sequence[Marginal], limits: Constraints, language: str) -> tuple[Opened, ...]:
    """Open what a little more of each limit would close."""
    opened = []
    for each in found:
        show = euros if each.limit == "budget_eur" else hours
        now: float = getattr(limits, each.limit) or 0.0
        before, then = number(each.coverage_now * 100, language, 2), number(each.coverage_then * 100, language, 2)
        opened.append(
            Opened(
                f"{show(each.more, language)} more",
                f"{number(each.gain * 100, language)} percentage points",
                f"{then}% − {before}%: closed by the best plan found with a {LIMIT_WORDS[each.limit]} of "
                f"{show(now + each.more, language)}, and with {show(now, language)}, all else being equal.",
            )
        )
    return tuple(opened)


def opened_open(each: OpenGap, plan: Plan, company: Company) -> tuple[Opened, ...]:
    """Open the numbers of what stays open."""
    gap = next(gap for gap in plan.gaps if (gap.role, gap.skill) == (each.role, each.skill))
    return (
        Opened(
            "People",
            str(each.people),
            f"{gap.people_short} short − {gap.people_closed} who then reach level {gap.level}.",
        ),
        Opened("Why it stays open", "", " ".join([each.why, *_left(each.role, plan, company)])),
    )


def _left(role: str, plan: Plan, company: Company) -> list[str]:
    """Say what is left of budget and hours."""
    limits, language, said = plan.constraints, company.language, []
    if limits.budget_eur is not None:
        left = limits.budget_eur - plan.totals.cost_eur_net
        said.append(
            f"Budget {euros(limits.budget_eur, language)} − {euros(plan.totals.cost_eur_net, language)} to pay = "
            f"{euros(left, language)} left."
        )
    if limits.hours_per_person is not None:
        taken: dict[str, float] = defaultdict(float)
        for item in plan.items:
            for person in item.people if item.role == role else ():
                taken[person] += item.hours
        count = next((each.people for each in company.roles if each.id == role), 0)
        least = min(taken.values(), default=0.0) if len(taken) >= count else 0.0
        said.append(
            f"Hours: {hours(limits.hours_per_person, language)} − {hours(least, language)} booked for whoever of the "
            f"role has least = {hours(limits.hours_per_person - least, language)} left."
        )
    return said


def opened_plan_gap(shown: PlanGap, gap: Gap, plan: Plan, analysis: GapAnalysis, language: str) -> tuple[Opened, ...]:
    """Open the numbers of a gap in the plan."""
    need, total = gap.requirement, total_weight(analysis)
    having = sum(level >= need.level for level in gap.held)
    return (
        Opened("Level needed", f"{shown.level} {LEVELS[shown.level]}", f"Page 2 says who asks. {shown.reasons[0]}"),
        Opened("People who must have it", str(shown.people_required), "Page 2, this row: the rule and your decisions."),
        Opened("People short", str(shown.people_short),
               f"{shown.people_required} − {having} who have level {need.level} or more, not below 0."),
        Opened("Closed by the plan", f"{shown.people_closed} of {shown.people_short}",
               f"{closing(plan, gap.role, gap.skill)} Only who reaches level {shown.level} counts here; "
               f"with those on the way, {percent(shown.coverage, language)} of it is closed."),
        Opened("Weight", percent(shown.weight, language),
               f"{need.weight:.4f} for each person × {shown.people_short} short ÷ {total:.2f}, the same for all gaps."),
    )  # fmt: skip


def closing(plan: Plan, role: str, skill: str) -> str:
    """Say which bookings close a gap, how far and for how many."""
    steps = "; ".join(
        f"{item.title}: {people(part.people)} from level {part.level_from} to {part.level_to}"
        for item in plan.items
        for part in item.closes
        if (item.role, part.skill) == (role, skill)
    )
    return f"{steps or 'No booking leads to it'}."
