"""Cover: at least n people across roles, a second person wherever possible, and the user's word above all."""

from pathlib import Path

import pytest
from fakes import skill_uri
from gap_firm import KNOWN, PAPER, WELD, firm, knowledge, measure, requirement, rules
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.company.model import Correction, Need, Role
from skillmatch.company.workbook import read_workbook, write_workbook
from skillmatch.gap.allot import COVER, TINY
from skillmatch.gap.gap import analyse
from skillmatch.gap.model import GapAnalysis
from skillmatch.gap.rules import RULES
from skillmatch.words import render

LEAD = skill_uri("lead-team")


def led_by(lead_people: int) -> tuple[object, ...]:
    return (measure("m", "paperless documents", [("lead-team", "core", 3, "lead")], lead_people=lead_people),)


def people(analysis: GapAnalysis, skill: str) -> int:
    return sum(each.people for each in analysis.requirements if each.skill == skill)


def managers(count: int, others: int = 6) -> tuple[Role, ...]:
    return (
        Role(id="boss", title="Production manager", people=count),
        Role(id="weld", title="Welder", people=others),
    )


@pytest.mark.parametrize(
    ("asked", "count", "others", "expected"),
    [
        (1, 3, 6, 2),  # one is enough to lead, a second one so that an absence does not stop the work
        (2, 3, 6, 2),
        (3, 3, 6, 3),
        (1, 1, 3, 1),  # a company of four gets by with one
        (1, 1, 6, 1),  # nobody else fits; the reasons say so
    ],
)
def test_a_second_person_covers_for_the_first(asked: int, count: int, others: int, expected: int) -> None:
    known = knowledge(led_by(asked))  # type: ignore[arg-type]
    analysis = analyse(firm(Need(id="n", text="x", measure="m"), roles=managers(count, others)), known)
    assert people(analysis, LEAD) == expected
    found = requirement(analysis, "boss", LEAD)
    assert found is not None
    assert ("cover" in rules(found.reasons)) == (asked < COVER and count + others >= TINY)
    assert all("{" not in render(RULES, reason) for reason in found.reasons)


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 6))
def test_never_more_people_than_wanted_or_there_are(asked: int, count: int, others: int) -> None:
    known = knowledge(led_by(asked))  # type: ignore[arg-type]
    analysis = analyse(firm(Need(id="n", text="x", measure="m"), roles=managers(count, others)), known)
    assert 1 <= people(analysis, LEAD) <= min(max(asked, COVER), count + others)


def test_what_the_user_requires_wins_survives_the_workbook_and_a_second_run(tmp_path: Path) -> None:
    decided = firm(
        corrections=(
            Correction(kind="required", role="boss", skill="lead a team", people=1, level=4),
            Correction(kind="required", role="tech", skill="lead a team", people=2),
            Correction(kind="not required", role="weld", skill=PAPER),
        )
    )
    path = tmp_path / "company.xlsx"
    write_workbook(decided, path)
    again = read_workbook(path)
    for company in (decided, again, again):
        analysis = analyse(company, KNOWN)
        boss, tech = (requirement(analysis, role, LEAD) for role in ("boss", "tech"))
        assert boss is not None
        assert tech is not None
        assert (boss.people, boss.level, tech.people, tech.level) == (1, 4, 2, 2)
        assert rules(boss.reasons)[0] == rules(tech.reasons)[0] == "required by you"
        assert requirement(analysis, "weld", PAPER) is None


def test_a_decision_stays_when_needs_change() -> None:
    kept = Correction(kind="required", role="tech", skill=WELD, people=1, level=3)
    for needs in ((), (Need(id="n", text="weld metal"),), (Need(id="o", text="sort waste"),)):
        company = firm(corrections=(kept,)).model_copy(update={"needs": needs})
        found = requirement(analyse(company, KNOWN), "tech", WELD)
        assert found is not None
        assert (found.people, found.level) == (1, 3)
