"""Recommendations: the score is the sum of its parts, and what cannot be booked says why."""

from datetime import date

import pytest
from fakes import skill_uri
from hypothesis import given, settings
from hypothesis import strategies as st
from planning_company import analysis, catalogue, company, gap, offer

from skillmatch.errors import InputError
from skillmatch.planning.eligibility import obstacles
from skillmatch.planning.gains import gain_table
from skillmatch.planning.recommend import RecommendationWeights, recommend


def test_weights_that_do_not_add_up() -> None:
    with pytest.raises(InputError, match="add up to 1"):
        RecommendationWeights(gap=0.9)
    with pytest.raises(InputError):
        RecommendationWeights(gap=1.4, cost=-0.85)


def test_nothing_to_recommend() -> None:
    assert recommend(analysis(), catalogue({offer("a"): ["robots"]}), company()) == ()
    assert recommend(analysis(gap("clerk", "robots", [0, 0])), catalogue({}), company()) == ()
    assert recommend(analysis(gap("clerk", "robots", [0, 0])), catalogue({offer("a"): ["weld"]}), company()) == ()


def test_a_score_worked_out_by_hand() -> None:
    """Two clerks at 0 and 1 lack level 3: an offer from 0 to 2 closes 2/3 and 1/2 of their gaps, 7/6 of 2 in all."""
    found = recommend(
        analysis(gap("clerk", "spreadsheets", [0, 1], level=3)),
        catalogue({offer("sheets", price_eur=350.0, hours=14, provider_pact_member=True): ["spreadsheets"]}),
        company(),
    )
    (one,) = found
    values = {part.name: part.value for part in one.parts}
    assert values == {
        "gap": pytest.approx(7 / 12),
        "level": pytest.approx(0.75),
        "pact": 0.75,
        "access": 1.0,
        "cost": pytest.approx(1 / (1 + 600 / 500)),
        "hours": pytest.approx(1 / (1 + 24 / 24)),
    }
    assert one.score == pytest.approx(sum(part.share for part in one.parts))
    assert one.people == 2
    assert one.closes == ((skill_uri("spreadsheets"), 2, pytest.approx(7 / 12)),)
    assert one.why()[0] == "It closes 58% of what Clerk lacks."
    assert one.why()[4] == "600.00 euros for each person and full gap closed."
    assert one.excluded == ()


def test_what_cannot_be_booked_comes_last_and_says_why() -> None:
    offers = {
        offer("fits"): ["robots"],
        offer("french", language="fr", price_eur=1.0): ["robots"],
        offer("late", start=date(2028, 3, 1)): ["robots"],
        offer("dear", price_eur=99_999.0): ["robots"],
        offer("secret", price_eur=None): ["robots"],
    }
    found = recommend(analysis(gap("clerk", "robots", [0, 0])), catalogue(offers), company(languages=("en", "de")))
    assert [one.offer for one in found if not one.excluded] == ["fits"]
    assert found[0].offer == "fits"
    reasons = {one.offer: one.why_not()[0] for one in found if one.excluded}
    assert reasons["french"] == "It is held in “fr”; your people follow training in en, de."
    assert reasons["late"].startswith("It ends on 2028-03-02") or reasons["late"].startswith("It ends on 2028")
    assert "more than the whole budget" in reasons["dear"]
    assert "price is not known" in reasons["secret"]


def test_ties_go_to_the_smaller_id_and_top_counts_for_each_role() -> None:
    offers = {offer(name): ["robots", "weld"] for name in "cab"}
    gaps = analysis(gap("clerk", "robots", [0, 0]), gap("welder", "weld", [0, 0, 0]))
    found = recommend(gaps, catalogue(offers), company(), top=2)
    assert [(one.role, one.offer) for one in found] == [
        ("clerk", "a"),
        ("welder", "a"),
        ("clerk", "b"),
        ("welder", "b"),
    ] or [(one.offer, one.role) for one in found] == [("a", "clerk"), ("a", "welder"), ("b", "clerk"), ("b", "welder")]
    everything = recommend(gaps, catalogue(offers), company())
    assert len(everything) == 6


def test_other_weights_change_the_order() -> None:
    offers = {offer("cheap", price_eur=10.0, level_to=1): ["robots"], offer("whole", price_eur=2000.0): ["robots"]}
    gaps = analysis(gap("clerk", "robots", [0, 0]))
    by_gap = RecommendationWeights(gap=1.0, level=0, pact=0, access=0, cost=0, hours=0)
    by_cost = RecommendationWeights(gap=0, level=0, pact=0, access=0, cost=1.0, hours=0)
    assert recommend(gaps, catalogue(offers), company(), weights=by_gap)[0].offer == "whole"
    assert recommend(gaps, catalogue(offers), company(), weights=by_cost)[0].offer == "cheap"


@settings(max_examples=50, deadline=None)
@given(
    held=st.lists(st.integers(0, 4), min_size=1, max_size=5),
    level=st.integers(1, 4),
    low=st.integers(0, 3),
    climb=st.integers(1, 4),
)
def test_gains_of_all_offers_at_once_equal_those_one_by_one(held: list[int], level: int, low: int, climb: int) -> None:
    high = min(4, low + climb)
    one = gap("clerk", "robots", held, level=level)
    able = [level_held for level_held in held if low <= level_held < min(high, level)]
    expected = sum((min(high, level) - level_held) / (level - level_held) for level_held in able)
    table = gain_table(one)
    assert table[0, low, high] == pytest.approx(expected)
    assert table[1, low, high] == len(able)
    assert 0 <= table[2, low, high] <= 1


def test_a_course_for_other_sectors_is_named_with_the_reason_and_can_be_allowed() -> None:
    own = company().model_copy(update={"ecosystem": "mobility"})
    course = offer("hotel", ecosystems=("tourism",))
    reasons = obstacles(course, own)
    assert [reason.rule for reason in reasons] == ["other sector"]
    welcome = own.constraints.model_copy(update={"other_sectors": True})
    assert obstacles(course, own.model_copy(update={"constraints": welcome})) == ()
    assert obstacles(course, own.model_copy(update={"ecosystem": None})) == ()
    assert obstacles(course.model_copy(update={"ecosystems": ()}), own) == ()
