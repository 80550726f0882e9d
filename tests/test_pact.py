"""The register of the Pact for Skills: what ships is whole, and what is wrong in it is named by its cell."""

from datetime import date
from pathlib import Path

import pytest

from skillmatch.company.places import COUNTRIES
from skillmatch.errors import InputError
from skillmatch.offers.pact import (
    Ecosystem,
    Partnership,
    load_charter,
    load_ecosystems,
    load_indicators,
    load_partnerships,
    read_register,
)
from skillmatch.words import ECOSYSTEMS

HEAD = "id,name,scale,source,evidence,checked,launched\n"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,A,huge,https://a.eu,confirmed,2026-01-01,", "scale"),
        ("a,A,regional,www.a.eu,confirmed,2026-01-01,", "source"),
        ("a,A,regional,https://a.eu,probably,2026-01-01,", "evidence"),
        ("a,A,regional,https://a.eu,confirmed,2026-01-01,1 May 2022", "launched"),
        ("a,A,regional,https://a.eu,confirmed,2026-01-01", "another number of cells"),
        ("a,A,regional,https://a.eu,confirmed,2026-01-01,2022,more", "another number of cells"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "partnerships.csv"
    path.write_text(f"{HEAD}b,B,regional,https://b.eu,confirmed,2026-01-01,2022\n{row}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_register(path, Partnership)
    assert [said in str(problem) for problem in caught.value.problems] == [True]
    assert str(caught.value).startswith("partnerships.csv, row 3")


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "partnerships.csv"
    path.write_text(f"{HEAD}a,A,huge,www,perhaps,2026-01-01,soon\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_register(path, Partnership)
    assert len(caught.value.problems) == 4


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ecosystems.csv"
    path.write_text(
        "id,name,description,nace,nace_evidence,source,checked,colour\na,A,x,,uncertain,https://a.eu,2026,red\n"
    )
    with pytest.raises(InputError, match="colour"):
        read_register(path, Ecosystem)


def test_the_ecosystems_are_those_of_the_product() -> None:
    assert {each.id: each.name for each in load_ecosystems()} == dict(ECOSYSTEMS)
    for each in load_ecosystems():
        assert all(code[0].isalpha() and code[1:].isdigit() and len(code) == 3 for code in each.nace)
    codes = [code for each in load_ecosystems() for code in each.nace]
    assert len(codes) == len(set(codes)), "a division is the core of one ecosystem only"


def test_every_ecosystem_has_a_large_scale_partnership() -> None:
    large = [each for each in load_partnerships() if each.scale == "large-scale"]
    assert {each.ecosystem for each in large} == set(ECOSYSTEMS)
    assert len(large) == 20  # as many as the Commission counted in March 2024


def test_partnerships_fit_together() -> None:
    ids = [each.id for each in load_partnerships()]
    assert ids == sorted(set(ids))
    for each in load_partnerships():
        assert each.ecosystem in {"", *ECOSYSTEMS}
        assert each.country in {"", *COUNTRIES}
        assert not each.launched or "2020-11-10" <= each.launched.ljust(10, "~") <= each.checked.ljust(10, "~")


def test_every_row_says_when_it_was_read_and_none_rests_on_a_later_page() -> None:
    for each in (*load_ecosystems(), *load_partnerships(), *load_charter(), *load_indicators()):
        assert date.fromisoformat(each.checked)
        assert each.source_date[:7] <= each.checked[:7]


def test_four_principles_in_order() -> None:
    assert [each.number for each in load_charter()] == [1, 2, 3, 4]
    assert load_charter()[0].name == "Promoting a culture of lifelong learning for all"


def test_a_plan_answers_some_indicators_and_the_others_say_so() -> None:
    answered = {each.id for each in load_indicators() if each.from_plan}
    assert {"people-trained", "invested", "workforce-trained"} <= answered
    assert "usefulness" not in answered
