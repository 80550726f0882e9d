"""Page 1: who the company is, what it wants to change, and within which limits."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from app_pages import layout, state
from skillmatch.company.model import MODES, REACHES, Company, Constraints, Correction, Need, Role
from skillmatch.company.workbook import write_template, write_workbook
from skillmatch.flow import empty_company, new_id, sample_company
from skillmatch.report.format import euros, hours
from skillmatch.words import ECOSYSTEMS

PRIORITIES = {1: "useful", 2: "important", 3: "essential"}
LANGUAGES = ("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl",
             "pl", "pt", "ro", "sk", "sl", "sv")  # fmt: skip
MODE_WORDS = {
    "online": "online, with a trainer",
    "self-paced": "online, in one's own time",
    "on-site": "on site",
    "blended": "partly online",
}

company = state.company()
people = sum(role.people for role in company.roles)
limits = company.constraints
changes = len(company.needs)
budget_words = "no limit" if limits.budget_eur is None else euros(limits.budget_eur, company.language)
time_words = "no limit" if limits.hours_per_person is None else hours(limits.hours_per_person, company.language)
layout.answer(
    f"{company.name}: {people} people in {len(company.roles)} roles want to change "
    f"{changes} {'thing' if changes == 1 else 'things'}.",
    [
        ("People", f"{people:,}", "Sum of the head-counts of all roles."),
        ("Roles", str(len(company.roles)), "Jobs in the company; people with the same tasks share one."),
        ("Budget", budget_words, "What the plan may cost after funding."),
        ("Training time each", time_words, "At most this many hours for each person over the whole plan."),
    ],
)


def open_file() -> None:
    """Open the uploaded workbook, or keep its problems for the page to show."""
    layout.read_upload("upload", "upload-problems", state.open_workbook)


with st.expander("Open, save or start afresh", icon=":material/folder_open:"):
    left, right = st.columns(2, gap="large")
    left.file_uploader("Open a filled-in workbook", type=["xlsx"], key=state.key("upload"), on_change=open_file)
    with right:
        st.download_button(
            "Save this company as a workbook",
            data=lambda: layout.as_bytes(lambda path: write_workbook(state.company(), path)),
            file_name="company.xlsx",
            width="stretch",
            help="The file is yours; open it here again at any time. It holds your decisions too.",
        )
        st.download_button(
            "Empty workbook to fill in",
            data=lambda: layout.as_bytes(write_template),
            file_name="skillmatch-template.xlsx",
            width="stretch",
        )
        first, second = st.columns(2)
        if first.button("Start with an empty company", width="stretch"):
            state.replace_company(empty_company)
            st.rerun()
        if second.button("Load the sample company", width="stretch"):
            state.replace_company(sample_company)
            st.rerun()
        if st.button("Erase what this computer keeps of my entries", width="stretch"):
            state.forget()
            st.rerun()
    if "upload-problems" in st.session_state:
        layout.show_problems(st.session_state["upload-problems"])

st.subheader("What do you want to change?")
st.caption("In your own words, one change each. SkillMatch reads it as a measure of its library where one fits.")


def show_need(number: int, need: Need) -> Need | None:
    """Show one need for editing; return it as changed, None if the user removed it."""
    with st.container(border=True):
        words, rank, due, away = st.columns([6, 2, 2, 1], vertical_alignment="bottom")
        text = words.text_input(f"Change {number}", value=need.text, key=state.key(f"text-{need.id}"))
        priority = rank.selectbox(
            "How important?",
            list(PRIORITIES),
            index=need.priority - 1,
            format_func=PRIORITIES.__getitem__,
            key=state.key(f"priority-{need.id}"),
        )
        until = due.date_input("Needed by", value=need.due, min_value=limits.start, key=state.key(f"due-{need.id}"))
        if away.button("Remove", key=state.key(f"remove-{need.id}"), help=f"Remove change {number}"):
            return None
        changed = need.model_copy(update={"text": text, "priority": priority, "due": until})
        return show_reading(changed) if text.strip() else changed


def show_reading(need: Need) -> Need:
    """Show which measures the need is read as, and let the user strike one out or choose another."""
    knowledge = state.knowledge()
    titles = {measure.id: measure.words(company.language) for measure in knowledge.measures}
    readings = [reading for reading in state.analysis().measures if reading.need == need.id]
    adopted = [reading for reading in readings if reading.adopted]
    for reading in adopted:
        words, strike = st.columns([7, 2], vertical_alignment="center")
        sure = "your choice" if reading.chosen else f"fits {reading.score:.0%}"
        words.markdown(f"Read as **{titles[reading.measure]}** · {sure}")
        if strike.button("Not meant", key=state.key(f"strike-{need.id}-{reading.measure}"), width="stretch"):
            if reading.chosen:
                return need.model_copy(update={"measure": None})
            state.correct(Correction(kind="measure not meant", need=need.id, measure=reading.measure))
    if not adopted:
        st.markdown("No measure of the library fits well: only the skills that your words name are used.")
    others = [reading.measure for reading in readings if not reading.adopted]
    options = list(dict.fromkeys([*others, *sorted(titles, key=titles.__getitem__)]))
    fits = {reading.measure: reading.score for reading in readings}
    choice = st.selectbox(
        "Or is it this?",
        options,
        index=None,
        placeholder="Choose another measure" if adopted else "Choose a measure",
        format_func=lambda option: titles[option] + (f" · fits {fits[option]:.0%}" if option in fits else ""),
        key=state.key(f"measure-{need.id}-{'-'.join(reading.measure for reading in adopted)}"),
        label_visibility="collapsed",
    )
    return need if choice is None else need.model_copy(update={"measure": choice})


def edit_needs() -> tuple[Need, ...]:
    """Show all needs and a line to add one."""
    kept = [show_need(number, need) for number, need in enumerate(company.needs, 1)]
    needs = [need for need in kept if need is not None]
    with st.form(state.key("add-need"), clear_on_submit=True, border=False):
        words, button = st.columns([6, 2], vertical_alignment="bottom")
        text = words.text_input(
            "Add a change", placeholder="for example: We want to charge our vans with our own solar power"
        )
        if button.form_submit_button("Add", width="stretch") and text.strip():
            needs.append(Need(id=new_id(text, {need.id for need in needs}), text=text.strip()))
    return tuple(needs)


def edit_roles() -> tuple[Role, ...]:
    """Show the roles as a table to edit."""
    frame = pd.DataFrame(
        [(role.id, role.title, role.people, role.description) for role in company.roles],
        columns=["id", "Role", "People", "What they do"],
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        num_rows="dynamic",
        width="stretch",
        key=state.key("roles"),
        column_config={
            "id": None,
            "Role": st.column_config.TextColumn(required=True, width="medium"),
            "People": st.column_config.NumberColumn(
                min_value=1, max_value=100_000, step=1, default=1, required=True, width="small"
            ),
            "What they do": st.column_config.TextColumn(width="large"),
        },
    )
    before = {role.id: role for role in company.roles}
    roles: list[Role] = []
    for row in edited.to_dict("records"):
        title = str(row["Role"] or "").strip()
        if not title or pd.isna(row["People"]):
            continue
        given = (
            str(row["id"]) if isinstance(row["id"], str) else new_id(title, {role.id for role in roles} | set(before))
        )
        old = before.get(given, Role(id=given, title=title, people=1))
        words = row["What they do"] if isinstance(row["What they do"], str) else ""
        roles.append(old.model_copy(update={"title": title, "people": int(row["People"]), "description": words}))
    return tuple(roles)


def edit_limits() -> Constraints:
    """Show money, time and the kinds of training that suit."""
    money, time, begin, finish = st.columns(4)
    budget = money.number_input(
        "Budget in euros (empty: no limit)",
        min_value=0.0,
        value=limits.budget_eur,
        step=500.0,
        format="%.0f",
        key=state.key("budget"),
    )
    each = time.number_input(
        "Hours for each person (empty: no limit)",
        min_value=0.0,
        value=limits.hours_per_person,
        step=1.0,
        format="%.0f",
        key=state.key("hours"),
    )
    start = begin.date_input("Training may start", value=limits.start, key=state.key("start"))
    end = finish.date_input(
        "and must end by", value=max(limits.end, limits.start), min_value=start, key=state.key("end")
    )
    tongue, kind = st.columns(2)
    languages = tongue.multiselect(
        "Languages people can learn in (empty: any)",
        LANGUAGES,
        default=list(limits.languages),
        key=state.key("languages"),
    )
    modes = kind.multiselect(
        "Kinds of training that suit (empty: any)",
        MODES,
        default=list(limits.modes),
        format_func=MODE_WORDS.__getitem__,
        key=state.key("modes"),
    )
    return Constraints(
        budget_eur=budget,
        hours_per_person=each,
        start=start,
        end=end if isinstance(end, date) else limits.end,
        languages=tuple(languages),
        modes=tuple(modes),
        **edit_reach(),
    )


def edit_reach() -> dict[str, Any]:
    """Show how far people travel, and how many may be away at once."""
    travel, away, sectors = st.columns(3, vertical_alignment="bottom")
    reach = travel.selectbox(
        "How far do people travel to training?",
        list(REACHES),
        index=list(REACHES).index(limits.reach),
        format_func=REACHES.__getitem__,
        key=state.key("reach"),
    )
    share = away.number_input(
        "At most this % of a role away at once",
        min_value=1,
        max_value=100,
        value=None if limits.away_share is None else round(limits.away_share * 100),
        step=5,
        key=state.key("away"),
        help="Empty: no limit. Counts training on fixed dates. One person of a role may always be away.",
    )
    other = sectors.checkbox(
        "Training made for other sectors is welcome too", value=limits.other_sectors, key=state.key("other-sectors")
    )
    return {"reach": reach, "away_share": None if share is None else share / 100, "other_sectors": other}


def edit_occupations(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """Show which occupation each role was understood as, and let the user choose another."""
    taxonomy, links = state.knowledge().taxonomy, {link.role: link for link in state.analysis().links}
    every = {uri: taxonomy.label(uri, company.language) for uri in taxonomy.occupations.index}
    chosen: list[Role] = []
    for role in roles:
        link = links.get(role.id)
        if link is None:
            chosen.append(role)
            continue
        first = [uri for uri in (link.occupation, *(uri for uri, _ in link.alternatives)) if uri]
        options = list(dict.fromkeys([*first, *sorted(every, key=every.__getitem__)]))
        name, pick = st.columns([2, 5], vertical_alignment="center")
        name.markdown(f"**{role.title}** " + ("· your choice" if link.chosen else f"· fits {link.score:.0%}"))
        choice = pick.selectbox(
            f"Occupation of {role.title}",
            options,
            index=0,
            format_func=every.__getitem__,
            label_visibility="collapsed",
            key=state.key(f"occupation-{role.id}-{link.occupation}"),
        )
        chosen.append(role if choice == link.occupation else role.model_copy(update={"occupation": choice}))
    return tuple(chosen)


def edit_company() -> dict[str, object]:
    """Show name, country, region and ecosystem."""
    name, country, region, ecosystem = st.columns([3, 1, 2, 3])
    known = [None, *ECOSYSTEMS]
    return {
        "name": name.text_input("Name", value=company.name, key=state.key("name")).strip() or company.name,
        "country": country.text_input("Country", value=company.country, max_chars=2, key=state.key("country")).upper(),
        "region": region.text_input("Region", value=company.region, key=state.key("region")),
        "ecosystem": ecosystem.selectbox(
            "Industrial ecosystem",
            known,
            index=known.index(company.ecosystem),
            format_func=lambda value: "(not said)" if value is None else ECOSYSTEMS[value],
            key=state.key("ecosystem"),
        ),
    }


needs = edit_needs()
st.subheader("Who works in the company?")
st.caption(
    "Roles, not persons: jobs with the same tasks share a line. Click a cell to change it; the last line adds a role."
)
roles = edit_roles()
if roles and needs:
    with st.expander("How your roles were understood – correct what is wrong"):
        roles = edit_occupations(roles)
st.subheader("Within which limits?")
constraints = edit_limits()
with st.expander("About the company"):
    about = edit_company()

held = tuple(row for row in company.held if row.role is None or row.role in {role.id for role in roles})
changed = company.model_copy(update={"needs": needs, "roles": roles, "constraints": constraints, "held": held, **about})
if changed != state.company().model_copy(update={"corrections": company.corrections}):
    now: Company = state.company()
    state.keep(changed.model_copy(update={"corrections": now.corrections}))
    st.rerun()
