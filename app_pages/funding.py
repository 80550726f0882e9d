"""Part of page 4: what funding schemes pay, filled in by the user and taken off the prices."""

from functools import partial
from pathlib import Path

import streamlit as st

from app_pages import layout, state
from skillmatch.choices import known_schemes
from skillmatch.errors import InputError
from skillmatch.offers.funding import read_funding, write_funding
from skillmatch.report.funding_table import FOR, funding_table, read_funding_table

WORDS = {
    "Pays %": "Share of the price that the scheme pays. Ask the scheme: it changes with year, region and size.",
    "At most €": "The most it pays to your company over the whole plan.",
    "Pays for": "Training that serves both transitions counts as digital and as green.",
    "Up to people": "The largest company that may use it; empty: any size.",
}


def editor() -> None:
    """Show the schemes of the company's country and of the EU as a table to fill in."""
    company, choices = state.company(), state.choices()
    schemes = known_schemes(company, choices.schemes)
    st.caption(
        "Amounts are empty because they change with year, region and size: ask the scheme, then fill in what it pays "
        "you. A scheme without amounts is never counted. The last line adds a scheme of your own."
    )
    mark = f"{hash(choices.schemes):x}"  # another set of schemes starts the table afresh
    with st.form(state.key(f"funding-{mark}"), border=False):
        edited = st.data_editor(
            funding_table(schemes),
            hide_index=True,
            num_rows="dynamic",
            width="stretch",
            key=state.key(f"funding-table-{mark}"),
            column_config={
                "id": None,
                "Scheme": st.column_config.TextColumn(required=True, width="medium"),
                "Pays %": st.column_config.NumberColumn(step=1, format="localized", help=WORDS["Pays %"]),
                "At most €": st.column_config.NumberColumn(step=100, format="localized", help=WORDS["At most €"]),
                "No upper limit": st.column_config.CheckboxColumn(default=False),
                "Pays for": st.column_config.SelectboxColumn(
                    options=list(FOR), default="all training", help=WORDS["Pays for"]
                ),
                "Up to people": st.column_config.NumberColumn(step=1, help=WORDS["Up to people"]),
                "How it works": st.column_config.TextColumn(width="large"),
                "Ask here": st.column_config.LinkColumn(),
            },
        )
        if st.form_submit_button("Take this off the prices", type="primary"):
            try:
                own = read_funding_table(edited, known_schemes(company))
            except InputError as error:
                layout.show_problems(error)
            else:
                state.keep_choices(choices.model_copy(update={"schemes": own}))
                st.rerun()
    _files()


def _files() -> None:
    """Let the user save the schemes and open them again; the command line reads the same file (--funding)."""
    choices = state.choices()
    left, right = st.columns(2, gap="large", vertical_alignment="center")
    left.download_button(
        "Save my funding (funding.toml)",
        partial(layout.as_bytes, partial(write_funding, choices.schemes)),
        file_name="funding.toml",
        disabled=not choices.schemes,
        width="stretch",
        help="Only what you filled in or added. The command line reads it with --funding.",
    )
    right.file_uploader("Open funding.toml", type=["toml"], key=state.key("funding-file"), on_change=_open)
    if "funding-problems" in st.session_state:
        layout.show_problems(st.session_state["funding-problems"])


def _open() -> None:
    """Take the uploaded schemes, or keep their problems for the page to show."""
    layout.read_upload("funding-file", "funding-problems", _keep)


def _keep(path: Path) -> None:
    state.keep_choices(state.choices().model_copy(update={"schemes": read_funding(path)}))
