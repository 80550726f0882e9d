"""The funding schemes that ship: valid, explained, and without any amount that somebody might rely on."""

import re
from datetime import date

import pytest

from skillmatch.company.model import Company, Constraints, Need, Role
from skillmatch.company.places import COUNTRIES
from skillmatch.offers.funding import FundingScheme, obstacles, read_funding
from skillmatch.resources import DATA
from skillmatch.words import ECOSYSTEMS

SCHEMES = read_funding(DATA / "funding")
NOTE = re.compile(r"Run by: .+\.\nPays for: .+\.\nConditions: .+\.\nEvidence: (confirmed|secondary|uncertain)\.")


def company(country: str, people: int, ecosystem: str = "tourism") -> Company:
    return Company(
        name="A",
        country=country,
        ecosystem=ecosystem,
        roles=(Role(id="cook", title="Cook", people=people),),
        needs=(Need(id="n", text="Less waste"),),
        constraints=Constraints(start=date(2027, 1, 1), end=date(2027, 12, 31)),
    )


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
def test_a_scheme_is_explained_and_has_no_amounts(scheme: FundingScheme) -> None:
    assert NOTE.fullmatch(scheme.note), scheme.note
    assert scheme.rate is None
    assert scheme.cap_eur is None
    assert scheme.capped
    assert not re.search(r"\d\s*(%|€|EUR|euro)", scheme.note)
    assert scheme.source
    assert bool(scheme.checked) is not scheme.note.endswith("uncertain."), "what nobody read has no day of reading"
    assert not scheme.checked or date.fromisoformat(scheme.checked)
    assert scheme.country in {"", *COUNTRIES}
    assert scheme.id.startswith((scheme.country or "eu").lower() + "-")
    assert set(scheme.ecosystems) <= set(ECOSYSTEMS)
    assert not scheme.url or scheme.url.startswith("https://")


@pytest.mark.parametrize("country", ["DE", "ES", "FR", "IE", "IT", "NL", "PL"])
def test_countries_of_the_sample_companies_have_schemes(country: str) -> None:
    assert [scheme.id for scheme in SCHEMES if scheme.country == country]


def test_without_amounts_nothing_is_applied() -> None:
    firm = company("FR", 30)
    assert all("funding unknown" in {reason.rule for reason in obstacles(scheme, firm)} for scheme in SCHEMES)


def test_with_the_users_amounts_a_scheme_applies_where_its_conditions_hold() -> None:
    opco = next(scheme for scheme in SCHEMES if scheme.id == "fr-opco-plan")
    filled = opco.model_copy(update={"rate": 0.5, "cap_eur": 2000.0})
    rules = {
        (country, people): [reason.rule for reason in obstacles(filled, company(country, people))]
        for country, people in (("FR", 49), ("FR", 50), ("DE", 49))
    }
    assert rules == {("FR", 49): [], ("FR", 50): ["funding size"], ("DE", 49): ["funding country"]}
