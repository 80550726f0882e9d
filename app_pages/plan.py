"""Page 4: what to book, for whom, when and at what cost – and what stays open."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from app_pages import charts, decisions, funding, layout, replanning, state
from skillmatch.company.model import Correction
from skillmatch.errors import InputError
from skillmatch.planning.frontier import FrontierPoint, Marginal
from skillmatch.planning.model import PlanItem
from skillmatch.planning.plan import write_plan
from skillmatch.report import tables
from skillmatch.report.away import weeks_of, weeks_table
from skillmatch.report.calendar import write_calendar
from skillmatch.report.format import euros, hours, number, people, percent
from skillmatch.report.numbers import plan_numbers
from skillmatch.report.opened_plan import (
    opened_item,
    opened_marginals,
    opened_open,
    opened_plan_gap,
    opened_point,
    opened_week,
)
from skillmatch.report.pact import charter_table, opened_survey, survey_table
from skillmatch.report.summary import plan_sentence, proof_sentence
from skillmatch.report.workbook import sources_table, write_plan_workbook

# Upper ends of the sliders where the company set no limit; more can be entered on page 1.
MOST_BUDGET, MOST_HOURS = 100_000, 200

company = state.company()
language, limits = company.language, company.constraints


def sliders() -> None:
    """Let the user turn budget and hours; each turn plans again."""
    money, time = st.columns(2, gap="large")
    most = max(MOST_BUDGET if limits.budget_eur is None else 0, 3 * int(limits.budget_eur or 0), 10_000)
    budget = money.slider(
        "Budget in euros",
        min_value=0,
        max_value=most,
        value=min(int(limits.budget_eur if limits.budget_eur is not None else most), most),
        step=250,
        format="localized",
        key=state.key("slide-budget"),
    )
    longest = max(MOST_HOURS, int(limits.hours_per_person or 0))
    each = time.slider(
        "Hours for each person",
        min_value=0,
        max_value=longest,
        value=min(int(limits.hours_per_person if limits.hours_per_person is not None else longest), longest),
        step=2,
        key=state.key("slide-hours"),
    )
    unlimited = limits.budget_eur is None and budget == most
    endless = limits.hours_per_person is None and each == longest
    changed = limits.model_copy(
        update={
            "budget_eur": None if unlimited else float(budget),
            "hours_per_person": None if endless else float(each),
        }
    )
    if (changed.budget_eur, changed.hours_per_person) != (limits.budget_eur, limits.hours_per_person):
        state.keep(company.model_copy(update={"constraints": changed}))
        st.rerun()


def what_was_decided() -> None:
    """List the decisions about trainings, to be taken back."""
    if about := decisions.about_offers():
        with st.expander(f"What you decided about trainings ({len(about)})"):
            decisions.listed(about)


def explain(item: PlanItem) -> None:
    """Open one line of the plan: its reasons, its numbers, and what the user may decide about it."""
    place = f"{item.offer}-{item.role}"
    with st.container(border=True):
        st.markdown(f"#### {item.title} – {titles[item.role]}, {people(len(item.people))}")
        for reason in item.reasons:
            st.markdown(f"- {reason}")
        st.markdown(
            f"- To pay: {euros(item.cost_eur_gross, language)} − {euros(item.funding_eur, language)} of funding = "
            f"**{euros(item.cost_eur_net, language)}**; time: {len(item.people)} × {hours(item.hours, language)} = "
            f"**{hours(len(item.people) * item.hours, language)}**."
        )
        never, always = st.columns(2)
        if never.button("Not suitable – plan without it", key=state.key(f"never-{place}"), width="stretch"):
            state.correct(Correction(kind="offer excluded", offer=item.offer))
            st.rerun()
        kept = "Kept in any case" if item.pinned else "Keep it in any case"
        if always.button(kept, key=state.key(f"pin-{place}"), disabled=item.pinned, width="stretch"):
            state.correct(Correction(kind="offer pinned", offer=item.offer, role=item.role, people=len(item.people)))
            st.rerun()


def show_bookings(items: pd.DataFrame) -> None:
    """Show what to book, open the line that is chosen, and offer to plan again."""
    st.subheader("What to book")
    st.caption("Choose a line to see why it is in the plan, and to decide about it.")
    place = layout.table(
        items,
        "items",
        lambda row: opened_item(
            plan.items[row], answered.catalogue.offer(plan.items[row].offer), plan, answered.analysis, language
        ),
        hidden=("Why",),
        config={"Closes": st.column_config.TextColumn(width="large")},
        **{"Hours each": "localized"},
    )
    explain(plan.items[place])
    with st.expander("Something is booked, or was cancelled? Plan again around it", icon=":material/event_busy:"):
        replanning.form(plan, titles)


def show_calendar(items: pd.DataFrame) -> None:
    """Show the plan along the calendar, by training and by role."""
    st.subheader("When")
    by_training, by_role = st.tabs(["By training", "Who is away, by role and week"])
    with by_training:
        st.altair_chart(charts.gantt(items), width="stretch")
        st.caption("Trainings along the calendar; the table above has the same dates.")
    with by_role:
        weeks = weeks_table(plan, company)
        if weeks.empty:
            st.markdown("No training has a date.")
            return
        st.altair_chart(charts.away(weeks), width="stretch")
        st.caption(charts.away_words(weeks))
        there = weeks_of(plan, company)
        layout.side_table(weeks, "weeks", lambda row: opened_week(there[row], language), **{"Hours each": "%.1f"})


def show_more() -> None:
    """Show what other budgets would close, and what a little more of each limit would."""
    found = state.frontier_now()
    # Budgets that do not even pay for what is booked have no plan, and no budget at all has one only without bookings.
    nothing = FrontierPoint(0.0, 0.0, 0.0, 0.0)
    shown = [nothing] if all(point.feasible for point in found) and not decisions.pinned() else []
    shown += [point for point in found if point.feasible]
    if limits.budget_eur is not None and not limits.budget_eur <= shown[-1].budget_eur:
        shown.append(FrontierPoint(limits.budget_eur, totals.coverage, totals.cost_eur_net, plan.solver.optimality_gap))
    points = pd.DataFrame(
        [(point.budget_eur, point.coverage, point.cost_eur_net, point.optimality_gap) for point in shown],
        columns=["Budget €", "Covered", "To pay €", "At most so far from the best"],
    )
    picture, numbers = st.columns([3, 2])
    picture.altair_chart(charts.frontier(points, limits.budget_eur, totals.coverage), width="stretch")
    with numbers:
        layout.side_table(
            points,
            "points",
            lambda row: opened_point(shown[row], found, answered.analysis, language),
            **{"At most so far from the best": "percent"},
        )
    if st.session_state.get(state.key("more")):
        show_marginals(state.more_now())
    elif st.button("What would €1,000 more bring, and one hour more for each person?"):
        st.session_state[state.key("more")] = True
        st.rerun()


def show_marginals(found: Sequence[Marginal]) -> None:
    """Say what a little more of each limit closes."""
    words = {
        "budget_eur": lambda more: f"{euros(more, language)} more",
        "hours_per_person": lambda more: f"{hours(more, language)} more for each person",
    }
    if not found:
        st.markdown("Neither money nor time is limited: more of them brings nothing.")
    for each in found:
        gain = number(each.gain * 100, language)
        st.markdown(
            f"- **{words[each.limit](each.more)}** would close **{gain} percentage points** more: "
            f"{number(each.coverage_now * 100, language)}% now, {number(each.coverage_then * 100, language)}% then "
            "(two plans, each the best that was found)."
        )
    if found:
        layout.opened(opened_marginals(found, limits, language))


try:
    answered = state.plan_now()
except InputError as error:
    # What hinders a plan is mostly a decision or a limit, so both must stay within reach.
    st.title("These wishes do not go together.")
    layout.show_problems(error)
    sliders()
    what_was_decided()
    st.stop()
plan, titles = answered.plan, tables.role_titles(company)
totals = plan.totals
budget_words = "no limit" if limits.budget_eur is None else f"of {euros(limits.budget_eur, language)}"

layout.answer(
    plan_sentence(plan, language),
    [
        ("Closed", percent(totals.coverage, language), "Share of all weighted gap that the plan closes."),
        ("To pay", euros(totals.cost_eur_net, language), f"After funding; budget: {budget_words}."),
        ("People trained", str(totals.people), "Each person is counted once."),
        ("Training time", hours(totals.hours, language), "Sum over all people."),
    ],
)
st.markdown(f"**How good is it?** {proof_sentence(plan)}")
layout.opened(plan_numbers(plan, language))
sliders()
replanning.comparison(plan, titles)
what_was_decided()
if plan.items:
    items = tables.items_table(plan, titles)
    show_bookings(items)
    show_calendar(items)

st.subheader("What more money would bring")
more = st.container()  # filled last: it takes longest, and nothing else waits for it

st.subheader("What stays open, and why")
still = tables.open_table(plan, titles)
if still.empty:
    st.success("Nothing: the plan closes everything that is missing.")
else:
    layout.side_table(still, "open", lambda row: opened_open(plan.open[row], plan, company))

st.subheader("What makes it cheaper, what to know, and another plan beside it")
counted = sum(scheme.rate is not None for scheme in state.choices().schemes)
with st.expander(f"Funding: fill in what schemes pay you ({counted} filled in)", icon=":material/savings:"):
    funding.editor()
if plan.notes:
    with st.expander(f"Good to know about this plan ({len(plan.notes)})"):
        for note in plan.notes:
            st.markdown(f"- {note}")
with st.expander("Compare with another plan", icon=":material/compare_arrows:"):
    replanning.choose_reference(plan)
with st.expander("For members of the Pact for Skills: what the yearly survey asks, and what this plan answers"):
    layout.side_table(
        survey_table(plan, company),
        "survey",
        lambda row: opened_survey(row, plan, company),
        config={"Source": st.column_config.LinkColumn()},
    )
    st.caption("The four principles of the charter that members sign")
    st.dataframe(charter_table(), hide_index=True, width="stretch")

st.subheader("Take it with you")
knowledge = state.knowledge()


def write_workbook(path: Path) -> None:
    """Write plan.xlsx."""
    write_plan_workbook(path, plan, company, answered.analysis, knowledge.taxonomy, knowledge.measures)


FILES = (
    ("Plan as a workbook (plan.xlsx)", "plan.xlsx", write_workbook),
    ("Plan for your calendar (plan.ics)", "plan.ics", lambda path: write_calendar(plan, path, titles, language)),
    ("Plan for other programs (plan.json)", "plan.json", lambda path: write_plan(plan, path)),
)
for column, (label, name, write) in zip(st.columns(len(FILES)), FILES, strict=True):
    kind = "primary" if name == "plan.xlsx" else "secondary"
    column.download_button(label, partial(layout.as_bytes, write), file_name=name, width="stretch", type=kind)
with st.expander("How do we know? What the plan was made from, and what was assumed"):
    st.dataframe(sources_table(plan), hide_index=True, width="stretch")
    st.markdown(
        f"Solver: {plan.solver.name}, {plan.solver.status}, {plan.solver.seconds:.2f} s. Coverage = sum over people "
        "and skills of (weight of the requirement × levels gained ÷ levels short), divided by the same if all closed."
    )
    gaps = {(gap.role, gap.skill): gap for gap in answered.analysis.gaps}
    if plan.gaps:
        layout.side_table(
            tables.gaps_table(plan, answered.analysis),
            "gaps",
            lambda row: opened_plan_gap(
                plan.gaps[row], gaps[plan.gaps[row].role, plan.gaps[row].skill], plan, answered.analysis, language
            ),
            Weight="percent",
        )

with more:
    show_more()
