"""Page 2: which skills the changes call for, and which roles are short of them."""

import streamlit as st

from app_pages import charts, decisions, layout, state
from skillmatch.company.model import Correction, Held
from skillmatch.gap.gap import skills_that_matter
from skillmatch.gap.model import Gap
from skillmatch.gap.risk import view_risks
from skillmatch.report import tables
from skillmatch.report.format import percent
from skillmatch.report.numbers import gap_numbers
from skillmatch.report.opened_gaps import opened_ending, opened_evidence, opened_gap, opened_risk, opened_thread
from skillmatch.report.reasons import brief
from skillmatch.report.summary import missing_sentence
from skillmatch.words import LEVELS

SHOWN = 10  # skills that the picture shows at first: the ten that matter

company, analysis, knowledge = state.company(), state.analysis(), state.knowledge()
taxonomy, language = knowledge.taxonomy, company.language
short = [gap for gap in analysis.gaps if gap.people_short]
ranking = skills_that_matter(analysis, n=max(len({gap.skill for gap in short}), 1))
people = sum(role.people for role in company.roles)

layout.answer(
    missing_sentence(company, analysis),
    [
        (
            "Skills missing",
            str(len({gap.skill for gap in short})),
            "Different skills that at least one role is short of.",
        ),
        (
            "Roles concerned",
            f"{len({gap.role for gap in short})} of {len(company.roles)}",
            "Roles with at least one gap.",
        ),
        (
            "Carried by the first ten",
            percent(sum(skill.share for skill in ranking[:SHOWN]), language),
            "Share of all weighted gap (weight of the skill × people short) that the ten heaviest skills make up.",
        ),
        (
            "Serving both transitions",
            str(len({gap.skill for gap in short if gap.requirement.transition == "twin"})),
            "Skills that are digital and green at once (◆ twin), as ESCO or SkillMatch says; the reasons tell which.",
        ),
    ],
)
layout.opened(gap_numbers(company, analysis, ranking, taxonomy, SHOWN))
if not short:
    st.success("Nothing to train for these needs. Add a need on page 1, or go on to see what else is on offer.")
    st.stop()

wanted = st.segmented_control(
    "Skills shown", ["The ten that matter", "All"], default="The ten that matter", key=state.key("skills-shown")
)
chosen = [skill.skill for skill in (ranking if wanted == "All" else ranking[:SHOWN])]
matrix = tables.gap_matrix(analysis, taxonomy, company, chosen)
st.subheader("People short, by role and skill")
st.caption(
    "▣ digital · ♣ green · ◆ both at once · – neither. The number is how many people must still learn it; "
    "click on it to see below how we know."
)
click = st.altair_chart(
    charts.heat_map(matrix), width="stretch", on_select="rerun", key=state.key(f"heat-map-{wanted}")
)
st.caption(charts.heat_map_words(matrix))

st.subheader("The same as a table – choose a row to see why and to correct it")
gaps = {(gap.role, gap.skill): gap for gap in analysis.gaps}
roles = {role.id: role for role in company.roles}
shown = [gaps[role, skill] for role, skill in zip(matrix["role"], matrix["skill"], strict=True)]
cells = click.selection.get(charts.CELL) if click else None
cell = (cells[0]["Role"], cells[0]["Skill"]) if cells else None
lines = list(zip(matrix["Role"], matrix["Skill"], strict=True))
clicked = lines.index(cell) if cell in lines else None
place = layout.table(
    matrix,
    f"gap-table-{wanted}-{clicked}",  # another cell that is clicked takes the place of the row that was chosen
    lambda row: opened_gap(shown[row], roles[shown[row].role], language),
    hidden=("role", "skill"),
    first=int(matrix["Weight"].to_numpy().argmax()) if clicked is None else clicked,
    expanded=clicked is not None,
    Weight="%.2f",
)


def explain(gap: Gap) -> None:
    """Open one cell: its reasons, and what the user may decide about it."""
    label = taxonomy.label(gap.skill, language)
    role = next(role for role in company.roles if role.id == gap.role)
    required = gap.requirement
    with st.container(border=True):
        st.markdown(f"#### {role.title}: {label}")
        st.markdown(
            f"{required.people} of {role.people} must reach level {required.level} ({LEVELS[required.level]}); "
            f"**{gap.people_short} are short**."
        )
        description = taxonomy.skill(gap.skill, language).description
        if description:
            st.caption(description)
        for sentence in brief((*required.reasons, *gap.reasons)):
            st.markdown(f"- {sentence}")
        first, second, third = st.columns(3)
        if first.button("This role does not need it", key=state.key(f"not-{gap.role}-{gap.skill}"), width="stretch"):
            state.correct(Correction(kind="not required", role=gap.role, skill=gap.skill))
            st.rerun()
        if second.button("They can do it already", key=state.key(f"held-{gap.role}-{gap.skill}"), width="stretch"):
            held = Held(role=gap.role, skill=gap.skill, level=required.level, evidence="confirmed")
            state.keep(company.model_copy(update={"held": (*company.held, held)}))
            st.rerun()
        needed = third.number_input(
            "People who must have it",
            min_value=0,
            max_value=role.people,
            value=required.people,
            key=state.key(f"people-{gap.role}-{gap.skill}"),
        )
        if needed != required.people:
            state.correct(
                Correction(kind="required", role=gap.role, skill=gap.skill, level=required.level, people=int(needed))
            )
            st.rerun()


explain(shown[place])

view = view_risks(company, analysis, knowledge)
st.subheader("What hangs by a thread")
thread = len(view.one_person)
st.markdown(
    f"{len(view.nobody)} skills that you want are held by nobody, {thread} by one person only; "
    f"evidence of {len(view.ending)} ends within 180 days of the plan's start or has ended."
)
threatened = [*view.one_person, *view.nobody]
named = {each.skill: taxonomy.label(each.skill, language) for each in (*threatened, *view.ending)}
layout.opened(opened_thread(view, named))
with st.expander("Skills of nobody or of one person, and evidence that ends"):
    titles = tables.role_titles(company)
    if threatened:
        layout.side_table(
            tables.risks_table(threatened, taxonomy, language),
            "risks",
            lambda row: opened_risk(threatened[row], analysis, titles, language),
        )
    if view.ending:
        layout.side_table(
            tables.ending_table(view, titles, taxonomy, language),
            "ending",
            lambda row: opened_ending(view.ending[row], company.constraints.start, language),
        )

with st.expander("Where do these skills come from? Your words, and the measures they were read as"):
    layout.side_table(
        tables.evidence_table(company, analysis, taxonomy, knowledge.measures),
        "evidence",
        lambda row: opened_evidence(analysis.need_skills[row], language),
        Weight="%.2f",
    )
    for need, words in analysis.unmatched:
        st.markdown(f"- Not understood in need *{need}*: “{words}”")

if company.corrections:
    with st.expander(f"Your decisions ({len(company.corrections)}), kept on every run"):
        decisions.listed(company.corrections)
