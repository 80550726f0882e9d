"""Plans from gaps and offers: sums, reasons, what stays open and why, and the file that keeps them."""

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from fakes import skill_uri, tiny_taxonomy
from planning_company import END, START, analysis, catalogue, company, gap, offer

from skillmatch.company.model import Correction
from skillmatch.errors import InputError
from skillmatch.offers.funding import FundingScheme
from skillmatch.offers.model import Offer
from skillmatch.planning.build import build_problem
from skillmatch.planning.frontier import frontier
from skillmatch.planning.items import split_cents
from skillmatch.planning.plan import Plan, make_plan, plan_schema, read_plan, write_plan

DOCS = Path(__file__).parents[1] / "docs"
TAXONOMY = tiny_taxonomy()


def waste(**changes: object) -> Offer:
    return offer("waste", **changes)


def plan_for(
    offers: dict[Offer, list[str]], gaps: Sequence[object] = (), *, firm: object = None, **options: object
) -> Plan:
    found = analysis(*(gaps or (gap("welder", "sort-waste", [0, 0, 0]),)))
    return make_plan(firm or company(), found, catalogue(offers), TAXONOMY, **options)


def why(offers: dict[Offer, list[str]], gaps: Sequence[object] = (), **options: object) -> str:
    (left,) = plan_for(offers, gaps, **options).open
    return left.why


# --- what stays open, and why


def test_nothing_on_offer() -> None:
    plan = plan_for({})
    assert plan.items == ()
    assert (plan.totals.coverage, plan.totals.cost_eur_net, plan.solver.status) == (0, 0, "optimal")
    assert [(left.people, left.why) for left in plan.open] == [(3, "No offer in the catalogue teaches it.")]


def test_nothing_is_missing() -> None:
    plan = plan_for({waste(): ["sort-waste"]}, [gap("welder", "sort-waste", [2, 3, 2])])
    assert (plan.totals.coverage, plan.items, plan.open, plan.gaps) == (1, (), (), ())


@pytest.mark.parametrize(
    ("changes", "limits", "sentence"),
    [
        ({"language": "fr"}, {"languages": ("de", "en")}, "held in “fr”; your people follow training in de, en"),
        ({"mode": "on-site"}, {"modes": ("online",)}, "It is on-site; you want online."),
        ({"start": date(2026, 12, 1)}, {}, "It begins on 2026-12-01, before the plan does on 2027-01-04."),
        ({"start": date(2027, 12, 1), "end": date(2028, 1, 2)}, {}, "It ends on 2028-01-02, after the plan"),
        ({"hours": 500}, {"hours": None}, "It takes about 63 weeks"),
        ({"hours": 90}, {}, "It takes 90 hours, more than the 80 hours each person has."),
        ({"price_eur": None}, {}, "Its price is not known"),
        ({"price_eur": 11_000.0}, {}, "One person costs 11,000.00 euros, more than the whole budget"),
        ({"prerequisites": ("waste",)}, {}, "Its prerequisites cannot be booked in time."),
    ],
)
def test_an_offer_that_cannot_be_booked_says_why(
    changes: dict[str, object], limits: dict[str, object], sentence: str
) -> None:
    assert sentence in why({waste(**changes): ["sort-waste"]}, firm=company(**limits))


@pytest.mark.parametrize(
    ("changes", "gaps", "limits", "sentence"),
    [
        ({}, [gap("welder", "sort-waste", [2, 2, 0], level=4)], {}, "leads to level 2 only; level 4 is needed"),
        (
            {"level_from": 2, "level_to": 3},
            [gap("welder", "sort-waste", [0, 0, 0])],
            {},
            "these people hold 0, and nothing leads",
        ),
        (
            {},
            [gap("welder", "sort-waste", [0, 0, 0], due=date(2027, 1, 8))],
            {},
            "No training in it ends by 2027-01-08",
        ),
        ({}, [], {"budget": 1100.0}, "costs 500.00 euros more; 100.00 euros of the budget are left"),
        ({"group_min": 4}, [], {}, "A group needs at least 4 people"),
        ({"group_max": 2, "start": START}, [], {}, "All seats of the trainings in it are taken."),
    ],
)
def test_what_keeps_a_gap_open(
    changes: dict[str, object], gaps: list[object], limits: dict[str, object], sentence: str
) -> None:
    assert sentence in why({waste(**changes): ["sort-waste"]}, gaps, firm=company(**limits))


def test_hours_keep_a_gap_open() -> None:
    gaps = [gap("clerk", "robots", [0, 0]), gap("clerk", "sort-waste", [0, 0], weight=0.5)]
    offers = {offer("robots", hours=60): ["robots"], waste(hours=30): ["sort-waste"]}
    assert why(offers, gaps) == ("The shortest training in it takes 30 hours; these people have 20 hours left at most.")


def test_dates_keep_a_gap_open() -> None:
    gaps = [gap("clerk", "robots", [0, 0]), gap("clerk", "sort-waste", [0, 0], weight=0.5)]
    offers = {offer("robots", start=START): ["robots"], waste(start=START): ["sort-waste"]}
    assert "while these people are in other training" in why(offers, gaps)


def test_people_away_at_once_keep_a_gap_open() -> None:
    offers = {waste(start=START): ["sort-waste"]}
    plan = plan_for(offers, firm=company(away_share=0.5))
    assert [len(item.people) for item in plan.items] == [1]
    assert "Too many people of the role" in plan.open[0].why


@pytest.mark.parametrize(
    ("reach", "changes", "booked"),
    [
        ("anywhere", {"country": "FR", "mode": "on-site"}, True),
        ("country", {"country": "FR", "mode": "on-site"}, False),
        ("country", {"country": "DE", "mode": "on-site"}, True),
        ("region", {"country": "DE", "region": "Bavaria", "mode": "blended"}, False),
        ("region", {"country": "DE", "region": "Saxony", "mode": "blended"}, True),
        ("online", {"country": "DE", "region": "Saxony", "mode": "on-site"}, False),
        ("online", {"mode": "self-paced"}, True),
    ],
)
def test_how_far_people_travel(reach: str, changes: dict[str, object], booked: bool) -> None:
    plan = plan_for({waste(**changes): ["sort-waste"]}, firm=company(reach=reach))
    assert bool(plan.items) == booked


# --- what is booked


def test_a_plan_worked_out_by_hand() -> None:
    """Waste: 3 x 500 euros. Sheets leads from 0 to 2, sheets3 from 2 to 3: the clerk who is at 0 takes both."""
    gaps = [gap("welder", "sort-waste", [0, 0, 0]), gap("clerk", "spreadsheets", [0, 2], level=3)]
    offers = {
        waste(): ["sort-waste"],
        offer("sheets", level_to=2, price_eur=300.0): ["spreadsheets"],
        offer("sheets3", level_from=2, level_to=3, price_eur=200.0, start=date(2027, 6, 1)): ["spreadsheets"],
    }
    plan = plan_for(offers, gaps)
    assert [(item.offer, item.people, item.cost_eur_net) for item in plan.items] == [
        ("sheets", ("place 1",), 300.0),
        ("waste", ("W-07", "place 2", "place 3"), 1500.0),
        ("sheets3", ("place 1", "place 2"), 400.0),
    ]
    assert plan.items[0].closes[0].model_dump() == {
        "skill": skill_uri("spreadsheets"), "people": 1, "level_from": 0, "level_to": 2,
        "coverage": pytest.approx(2 / 15),
    }  # fmt: skip
    assert (
        plan.items[0].reasons[0]
        == "Clerk, 1 person: “use spreadsheets” from level 0 to 2, 13.3% of all that is missing."
    )
    assert plan.totals.model_dump() == {
        "cost_eur_gross": 2200.0, "funding_eur": 0.0, "cost_eur_net": 2200.0, "hours": 96.0, "people": 5,
        "coverage": 1.0,
    }  # fmt: skip
    assert [(one.people_short, one.people_closed, one.coverage) for one in plan.gaps] == [(3, 3, 1), (2, 2, 1)]
    assert plan.open == ()
    assert [(one.label, round(one.weight, 3)) for one in plan.skills] == [
        ("sort waste", 0.6),
        ("use spreadsheets", 0.4),
    ]
    assert plan.items[0].planned_end < plan.items[2].planned_start


def test_the_sums_are_those_of_the_items() -> None:
    schemes = (FundingScheme(id="s", name="Third", rate=1 / 3, cap_eur=333.33), FundingScheme(id="t", name="Unknown"))
    gaps = [gap("welder", "robots", [0, 0, 0]), gap("clerk", "robots", [0, 0]), gap("clerk", "sort-waste", [0, 0])]
    offers = {
        offer("robots", price_eur=1000.0, price_basis="group", group_max=10): ["robots"],
        waste(price_eur=99.99): ["sort-waste"],
    }
    plan = plan_for(offers, gaps, schemes=schemes)
    robots = [item for item in plan.items if item.offer == "robots"]
    assert [(item.role, item.cost_eur_gross) for item in robots] == [("clerk", 400.0), ("welder", 600.0)]
    assert plan.totals.cost_eur_gross == pytest.approx(1199.98)
    assert plan.totals.funding_eur == pytest.approx(333.33, abs=0.02)
    for name in ("cost_eur_gross", "funding_eur", "cost_eur_net"):
        assert getattr(plan.totals, name) == pytest.approx(sum(getattr(item, name) for item in plan.items))
    assert plan.totals.coverage == pytest.approx(sum(part.coverage for item in plan.items for part in item.closes))
    assert any(reason.startswith("Third pays") for reason in robots[0].reasons)
    assert plan.notes == ("Unknown is not applied: the rate and the cap is not known. Fill it in if you know it.",)


def test_cents_are_never_lost() -> None:
    for amount in (0.0, 0.01, 99.99, 1234.57):
        for shares in ([1], [1, 2], [3, 3, 3], [7, 1, 1, 5]):
            assert sum(round(part * 100) for part in split_cents(amount, shares)) == round(amount * 100)


def test_several_runs_of_one_course_count_once() -> None:
    runs = [waste(id=f"waste-{number}", start=date(2027, number, 1), group_max=1) for number in (2, 3)]
    plan = plan_for({one: ["sort-waste"] for one in runs})
    assert sorted(len(item.people) for item in plan.items) == [1, 1]
    assert len({person for item in plan.items for person in item.people}) == 2


def test_prerequisites_are_booked_too_and_say_so() -> None:
    offers = {waste(prerequisites=("basics",)): ["sort-waste"], offer("basics", price_eur=10.0): []}
    plan = plan_for(offers)
    basics = next(item for item in plan.items if item.offer == "basics")
    assert len(basics.people) == 3
    assert basics.reasons == ("It comes first, because “Waste” builds on it.",)


# --- what the user decided


def pinned(name: str, role: str | None = "welder", people: int | None = 2) -> Correction:
    return Correction(kind="offer pinned", offer=name, role=role, people=people)


def test_excluded_and_pinned_offers() -> None:
    offers = {waste(): ["sort-waste"], offer("dear", price_eur=900.0, language="fr"): ["sort-waste"]}
    decided = (Correction(kind="offer excluded", offer="waste"), pinned("dear"))
    plan = plan_for(offers, firm=company(corrections=decided, languages=("en",)))
    assert [(item.offer, item.pinned) for item in plan.items] == [("dear", True)]
    assert plan.items[0].reasons[0] == "You pinned it."


def test_pins_that_cannot_be_meant_are_all_reported() -> None:
    offers = {waste(price_eur=None): ["sort-waste"], offer("late", start=END, end=date(2028, 2, 1)): []}
    decided = (
        pinned("waste", "nobody"),
        Correction(kind="offer excluded", offer="waste"),
        pinned("late", "clerk", 9),
        pinned("ghost"),
    )
    with pytest.raises(InputError) as caught:
        plan_for(offers, firm=company(corrections=decided))
    text = str(caught.value)
    for words in (
        "both pinned and excluded",
        "no price",
        "role 'nobody'",
        "9 people",
        "2028-02-01",
        "ghost: found no such",
    ):
        assert words in text


def test_a_budget_that_does_not_pay_for_the_pins() -> None:
    with pytest.raises(InputError, match=r"raise the budget to 1,000\.00 euros"):
        plan_for({waste(): ["sort-waste"]}, firm=company(budget=700, corrections=(pinned("waste"),)))


# --- files and figures


def test_what_is_written_is_read_back_equal(tmp_path: Path) -> None:
    plan = plan_for({waste(): ["sort-waste"]})
    write_plan(plan, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == plan
    content = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert next(iter(content)) == "schema"
    jsonschema.validate(content, json.loads(plan_schema()))


def test_the_published_schema_is_current() -> None:
    assert (DOCS / "plan.schema.json").read_text("utf-8") == plan_schema()


def test_files_that_are_no_plan(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_plan(tmp_path / "nowhere.json")
    (tmp_path / "list.json").write_text("[]", "utf-8")
    with pytest.raises(InputError, match="whole file"):
        read_plan(tmp_path / "list.json")
    (tmp_path / "half.json").write_text('{"company": "X"', "utf-8")
    with pytest.raises(InputError):
        read_plan(tmp_path / "half.json")


def test_the_frontier_of_a_company() -> None:
    found = analysis(gap("welder", "sort-waste", [0, 0, 0]))
    points = frontier(company(budget=500), found, catalogue({waste(): ["sort-waste"]}))
    assert (points[-1].budget_eur, points[-1].coverage) == (1500, 1)
    given = frontier(company(budget=500), found, catalogue({waste(): ["sort-waste"]}), budgets=[1000, 499, 5000])
    assert [(point.budget_eur, round(point.coverage, 3)) for point in given] == [(499, 0), (1000, 0.667), (5000, 1)]


def test_the_order_of_the_input_does_not_matter() -> None:
    offers = {offer(name, price_eur=500.0): ["sort-waste"] for name in "abc"}
    gaps = [gap("welder", "sort-waste", [0, 0, 0]), gap("clerk", "robots", [0, 0])]
    one = build_problem(company(), analysis(*gaps), catalogue(offers))
    two = build_problem(company(), analysis(*gaps[::-1]), catalogue(dict(reversed(offers.items()))))
    assert one == two


@pytest.mark.parametrize(("page", "stage"), [("planning", "planning"), ("gap", "gap")])
def test_the_symbols_of_the_docs_are_names_in_the_code(page: str, stage: str) -> None:
    root = Path(__file__).parents[1]
    code = "\n".join(path.read_text("utf-8") for path in sorted((root / "skillmatch" / stage).glob("*.py")))
    files = " ".join(path.name for path in (root / "skillmatch" / stage).iterdir())
    table = (root / "docs" / f"{page}.md").read_text("utf-8").split("| symbol |")[1].split("\n\n")[0]
    names = [part for name in re.findall(r"`([\w./]+)`", table) for part in name.removesuffix(".json").split(".")]
    assert len(names) > 10
    assert [name for name in names if name not in code and name not in files] == []
