"""The risk view on a firm that can be worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fakes import skill_uri
from gap_firm import KNOWN, PAPER, ROBOTS, START, WELD, firm

from skillmatch.company.model import Company, Correction, Held, Need, Person, Role
from skillmatch.gap.gap import analyse
from skillmatch.gap.risk import WINDOWS, RiskView, view_risks
from skillmatch.gap.rules import RULES
from skillmatch.words import render

PEOPLE = (Person(id="P-1", role="weld"), Person(id="P-2", role="tech"))


def risks(*held: Held, **fields: object) -> RiskView:
    company: Company = firm(held=held, people=PEOPLE, **fields)
    return view_risks(company, analyse(company, KNOWN), KNOWN)


def test_a_firm_that_wants_and_says_nothing_has_no_risks() -> None:
    company = firm().model_copy(update={"needs": ()})
    found = view_risks(company, analyse(company, KNOWN), KNOWN)
    assert found == RiskView((), (), (), (), 0)


def test_words_that_are_not_understood_are_passed_over() -> None:
    assert risks(Held(person="P-1", skill="juggling", level=2, expires=START)).ending == ()


def test_a_skill_that_nobody_has_is_told_apart_from_one_that_one_person_has() -> None:
    found = risks(Held(person="P-1", skill="use spreadsheets", level=3))
    assert PAPER in {risk.skill for risk in found.nobody}
    (one,) = found.one_person
    assert (one.skill, one.level, one.holders) == (skill_uri("spreadsheets"), 1, (("weld", "P-1"),))
    assert (one.people, one.assumed, one.wanted, one.weight) == (1, 0, 0, 0)


def test_skills_that_are_only_assumed_are_counted_as_such() -> None:
    two = (
        Role(id="tech", title="Maintenance technician", people=1),
        Role(id="boss", title="Production manager", people=1),
    )
    company = firm(Need(id="n", text="maintain machines"), roles=two)
    found = view_risks(company, analyse(company, KNOWN), KNOWN)
    (one,) = found.one_person
    assert (one.skill, one.people, one.assumed, one.holders) == (skill_uri("maintain-machines"), 1, 1, (("tech", ""),))


def test_twin_skills_come_first_then_the_heaviest() -> None:
    required = tuple(
        Correction(kind="required", role="boss", skill=skill_uri(name), level=4)
        for name in ("predictive", "sort-waste")
    )
    found = risks(corrections=required).nobody
    twins = [risk.transition == "twin" for risk in found]
    assert twins == sorted(twins, reverse=True)
    assert True in twins
    assert False in twins
    for group in (True, False):
        weights = [risk.weight for risk in found if (risk.transition == "twin") == group]
        assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(("days", "within"), [(-1, 0), (0, 30), (30, 30), (31, 90), (90, 90), (180, 180), (181, None)])
def test_evidence_that_ends_is_listed_with_its_window(days: int, within: int | None) -> None:
    expires = START + timedelta(days=days)
    found = risks(Held(person="P-1", skill="weld metal", level=3, evidence="certificate", expires=expires)).ending
    assert [(each.holder, each.role, each.skill, each.days, each.within) for each in found] == (
        [] if within is None else [("P-1", "weld", WELD, days, within)]
    )


def test_evidence_is_in_the_order_of_its_end_and_says_whether_a_need_wants_it() -> None:
    late, soon = (START + timedelta(days=day) for day in (90, 5))
    found = risks(
        Held(person="P-1", skill="weld metal", level=3, expires=late),
        Held(role="weld", skill="manage documents electronically", level=2, expires=soon),
    ).ending
    assert [(each.holder, each.wanted) for each in found] == [("weld", True), ("P-1", False)]


def test_the_skills_that_matter_come_with_their_share() -> None:
    found = risks()
    assert found.matter
    assert found.matter_share == pytest.approx(sum(each.share for each in found.matter))
    assert found.matter_share <= 1


def test_every_reason_can_be_put_into_words() -> None:
    ended = Held(person="P-1", skill="program robots", level=1, expires=START - timedelta(days=3))
    ends = Held(person="P-2", skill="weld metal", level=1, expires=START + timedelta(days=3))
    found = risks(ended, ends)
    assert max(WINDOWS) == 180
    assert isinstance(found.ending[0].expires, date)
    assert ROBOTS in {each.skill for each in found.ending}
    for part in (found.nobody, found.one_person, found.ending):
        for each in part:
            assert each.reasons
            assert all("{" not in render(RULES, reason) for reason in each.reasons)


def test_a_skill_that_only_we_count_as_twin_weighs_as_one_and_says_why() -> None:
    """Analysing data is digital by ESCO; where we call it twin, requirements and risks name whose judgement it is."""
    data = skill_uri("analyse-data")
    judged = replace(KNOWN, taxonomy=replace(KNOWN.taxonomy, own_twins={data: "It saves steel."}))
    company = firm(
        Need(id="n", text="x", measure="robot-cell"),
        corrections=(Correction(kind="required", role="tech", skill="analyse data", people=1, level=2),),
    )
    for known, transition in ((KNOWN, "digital"), (judged, "twin")):
        analysis = analyse(company, known)
        found = [each for each in analysis.requirements if each.skill == data]
        (risk,) = [each for each in view_risks(company, analysis, known).nobody if each.skill == data]
        assert {each.transition for each in (*found, risk)} == {transition}
        for each in (*found, risk):
            said = [render(RULES, reason) for reason in each.reasons if reason.rule == "counted as twin"]
            assert len(said) == (transition == "twin")
            assert all("SkillMatch, not ESCO" in sentence and "It saves steel." in sentence for sentence in said)
