"""What the pages share: the user's company, kept across reloads on this computer, and the costly things loaded once."""

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from pydantic import ValidationError

from skillmatch.choices import Choices
from skillmatch.company.model import Company, Correction, Record
from skillmatch.company.workbook import read_workbook
from skillmatch.errors import InputError
from skillmatch.files import replace_file
from skillmatch.flow import Answer, a_little_more, answer, load_catalogue, other_budgets, sample_company
from skillmatch.gap.gap import analyse
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import GapAnalysis
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.tabular import read_offers
from skillmatch.planning.frontier import FrontierPoint, Marginal
from skillmatch.planning.model import Plan
from skillmatch.resources import home

DRAFT = "draft"
"""Name of the address parameter that tells which draft a reloaded page goes on with."""


class Draft(Record):
    """What is kept of a user's entries: the company, the choices beside it, and a plan to compare with."""

    company: Company
    choices: Choices = Choices()
    reference: Plan | None = None


def restore() -> None:
    """Take up the draft that the address names, else start with the sample company."""
    if "company" in st.session_state:
        return
    token = st.query_params.get(DRAFT, "")
    draft = _read_draft(_draft_path(token))
    st.session_state["token"] = token if draft else secrets.token_urlsafe(9)
    st.session_state["company"] = draft.company if draft else sample_company()
    st.session_state["choices"] = draft.choices if draft else Choices()
    st.session_state["reference"] = draft.reference if draft else None
    if draft and (folder := _offers_folder()) and folder.is_dir():
        st.session_state["catalogue_files"] = sorted(str(path) for path in folder.glob("*/*"))


def _read_draft(path: Path | None) -> Draft | None:
    """Return a draft; None if there is none, or it is of an older version, which the page then says."""
    if path is None or not path.is_file():
        return None
    try:
        return Draft.model_validate_json(path.read_text("utf-8"))
    except ValidationError:
        st.session_state["draft-problem"] = True
        return None


def company() -> Company:
    """Return the company as it stands now."""
    given: Company = st.session_state["company"]
    return given


def choices() -> Choices:
    """Return what the user chose beside the company's workbook: what funding pays."""
    given: Choices = st.session_state.get("choices") or Choices()
    return given


def reference() -> Plan | None:
    """Return the plan that the present one is compared with; None: none was chosen."""
    plan: Plan | None = st.session_state.get("reference")
    return plan


def keep(changed: Company) -> None:
    """Take `changed` as the company from now on, and keep it on this computer so that a reload finds it again."""
    st.session_state["company"] = changed
    _save()


def keep_choices(changed: Choices) -> None:
    """Take `changed` as the choices from now on, and keep them as `keep` does."""
    st.session_state["choices"] = changed
    _save()


def compare_with(plan: Plan | None) -> None:
    """Compare the present plan with `plan` from now on; None: with nothing."""
    st.session_state["reference"] = plan
    _save()


def _save() -> None:
    token = st.session_state["token"]
    path = _draft_path(token)
    if path:
        draft = Draft(company=company(), choices=choices(), reference=reference())
        replace_file(path, draft.model_dump_json(indent=1).encode())
    st.query_params[DRAFT] = token


def forget() -> None:
    """Delete the draft from this computer and start again with the sample company."""
    path = _draft_path(st.session_state["token"])
    if path:
        path.unlink(missing_ok=True)
    keep_catalogue(())
    for key in list(st.session_state):
        del st.session_state[key]
    st.query_params.clear()
    restore()


def _draft_path(token: str) -> Path | None:
    safe = token.replace("-", "").replace("_", "").isalnum()
    return home() / "drafts" / f"{token}.json" if safe and len(token) <= 32 else None


def _offers_folder() -> Path | None:
    """Return where the draft's own catalogues lie."""
    path = _draft_path(st.session_state["token"])
    return path.with_suffix("") if path else None


def keep_catalogue(files: Sequence[tuple[str, bytes]]) -> None:
    """Use these catalogues (name, content) from now on and keep them with the draft; none: use the sample.

    Earlier ones are deleted. Problems in a file are raised, and then everything stays as it was.
    """
    home_of_offers = _offers_folder()
    if home_of_offers is None:
        return
    digest = hashlib.sha256(repr(files).encode()).hexdigest()[:16]
    folder = home_of_offers / digest
    for number, (name, content) in enumerate(files):
        same = [other for other, _ in files[:number] if Path(other).name == Path(name).name]
        replace_file(folder / f"{f'{number + 1}-' if same else ''}{Path(name).name}", content)
    paths = sorted(folder.glob("*")) if files else []
    try:
        if paths:
            read_offers(paths)
    except InputError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for old in home_of_offers.glob("*"):
        if old != folder or not files:
            shutil.rmtree(old, ignore_errors=True)
    st.session_state["catalogue_files"] = [str(path) for path in paths]
    if paths:
        _save()
    else:
        shutil.rmtree(home_of_offers, ignore_errors=True)


def own_catalogues() -> tuple[str, ...]:
    """Return the names of the user's own catalogue files in use; empty: the sample catalogue is."""
    return tuple(Path(file).name for file in _files())


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
    st.session_state["choices"], st.session_state["reference"] = Choices(), None
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
    return _catalogue(company().language, _files())


@st.cache_resource(show_spinner="Working out what is missing …", max_entries=8)
def _analysis(content: str) -> GapAnalysis:
    given = Company.model_validate_json(content)
    return analyse(given, _knowledge(given.language))


def _content(*without: str) -> str:
    """Return the company as text, some of its limits left out, to know what was worked out already."""
    content = company().model_dump(mode="json")
    for limit in without:
        del content["constraints"][limit]
    return json.dumps(content, sort_keys=True)


def analysis() -> GapAnalysis:
    """Return what is missing. Limits of training, and decisions about offers, do not make it run again."""
    content = json.loads(_content("budget_eur", "hours_per_person", "modes", "reach", "away_share", "other_sectors"))
    content["corrections"] = [each for each in content["corrections"] if each["offer"] is None]
    return _analysis(json.dumps(content, sort_keys=True))


@st.cache_resource(show_spinner="Searching the best plan …", max_entries=8)
def _answer(content: str, chosen: str, files: tuple[str, ...]) -> Answer:
    given = Company.model_validate_json(content)
    catalogue = _catalogue(given.language, files)
    choices = Choices.model_validate_json(chosen)
    return answer(given, _knowledge(given.language), catalogue, analysis=analysis(), choices=choices)


def plan_now() -> Answer:
    """Return recommendations and plan for the company as it stands."""
    return _answer(_content(), choices().model_dump_json(), _files())


def _files() -> tuple[str, ...]:
    return tuple(st.session_state.get("catalogue_files", ()))


@st.cache_resource(show_spinner="Trying other budgets …", max_entries=8)
def _frontier(content: str, chosen: str, files: tuple[str, ...]) -> tuple[FrontierPoint, ...]:
    given = Company.model_validate_json(content)
    choices = Choices.model_validate_json(chosen)
    return other_budgets(given, analysis(), _catalogue(given.language, files), choices, time_limit_seconds=3.0)


def frontier_now() -> tuple[FrontierPoint, ...]:
    """Return what other budgets would bring; the present budget does not change it."""
    return _frontier(_content("budget_eur"), choices().model_dump_json(), _files())


@st.cache_resource(show_spinner="Trying a little more money, and a little more time …", max_entries=8)
def _more(content: str, chosen: str, files: tuple[str, ...]) -> tuple[Marginal, ...]:
    given = Company.model_validate_json(content)
    return a_little_more(given, analysis(), _catalogue(given.language, files), Choices.model_validate_json(chosen))


def more_now() -> tuple[Marginal, ...]:
    """Return what 1,000 euros more, and an hour more for each person, would bring."""
    return _more(_content(), choices().model_dump_json(), _files())


def open_workbook(uploaded: Path) -> None:
    """Open a workbook of the user; problems are raised for the page to show."""
    opened = read_workbook(uploaded)
    replace_company(lambda: opened)
