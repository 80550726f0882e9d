"""The three pictures of the app; each takes a table and returns a chart, and says in words what it shows."""

import altair as alt
import pandas as pd

TEAL = "#1F6F78"
INK = "#22313A"
LONG_LABELS = alt.Axis(labelLimit=430, labelOverlap=False)
CELL = "cell"
SEQUENTIAL = "teals"
"""A single-hue sequential scheme: readable for colour-blind people and in grey print."""


def heat_map(matrix: pd.DataFrame) -> alt.LayerChart:
    """Return people short by role (rows) and skill (columns, heaviest first), the number written in each cell.

    `matrix` is the long table of `skillmatch.report.tables.gap_matrix`. The head of a column carries the sign of its
    transition, so that colour is never the only carrier of meaning. The cell that is clicked is the selection
    `CELL`, with its ``Role`` and ``Skill``.
    """
    frame = matrix.assign(Head=matrix["Transition"].str[0] + " " + matrix["Skill"])
    heads = list(frame.groupby("Head")["Weight"].sum().sort_values(ascending=False, kind="stable").index)
    base = alt.Chart(frame).encode(
        x=alt.X(
            "Head:N",
            sort=heads,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-40, labelLimit=230, labelOverlap=False),
        ),
        y=alt.Y(
            "Role:N",
            sort=list(dict.fromkeys(frame["Role"])),
            title=None,
            axis=alt.Axis(labelLimit=200, labelOverlap=False),
        ),
        tooltip=["Role", "Skill", "Transition", "People short", "People who must have it", "Level needed"],
    )
    most = max(int(frame["People short"].max()), 1)
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color(
            "People short:Q",
            scale=alt.Scale(scheme=SEQUENTIAL, domain=[0, most]),
            legend=alt.Legend(title="People short", orient="bottom", direction="horizontal", tickMinStep=1),
        )
    )
    dark = alt.datum["People short"] > most * 0.55
    numbers = base.mark_text(fontSize=14, fontWeight="bold").encode(
        text="People short:Q", color=alt.condition(dark, alt.value("white"), alt.value(INK))
    )
    rows = frame["Role"].nunique()
    chosen = cells.add_params(alt.selection_point(name=CELL, fields=["Role", "Skill"], toggle=False))
    return (chosen + numbers).properties(height=36 * rows + 230).configure_view(strokeWidth=0)


def heat_map_words(matrix: pd.DataFrame) -> str:
    """Say what the heat map shows, for those who do not see it."""
    worst = matrix.sort_values(["People short", "Role", "Skill"], ascending=[False, True, True]).iloc[0]
    return (
        f"Heat map of {matrix['Role'].nunique()} roles by {matrix['Skill'].nunique()} skills. The darkest cell is "
        f"{worst['Role']}, {worst['Skill']}: {worst['People short']} people short. The table below has every number."
    )


def frontier(points: pd.DataFrame, budget: float | None, coverage: float) -> alt.LayerChart:
    """Return coverage by budget, with the present plan as a point.

    `points` has the columns ``Budget €`` and ``Covered`` (a share in [0, 1]).
    """
    x = alt.X("Budget €:Q", title="Budget in euros", axis=alt.Axis(format=",.0f", grid=False))
    y = alt.Y(
        "Covered:Q",
        title="Share of what is missing that is closed",
        axis=alt.Axis(format="%"),
        scale=alt.Scale(domain=[0, 1]),
    )
    tips = [alt.Tooltip("Budget €:Q", format=",.0f"), alt.Tooltip("Covered:Q", format=".0%")]
    line = (
        alt.Chart(points)
        .mark_line(color=TEAL, point=alt.OverlayMarkDef(color=TEAL, size=45))
        .encode(x, y, tooltip=tips)
    )
    if budget is None:
        return alt.layer(line).properties(height=280)
    now = pd.DataFrame({"Budget €": [budget], "Covered": [coverage], "Here": ["your plan"]})
    here = alt.Chart(now).mark_point(color="#B3541E", filled=True, size=170, shape="diamond").encode(x, y, tooltip=tips)
    label = (
        alt.Chart(now).mark_text(dy=-16, fontSize=13, fontWeight="bold", color="#B3541E").encode(x, y, text="Here:N")
    )
    return (line + here + label).properties(height=280)


def gantt(items: pd.DataFrame) -> alt.LayerChart:
    """Return the plan along the calendar.

    `items` has the columns ``Training``, ``For``, ``Starts``, ``Ends``, ``Hours each``, ``People``; trainings without a
    date are left out here and stand in the table.
    """
    frame = items.assign(
        Line=items["Training"].str.slice(0, 60) + " · " + items["For"],
        Ends=pd.to_datetime(items["Ends"]) + pd.Timedelta(days=1),
        Starts=pd.to_datetime(items["Starts"]),
    )
    base = alt.Chart(frame).encode(
        y=alt.Y(
            "Line:N",
            sort=list(dict.fromkeys(frame.sort_values("Starts")["Line"])),
            title=None,
            axis=alt.Axis(labelLimit=430, labelOverlap=False),
        ),
        x=alt.X("Starts:T", title=None, axis=alt.Axis(format="%b %Y", orient="top", tickCount="month")),
        tooltip=["Training", "For", "People", "Hours each", alt.Tooltip("Starts:T"), alt.Tooltip("Ends:T")],
    )
    bars = base.mark_bar(color=TEAL, cornerRadius=3, height=16).encode(x2="Ends:T")
    starts = base.mark_point(color=TEAL, filled=True, size=60, shape="triangle-right")
    return (bars + starts).properties(height=30 * frame["Line"].nunique() + 40)


def away(weeks: pd.DataFrame) -> alt.LayerChart:
    """Return people in training by role (rows) and week (columns), the number written in each cell.

    `weeks` is the table of `skillmatch.report.away.weeks_table`.
    """
    frame = weeks.assign(Monday=pd.to_datetime(weeks["Week of"]).dt.strftime("%d %b %y"))
    mondays = list(dict.fromkeys(frame.sort_values("Week of")["Monday"]))
    base = alt.Chart(frame.drop(columns=["Week of"])).encode(
        x=alt.X("Monday:N", sort=mondays, title=None, axis=alt.Axis(orient="top", labelAngle=-40, labelOverlap=False)),
        y=alt.Y("Role:N", sort=list(dict.fromkeys(frame["Role"])), title=None, axis=LONG_LABELS),
        tooltip=["Role", "Monday", "People in training", "Of the role", "At fixed times", "Hours each", "Trainings"],
    )
    share = alt.datum["At fixed times"] / alt.datum["Of the role"]
    cells = base.transform_calculate(Share=share).mark_rect(stroke="white", strokeWidth=2)
    colour = alt.Color(
        "Share:Q",
        scale=alt.Scale(scheme=SEQUENTIAL, domain=[0, 1]),
        legend=alt.Legend(title="Share of the role away at fixed times", titleLimit=400, orient="bottom", format="%"),
    )
    numbers = (
        base.transform_calculate(Share=share)
        .mark_text(fontSize=14, fontWeight="bold")
        .encode(
            text="People in training:Q",
            color=alt.condition(alt.datum["Share"] > 0.55, alt.value("white"), alt.value(INK)),
        )
    )
    return (cells.encode(color=colour) + numbers).properties(height=36 * frame["Role"].nunique() + 130)


def away_words(weeks: pd.DataFrame) -> str:
    """Say what the picture of `away` shows, for those who do not see it."""
    worst = weeks.sort_values(["At fixed times", "People in training"], ascending=False, kind="stable").iloc[0]
    return (
        f"People in training in {weeks['Week of'].nunique()} weeks. Most are away in the week of "
        f"{worst['Week of']:%d %b %Y}: {worst['At fixed times']} of {worst['Of the role']} people of "
        f"{worst['Role']} at fixed times. The table below has every week."
    )


def score_parts(frame: pd.DataFrame) -> alt.Chart:
    """Return the scores of recommendations as bars made of their parts.

    `frame` is the table of `skillmatch.report.tables.recommendations_table`.
    """
    names = [name for name in frame.columns if name.startswith("+ ")]
    rows = frame.assign(Line=frame["Training"].str.slice(0, 55) + " · " + frame["For"])
    long = rows.melt(id_vars=["Line", "Score"], value_vars=names, var_name="Part", value_name="Adds")
    return (
        alt.Chart(long.assign(Part=long["Part"].str[2:], Order=long["Part"].map(names.index)))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=alt.Y("Line:N", sort=list(dict.fromkeys(rows["Line"])), title=None, axis=LONG_LABELS),
            x=alt.X("Adds:Q", title="Score (0 to 1)", stack=True, scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("Part:N", sort=[name[2:] for name in names], scale=alt.Scale(scheme="viridis"), title=None,
                            legend=alt.Legend(orient="bottom")),
            order=alt.Order("Order:Q"),
            tooltip=["Line", "Part", alt.Tooltip("Adds:Q", format=".2f"), alt.Tooltip("Score:Q", format=".2f")],
        )
        .properties(height=30 * len(frame) + 90)
    )  # fmt: skip
