"""The sample companies: workbooks that are up to date, read back equal, and name only what exists."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from content import load_script

from skillmatch.company.measures import load_measures
from skillmatch.company.workbook import inspect_workbook
from skillmatch.resources import DATA
from skillmatch.taxonomy.model import Taxonomy
from skillmatch.taxonomy.starter import load_starter

FOLDER = DATA / "companies"
NAMES = sorted(path.stem for path in (FOLDER / "sources").glob("*.toml"))


BUILD = load_script(FOLDER / "build.py")
COMPANIES = {name: BUILD.read_source(FOLDER / "sources" / f"{name}.toml") for name in NAMES}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("companies")
    BUILD.build(folder)
    return folder


@pytest.fixture(scope="module")
def starter() -> Taxonomy:
    return load_starter()


def contents(path: Path) -> dict[str, bytes]:
    """Return the parts of a workbook unpacked, as compressed bytes may differ between versions of zlib."""
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_source_with_an_error_is_refused(tmp_path: Path) -> None:
    source = (FOLDER / "sources" / "hollin-metalwork.toml").read_text("utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(source.replace('role = "quality"', 'role = "astronaut"'), "utf-8")
    with pytest.raises(SystemExit, match="astronaut"):
        BUILD.read_source(wrong)
    wrong.write_text(source.replace("people = 12", "people = 0"), "utf-8")
    with pytest.raises(SystemExit, match="people"):
        BUILD.read_source(wrong)


def test_no_workbook_without_a_source() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.xlsx")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_is_up_to_date(name: str, built: Path) -> None:
    same = contents(FOLDER / f"{name}.xlsx") == contents(built / f"{name}.xlsx")
    assert same, "run: python data/companies/build.py"


@pytest.mark.parametrize("name", NAMES)
def test_building_again_gives_the_same_bytes(name: str, built: Path, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.xlsx"
    BUILD.write_workbook(COMPANIES[name], path)
    assert path.read_bytes() == (built / f"{name}.xlsx").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_reads_back_equal_and_without_notes(name: str) -> None:
    reading = inspect_workbook(FOLDER / f"{name}.xlsx")
    assert reading.company == COMPANIES[name]
    assert not reading.notes


@pytest.mark.parametrize("name", NAMES)
def test_skills_occupations_and_measures_exist(name: str, starter: Taxonomy) -> None:
    company = COMPANIES[name]
    measures = {measure.id for measure in load_measures()}
    occupations = set(starter.occupation_labels["text"])
    assert [held.skill for held in company.held if starter.find_skill(held.skill) is None] == []
    assert {role.occupation for role in company.roles} - {None} <= occupations
    assert {need.measure for need in company.needs} - {None} <= measures


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_says_so_and_plans_in_2027(name: str) -> None:
    company = COMPANIES[name]
    limits = company.constraints
    assert company.sample
    assert company.name.endswith(("(sample)", "(Beispiel)", "(exemple)", "(ejemplo)", "(przykład)", "(esempio)"))
    assert company.country.lower() == company.language or (company.country, company.language) == ("IE", "en")
    assert (limits.start.year, limits.end.year) == (2027, 2027)
    assert limits.budget_eur
    assert limits.hours_per_person
    assert company.language in limits.languages
    assert all(need.due is None or limits.start < need.due <= limits.end for need in company.needs)
    assert 3 <= len(company.needs) <= 5
    assert len({need.measure for need in company.needs} - {None}) <= 1


def test_together_they_are_varied() -> None:
    companies = COMPANIES.values()
    people = [sum(role.people for role in company.roles) for company in companies]
    assert len({company.ecosystem for company in companies}) >= 6
    assert len({company.language for company in companies}) >= 5
    assert min(people) <= 15
    assert max(people) >= 200
    assert any(not role.description for company in companies for role in company.roles)
    assert sum(role.people for role in COMPANIES["hollin-metalwork"].roles) == 48
