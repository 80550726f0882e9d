"""What people read and print: the plan as a workbook, tables and sentences."""

from datetime import date
from pathlib import Path

import pytest
from fakes import BagOfWordsEncoder
from icalendar import Calendar
from openpyxl import load_workbook

from skillmatch.flow import Answer, answer, load_catalogue, sample_company
from skillmatch.gap.gap import skills_that_matter
from skillmatch.gap.knowledge import Knowledge
from skillmatch.report import tables
from skillmatch.report.calendar import write_calendar
from skillmatch.report.format import day, euros, hours, percent
from skillmatch.report.numbers import gap_numbers, plan_numbers
from skillmatch.report.reasons import sentences
from skillmatch.report.summary import missing_sentence, plan_sentence, proof_sentence
from skillmatch.report.workbook import write_plan_workbook
from skillmatch.words import ATTRIBUTION

SHEETS = ["Summary", "Skills that matter", "Gaps", "Plan", "Who is away", "Sessions", "Still open", "Evidence"]


@pytest.fixture(scope="module")
def answered(starter_words: BagOfWordsEncoder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Knowledge]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKILLMATCH_HOME", str(tmp_path_factory.mktemp("home")))
        knowledge = Knowledge.load(encoder=starter_words)
        return answer(sample_company(), knowledge, load_catalogue(None, knowledge)), knowledge


def write(given: tuple[Answer, Knowledge], path: Path) -> None:
    made, knowledge = given
    write_plan_workbook(path, made.plan, made.company, made.analysis, knowledge.taxonomy, knowledge.measures)


def test_the_workbook_has_every_sheet_and_the_plan_s_numbers(
    answered: tuple[Answer, Knowledge], tmp_path: Path
) -> None:
    path = tmp_path / "new folder" / "plan.xlsx"
    write(answered, path)
    book = load_workbook(path)
    assert book.sheetnames == SHEETS
    plan = answered[0].plan
    sheet = book["Plan"]
    head = [cell.value for cell in sheet[3]]
    money = head.index("To pay €")
    paid = [row[money] for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    assert sum(paid) == pytest.approx(plan.totals.cost_eur_net)
    words = [cell.value for row in book["Summary"].iter_rows() for cell in row if cell.value]
    assert ATTRIBUTION in words
    assert any("Sample data" in str(value) for value in words)
    assert len(list(book["Gaps"].iter_rows(min_row=4))) == len(plan.gaps)


def test_the_same_plan_gives_the_same_bytes(answered: tuple[Answer, Knowledge], tmp_path: Path) -> None:
    write(answered, tmp_path / "one.xlsx")
    write(answered, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_file_that_cannot_be_written_leaves_the_old_one(answered: tuple[Answer, Knowledge], tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.mkdir()
    with pytest.raises(OSError, match=r"plan\.xlsx"):
        write(answered, path)
    assert list(tmp_path.iterdir()) == [path]


def test_every_reason_has_a_sentence_without_gaps(answered: tuple[Answer, Knowledge]) -> None:
    analysis, found = answered[0].analysis, answered[0].recommendations
    said = [
        sentence
        for reasons in (
            *(gap.requirement.reasons for gap in analysis.gaps),
            *(gap.reasons for gap in analysis.gaps),
            *((*each.reasons, *each.excluded) for each in found),
        )
        for sentence in sentences(reasons)
    ]
    assert said
    assert all(sentence and "{" not in sentence and sentence[-1] in ".!?)”" for sentence in said)


def test_recommendation_parts_add_up(answered: tuple[Answer, Knowledge]) -> None:
    made = answered[0]
    frame = tables.recommendations_table(made.recommendations, made.catalogue, tables.role_titles(made.company))
    parts = frame[[name for name in frame.columns if name.startswith("+ ")]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(frame["Score"].to_numpy(), abs=1e-6)


def test_the_heat_map_has_each_gap_of_the_chosen_skills_once(answered: tuple[Answer, Knowledge]) -> None:
    made, knowledge = answered
    skills = [skill.skill for skill in made.plan.skills]
    matrix = tables.gap_matrix(made.analysis, knowledge.taxonomy, made.company, skills)
    assert set(matrix["skill"]) <= set(skills)
    assert not matrix.duplicated(["role", "skill"]).any()
    assert len(matrix) == sum(gap.skill in skills for gap in made.analysis.gaps)


def test_the_head_of_each_page_opens_with_its_own_numbers(answered: tuple[Answer, Knowledge]) -> None:
    made, knowledge = answered
    short = [gap for gap in made.analysis.gaps if gap.people_short]
    ranking = skills_that_matter(made.analysis, n=len(short))
    first = {each.name: each for each in gap_numbers(made.company, made.analysis, ranking, knowledge.taxonomy)}
    assert first["Skills missing"].value == str(len({gap.skill for gap in short}))
    assert first["Roles concerned"].how.count(", ") == int(first["Roles concerned"].value.split()[0]) - 1
    opened = {each.name: each for each in plan_numbers(made.plan)}
    assert opened["To pay"].value == euros(made.plan.totals.cost_eur_net)
    assert euros(made.plan.totals.cost_eur_gross) in opened["To pay"].how
    assert "%" in opened["How good is it"].how


def test_sentences_tell_the_plan(answered: tuple[Answer, Knowledge]) -> None:
    made = answered[0]
    assert made.company.name in missing_sentence(made.company, made.analysis)
    assert euros(made.plan.totals.cost_eur_net) in plan_sentence(made.plan)
    assert proof_sentence(made.plan).endswith(".")
    empty = made.plan.model_copy(update={"items": ()})
    assert "No training on offer fits" in plan_sentence(empty)


@pytest.mark.parametrize(
    ("language", "money", "time", "share", "when"),
    [
        ("en", "€1,234.50", "7.5 h", "78%", "1 Mar 2027"),
        ("de", "1.234,50\xa0€", "7,5 h", "78\xa0%", "01.03.2027"),
        ("zz", "€1,234.50", "7.5 h", "78%", "1 Mar 2027"),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, money: str, time: str, share: str, when: str) -> None:
    assert euros(1234.5, language) == money
    assert hours(7.5, language) == time
    assert percent(0.784, language) == share
    assert day(date(2027, 3, 1), language) == when


def test_the_calendar_has_each_booking_and_names_nobody(answered: tuple[Answer, Knowledge], tmp_path: Path) -> None:
    plan, titles = answered[0].plan, tables.role_titles(answered[0].company)
    write_calendar(plan, tmp_path / "one.ics", titles)
    write_calendar(plan, tmp_path / "two.ics", titles)
    content = (tmp_path / "one.ics").read_bytes()
    assert content == (tmp_path / "two.ics").read_bytes()
    events = Calendar.from_ical(content).walk("VEVENT")
    dated = [item for item in plan.items if item.planned_start or item.start]
    assert len(events) == len(dated)
    assert len({str(event["uid"]) for event in events}) == len(events)
    for event, item in zip(events, dated, strict=True):
        assert event.decoded("dtstart") == (item.planned_start or item.start)
        assert event.decoded("dtend") > event.decoded("dtstart")
        assert item.title in str(event["summary"])
    for person in answered[0].company.people:
        assert person.id.encode() not in content
