"""Page 3: which trainings on offer close the gaps, and why they rank as they do."""

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from app_pages import charts, layout, state
from skillmatch.company.model import Correction
from skillmatch.errors import InputError
from skillmatch.offers.model import Offer
from skillmatch.planning.recommend import Recommendation
from skillmatch.report.format import day, euros, hours
from skillmatch.report.tables import recommendations_table, role_titles

SHOWN = 12  # recommendations listed at first; the rest is one click away

company, language = state.company(), state.company().language
answered = state.plan_now()


def first_runs(found: Iterable[Recommendation]) -> list[Recommendation]:
    """Keep the best run of each course for each role: the one in the plan, else the first."""
    runs: dict[tuple[str, str], Recommendation] = {}
    for each in found:
        place = (answered.catalogue.offer(each.offer).course, each.role)
        if place not in runs or (each.offer, each.role) in planned:
            runs[place] = each
    return list(runs.values())


planned = {(item.offer, item.role) for item in answered.plan.items}
catalogue, taxonomy, titles = answered.catalogue, state.knowledge().taxonomy, role_titles(company)
usable = first_runs(each for each in answered.recommendations if not each.excluded)
barred = [each for each in answered.recommendations if each.excluded]
offers = {catalogue.offer(each.offer).course for each in usable}
refused = {catalogue.offer(each.offer).course for each in barred}
taught = {skill for each in usable for skill, _, _ in each.closes}
short = {gap.skill for gap in answered.analysis.gaps if gap.people_short}

layout.answer(
    f"{len(offers)} trainings that you can book close something; together they teach {len(taught & short)} of the "
    f"{len(short)} skills that are missing.",
    [
        ("On offer", f"{len(catalogue.offers):,}", "Runs in the catalogue; a course may have several runs."),
        ("Useful and bookable", str(len(offers)), "They close a gap and keep to your dates, languages and budget."),
        ("Useful, not bookable", str(len(refused - offers)), "Listed below with the reason."),
        ("Skills nobody teaches", str(len(short - {s for each in answered.recommendations for s, _, _ in each.closes})),
         "Missing skills for which the catalogue has no training at all."),
    ],
)  # fmt: skip


def open_catalogue() -> None:
    """Take the uploaded catalogues, or keep their problems for the page to show."""
    st.session_state.pop("catalogue-problems", None)
    uploaded = st.session_state[state.key("catalogue")] or ()
    try:
        with st.spinner("Reading the catalogue …"):
            state.keep_catalogue([(file.name, file.getvalue()) for file in uploaded])
    except InputError as error:
        st.session_state["catalogue-problems"] = error


with st.expander("Use another catalogue of trainings", icon=":material/folder_open:"):
    st.caption(
        "CSV or XLSX; the columns are described in the documentation (docs/offers.md). Without one, the sample is used."
    )
    st.file_uploader(
        "Catalogue",
        type=["csv", "xlsx"],
        accept_multiple_files=True,
        key=state.key("catalogue"),
        on_change=open_catalogue,
    )
    if own := state.own_catalogues():
        st.markdown(f"In use: {', '.join(own)}")
        if st.button("Use the sample catalogue again"):
            state.keep_catalogue(())
            st.rerun()
    if "catalogue-problems" in st.session_state:
        layout.show_problems(st.session_state["catalogue-problems"])

if not usable:
    st.info(
        "No training on offer fits your limits and closes something. The list below says why; page 1 has the limits."
    )

role = st.selectbox(
    "For which role?",
    [None, *dict.fromkeys(each.role for each in usable)],
    format_func=lambda value: "All roles" if value is None else titles[value],
    key=state.key("offer-role"),
)
listed = [each for each in usable if role in (None, each.role)]
if listed:
    st.subheader("Best first: what each part adds to the score")
    st.altair_chart(charts.score_parts(recommendations_table(listed[:SHOWN], catalogue, titles)), width="stretch")
    st.caption("A score is the sum of the parts shown; the same numbers stand in each card and in the table below.")


def describe(offer: Offer) -> str:
    """Say when, how and at what price, in one line."""
    price = (
        "price unknown" if offer.price_eur is None else f"{euros(offer.price_eur, language)} per {offer.price_basis}"
    )
    parts = [
        offer.provider,
        day(offer.start, language),
        hours(offer.hours, language),
        offer.mode,
        offer.language,
        price,
    ]
    return " · ".join([*parts, *(["sample data"] if offer.sample else [])])


def card(each: Recommendation, number: int) -> None:
    """Show one recommendation with its reasons and the user's choices."""
    offer = catalogue.offer(each.offer)
    with st.container(border=True):
        words, mark = st.columns([5, 1])
        words.markdown(f"**{offer.title}** – for {each.people} × {titles[each.role]}")
        words.caption(describe(offer))
        mark.metric("Score", f"{each.score:.2f}", label_visibility="collapsed", help="Sum of the parts, from 0 to 1")
        closes = ", ".join(f"{taxonomy.label(skill, language)} ({count})" for skill, count, _ in each.closes)
        st.markdown(f"Closes: {closes}" + ("  \n✔ in your plan" if (each.offer, each.role) in planned else ""))
        with st.expander("Why this score?"):
            for part, reason in zip(each.parts, each.why(), strict=False):
                st.markdown(f"- **{part.share:.2f}** = {part.value:.2f} × {part.weight:.2f} ({part.name}): {reason}")
            if offer.description:
                st.caption(offer.description)
            for skill in catalogue.skills_of(offer.id):
                source = "stated by the provider" if skill.source == "stated" else f"read in “{skill.evidence}”"
                levels = f"level {skill.level_from} to {skill.level_to}"
                st.markdown(f"- teaches {taxonomy.label(skill.skill, language)}, {levels} ({source})")
            never, always = st.columns(2)
            place = f"{number}-{each.offer}-{each.role}"
            if never.button("Not suitable – never plan it", key=state.key(f"exclude-{place}"), width="stretch"):
                state.correct(Correction(kind="offer excluded", offer=each.offer))
                st.rerun()
            if always.button("Plan it in any case", key=state.key(f"pin-{place}"), width="stretch"):
                state.correct(Correction(kind="offer pinned", offer=each.offer, role=each.role, people=each.people))
                st.rerun()


everything = st.toggle(f"Show all {len(listed)}", key=state.key("offers-all")) if len(listed) > SHOWN else True
for number, each in enumerate(listed if everything else listed[:SHOWN]):
    card(each, number)
if listed:
    with st.expander("All of these as a table"):
        st.dataframe(recommendations_table(listed, catalogue, titles), hide_index=True, width="stretch")

if barred:
    with st.expander(f"Useful, but not bookable for you ({len(barred)})"):
        st.dataframe(
            pd.DataFrame(
                [(catalogue.offer(each.offer).title, titles[each.role], " ".join(each.why_not())) for each in barred],
                columns=["Training", "For", "Why not"],
            ),
            hide_index=True,
            width="stretch",
        )
