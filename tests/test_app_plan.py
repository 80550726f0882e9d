"""The plan page on a company small enough to work out on paper, so that each step takes a moment only."""

import os
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from fakes import BagOfWordsEncoder, tiny_taxonomy
from opened import unexplained
from planning_company import analysis, catalogue, company, gap, offer
from streamlit.testing.v1 import AppTest

from skillmatch.choices import Choices
from skillmatch.company.model import Company, Correction
from skillmatch.company.workbook import write_workbook
from skillmatch.flow import SAMPLE_OFFERS
from skillmatch.offers.funding import FundingScheme, write_funding
from skillmatch.planning.plan import make_plan, write_plan

PAGES = Path(__file__).parents[1] / "app_pages"
TIMEOUT = 300
SPRING = {"course": "waste", "title": "Waste", "start": date(2027, 3, 1), "mode": "on-site", "country": "DE"}
OFFERS = {
    offer("waste-1", **SPRING): ["sort-waste"],
    offer("waste-2", **(SPRING | {"start": date(2027, 9, 6), "price_eur": 600.0})): ["sort-waste"],
    offer("robots", hours=40): ["robots"],
}
GAPS = (gap("welder", "sort-waste", [0, 0, 0]), gap("clerk", "robots", [0, 0], weight=0.5))


@pytest.fixture(autouse=True)
def _small_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Let the page find a knowledge, gaps and a catalogue that are made by hand."""
    st.cache_resource.clear()
    knowledge = SimpleNamespace(taxonomy=tiny_taxonomy(), measures=(), encoder=BagOfWordsEncoder())
    monkeypatch.setenv("SKILLMATCH_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("app_pages.state._knowledge", lambda *_: knowledge)
    monkeypatch.setattr("app_pages.state._analysis", lambda *_: analysis(*GAPS))
    monkeypatch.setattr("app_pages.state._catalogue", lambda *_: catalogue(OFFERS))
    yield
    st.cache_resource.clear()


def open_page(given: Company | None = None, choices: Choices | None = None, name: str = "plan") -> AppTest:
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=TIMEOUT)
    page.session_state["company"] = given or company()
    page.session_state["choices"] = choices or Choices()
    page.session_state["token"] = "test"
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label.startswith(label)).click().run()
    assert not page.exception
    return page


def bookings(page: AppTest) -> list[str]:
    items = next(frame.value for frame in page.dataframe if "Funding €" in frame.value.columns)
    return sorted(f"{title} {start:%b}" for title, start in zip(items["Training"], items["Starts"], strict=True))


def test_what_cannot_be_booked_leaves_a_way_back() -> None:
    pin = Correction(kind="offer pinned", offer="waste-1", role="welder", people=3)
    page = open_page(company(budget=100.0, corrections=[pin]))
    assert "do not go together" in page.title[0].value
    assert "mending" in page.error[0].value
    assert len(page.slider) == 2
    press(page, "Take back")
    assert page.session_state["company"].corrections == ()
    assert "of what is missing" in page.title[0].value or "No training" in page.title[0].value


def test_a_cancelled_training_is_planned_around_and_the_change_is_shown() -> None:
    page = open_page()
    assert bookings(page) == ["Robots Jan", "Waste Mar"]
    fields = {field.label: field for field in page.multiselect}
    fields["What was cancelled?"].set_value(["waste-1"])
    page.checkbox[0].check()
    press(page, "Plan again")
    assert bookings(page) == ["Robots Jan", "Waste Sep"]
    assert "What changed" in [each.value for each in page.subheader]
    assert any("1 moved to another run, 1 as before" in each.value for each in page.markdown)
    kept: Company = page.session_state["company"]
    assert [(each.kind, each.offer) for each in kept.corrections] == [
        ("offer pinned", "robots"),
        ("offer excluded", "waste-1"),
    ]
    assert any(button.label == "Stop comparing" for button in page.button)
    again = AppTest.from_function(reloaded, default_timeout=TIMEOUT)
    again.query_params["draft"] = "test"
    again.run()
    assert again.session_state["company"] == kept
    assert again.session_state["reference"] == page.session_state["reference"]
    press(page, "Stop comparing")
    assert "What changed" not in [each.value for each in page.subheader]


def reloaded() -> None:
    """Start a session as the router does."""
    from app_pages import state

    state.restore()


def test_budgets_that_do_not_pay_for_what_is_booked_are_left_out_of_the_curve() -> None:
    pin = Correction(kind="offer pinned", offer="waste-1", role="welder", people=3)
    page = open_page(company(corrections=[pin]))
    curve = next(frame.value for frame in page.dataframe if "Covered" in frame.value.columns)
    assert curve["Budget €"].min() >= 1500
    assert curve["Covered"].min() > 0


def test_a_second_cancellation_wins_over_the_booking() -> None:
    booked = Correction(kind="offer pinned", offer="robots", role="clerk", people=2, note="booked")
    page = open_page(company(corrections=[booked]))
    fields = {field.label: field for field in page.multiselect}
    assert fields["What is booked already and must stay?"].value == [("robots", "clerk")]
    fields["What was cancelled?"].set_value(["robots"])
    press(page, "Plan again")
    assert bookings(page) == ["Waste Mar"]


def test_a_plan_can_be_kept_to_compare_with() -> None:
    page = open_page()
    press(page, "Compare with the present plan")
    page.slider[0].set_value(1500).run()
    assert any("1 dropped, 1 as before" in each.value for each in page.markdown)
    gaps = next(frame.value for frame in page.dataframe if "Share closed, first" in frame.value.columns)
    assert list(gaps["What"]) == ["closed only in the first plan"]


def test_funding_that_was_filled_in_is_taken_off() -> None:
    voucher = FundingScheme(id="own-1", name="Voucher", rate=0.5, capped=False)
    page = open_page(choices=Choices(schemes=(voucher,)))
    items = next(frame.value for frame in page.dataframe if "Funding €" in frame.value.columns)
    assert items["Funding €"].sum() == items["Cost €"].sum() / 2 > 0
    assert any("(1 filled in)" in expander.label for expander in page.expander)
    press(page, "Take this off the prices")
    assert page.session_state["choices"].schemes == (voucher,)


def test_reach_and_share_away_change_the_plan_and_are_said() -> None:
    page = open_page(company(reach="online", away_share=0.5))
    assert bookings(page) == ["Robots Jan"]
    said = " ".join(str(each.value) for each in page.markdown)
    assert "online only" in said
    assert "50%" in said


def test_the_numbers_at_the_head_open_their_reasons() -> None:
    page = open_page()
    opened = page.table[0].value
    values = dict(zip(opened.index, opened["Value"], strict=True))
    for metric in page.metric[:4]:
        assert values[metric.label] == metric.value
    assert "Robots" in next(each.value for each in page.markdown if each.value.startswith("#### "))


def test_a_little_more_is_worked_out_on_demand() -> None:
    page = open_page(company(budget=1500.0))
    assert not any("percentage points" in str(each.value) for each in page.markdown)
    press(page, "What would")
    said = [str(each.value) for each in page.markdown if "percentage points" in str(each.value)]
    assert len(said) == 2
    assert "€1,000 more" in said[0]
    assert "**25 percentage points**" in said[0]


def test_who_is_away_is_shown_by_role_and_week() -> None:
    page = open_page()
    weeks = next(frame.value for frame in page.dataframe if "People in training" in frame.value.columns)
    assert weeks.loc[weeks["Role"] == "Welder", "At fixed times"].tolist() == [3]


def test_a_catalogue_of_the_user_lies_with_the_draft_and_goes_with_it() -> None:
    folder = Path(os.environ["SKILLMATCH_HOME"]) / "drafts" / "offers-test"
    page = AppTest.from_function(kept_catalogue, default_timeout=TIMEOUT)
    page.session_state["token"] = "offers-test"
    page.session_state["company"] = company()
    page.session_state["content"] = SAMPLE_OFFERS.read_bytes()
    page.run()
    assert not page.exception
    assert [path.name for path in folder.glob("*/*")] == ["mine.csv"]
    assert page.session_state["problem"]
    page.session_state["content"] = b""
    page.run()
    assert not folder.exists()


def kept_catalogue() -> None:
    """Keep a catalogue, and try one that is wrong; without content, forget everything."""
    import streamlit as st

    from app_pages import state
    from skillmatch.errors import InputError

    if not st.session_state["content"]:
        state.forget()
        st.stop()
    state.keep_catalogue([("mine.csv", st.session_state["content"])])
    try:
        state.keep_catalogue([("wrong.csv", b"a,b\n1,2\n")])
    except InputError as error:
        st.session_state["problem"] = str(error)


def test_every_number_opens_its_reasons() -> None:
    voucher = FundingScheme(id="own-1", name="Voucher", rate=0.5, cap_eur=300.0)
    page = open_page(company(budget=1500.0), Choices(schemes=(voucher,)))
    press(page, "What would")
    press(page, "Compare with the present plan")
    page.slider[0].set_value(1000).run()
    assert not page.exception
    assert unexplained(page) == []
    assert len(page.dataframe) >= 9


def test_a_row_that_is_chosen_opens_its_numbers() -> None:
    page = open_page()
    key = next(frame.key for frame in page.dataframe if "Funding €" in frame.value.columns)
    page.session_state[key] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    page.run()
    assert not page.exception
    assert any(each.value.startswith("**Waste · Welder** – choose another row") for each in page.markdown)
    assert any("3 × €500 for each person = €1,500." in str(table.value) for table in page.table)
    assert any(each.label == "How do we know?" and each.proto.expanded for each in page.expander)


# --- files of the user


def upload(page: AppTest, label: str, path: Path) -> AppTest:
    uploader = next(each for each in page.file_uploader if each.label == label)
    given = (path.name, path.read_bytes(), "")
    uploader.set_value([given] if uploader.accept_multiple_files else given).run()
    assert not page.exception
    return page


def test_funding_from_a_file_is_taken_off_and_a_wrong_file_is_explained(tmp_path: Path) -> None:
    schemes = (FundingScheme(id="own-1", name="Voucher", rate=0.5, capped=False),)
    write_funding(schemes, tmp_path / "funding.toml")
    page = upload(open_page(), "Open funding.toml", tmp_path / "funding.toml")
    assert page.session_state["choices"].schemes == schemes
    (tmp_path / "funding.toml").write_text("rate = 0.4", "utf-8")
    upload(page, "Open funding.toml", tmp_path / "funding.toml")
    assert "mending" in page.error[0].value
    assert page.session_state["choices"].schemes == schemes


def test_an_earlier_plan_is_compared_with_and_a_wrong_file_is_explained(tmp_path: Path) -> None:
    firm = company(budget=1600.0)
    earlier = make_plan(firm, analysis(*GAPS), catalogue(OFFERS), tiny_taxonomy())
    write_plan(earlier, tmp_path / "plan.json")
    page = upload(open_page(), "Or open an earlier plan.json", tmp_path / "plan.json")
    assert page.session_state["reference"] == earlier
    assert "What changed" in [each.value for each in page.subheader]
    (tmp_path / "plan.json").write_text("{}", "utf-8")
    upload(page, "Or open an earlier plan.json", tmp_path / "plan.json")
    assert "need mending" in page.error[0].value
    assert page.session_state["reference"] == earlier


def test_a_workbook_is_opened_and_a_wrong_one_is_explained(tmp_path: Path) -> None:
    own = company(reach="country", away_share=0.25).model_copy(update={"name": "Mine"})
    write_workbook(own, tmp_path / "mine.xlsx")
    page = upload(open_page(name="company"), "Open a filled-in workbook", tmp_path / "mine.xlsx")
    assert page.session_state["company"] == own
    (tmp_path / "mine.xlsx").write_bytes(b"no workbook")
    upload(page, "Open a filled-in workbook", tmp_path / "mine.xlsx")
    assert "mending" in page.error[0].value
    assert page.session_state["company"] == own


def test_a_catalogue_is_opened_and_a_wrong_one_is_explained(tmp_path: Path) -> None:
    page = open_page(name="offers")
    label = page.file_uploader[0].label
    upload(page, label, SAMPLE_OFFERS)
    assert [Path(file).name for file in page.session_state["catalogue_files"]] == [SAMPLE_OFFERS.name]
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n", "utf-8")
    upload(page, label, tmp_path / "wrong.csv")
    assert "mending" in page.error[0].value
    assert [Path(file).name for file in page.session_state["catalogue_files"]] == [SAMPLE_OFFERS.name]


def test_funding_is_filled_in_and_what_cannot_be_is_explained() -> None:
    page = open_page()
    editor = page.data_editor[0]
    names = list(editor.value["Scheme"])
    page.session_state[editor.key] = {"edited_rows": {0: {"Pays %": 140}}, "added_rows": [], "deleted_rows": []}
    press(page, "Take this off the prices")
    assert "One thing needs mending" in page.error[0].value or "things need mending" in page.error[0].value
    assert page.session_state["choices"].schemes == ()
    filled = {"Pays %": 50, "No upper limit": True}
    page.session_state[editor.key] = {"edited_rows": {0: filled}, "added_rows": [], "deleted_rows": []}
    press(page, "Take this off the prices")
    (scheme,) = page.session_state["choices"].schemes
    assert (scheme.name, scheme.rate, scheme.capped) == (names[0], 0.5, False)
    assert any("(1 filled in)" in expander.label for expander in page.expander)
