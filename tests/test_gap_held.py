"""What is held: evidence that runs out, kinds of evidence, and partial credit that never closes a gap."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from fakes import occupation_uri, skill_uri, tiny_taxonomy
from gap_firm import END, KNOWN, ROBOTS, START, WELD, firm, gap, rules
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.company.model import Company, Correction, Held, Person, Role
from skillmatch.gap.credit import CREDIT, credit, kin
from skillmatch.gap.gap import analyse
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import Gap
from skillmatch.gap.rules import RULES
from skillmatch.words import render

JUNE = date(2027, 6, 1)


def with_robots(*held: Held, people: int = 1, level: int = 3, known: Knowledge = KNOWN) -> Gap:
    """Return the gap of two welders, `people` of whom must program robots; P-1 and P-2 are known by name."""
    required = Correction(kind="required", role="weld", skill=ROBOTS, level=level, people=people)
    company: Company = firm(
        roles=(Role(id="weld", title="Welder", people=2),),
        people=(Person(id="P-1", role="weld"), Person(id="P-2", role="weld")),
        held=held,
        corrections=(required,),
    )
    return gap(analyse(company, known), "weld", ROBOTS)


def can(person: str, level: int = 3, expires: date | None = None, **fields: str) -> Held:
    return Held.model_validate({"person": person, "skill": ROBOTS, "level": level, "expires": expires, **fields})


# Evidence that runs out


@pytest.mark.parametrize(
    ("held", "people", "short", "opens"),
    [
        ([], 1, 1, None),  # open from the beginning
        ([can("P-1")], 1, 0, None),
        ([can("P-1", expires=JUNE)], 1, 1, JUNE + timedelta(days=1)),
        ([can("P-1", expires=JUNE)], 2, 2, None),  # one is missing from the beginning
        ([can("P-1", expires=JUNE), can("P-2")], 1, 0, None),  # another one stays
        ([can("P-1", expires=JUNE), can("P-2", expires=date(2027, 9, 1))], 1, 1, date(2027, 9, 2)),
        ([can("P-1", expires=JUNE), can("P-2", expires=date(2027, 9, 1))], 2, 2, JUNE + timedelta(days=1)),
        ([can("P-1", expires=START)], 1, 1, START + timedelta(days=1)),
        ([can("P-1", expires=START - timedelta(days=1))], 1, 1, None),
        ([can("P-1", expires=END)], 1, 0, None),
        ([can("P-1", expires=JUNE), can("P-1", level=4)], 1, 0, None),
    ],
)
def test_a_gap_opens_on_the_day_after_the_evidence_ends(
    held: list[Held], people: int, short: int, opens: date | None
) -> None:
    found = with_robots(*held, people=people)
    assert (found.people_short, found.opens) == (short, opens)
    assert ("opens" in rules(found.reasons)) == (opens is not None)


def test_each_level_names_its_kind_of_evidence() -> None:
    found = with_robots(can("P-1", evidence="certificate"), can("P-1"), people=2)
    assert found.held == (3, 1)
    assert found.evidence == ("certificate", "assumed")
    said = [render(RULES, reason) for reason in found.reasons if reason.rule == "held by person"]
    assert said == [
        "P-1 has it at level 3 (certificate, 100% sure).",
        "P-1 has it at level 3 (self-stated, 70% sure).",
    ]


# Partial credit


def family() -> Knowledge:
    """Return a taxonomy in which robots are broader than predictive, and safety belongs to robots."""
    tiny = tiny_taxonomy()
    inside = [(skill_uri("predictive"), ROBOTS)]
    broader = pd.concat([tiny.broader, pd.DataFrame(inside, columns=["uri", "broader"])])
    belongs = pd.DataFrame([(skill_uri("safety"), ROBOTS, "essential")], columns=["skill", "related", "relation"])
    return replace(KNOWN, taxonomy=replace(tiny, broader=broader, skill_relations=belongs))


def test_the_kinds_of_kin_are_told_apart() -> None:
    known = family()
    assert kin(ROBOTS, known) == {
        skill_uri("predictive"): "narrower", skill_uri("safety"): "belongs to",
        skill_uri("maintain-machines"): "same kind", skill_uri("sort-waste"): "same kind", WELD: "same kind",
    }  # fmt: skip
    assert kin(skill_uri("predictive"), known)[ROBOTS] == "broader"


@pytest.mark.parametrize(
    ("name", "level", "counts"),
    [
        ("predictive", 4, 2),
        ("predictive", 2, 1),
        ("safety", 4, 1),
        ("weld", 3, 1),
        ("weld", 2, 0),
        ("spreadsheets", 4, 0),
    ],
)
def test_a_related_skill_counts_some_levels_less(name: str, level: int, counts: int) -> None:
    nothing = Held(role="weld", skill=ROBOTS, level=0)
    related = Held(person="P-1", skill=skill_uri(name), level=level)
    found = with_robots(nothing, related, known=family())
    assert found.held == (counts, 0)
    assert found.people_short == 1
    assert ("credit" in rules(found.reasons)) == (counts > 0)


def test_what_is_said_of_a_skill_beats_credit_for_it() -> None:
    no = can("P-1", level=0)
    found = with_robots(no, Held(person="P-1", skill=skill_uri("predictive"), level=4), known=family())
    assert found.held == (0, 1)


def test_a_role_gets_credit_for_what_its_occupation_is_assumed_to_have() -> None:
    clerk = Role(id="c", title="Office clerk", people=1)
    required = Correction(kind="required", role="c", skill=skill_uri("spreadsheets"), level=2)
    lead = Correction(kind="required", role="c", skill=skill_uri("lead-team"), level=2)
    analysis = analyse(firm(roles=(clerk,), corrections=(required, lead)), KNOWN)
    assert gap(analysis, "c", skill_uri("spreadsheets")).held == (2,)
    assert gap(analysis, "c", skill_uri("lead-team")).held == (0,)  # same kind, but level 2 less 2 is nothing
    assert analysis.links[0].occupation == occupation_uri("clerk")


@given(st.sampled_from(sorted(CREDIT)), st.integers(0, 4), st.integers(1, 4))
def test_credit_never_reaches_what_is_wanted(relation: str, level: int, wanted: int) -> None:
    assert 0 <= credit(relation, level, wanted) < wanted
    assert credit(relation, level, wanted) <= CREDIT[relation].most
    if level:
        assert credit(relation, level, wanted) >= credit(relation, level - 1, wanted)
