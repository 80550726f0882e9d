"""The user's decisions, wherever a page lists them to be taken back."""

from collections.abc import Sequence

import streamlit as st

from app_pages import state
from skillmatch.company.model import Correction
from skillmatch.report.tables import correction_words

OFFERS = ("offer pinned", "offer excluded")


def about_offers() -> tuple[Correction, ...]:
    """Return the decisions about trainings."""
    return tuple(each for each in state.company().corrections if each.kind in OFFERS)


def pinned() -> bool:
    """Tell whether anything is booked or pinned."""
    return any(each.kind == "offer pinned" for each in about_offers())


def listed(shown: Sequence[Correction]) -> None:
    """Show decisions, each with a button that takes it back."""
    company, taxonomy = state.company(), state.knowledge().taxonomy
    # Only decisions about trainings need the catalogue, which takes a moment to read.
    titles = (
        {offer.id: offer.title for offer in state.catalogue().offers}
        if any(each.kind in OFFERS for each in shown)
        else {}
    )
    for number, correction in enumerate(shown):
        words, undo = st.columns([6, 1], vertical_alignment="center")
        words.markdown(correction_words(correction, company, taxonomy, titles))
        if undo.button("Take back", key=state.key(f"undo-{number}")):
            state.take_back(correction)
            st.rerun()
