"""Parts of page 4: planning again when something was booked or cancelled, and what that changed."""

from collections import Counter
from collections.abc import Mapping
from functools import partial

import streamlit as st

from app_pages import layout, state
from skillmatch.errors import InputError
from skillmatch.planning.model import Plan, PlanItem
from skillmatch.planning.plan import read_plan
from skillmatch.replan import bookings, rebook
from skillmatch.report.compare import (
    changes_table,
    compare,
    comparison_sentence,
    figures,
    figures_table,
    gap_changes_table,
)
from skillmatch.report.comparison_workbook import write_comparison_workbook
from skillmatch.report.format import day, people
from skillmatch.report.opened_changes import opened_change, opened_figure, opened_gap_change


def form(plan: Plan, titles: Mapping[str, str]) -> None:
    """Let the user say what is booked and what was cancelled, and plan again around it."""
    language = state.company().language
    lines = {(item.offer, item.role): item for item in plan.items}
    runs = {item.offer: item for item in plan.items}
    seats = Counter(item.offer for item in plan.items for _ in item.people)
    # Another plan has other lines: its widgets must not remember choices about lines that are gone.
    mark = f"{hash((*bookings(plan), *(item.pinned for item in plan.items))):x}"
    with st.form(state.key(f"replan-{mark}")):
        cancelled = st.multiselect(
            "What was cancelled?",
            list(runs),
            format_func=lambda offer: _when(runs[offer], seats[offer], language),
            placeholder="Choose trainings that do not take place",
            select_all=False,  # all of them at once is hardly ever meant, and would be one click away
            key=state.key(f"cancelled-{mark}"),
        )
        booked = st.multiselect(
            "What is booked already and must stay?",
            list(lines),
            default=[name for name, item in lines.items() if item.pinned],
            format_func=lambda name: f"{_when(lines[name], len(lines[name].people), language)} · {titles[name[1]]}",
            placeholder="Choose bookings",
            key=state.key(f"booked-{mark}"),
        )
        everything = st.checkbox("All the others are booked, too", key=state.key(f"all-booked-{mark}"))
        if st.form_submit_button("Plan again around this", type="primary"):
            # What was booked and is cancelled now stands in both lists; the news is that it was cancelled.
            stays = [name for name in (lines if everything else booked) if name[0] not in cancelled]
            try:
                changed = rebook(state.company(), plan, stays, cancelled)
            except InputError as error:
                layout.show_problems(error)
                return
            state.compare_with(plan)
            state.keep(changed)
            st.rerun()


def _when(item: PlanItem, seats: int, language: str) -> str:
    return f"{item.title} · {day(item.start, language)} · {people(seats)}"


def comparison(plan: Plan, titles: Mapping[str, str]) -> None:
    """Show what differs from the plan that the user compares with, if there is one."""
    earlier = state.reference()
    if earlier is None:
        return
    language = state.company().language
    found = compare(earlier, plan, language)
    with st.container(border=True):
        st.subheader("What changed")
        st.markdown(comparison_sentence(found, language))
        if earlier.company != plan.company:
            st.warning(f"The other plan is of another company: {earlier.company}.")
        changes = changes_table(found, titles)
        changes = changes[changes["What"] != "same"]
        if len(changes):
            layout.side_table(
                changes[["What", "Training", "For", "Details"]],
                "changes",
                lambda row: opened_change(found.changes[row], language),
            )
        with st.expander("Totals of both plans, and gaps that only one of them closes"):
            totals = figures(found, language)
            layout.side_table(
                figures_table(found, language),
                "totals",
                lambda row: opened_figure(totals[row], earlier, plan, language),
            )
            if found.gaps:
                layout.side_table(
                    gap_changes_table(found).drop(columns=["Weight"]),
                    "gap-changes",
                    lambda row: opened_gap_change(found.gaps[row], earlier, plan, language),
                )
            else:
                st.markdown("Both plans close the same part of every gap.")
        left, right = st.columns(2)
        write = partial(write_comparison_workbook, comparison=found, language=language)
        left.download_button(
            "These changes as a workbook", partial(layout.as_bytes, write), file_name="changes.xlsx", width="stretch"
        )
        if right.button("Stop comparing", width="stretch"):
            state.compare_with(None)
            st.rerun()


def choose_reference(plan: Plan) -> None:
    """Let the user compare with the plan as it is now, or with one from a file."""
    left, right = st.columns(2, gap="large", vertical_alignment="center")
    left.markdown("Remember the plan as it is now; whatever you change after that is shown beside it.")
    if left.button("Compare with the present plan from here on", width="stretch"):
        state.compare_with(plan)
        st.rerun()
    right.file_uploader("Or open an earlier plan.json", type=["json"], key=state.key("earlier"), on_change=_open_plan)
    if "plan-problems" in st.session_state:
        layout.show_problems(st.session_state["plan-problems"])


def _open_plan() -> None:
    """Take the uploaded plan to compare with, or keep its problems for the page to show."""
    layout.read_upload("earlier", "plan-problems", lambda path: state.compare_with(read_plan(path)))
