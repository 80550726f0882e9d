"""What every page has: where one is, the sample mark, problems in plain words, the way on, the attribution."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app_pages import state
from skillmatch.errors import InputError
from skillmatch.report.numbers import HELP, WORDS, Opened, opened_table
from skillmatch.report.summary import SAMPLE_NOTE
from skillmatch.words import ATTRIBUTION

STYLE = """
<style>
.block-container { padding-top: 3.6rem; max-width: 1240px; }
[data-testid="stMetricValue"] { font-size: 1.7rem; }
[data-testid="stTable"] td [data-testid="stMarkdownContainer"] { max-width: none !important; }
h1 { font-size: 1.75rem !important; line-height: 1.3; padding-bottom: .2rem; }
:focus-visible { outline: 3px solid #B3541E !important; outline-offset: 2px; }
</style>
"""


def header() -> None:
    """Show whose plan this is, and that sample data are sample data."""
    st.html(STYLE)
    here = state.company()
    if st.session_state.get("draft-problem"):
        st.warning("The draft that this address names is of an older version and cannot be opened; open your workbook.")
    if here.sample:
        st.info(
            f"**{here.name}** · {SAMPLE_NOTE} Open your own workbook or start afresh on page 1.", icon=":material/info:"
        )
    else:
        st.caption(f"{here.name} · kept on this computer only")


def answer(sentence: str, figures: Sequence[tuple[str, str, str]]) -> None:
    """Open a page with the sentence that answers its question, and at most four figures (name, value, explanation)."""
    st.title(sentence)
    for column, (name, value, explanation) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(name, value, help=explanation, border=True)


@contextmanager
def problems_shown() -> Iterator[None]:
    """Show what is wrong in the user's input as a list with remedies, instead of a technical message."""
    try:
        yield
    except InputError as error:
        show_problems(error)


def show_problems(error: InputError) -> None:
    """List problems: where, what was found, what is allowed, what to do."""
    count = len(error.problems)
    st.error(
        f"{'One thing needs' if count == 1 else f'{count} things need'} mending before this can go on.",
        icon=":material/front_hand:",
    )
    st.dataframe(
        [
            {"Where": problem.where, "Found": problem.found, "Allowed": problem.allowed, "What to do": problem.remedy}
            for problem in error.problems
        ],
        hide_index=True,
        width="stretch",
    )


DATES = frozenset({"Starts", "Ends", "Started", "Week of"})
PERCENT = frozenset({"Probability", "Covered", "Share closed, first", "Share closed, second", "Part of the plan"})


def columns(frame: pd.DataFrame, **formats: str) -> dict[str, Any]:
    """Return how the columns of a table are shown, each with what its numbers are; `formats`: heading -> format."""
    config: dict[str, Any] = {}
    for name in map(str, frame.columns):
        said = HELP.get(name)
        shown = formats.get(name) or ("percent" if name in PERCENT else "localized" if "€" in name else None)
        if name in DATES:
            config[name] = st.column_config.DateColumn(format="localized", help=said)
        elif shown:
            config[name] = st.column_config.NumberColumn(format=shown, help=said)  # type: ignore[arg-type]
        elif said:
            config[name] = st.column_config.Column(help=said)
    return config


def opened(numbers: Sequence[Opened], of: str = "", expanded: bool = False) -> None:
    """Show how numbers came about; `of` says whose they are where there are several."""
    with st.expander("How do we know?", icon=":material/help:", expanded=expanded):
        if of:
            st.markdown(f"**{of}** – choose another row to open its numbers.")
        st.table(opened_table(numbers).set_index("Number"))  # a table of this kind breaks long sentences


def table(
    frame: pd.DataFrame,
    name: str,
    opens: Callable[[int], Sequence[Opened]],
    *,
    hidden: Sequence[str] = (),
    first: int = 0,
    expanded: bool = False,
    config: Mapping[str, Any] | None = None,
    **formats: str,
) -> int:
    """Show a table; below it, how the numbers in a row came about: in the one that is chosen, at first that at `first`.

    Parameters
    ----------
    name
        Tells the table from the others of its page.
    opens
        Place of a row -> how each number in it came about, under the heading of its column.
    hidden
        Columns that are not shown.
    first, expanded
        The row that is open until one is chosen, and whether its numbers are in sight then.
    config, formats
        How columns are shown: as Streamlit takes it, and heading -> format of its numbers.

    Returns
    -------
    place
        Of the row that is open.
    """
    shown = frame.drop(columns=list(hidden))
    event = st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        on_select="rerun",
        selection_mode="single-row",
        key=state.key(name),
        column_config={**columns(shown, **formats), **(config or {})},
    )
    rows = [row for row in (event.selection.rows if event else []) if row < len(frame)]
    place = rows[0] if rows else first
    words = [str(value) for heading, value in shown.iloc[place].items() if heading in WORDS and value]
    opened(opens(place), " · ".join(words[:2]), expanded=expanded or bool(rows))
    return place


side_table = st.fragment(table)
"""A `table` on which nothing else of the page depends, so that choosing a row does not run the page again."""


def as_bytes(write: Callable[[Path], object]) -> bytes:
    """Return what `write` puts into a file, for a download."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "download"
        write(path)
        return path.read_bytes()


def footer(pages: Sequence[StreamlitPage], current: StreamlitPage) -> None:
    """Show the way back and on, and the attribution that the classification asks for."""
    st.divider()
    place = next(number for number, page in enumerate(pages) if page.url_path == current.url_path)
    back, middle, on = st.columns([2, 5, 2], vertical_alignment="center")
    if place > 0:
        back.page_link(pages[place - 1], label=f"← {pages[place - 1].title}")
    middle.caption(f"{ATTRIBUTION} SkillMatch proposes; people decide. Nothing you enter leaves this computer.")
    if place + 1 < len(pages):
        on.page_link(pages[place + 1], label=f"**{pages[place + 1].title} →**")


def read_upload(uploader: str, problems: str, read: Callable[[Path], None]) -> None:
    """Give the file of an uploader to `read`, under its own name, or keep its problems for the page to show.

    `uploader` is the name of the widget, `problems` the place in the session; nothing of the file stays on the disk.
    """
    uploaded = st.session_state[state.key(uploader)]
    st.session_state.pop(problems, None)
    if uploaded is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(uploaded.name).name
        path.write_bytes(uploaded.getvalue())
        try:
            with st.spinner(f"Reading {path.name} …"):
                read(path)
        except InputError as error:
            st.session_state[problems] = error
