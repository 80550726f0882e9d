"""The company workbook: what is understood, what is refused and how, and the way there and back."""

import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from skillmatch.company import cells
from skillmatch.company.check import check_company
from skillmatch.company.model import MODES, REACHES, Company, Constraints, Correction, Held, Need, Person, Role
from skillmatch.company.sheets import SHEETS
from skillmatch.company.workbook import inspect_workbook, read_workbook, write_template, write_workbook
from skillmatch.errors import InputError
from skillmatch.words import ECOSYSTEMS

START, END = date(2027, 1, 1), date(2027, 12, 31)
LIMITS = Constraints(start=START, end=END)
FIRM = Company(
    name="Muster Metallbau",
    country="DE",
    roles=(Role(id="cnc", title="CNC operator", people=12), Role(id="weld", title="Welder", people=3)),
    needs=(Need(id="paper", text="No more paper"),),
    held=(
        Held(role="cnc", skill="turn metal", level=2),
        Held(person="P-1", skill="weld", level=3, evidence="certificate", expires=date(2027, 6, 30)),
        Held(person="P-1", skill="robots", level=1),
    ),
    people=(Person(id="P-1", role="weld"), Person(id="P-2", role="weld")),
    constraints=Constraints(
        budget_eur=25000, hours_per_person=40.5, start=START, end=END,
        languages=("de", "en"), modes=("online", "on-site"), reach="region", away_share=0.25, other_sectors=True,
    ),
    corrections=(
        Correction(kind="not required", role="weld", skill="robots", note="bought in"),
        Correction(kind="required", role="cnc", skill="robots", level=2, people=2),
        Correction(kind="skill not meant", need="paper", skill="robots"),
        Correction(kind="offer excluded", offer="o-1"),
    ),
)  # fmt: skip


def problems(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_workbook(path, ())
    return [str(problem) for problem in caught.value.problems]


def saved(path: Path, *changes: tuple[str, str, object]) -> Path:
    """Write FIRM and then change cells: (sheet, cell, value)."""
    write_workbook(FIRM, path, ())
    book = load_workbook(path)
    for sheet, cell, value in changes:
        book[sheet][cell] = value
    book.save(path)
    return path


# What is no workbook at all


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"name;country\nA;DE\n", "no Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "(.xls)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_other_files_are_refused_with_what_to_do(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "company.xlsx"
    path.write_bytes(content)
    (problem,) = problems(path)
    assert words in problem
    assert "To mend it" in problem


def test_a_missing_file_a_folder_and_another_archive_are_refused(tmp_path: Path) -> None:
    assert "No such file" in problems(tmp_path / "nowhere.xlsx")[0]
    assert "directory" in problems(tmp_path)[0]
    with zipfile.ZipFile(tmp_path / "text.odt", "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert "another kind of file" in problems(tmp_path / "text.odt")[0]


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<broken")
    assert "damaged" in problems(tmp_path / "c.xlsx")[0]


def test_an_untouched_template_names_all_that_is_needed(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", ())
    found = problems(tmp_path / "t.xlsx")
    assert [problem.split(": ")[0] for problem in found] == [
        "t.xlsx, sheet Company, cell B2",
        "t.xlsx, sheet Company, cell B3",
        "t.xlsx, sheet Company, cell B7",
        "t.xlsx, sheet Company, cell B8",
        "t.xlsx, sheet Roles",
        "t.xlsx, sheet Needs",
    ]


def test_missing_sheets_are_named_with_those_that_are_there(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Staff"
    book.save(tmp_path / "c.xlsx")
    found = problems(tmp_path / "c.xlsx")
    assert [name for name in ("Company", "Roles", "Needs") if any(f"no sheet {name}" in line for line in found)] == [
        "Company",
        "Roles",
        "Needs",
    ]
    assert "(there are: Staff)" in found[0]


# What is wrong inside


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        (("Roles", "C3"), 0, "found 0; allowed: a whole number from 1 to 100,000"),
        (("Roles", "C3"), 2.5, "found 2.5; allowed: a whole number"),
        (("Roles", "C3"), "many", "found 'many'; allowed: a whole number"),
        (("Roles", "C3"), -1, "found -1; allowed: a whole number"),
        (("Roles", "C3"), True, "found True; allowed: a whole number"),
        (("Roles", "C3"), None, "found an empty cell"),
        (("Roles", "C3"), "=1+1", "a formula without a stored value (=1+1)"),
        (("Roles", "C3"), "#REF!", "an error of the spreadsheet (#REF!)"),
        (("Needs", "F3"), "31.02.2027", "allowed: a day of the calendar"),
        (("Needs", "F3"), "12/31/2027", "day before month"),
        (("Needs", "F3"), "next year", "a date such as 2027-12-31"),
        (("Needs", "F3"), "1.12.2026", "a date from 2027-01-01"),
        (("Needs", "E3"), "urgent", "1 useful, 2 important, 3 essential"),
        (("Needs", "D3"), "blue", "digital, green, twin, none"),
        (("Needs", "C3"), "Become rich", "the title of a measure"),
        (("Needs", "B3"), None, "your words, or a measure"),
        (("Company", "B5"), "Banking", "allowed: one of Aerospace & Defence, Agri-food"),
        (("Company", "B3"), "Atlantis", "a country or its two-letter code"),
        (("Company", "B8"), "31.12.2026", "sheet Company, cell B8: found 2026-12-31; allowed: 2027-01-01 or later"),
        (("Company", "B9"), "-5", "allowed: a number of 0 or more"),
        (("Company", "B9"), "1.2.3", "allowed: a number of 0 or more"),
        (("Company", "B11"), "German, Klingon", "a language or its two-letter code"),
        (("Company", "B12"), "online, by pigeon", "one of online, self-paced, on-site, blended"),
        (("Company", "B13"), "by car", "anywhere, within the country, within the region, not at all: online only"),
        (("Company", "B14"), "0", "a percentage above 0 and up to 100, such as 25 %"),
        (("Company", "B14"), "120 %", "a percentage above 0 and up to 100"),
        (("Company", "B14"), "a few", "a percentage above 0 and up to 100"),
        (("Company", "B15"), "perhaps", "yes or no"),
        (("Company", "B16"), "perhaps", "yes or no"),
        (("Held skills", "B3"), "Baker", "found 'Baker'; allowed: CNC operator, Welder"),
        (("Held skills", "D3"), 5, "0 none, 1 basic"),
        (("Held skills", "C3"), None, "sheet Held skills, cell C3: found an empty cell"),
        (("People", "B3"), "anna@firm.example", "found an e-mail address; allowed: a pseudonym"),
        (("People", "C4"), "CNC operator", "allowed: 'Welder', as in the first row of P-1"),
        (("People", "D5"), "polish", "sheet People, cell E5: found an empty cell; allowed: a level"),
        (("People", "E5"), 2, "sheet People, cell D5: found an empty cell; allowed: a skill"),
        (("Corrections", "B3"), "maybe", "skill not meant, skill added"),
        (("Corrections", "F3"), None, "sheet Corrections, cell F3: found nothing; allowed: a skill"),
        (("Corrections", "C5"), "other", "found 'other'; allowed: paper"),
    ],
)
def test_one_wrong_cell_gives_one_problem(tmp_path: Path, cell: tuple[str, str], value: object, words: str) -> None:
    (problem,) = problems(saved(tmp_path / "c.xlsx", (*cell, value)))
    assert problem.startswith("c.xlsx, sheet ")
    assert words in problem


def test_a_title_that_stands_twice_is_refused(tmp_path: Path) -> None:
    found = problems(saved(tmp_path / "c.xlsx", ("Roles", "B5", " cnc   OPERATOR "), ("Roles", "C5", 2)))
    assert len(found) == 1
    assert "sheet Roles, cell B5: found 'cnc   OPERATOR'; allowed: each one once" in found[0]


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    wrong = saved(
        tmp_path / "c.xlsx", ("Roles", "C3", 0), ("Needs", "E3", 9), ("Company", "B3", None), ("Held skills", "B3", "X")
    )
    assert len(problems(wrong)) == 4


def test_more_people_than_the_role_has_are_refused(tmp_path: Path) -> None:
    changes = [
        ("People", f"{column}{row}", value) for row in (6, 7) for column, value in (("B", f"Q-{row}"), ("C", "Welder"))
    ]
    (problem,) = problems(saved(tmp_path / "c.xlsx", *changes))
    assert "sheet People, cell C7: found more people than Welder has" in problem


def test_merged_cells_are_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "c.xlsx")
    book = load_workbook(path)
    book["Roles"].merge_cells("B3:B4")
    book.save(path)
    found = problems(path)
    assert "c.xlsx, sheet Roles, cell B3:B4: found merged cells" in found[0]


def test_a_missing_column_and_a_missing_heading_are_named(tmp_path: Path) -> None:
    (problem,) = problems(saved(tmp_path / "c.xlsx", ("Roles", "C1", "How tall")))
    assert "no column 'People' (there are: Note, Job title, How tall" in problem
    blank = [("Needs", f"{letter}{row}", None) for letter in "ABCDEFG" for row in (1, 2)]
    assert any("no heading row" in line for line in problems(saved(tmp_path / "d.xlsx", *blank)))


def test_cells_far_out_are_refused_instead_of_searched_for_ever(tmp_path: Path) -> None:
    (problem,) = problems(saved(tmp_path / "c.xlsx", ("Roles", "XFD1048576", "x")))
    assert "1,048,576 rows x 16,384 columns" in problem


# What is understood


def test_what_an_office_really_types_is_understood(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "c.xlsx",
        ("Roles", "B1", " job TITLE"), ("Roles", "C1", "Head count"), ("Roles", "C3", "12"),
        ("Company", "A9", "budget  in EUROS"), ("Company", "B9", "12.000 €"), ("Company", "B10", "37,5 h"),
        ("Company", "B7", "01.02.2027"), ("Company", "B8", date(2027, 11, 30)), ("Company", "B3", "deutschland"),
        ("Company", "B11", "en; Deutsch"), ("Company", "B12", "Online / On site"), ("Company", "B5", "agri food"),
        ("Company", "B13", "Within the country"), ("Company", "B14", "12,5 %"), ("Company", "B15", "nein"),
        ("Needs", "E3", "Essential"), ("Needs", "F3", "30/9/2027"), ("Needs", "D3", "both"),
        ("Held skills", "D3", "Advanced"),
        ("Held skills", "B3", "cnc  operator"),
    )  # fmt: skip
    company = read_workbook(path, ())
    assert company.constraints == Constraints(
        budget_eur=12000, hours_per_person=37.5, start=date(2027, 2, 1), end=date(2027, 11, 30),
        languages=("en", "de"), modes=("online", "on-site"), reach="country", away_share=0.125,
    )  # fmt: skip
    assert (company.country, company.ecosystem, company.roles[0].people) == ("DE", "agri-food", 12)
    assert company.needs[0].model_dump(include={"priority", "due", "transition"}) == {
        "priority": 3, "due": date(2027, 9, 30), "transition": "twin",
    }  # fmt: skip
    assert (company.held[0].role, company.held[0].level) == ("cnc", 3)


def test_ten_thousand_blank_rows_and_a_gap_between_rows_do_no_harm(tmp_path: Path) -> None:
    blanks = [("Roles", f"B{row}", " ") for row in range(6, 10_000)]
    path = saved(tmp_path / "c.xlsx", *blanks, ("Roles", "B10001", "Cook"), ("Roles", "C10001", 1))
    assert [role.id for role in read_workbook(path, ()).roles] == ["cnc", "weld", "cook"]


def test_an_example_row_counts_once_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, ())
    book = load_workbook(path)
    for cell, value in {"B2": "Firm", "B3": "PL", "B7": START, "B8": END}.items():
        book["Company"][cell] = value
    book["Roles"]["C3"] = 7
    book["Needs"]["B3"] = "Save energy"
    book.save(path)
    company = read_workbook(path, ())
    assert [(role.id, role.people) for role in company.roles] == [("cnc-machine-operator", 7)]
    assert [(need.id, need.priority) for need in company.needs] == [("save-energy", 3)]
    assert company.held == company.people == company.corrections == ()
    assert company.constraints.budget_eur is None


def test_a_row_without_mark_counts_even_if_it_reads_like_the_example(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, ())
    book = load_workbook(path)
    for cell, value in {"B2": "Firm", "B3": "PL", "B7": START, "B8": END}.items():
        book["Company"][cell] = value
    for sheet in ("Roles", "Needs"):
        book[sheet]["A3"] = None
    book.save(path)
    assert read_workbook(path, ()).roles[0].title == "CNC machine operator"


def test_a_computed_formula_counts_as_its_value(tmp_path: Path) -> None:
    path = saved(tmp_path / "c.xlsx", ("Roles", "C3", "=6*2"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = next(name for name, part in parts.items() if b"6*2" in part)
    parts[sheet] = parts[sheet].replace(b"<f>6*2</f><v />", b"<f>6*2</f><v>12</v>").replace(
        b"<f>6*2</f><v/>", b"<f>6*2</f><v>12</v>"
    )  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert read_workbook(path, ()).roles[0].people == 12


def test_unknown_sheets_and_columns_and_possible_names_are_noted_not_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = saved(
        tmp_path / "c.xlsx",
        ("Roles", "H1", "Shoe size"),
        ("People", "B5", "Anna Kowalska"),
        ("Company", "A20", "Motto"),
        ("Company", "B20", "Onwards"),
    )
    book = load_workbook(path)
    book.create_sheet("Holidays")
    book.save(path)
    notes = "\n".join(str(note) for note in inspect_workbook(path, ()).notes)
    for words in ("sheet Holidays", "'Shoe size'", "'Anna Kowalska', which looks like a name", "'Motto'"):
        assert words in notes
    read_workbook(path, ())
    assert "Holidays" in caplog.text


@pytest.mark.parametrize("name", ["P-07", "Welder A", "person 3", "X", "MA 0815"])
def test_pseudonyms_are_not_taken_for_names(tmp_path: Path, name: str) -> None:
    assert not inspect_workbook(saved(tmp_path / "c.xlsx", ("People", "B5", name)), ()).notes


# There and back


def test_the_firm_comes_back_equal_and_the_bytes_are_the_same_twice(tmp_path: Path) -> None:
    write_workbook(FIRM, tmp_path / "a.xlsx", ())
    write_workbook(FIRM, tmp_path / "b.xlsx", ())
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert read_workbook(tmp_path / "a.xlsx", ()) == FIRM


def test_what_cannot_be_written_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(InputError, match="at most 32,767"):
        write_workbook(FIRM.model_copy(update={"name": "x" * 40_000}), path, ())
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["c.xlsx"]


def test_words_that_look_like_formulas_stay_words(tmp_path: Path) -> None:
    firm = FIRM.model_copy(update={"name": '=HYPERLINK("http://example.org")'})
    write_workbook(firm, tmp_path / "c.xlsx", ())
    assert read_workbook(tmp_path / "c.xlsx", ()) == firm


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30).map(
    lambda text: text.strip()
).filter(lambda text: text and not any(sign in "\ufffe\uffff" for sign in text))  # fmt: skip
days = st.dates(START, END)


@st.composite
def companies(draw: st.DrawFn) -> Company:
    titles = draw(st.lists(words, min_size=1, max_size=4, unique_by=cells.plain))
    roles = tuple(
        Role(
            id=f"r{number}", title=title, people=draw(st.integers(4, 100_000)),
            description=draw(st.just("") | words), occupation=draw(st.none() | st.just("http://example.org/o")),
        )
        for number, title in enumerate(titles)
    )  # fmt: skip
    needs = tuple(
        Need(
            id=f"n{number}", text=draw(words), priority=draw(st.integers(1, 3)), due=draw(st.none() | days),
            transition=draw(st.sampled_from([None, "digital", "green", "twin", "none"])),
        )
        for number in range(draw(st.integers(1, 3)))
    )  # fmt: skip
    role_ids = st.sampled_from([role.id for role in roles])
    people = tuple(Person(id=f"P-{number}", role=draw(role_ids)) for number in range(draw(st.integers(0, 4))))

    def held(**owner: str) -> Held:
        return Held(
            **owner, skill=draw(words), level=draw(st.integers(0, 4)), expires=draw(st.none() | days),
            evidence=draw(st.sampled_from(["stated", "confirmed", "certificate"])),
        )  # fmt: skip

    correction = st.one_of(
        st.builds(Correction, kind=st.just("not required"), role=role_ids, skill=words, note=st.just("") | words),
        st.builds(
            Correction, kind=st.just("required"), role=role_ids, skill=words,
            level=st.none() | st.integers(0, 4), people=st.none() | st.integers(0, 100),
        ),
        st.builds(
            Correction, kind=st.just("offer pinned"), offer=words, role=st.none() | role_ids,
            who=st.lists(st.sampled_from(["P-0", "a, b / c", "place 2"]), unique=True).map(tuple),
        ),
        st.builds(
            Correction, kind=st.just("skill added"), need=st.sampled_from([need.id for need in needs]), skill=words
        ),
    )  # fmt: skip
    amounts = st.none() | st.integers(0, 10**11).map(lambda cents: cents / 100)
    return Company(
        name=draw(words), country=draw(st.sampled_from(["DE", "PL", "GR"])), region=draw(st.just("") | words),
        ecosystem=draw(st.sampled_from([None, *ECOSYSTEMS])), language=draw(st.sampled_from(["en", "de", "pl"])),
        sample=draw(st.booleans()), roles=roles, needs=needs, people=people,
        held=tuple(held(role=draw(role_ids)) for _ in range(draw(st.integers(0, 2))))
        + tuple(held(person=person.id) for person in people for _ in range(draw(st.integers(0, 2)))),
        constraints=Constraints(
            budget_eur=draw(amounts), hours_per_person=draw(amounts), start=START, end=draw(days),
            languages=tuple(draw(st.lists(st.sampled_from(["de", "en", "fr"]), unique=True))),
            modes=tuple(draw(st.lists(st.sampled_from(MODES), unique=True))),
            reach=draw(st.sampled_from(list(REACHES))), other_sectors=draw(st.booleans()),
            away_share=draw(st.none() | st.integers(1, 1000).map(lambda mille: mille / 1000)),
        ),
        corrections=tuple(draw(st.lists(correction, max_size=3))),
    )  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(company=companies())
def test_every_company_comes_back_equal(tmp_path: Path, company: Company) -> None:
    write_workbook(company, tmp_path / "c.xlsx", ())
    assert read_workbook(tmp_path / "c.xlsx", ()) == company


# The template, and the checks without a file


def test_the_template_helps(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", ())
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["Help", *(sheet.name for sheet in SHEETS), "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    for sheet in SHEETS[1:]:
        worksheet = book[sheet.name]
        assert worksheet.freeze_panes == "C3"
        assert [worksheet[f"A{row}"].value for row in (1, 2, 3)] == ["Note", "help", "example"]
        assert all(worksheet.cell(2, place).value for place in range(2, len(sheet.columns) + 2))
    lists = [validation for sheet in book.worksheets for validation in sheet.data_validations.dataValidation]
    assert len(lists) >= 12


def test_a_company_made_in_memory_is_checked_in_words() -> None:
    broken = FIRM.model_copy(
        update={
            "held": (
                Held(skill="x", level=1),
                Held(role="nobody", skill="x", level=1),
                Held(person="no", skill="x", level=1),
            ),
            "needs": (*FIRM.needs, *FIRM.needs),
            "constraints": LIMITS.model_copy(update={"end": START - timedelta(1)}),
        }
    )
    places = [problem.where for problem in check_company(broken)]
    assert places == [
        "the company, needs number 2, id",
        "the company, held number 1, role",
        "the company, held number 2, role",
        "the company, held number 3, person",
        "the company, end",
    ]
    assert check_company(FIRM) == ()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.000 €", 12000), ("1 200,50", 1200.5), ("1\u202f200,50 €", 1200.5), ("1'234.5", 1234.5), ("0,125", 0.125),
        ("0.125", 0.125), ("1.234.567", 1_234_567), ("1,234,567.8", 1_234_567.8), ("EUR 40", 40), ("7.5 hours", 7.5),
        (12, 12), ("999.999", 999_999), ("12.5", 12.5), ("1.234,567", 1234.567),
    ],
)  # fmt: skip
def test_numbers(cell: object, value: float) -> None:
    assert cells.number(cell) == value


@pytest.mark.parametrize(
    "cell", ["", "-3", "12 k", "1.2.3", "1,2,3", "12.0000.000", float("nan"), float("inf"), START, True]
)
def test_what_is_no_number(cell: object) -> None:
    with pytest.raises(cells.UnreadableError):
        cells.number(cell)
