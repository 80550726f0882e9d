"""The answers in one sentence each: what is missing, and what the plan does about it."""

from skillmatch.company.model import Company
from skillmatch.gap.model import GapAnalysis
from skillmatch.planning.model import Plan
from skillmatch.report.format import euros, hours, people, percent

SAMPLE_NOTE = "Sample data: the company, its people, the trainings and their prices are made up for demonstration."


def missing_sentence(company: Company, analysis: GapAnalysis) -> str:
    """Say what is missing, as the opening of a page."""
    short = [gap for gap in analysis.gaps if gap.people_short]
    if not short:
        return f"Nothing is missing: {company.name} has the skills that its needs call for."
    skills = len({gap.skill for gap in short})
    roles = len({gap.role for gap in short})
    of_roles = "1 role" if roles == 1 else f"{roles} roles"
    of_skills = "1 skill is" if skills == 1 else f"{skills} skills are"
    return f"{of_skills} missing in {of_roles} of {company.name}."


def plan_sentence(plan: Plan, language: str = "en") -> str:
    """Say what the plan does: coverage, cost, people; and how good it is proven to be."""
    totals = plan.totals
    if not plan.items:
        return "No training on offer fits within these limits; the list of what stays open says why."
    trainings = len({item.offer for item in plan.items})
    booked = "1 training" if trainings == 1 else f"{trainings} trainings"
    return (
        f"{booked} for {people(totals.people)} close {percent(totals.coverage, language)} of what is missing, "
        f"for {euros(totals.cost_eur_net, language)} and {hours(totals.hours, language)} of training time."
    )


def proof_sentence(plan: Plan) -> str:
    """Say how far the plan may be from the best one."""
    solver = plan.solver
    if solver.optimality_gap is None:
        return "Found by choosing the best next booking again and again; not proven to be the best possible."
    if solver.optimality_gap < 5e-5:
        return "Proven: with these offers and limits, no other plan closes more."
    ending = ": the search ended at its time limit." if solver.status == "time limit" else "."
    return f"Proven: at most {solver.optimality_gap:.1%} below the best possible plan{ending}"
