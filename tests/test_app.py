"""The pages of the app, unhappy paths first; a browser walks through all of them in test_browser.py."""

from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from fakes import BagOfWordsEncoder
from opened import unexplained
from streamlit.testing.v1 import AppTest

from skillmatch.company.model import Company, Constraints, Correction, Need, Role
from skillmatch.flow import empty_company, sample_company

ROOT = Path(__file__).parents[1]
PAGES = ("company", "missing", "offers", "plan")
TIMEOUT = 600
"""Seconds: only a page that hangs takes so long, even on a busy machine."""


@pytest.fixture(scope="module", autouse=True)
def _knowledge_once(starter_words: BagOfWordsEncoder, tmp_path_factory: pytest.TempPathFactory) -> object:
    """Let all pages share one knowledge made with the fake encoder, and keep drafts out of the user's folders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKILLMATCH_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("SKILLMATCH_TAXONOMY", raising=False)
        patch.setattr("skillmatch.mapping.encoder.load_encoder", lambda *_: starter_words)
        st.cache_resource.clear()
        yield
        st.cache_resource.clear()


def open_page(name: str, company: Company | None = None) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app_pages" / f"{name}.py"), default_timeout=TIMEOUT)
    page.session_state["company"] = company or sample_company()
    page.session_state["token"] = "test"
    return page.run()


def words(page: AppTest) -> str:
    elements = [*page.title, *page.markdown, *page.caption, *page.info, *page.success, *page.error, *page.subheader]
    return "\n".join(str(element.value) for element in elements)


def small_company(**changes: object) -> Company:
    limits = Constraints(start=date(2027, 1, 4), end=date(2027, 12, 17), budget_eur=0, languages=("en",))
    given = {
        "name": "Tiny Ltd",
        "country": "IE",
        "roles": (Role(id="welder", title="Welder", people=2),),
        "needs": (Need(id="n", text="recover waste heat", measure="waste-heat-recovery"),),
        "constraints": limits,
    }
    return Company.model_validate({**given, **changes})


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_company_gets_a_next_step_and_no_error(name: str) -> None:
    page = open_page(name, empty_company(date(2027, 1, 4)))
    assert not page.exception
    assert page.title[0].value


@pytest.mark.parametrize("name", ["missing", "offers", "plan"])
def test_contradictory_entries_are_explained(name: str) -> None:
    broken = small_company().model_copy(
        update={"corrections": (Correction(kind="not required", role="nobody", skill="welding"),)}
    )
    page = AppTest.from_function(explained, default_timeout=TIMEOUT, kwargs={"name": name})
    page.session_state["company"] = broken
    page.session_state["token"] = "test"
    page.run()
    assert not page.exception
    assert "mending" in page.error[0].value
    assert "nobody" in str(page.dataframe[0].value.to_dict())


def explained(name: str) -> None:
    """Run a page as the router does, with problems shown in plain words."""
    import runpy

    from app_pages import layout

    with layout.problems_shown():
        runpy.run_path(f"app_pages/{name}.py")


def test_no_budget_leaves_everything_open_with_a_reason() -> None:
    page = open_page("plan", small_company())
    assert not page.exception
    assert "No training on offer fits" in page.title[0].value or "€0" in page.title[0].value


@pytest.mark.parametrize("name", PAGES)
def test_each_page_answers_first(name: str) -> None:
    page = open_page(name)
    assert not page.exception
    assert page.title[0].value.endswith(".")
    assert 1 <= len(page.metric) <= 4 + 12
    assert "cosine" not in words(page).lower()
    assert "embedding" not in words(page).lower()


def test_a_decision_on_a_gap_is_kept() -> None:
    page = open_page("missing")
    before = page.metric[0].value
    next(button for button in page.button if button.label == "This role does not need it").click().run()
    assert not page.exception
    kept: Company = page.session_state["company"]
    assert [each.kind for each in kept.corrections] == ["not required"]
    assert int(page.metric[0].value) <= int(before)
    next(button for button in page.button if button.label == "Take back").click().run()
    assert page.session_state["company"].corrections == ()
    assert page.metric[0].value == before


def test_a_smaller_budget_plans_again() -> None:
    page = open_page("plan")
    page.slider[0].set_value(2000).run()
    assert not page.exception
    assert page.session_state["company"].constraints.budget_eur == 2000
    assert "for €" in page.title[0].value
    paid = float(page.metric[1].value.replace("€", "").replace(",", ""))
    assert paid <= 2000


def test_an_excluded_training_is_not_planned_again() -> None:
    page = open_page("plan")
    next(button for button in page.button if button.label.startswith("Not suitable")).click().run()
    assert not page.exception
    excluded = page.session_state["company"].corrections[0].offer
    assert excluded
    assert all(correction.kind == "offer excluded" for correction in page.session_state["company"].corrections)


def test_a_need_can_be_added_and_removed() -> None:
    page = open_page("company")
    count = len(page.session_state["company"].needs)
    next(field for field in page.text_input if field.label == "Add a change").input("We want drones for inspections")
    next(button for button in page.button if button.label == "Add").click().run()
    assert not page.exception
    assert len(page.session_state["company"].needs) == count + 1
    next(button for button in page.button if button.label == "Remove").click().run()
    assert len(page.session_state["company"].needs) == count


def test_what_was_entered_survives_a_reload() -> None:
    page = open_page("missing")
    next(button for button in page.button if button.label == "This role does not need it").click().run()
    again = AppTest.from_function(reloaded, default_timeout=TIMEOUT)
    again.query_params["draft"] = "test"
    again.run()
    assert again.session_state["company"] == page.session_state["company"]


def reloaded() -> None:
    """Start a session as the router does."""
    from app_pages import state

    state.restore()


def test_the_numbers_at_the_head_open_their_reasons() -> None:
    page = open_page("missing")
    opened = page.table[0].value
    values = dict(zip(opened.index, opened["Value"], strict=True))
    for metric in page.metric[:4]:
        assert values[metric.label] == metric.value
    assert opened["How it came about"].str.len().min() > 10


def test_every_number_of_what_is_missing_opens_its_reasons() -> None:
    page = open_page("missing")
    assert unexplained(page) == []
    assert len(page.dataframe) >= 3


def test_how_far_and_how_many_at_once_are_kept_and_change_the_plan() -> None:
    page = open_page("company")
    next(box for box in page.selectbox if box.label.startswith("How far")).set_value("online").run()
    next(box for box in page.number_input if box.label.startswith("At most this %")).set_value(25).run()
    assert not page.exception
    chosen: Constraints = page.session_state["company"].constraints
    assert (chosen.reach, chosen.away_share) == ("online", 0.25)
    again = AppTest.from_function(reloaded, default_timeout=TIMEOUT)
    again.query_params["draft"] = "test"
    again.run()
    assert again.session_state["company"].constraints == chosen
