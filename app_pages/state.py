"""What the pages share: the user's company, kept across reloads on this computer, and the costly things loaded once."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from skillmatch.company.model import Company, Correction
from skillmatch.company.workbook import read_workbook
from skillmatch.files import replace_file
from skillmatch.flow import Answer, answer, load_catalogue, sample_company
from skillmatch.gap.gap import analyse
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import GapAnalysis
from skillmatch.offers.catalogue import Catalogue
from skillmatch.planning.frontier import FrontierPoint, frontier
from skillmatch.resources import home

DRAFT = "draft"
"""Name of the address parameter that tells which draft a reloaded page goes on with."""


def restore() -> None:
    """Take up the draft that the address names, else start with the sample company."""
    if "company" in st.session_state:
        return
    token = st.query_params.get(DRAFT, "")
    path = _draft_path(token)
    if path and path.is_file():
        st.session_state["company"] = Company.model_validate_json(path.read_text("utf-8"))
        st.session_state["token"] = token
    else:
        st.session_state["company"] = sample_company()
        st.session_state["token"] = secrets.token_urlsafe(9)


def company() -> Company:
    """Return the company as it stands now."""
    given: Company = st.session_state["company"]
    return given


def keep(changed: Company) -> None:
    """Take `changed` as the company from now on, and keep it on this computer so that a reload finds it again."""
    st.session_state["company"] = changed
    token = st.session_state["token"]
    path = _draft_path(token)
    if path:
        replace_file(path, changed.model_dump_json(indent=1).encode())
    st.query_params[DRAFT] = token


def forget() -> None:
    """Delete the draft from this computer and start again with the sample company."""
    path = _draft_path(st.session_state["token"])
    if path:
        path.unlink(missing_ok=True)
    for key in list(st.session_state):
        del st.session_state[key]
    st.query_params.clear()
    restore()


def _draft_path(token: str) -> Path | None:
    safe = token.replace("-", "").replace("_", "").isalnum()
    return home() / "drafts" / f"{token}.json" if safe and len(token) <= 32 else None


def correct(correction: Correction) -> None:
    """Add a decision of the user; the same decision is kept once."""
    here = company()
    if correction not in here.corrections:
        keep(here.model_copy(update={"corrections": (*here.corrections, correction)}))


def take_back(correction: Correction) -> None:
    """Take a decision of the user back."""
    here = company()
    keep(here.model_copy(update={"corrections": tuple(other for other in here.corrections if other != correction)}))


def replace_company(source: Callable[[], Company]) -> None:
    """Put another company in place of the present one, and let every widget start from it."""
    st.session_state["company"] = source()
    st.session_state["version"] = st.session_state.get("version", 0) + 1
    keep(company())


def key(name: str) -> str:
    """Return a widget key that changes when another company is opened, so that no widget keeps an old value."""
    return f"{name}@{st.session_state.get('version', 0)}"


@st.cache_resource(show_spinner="Reading the taxonomy, the measures and the language model …")
def _knowledge(language: str) -> Knowledge:
    return Knowledge.load(language=language)


def knowledge() -> Knowledge:
    """Return taxonomy, mapper and measures, loaded once for all pages."""
    return _knowledge(company().language)


@st.cache_resource(show_spinner="Reading the trainings on offer …", max_entries=4)
def _catalogue(language: str, files: tuple[str, ...]) -> Catalogue:
    return load_catalogue([Path(file) for file in files] or None, _knowledge(language))


def catalogue() -> Catalogue:
    """Return the offers: those the user opened, else the sample catalogue."""
    return _catalogue(company().language, tuple(st.session_state.get("catalogue_files", ())))


@st.cache_resource(show_spinner="Working out what is missing …", max_entries=8)
def _analysis(content: str) -> GapAnalysis:
    given = Company.model_validate_json(content)
    return analyse(given, _knowledge(given.language))


def _content(*without: str) -> str:
    """Return the company as text, some of its limits left out, to know what was worked out already."""
    content = company().model_dump(mode="json")
    for limit in without:
        content["constraints"][limit] = None
    return json.dumps(content, sort_keys=True)


def analysis() -> GapAnalysis:
    """Return what is missing. Limits of money and time do not change it, so they do not make it run again."""
    return _analysis(_content("budget_eur", "hours_per_person"))


@st.cache_resource(show_spinner="Searching the best plan …", max_entries=8)
def _answer(content: str, files: tuple[str, ...]) -> Answer:
    given = Company.model_validate_json(content)
    return answer(given, _knowledge(given.language), _catalogue(given.language, files), analysis=analysis())


def plan_now() -> Answer:
    """Return recommendations and plan for the company as it stands."""
    return _answer(_content(), tuple(st.session_state.get("catalogue_files", ())))


@st.cache_resource(show_spinner="Trying other budgets …", max_entries=8)
def _frontier(content: str, files: tuple[str, ...]) -> tuple[FrontierPoint, ...]:
    given = Company.model_validate_json(content)
    found = analysis()
    return frontier(given, found, _catalogue(given.language, files), time_limit_seconds=3.0)


def frontier_now() -> tuple[FrontierPoint, ...]:
    """Return what other budgets would bring; the present budget does not change it."""
    return _frontier(_content("budget_eur"), tuple(st.session_state.get("catalogue_files", ())))


def open_workbook(uploaded: Path) -> None:
    """Open a workbook of the user; problems are raised for the page to show."""
    opened = read_workbook(uploaded)
    replace_company(lambda: opened)
