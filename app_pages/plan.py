"""Page 4: what to book, for whom, when and at what cost – and what stays open."""

from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from app_pages import charts, layout, state
from skillmatch.company.model import Correction
from skillmatch.planning.plan import write_plan
from skillmatch.report import tables
from skillmatch.report.calendar import write_calendar
from skillmatch.report.format import euros, hours, people, percent
from skillmatch.report.summary import plan_sentence, proof_sentence
from skillmatch.report.workbook import write_plan_workbook

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


answered = state.plan_now()
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
sliders()

if plan.items:
    items = tables.items_table(plan, titles)
    st.subheader("What to book")
    st.dataframe(
        items.drop(columns=["Why"]),
        hide_index=True,
        width="stretch",
        column_config={
            "Starts": st.column_config.DateColumn(format="localized"),
            "Ends": st.column_config.DateColumn(format="localized"),
            "Cost €": st.column_config.NumberColumn(format="localized"),
            "Funding €": st.column_config.NumberColumn(format="localized"),
            "To pay €": st.column_config.NumberColumn(format="localized"),
            "Hours each": st.column_config.NumberColumn(format="localized"),
            "Closes": st.column_config.TextColumn(width="large"),
        },
    )
    st.subheader("When")
    st.altair_chart(charts.gantt(items), width="stretch")
    st.caption("Trainings along the calendar; the table above has the same dates.")
    with st.expander("Why each training, and what you may decide about it"):
        for number, item in enumerate(plan.items):
            with st.container(border=True):
                st.markdown(f"**{item.title}** – {titles[item.role]}, {people(len(item.people))}")
                for reason in item.reasons:
                    st.markdown(f"- {reason}")
                never, always = st.columns(2)
                if never.button("Not suitable – plan without it", key=state.key(f"never-{number}"), width="stretch"):
                    state.correct(Correction(kind="offer excluded", offer=item.offer))
                    st.rerun()
                if always.button(
                    "Keep it in any case", key=state.key(f"pin-{number}"), disabled=item.pinned, width="stretch"
                ):
                    state.correct(
                        Correction(kind="offer pinned", offer=item.offer, role=item.role, people=len(item.people))
                    )
                    st.rerun()

st.subheader("What more money would bring")
points = pd.DataFrame(
    [(0.0, 0.0), *((point.budget_eur, point.coverage) for point in state.frontier_now())],
    columns=["Budget €", "Covered"],
)
if limits.budget_eur is not None and limits.budget_eur > points["Budget €"].max():
    points.loc[len(points)] = [limits.budget_eur, totals.coverage]
picture, numbers = st.columns([3, 1])
picture.altair_chart(charts.frontier(points, limits.budget_eur, totals.coverage), width="stretch")
numbers.dataframe(
    points,
    hide_index=True,
    column_config={
        "Budget €": st.column_config.NumberColumn(format="localized"),
        "Covered": st.column_config.NumberColumn(format="percent"),
    },
)

st.subheader("What stays open, and why")
still = tables.open_table(plan, titles)
if still.empty:
    st.success("Nothing: the plan closes everything that is missing.")
else:
    st.dataframe(still, hide_index=True, width="stretch")
if plan.notes:
    with st.expander(f"Funding worth asking about ({len(plan.notes)} kinds in your country and the EU)"):
        st.caption("None of it is counted in the plan: rates and caps are for you to fill in, in data/funding/.")
        for note in plan.notes:
            st.markdown(f"- {note}")

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
    st.dataframe([source.model_dump() for source in plan.sources], hide_index=True, width="stretch")
    st.markdown(
        f"Solver: {plan.solver.name}, {plan.solver.status}, {plan.solver.seconds:.2f} s. Coverage = sum over people "
        "and skills of (weight of the requirement × levels gained ÷ levels short), divided by the same if all closed."
    )
    st.dataframe(tables.gaps_table(plan, answered.analysis), hide_index=True, width="stretch")
