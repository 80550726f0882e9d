"""Planning again after a cancellation, two plans side by side, who is away when, funding as the user fills it in."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from fakes import tiny_taxonomy
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook
from planning_company import analysis, catalogue, company, gap, offer

from skillmatch.choices import known_schemes, limits_in_words
from skillmatch.company.model import Company, Correction, Person, Role
from skillmatch.errors import InputError
from skillmatch.offers.funding import FundingScheme, read_funding, write_funding
from skillmatch.planning.plan import Plan, make_plan
from skillmatch.replan import bookings, decide, rebook
from skillmatch.report.away import sessions, weeks_matrix, weeks_table
from skillmatch.report.calendar import write_calendar
from skillmatch.report.compare import (
    Comparison,
    changes_table,
    compare,
    comparison_rows,
    comparison_sentence,
    figures,
    gap_changes_table,
)
from skillmatch.report.comparison_workbook import write_comparison_workbook
from skillmatch.report.funding_table import funding_table, read_funding_table
from skillmatch.report.pact import charter_table, survey_table

TAXONOMY = tiny_taxonomy()
SPRING = {"course": "waste", "title": "Waste", "start": date(2027, 3, 1), "mode": "on-site"}
AUTUMN = SPRING | {"start": date(2027, 9, 6), "price_eur": 600.0}
OFFERS = {
    offer("waste-1", **SPRING): ["sort-waste"],
    offer("waste-2", **AUTUMN): ["sort-waste"],
    offer("robots", hours=40): ["robots"],
}
GAPS = (gap("welder", "sort-waste", [0, 0, 0]), gap("clerk", "robots", [0, 0], weight=0.5))


def plan_for(firm: Company | None = None, schemes: tuple[FundingScheme, ...] = ()) -> Plan:
    return make_plan(firm or company(), analysis(*GAPS), catalogue(OFFERS), TAXONOMY, schemes=schemes)


def replanned(cancelled: str) -> tuple[Plan, Plan]:
    before = plan_for()
    booked = [line for line in bookings(before) if line[0] != cancelled]
    return before, plan_for(rebook(company(), before, booked, {cancelled}))


# --- planning again


@pytest.mark.parametrize(
    ("booked", "cancelled", "words"),
    [
        ([("nope", "welder")], [], ["booked nope", "waste-1"]),
        ([("waste-1", "clerk")], ["gone"], ["booked waste-1", "cancelled gone"]),
        ([("waste-1", "welder")], ["waste-1"], ["both booked and cancelled", "every role"]),
    ],
)
def test_what_cannot_be_is_said_all_at_once(
    booked: list[tuple[str, str]], cancelled: list[str], words: list[str]
) -> None:
    with pytest.raises(InputError) as problems:
        rebook(company(), plan_for(), booked, cancelled)
    assert all(word in str(problems.value) for word in words)


def test_what_is_booked_stays_and_what_was_cancelled_is_replaced() -> None:
    before, after = replanned("waste-1")
    assert bookings(before) == (("robots", "clerk"), ("waste-1", "welder"))
    assert bookings(after) == (("robots", "clerk"), ("waste-2", "welder"))
    assert [item.pinned for item in after.items] == [True, False]


def test_a_booking_stays_even_where_a_better_plan_would_drop_it() -> None:
    before = plan_for()
    poor = company(budget=1800.0)
    assert ("robots", "clerk") not in bookings(plan_for(poor))
    after = plan_for(rebook(poor, before, [("robots", "clerk")], ["waste-1"]))
    assert ("robots", "clerk") in bookings(after)
    assert after.totals.cost_eur_net <= 1800


def test_a_second_change_replaces_the_first_and_keeps_other_decisions() -> None:
    other = Correction(kind="not required", role="clerk", skill="weld metal")
    before = plan_for()
    once = rebook(company(corrections=[other]), before, bookings(before), [])
    assert [each.kind for each in once.corrections] == ["not required", "offer pinned", "offer pinned"]
    twice = rebook(once, before, [("robots", "clerk")], ["waste-1"])
    assert [(each.kind, each.offer) for each in twice.corrections] == [
        ("not required", None),
        ("offer pinned", "robots"),
        ("offer excluded", "waste-1"),
    ]
    assert rebook(twice, before, [("robots", "clerk")], ["waste-1"]) == twice


LEVELS = st.lists(st.integers(0, 2), min_size=4, max_size=4)
RUN_DATES = st.none() | st.integers(0, 200).map(lambda days: date(2027, 1, 4) + timedelta(days=days))


@settings(max_examples=60, deadline=None)
@given(
    levels=st.tuples(LEVELS, LEVELS, LEVELS),
    dates=st.lists(RUN_DATES, min_size=6, max_size=6),
    hours=st.sampled_from([16.0, 32.0, 64.0]),
    budget=st.sampled_from([1500.0, 4000.0, 20000.0]),
    known=st.integers(0, 3),
    data=st.data(),
)
def test_who_is_booked_stays_booked_by_name(
    levels: tuple[list[int], ...],
    dates: list[date | None],
    hours: float,
    budget: float,
    known: int,
    data: st.DataObject,
) -> None:
    firm = company(hours=hours, budget=budget).model_copy(
        update={
            "roles": (Role(id="welder", title="Welder", people=4),),
            "people": tuple(Person(id=f"W-{number}", role="welder") for number in range(known)),
        }
    )
    skills = ("sort-waste", "robots", "weld")
    found = analysis(*(gap("welder", skill, held) for skill, held in zip(skills, levels, strict=True)))
    offers = catalogue(
        {
            offer(f"{skill}-{number}", course=skill, start=start, price_eur=300.0 + number): [skill]
            for number, (skill, start) in enumerate(zip(skills * 2, dates, strict=True))
        }
    )
    before = make_plan(firm, found, offers, TAXONOMY)
    if not before.items:
        return
    gone = data.draw(st.sampled_from([item.offer for item in before.items]))
    booked = [line for line in bookings(before) if line[0] != gone]
    after = make_plan(rebook(firm, before, booked, {gone}), found, offers, TAXONOMY)
    people = {(item.offer, item.role): set(item.people) for item in after.items}
    for item in before.items:
        if item.offer != gone:
            assert people[item.offer, item.role] >= set(item.people)


def test_people_booked_by_name_must_be_there() -> None:
    wrong = Correction(kind="offer pinned", offer="robots", role="clerk", who=("place 1", "place 9"))
    nameless = Correction(kind="offer pinned", offer="robots", who=("place 1",))
    with pytest.raises(InputError) as problems:
        plan_for(company(corrections=[wrong, nameless]))
    assert "nobody called 'place 9' in clerk; allowed: one of place 1, place 2" in str(problems.value)
    assert "people without their role" in str(problems.value)


def test_pins_and_exclusions_by_name_are_checked() -> None:
    known = catalogue(OFFERS).index
    made = decide(company(), known, ["robots"], ["waste-1"])
    assert [(each.kind, each.offer) for each in made.corrections] == [
        ("offer pinned", "robots"),
        ("offer excluded", "waste-1"),
    ]
    with pytest.raises(InputError) as problems:
        decide(company(), known, ["robots", "nope"], ["robots", "neither"])
    assert len(problems.value.problems) == 3


# --- two plans


def test_a_plan_beside_itself_has_no_differences() -> None:
    found = compare(plan_for(), plan_for())
    assert {change.what for change in found.changes} == {"same"}
    assert found.gaps == ()
    assert all(each.difference == "no change" for each in figures(found))


def test_another_run_of_the_same_course_is_one_change() -> None:
    found = compare(*replanned("waste-1"))
    assert [change.what for change in found.changes] == ["other run", "same"]
    assert found.changes[0].details == ("begins 6 Sept 2027 instead of 1 Mar 2027; €1,800 to pay instead of €1,500")
    assert "1 moved to another run, 1 as before" in comparison_sentence(found)
    assert [each.difference for each in figures(found)][1] == "+€300"


def test_what_only_one_plan_closes_is_named() -> None:
    before, after = plan_for(), plan_for(company(budget=1600.0))
    found = compare(before, after)
    assert [(change.what, change.item.offer) for change in found.changes] == [
        ("dropped", "robots"),
        ("same", "waste-1"),
    ]
    assert [(each.gap.role, each.verdict) for each in found.gaps] == [("clerk", "closed only in the first plan")]
    table = gap_changes_table(found)
    assert list(table["People closed, first"]) == ["2 of 2"]
    back = compare(after, before)
    assert [change.what for change in back.changes] == ["added", "same"]
    assert [each.verdict for each in back.gaps] == ["closed only in the second plan"]


def test_differences_add_up(tmp_path: Path) -> None:
    found = compare(*replanned("waste-1"))
    table = changes_table(found)
    assert table["€ before"].sum() == found.before.totals.cost_eur_net
    assert table["€ now"].sum() == found.after.totals.cost_eur_net
    assert {str(row["kind"]) for row in comparison_rows(found)} == {"figure", "booking"}
    check_workbook(found, tmp_path)


def check_workbook(found: Comparison, folder: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_comparison_workbook(folder / name, found)
    assert (folder / "one.xlsx").read_bytes() == (folder / "two.xlsx").read_bytes()
    book = load_workbook(folder / "one.xlsx")
    assert book.sheetnames == ["Summary", "Bookings", "Gaps"]
    assert book["Bookings"].max_row == 3 + len(found.changes)


# --- who is away


def test_hours_of_the_weeks_add_up_to_the_plan() -> None:
    plan = plan_for()
    spent = sum(session.hours * len(session.item.people) for session in sessions(plan))
    assert spent == pytest.approx(plan.totals.hours)
    assert all(session.week.weekday() == 0 for session in sessions(plan))


def test_each_person_is_away_once_a_week() -> None:
    plan = plan_for()
    weeks = weeks_table(plan, company())
    spring = weeks[weeks["Week of"] == date(2027, 3, 1)].iloc[0]
    assert (spring["Role"], spring["People in training"], spring["Of the role"], spring["At fixed times"]) == (
        "Welder", 3, 3, 3,
    )  # fmt: skip
    own_time = weeks[weeks["Role"] == "Clerk"]
    assert (own_time["At fixed times"] == 0).all()
    assert own_time["Hours each"].sum() == pytest.approx(40)
    assert (weeks["People in training"] <= weeks["Of the role"]).all()
    matrix = weeks_matrix(weeks, company())
    assert list(matrix["Role"]) == ["Clerk", "Welder"]
    assert len(matrix.columns) == 1 + weeks["Week of"].nunique()


def test_part_time_courses_on_other_days_fit_beside_each_other(tmp_path: Path) -> None:
    term = {"start": date(2027, 3, 1), "end": date(2027, 3, 26), "hours": 32, "mode": "online"}
    found = analysis(gap("clerk", "robots", [0, 0]), gap("clerk", "sort-waste", [0, 0]))

    def plan_of(*days: tuple[str, ...]) -> Plan:
        first, second = (
            offer(name, weekdays=each, **term) for name, each in zip(("robots", "waste"), days, strict=True)
        )
        return make_plan(company(), found, catalogue({first: ["robots"], second: ["sort-waste"]}), TAXONOMY)

    def seats(plan: Plan) -> int:
        return sum(len(item.people) for item in plan.items)

    assert seats(plan_of((), ())) == 2
    assert seats(plan_of(("Mon", "Wed"), ("Wed",))) == 2
    plan = plan_of(("Mon", "Wed"), ("Thu",))
    assert seats(plan) == 4
    assert [session.hours for session in sessions(plan)] == [8.0] * 8
    write_calendar(plan, tmp_path / "plan.ics", {"clerk": "Clerk"})
    events = list(Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT"))
    assert [str(each.decoded("dtstart")) for each in events] == ["2027-03-01", "2027-03-04"]
    assert all(each.decoded("dtend") - each.decoded("dtstart") == timedelta(days=1) for each in events)
    assert events[0]["rrule"].to_ical() == b"FREQ=WEEKLY;UNTIL=20270326;BYDAY=MO,WE"


def test_a_weekend_course_counts_its_days() -> None:
    plan = plan_for()
    saturday = date(2027, 3, 6)
    moved = plan.items[1].model_copy(
        update={"planned_start": saturday, "planned_end": saturday + timedelta(days=1), "start": saturday}
    )
    weekend = plan.model_copy(update={"items": (moved,)})
    assert [session.hours for session in sessions(weekend)] == [16]
    assert weeks_table(plan.model_copy(update={"items": ()}), company()).empty


# --- funding


def scheme(**changes: object) -> FundingScheme:
    return FundingScheme(**({"id": "s", "name": "Voucher", "rate": 0.5, "cap_eur": 800.0} | changes))


def test_funding_written_is_read_back_equal(tmp_path: Path) -> None:
    given = (
        scheme(id="a", note='Two\nlines, a "quote", a \\ and \x7f', transitions=("digital", "twin")),
        scheme(id="b", capped=False, cap_eur=None, largest_company=249, countries=("DE", "AT")),
    )
    path = tmp_path / "new" / "funding.toml"
    write_funding(given, path)
    assert read_funding(path) == given
    assert read_funding(path.parent) == given


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "readable file"),
        ("rate = 0.4\n", "[[scheme]] tables only"),
        ("[[scheme]]\nid = 'a'\nname = 'A'\nrate = 40\n\n[[scheme]]\nid = 'a'\n", "scheme 2, name"),
    ],
)
def test_a_wrong_funding_file_is_explained(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "funding.toml"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(InputError) as problems:
        read_funding(path)
    assert words in str(problems.value)


def test_own_schemes_take_the_place_of_those_that_ship() -> None:
    shipped = known_schemes(company())
    mine = shipped[0].model_copy(update={"rate": 0.4, "cap_eur": 3000.0})
    known = known_schemes(company(), (mine, scheme()))
    assert len(known) == len(shipped) + 1
    assert mine in known
    assert all(each.countries or each.country in ("", "DE") for each in shipped)


def test_the_table_gives_back_only_what_was_filled_in() -> None:
    known = known_schemes(company())
    frame = funding_table(known)
    assert read_funding_table(frame, known) == ()
    place = frame.index[frame["id"] == known[0].id][0]
    frame.loc[place, ["Pays %", "At most €"]] = [40.0, 3000.0]
    new = {"Scheme": "Chamber voucher", "Pays %": 25, "No upper limit": True, "Pays for": "green training"}
    frame = pd.concat([frame, pd.DataFrame([new, {}])], ignore_index=True)
    filled, own = sorted(read_funding_table(frame, known), key=lambda each: each.name == "Chamber voucher")
    assert (filled.id, filled.rate, filled.cap_eur, filled.note) == (known[0].id, 0.4, 3000.0, known[0].note)
    assert (own.id, own.rate, own.capped, own.transitions) == ("own-1", 0.25, False, ("green", "twin"))
    again = funding_table(known_schemes(company(), (filled, own)))
    assert sorted(read_funding_table(again, known), key=lambda each: each.id) == sorted(
        (filled, own), key=lambda each: each.id
    )


def test_every_wrong_cell_of_the_table_is_named() -> None:
    rows = [
        {"Scheme": "", "Pays %": 10, "At most €": 100},
        {"Scheme": "A", "Pays %": 140, "At most €": -1},
        {"Scheme": "B", "Pays %": 40},
        {"Scheme": "C", "At most €": 40, "No upper limit": True, "Up to people": 0},
    ]
    frame = pd.DataFrame(rows, columns=funding_table(()).columns)
    with pytest.raises(InputError) as problems:
        read_funding_table(frame, ())
    places = [problem.where for problem in problems.value.problems]
    assert places == [
        "Funding, line 1, Scheme", "Funding, A, Pays %", "Funding, A, At most €", "Funding, B, At most €",
        "Funding, C, Up to people", "Funding, C, No upper limit", "Funding, C, Pays %",
    ]  # fmt: skip


def test_what_was_filled_in_reduces_the_price() -> None:
    plain = plan_for()
    funded = plan_for(schemes=(scheme(),))
    assert funded.totals.funding_eur == 800
    assert funded.totals.cost_eur_net == plain.totals.cost_eur_net - 800
    assert list(limits_in_words(company(reach="online"))) == ["People travel to training not at all: online only."]
    nowhere = company(reach="region", away_share=0.25).model_copy(update={"region": ""})
    assert [words.split()[0] for words in limits_in_words(nowhere)] == ["People", "Your", "At"]


# --- the Pact's survey


def test_the_survey_is_answered_from_the_plan() -> None:
    plan = plan_for()
    table = survey_table(plan, company())
    answers = dict(zip(table["The survey asks"], table["This plan"], strict=True))
    assert answers["Share of the own workforce trained"] == "100% (5 of 5)"
    assert answers["Money invested in upskilling and reskilling"].startswith("€2,500 ")
    assert "not in a plan" in answers.values()
    assert list(charter_table()[""]) == [1, 2, 3, 4]
