"""Funding schemes: who may use them, and no euro paid twice."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planning_company import company

from skillmatch.errors import InputError
from skillmatch.offers.funding import FundingScheme, allocate, obstacles, read_funding


def scheme(**changes: object) -> FundingScheme:
    return FundingScheme(**({"id": "s", "name": "Scheme", "rate": 0.5, "cap_eur": 1000.0} | changes))


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({}, []),
        ({"rate": None}, ["funding unknown"]),
        ({"cap_eur": None}, ["funding unknown"]),
        ({"cap_eur": None, "capped": False}, []),
        ({"country": "FR"}, ["funding country"]),
        ({"countries": ("FR", "DE")}, []),
        ({"largest_company": 4}, ["funding size"]),
        ({"largest_company": 5}, []),
        ({"ecosystems": ("retail",)}, ["funding ecosystem"]),
    ],
)
def test_why_a_scheme_is_not_applied(changes: dict[str, object], rules: list[str]) -> None:
    assert [reason.rule for reason in obstacles(scheme(**changes), company())] == rules


def test_a_scheme_pays_its_share_up_to_its_cap() -> None:
    gross, eligible = np.array([600.0, 800.0, 500.0]), np.array([[True], [True], [False]])
    assert allocate(gross, eligible, np.array([0.5]), np.array([1000.0])).tolist() == [[300], [400], [0]]
    assert allocate(gross, eligible, np.array([0.5]), np.array([350.0])).tolist() == [[300], [50], [0]]
    assert allocate(gross, eligible[:, :0], np.array([]), np.array([])).shape == (3, 0)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_euro_is_funded_twice(data: st.DataObject) -> None:
    count, kinds = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    gross = np.array(data.draw(st.lists(st.sampled_from([0.0, 100.0, 730.5]), min_size=count, max_size=count)))
    eligible = np.array(data.draw(st.lists(st.booleans(), min_size=count * kinds, max_size=count * kinds))).reshape(
        count, kinds
    )
    rates = np.array(data.draw(st.lists(st.sampled_from([0.25, 0.5, 1.0]), min_size=kinds, max_size=kinds)))
    caps = np.array(data.draw(st.lists(st.sampled_from([0.0, 90.0, np.inf]), min_size=kinds, max_size=kinds)))
    paid = allocate(gross, eligible, rates, caps)
    assert (paid >= 0).all()
    assert (paid[~eligible] == 0).all()
    assert ((paid / rates).sum(axis=1) <= gross + 1e-6).all()
    assert (paid.sum(axis=0) <= caps + 1e-6).all()
    alone = max(allocate(gross, eligible[:, [k]], rates[[k]], caps[[k]]).sum() for k in range(kinds))
    assert paid.sum() >= alone - 1e-6


def test_all_problems_of_a_folder_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        '[[scheme]]\nid = "x"\nname = "X"\nrate = 1.5\n[[scheme]]\nid = "y"\nname = "Y"\n', "utf-8"
    )
    (tmp_path / "b.toml").write_text('[[scheme]]\nid = "y"\nname = "Y"\ncolour = "red"\n', "utf-8")
    (tmp_path / "c.toml").write_text("[[scheme", "utf-8")
    with pytest.raises(InputError) as caught:
        read_funding(tmp_path)
    found = [str(problem) for problem in caught.value.problems]
    assert any("a.toml, scheme 1, rate: found 1.5" in text for text in found)
    assert any("b.toml, scheme 1, colour" in text for text in found)
    assert any(text.startswith("c.toml") for text in found)
