"""One need, several wishes: which measures words are read as, clause by clause."""

from dataclasses import replace

import pytest
from fakes import skill_uri
from gap_firm import KNOWN, MEASURES, PAPER, ROBOTS, WELD, LabelReader, firm, knowledge, measure, requirement
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.company.measures import MeasureHit, MeasureSearch, load_measures
from skillmatch.company.model import Company, Correction, Need
from skillmatch.flow import sample_company
from skillmatch.gap.clauses import clauses
from skillmatch.gap.gap import analyse
from skillmatch.gap.wishes import ADOPTED, CLEAR, LEAD, MOST_ADOPTED, ClauseHits, adopt, search_wishes
from skillmatch.mapping.encoder import load_encoder
from skillmatch.mapping.model import Mapping, Span
from skillmatch.resources import home

BOTH = "We want paperless documents everywhere and we want robot programming soon"


def double(*corrections: Correction, measure: str | None = None) -> Company:
    return firm(Need(id="n", text=BOTH, measure=measure), corrections=corrections)


def pieces(text: str) -> list[str]:
    return [span.text for span in clauses(text)][1:]


# Clauses


@pytest.mark.parametrize("text", ["", "   ", "paper", "and", "pumps and fans", "Sort waste, paper and glass", ",;:"])
def test_short_lists_and_empty_texts_are_not_cut(text: str) -> None:
    assert pieces(text) in ([], [text.strip()]) or len(clauses(text)) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trier nos déchets de chantier et réemployer les poutres", 2),
        ("Gastar menos agua aquí y volver a usarla", 2),
        ("Risparmiare acqua in reparto e riusare gli scarti", 2),
        ("Non fare pasticci con i dati degli ospiti", 0),
        ("Mniej folii w magazynie i lepsze sortowanie śmieci", 2),
        ("Weniger Papier im Büro und neue Pumpen im Keller", 2),
        ("Save 1,500 litres of water a day", 0),
        ("No paper at work: job cards on screens", 2),
    ],
)
def test_sentences_are_cut_at_coordinating_words(text: str, expected: int) -> None:
    assert len([piece for piece in pieces(text) if piece != text]) == expected


@given(st.text(alphabet="abc ,;:.-–i\nęé", max_size=80))
def test_a_clause_is_a_piece_of_the_text(text: str) -> None:
    for span in clauses(text):
        assert text[span.start : span.end] == span.text == span.text.strip() != ""


# Which measures are adopted


def found(*clauses_: list[tuple[str, float]]) -> list[ClauseHits]:
    """Make clauses, each with (measure, score), best first."""
    return [
        ClauseHits(Span(place, place + 1, "x"), tuple(MeasureHit(name, score, name) for name, score in hits))
        for place, hits in enumerate(clauses_)
    ]


@pytest.mark.parametrize(
    ("clauses_", "expected"),
    [
        ([], []),
        ([[]], []),
        ([[("a", CLEAR - 0.001)]], []),
        ([[("a", ADOPTED - 0.001), ("b", ADOPTED - LEAD)]], []),  # not alike enough, and not clearly ahead
        ([[("a", CLEAR), ("b", CLEAR - 2 * LEAD)]], ["a"]),  # less alike, but clearly ahead
        ([[("a", 0.6), ("b", 0.59)]], ["a"]),  # a runner-up of the same clause
        ([[("a", 0.6)], [("b", 0.5), ("a", 0.46)]], ["a"]),  # the second clause says the same again
        ([[("a", 0.6)], [("b", 0.5), ("a", 0.4)]], ["a", "b"]),
        ([[("a", 0.6)], [("a", 0.7)], [("b", CLEAR - 0.001)]], ["a"]),
        ([[("d", 0.6)], [("c", 0.6)], [("b", 0.6)], [("a", 0.6)]], ["a", "b", "c"]),
    ],
)
def test_each_clause_brings_its_best_measure_unless_it_repeats_another(
    clauses_: list[list[tuple[str, float]]], expected: list[str]
) -> None:
    assert [reading.hit.measure for reading in adopt(found(*clauses_))] == expected


def test_a_measure_that_is_not_meant_goes_and_no_runner_up_takes_its_place() -> None:
    hits = found([("a", 0.8), ("b", 0.7)], [("c", 0.6)])
    assert [reading.hit.measure for reading in adopt(hits, {"a"})] == ["c"]


def test_two_wishes_in_one_need_are_two_measures_each_with_its_clause() -> None:
    analysis = analyse(double(), KNOWN)
    assert {(each.measure, each.text) for each in analysis.measures if each.adopted} == {
        ("paperless-shop", "We want paperless documents everywhere"),
        ("robot-cell", "we want robot programming soon"),
    }
    assert {skill.measure for skill in analysis.need_skills} == {"paperless-shop", "robot-cell"}
    assert requirement(analysis, "weld", PAPER) is not None
    robots = requirement(analysis, "weld", ROBOTS)
    assert robots is not None
    assert robots.needs == ("n",)


def test_a_chosen_measure_wins_alone() -> None:
    analysis = analyse(double(measure="robot-cell"), KNOWN)
    assert [(each.measure, each.adopted, each.text) for each in analysis.measures] == [("robot-cell", True, "")]


def test_measure_not_meant_removes_one_of_two() -> None:
    analysis = analyse(double(Correction(kind="measure not meant", need="n", measure="paperless-shop")), KNOWN)
    assert [each.measure for each in analysis.measures] == ["robot-cell"]


def test_a_skill_that_two_measures_ask_for_is_asked_as_each_of_them_does() -> None:
    library = (MEASURES[0], measure("robot-cell", "robot programming", [("paperless", "supporting", 4, "lead")]))
    analysis = analyse(double(), knowledge(library))
    asked = [(skill.measure, skill.level) for skill in analysis.need_skills if skill.skill == PAPER]
    assert asked == [("paperless-shop", 2), ("robot-cell", 4)]
    used, led = (requirement(analysis, role, PAPER) for role in ("weld", "boss"))
    assert used is not None
    assert led is not None
    assert (used.level, led.level) == (2, 4)


def test_a_skill_that_the_user_strikes_goes_from_all_measures() -> None:
    struck = Correction(kind="skill not meant", need="n", skill=skill_uri("paperless"))
    assert PAPER not in {skill.skill for skill in analyse(double(struck), KNOWN).need_skills}


def test_words_beside_a_measure_are_read_without_the_library_that_brought_it() -> None:
    class Deaf(LabelReader):
        def map_many(self, texts: list[str], *, top_k: int | None = 5) -> list[Mapping]:
            return [Mapping(text, (), ()) for text in texts]

    needs = (Need(id="a", text="paperless documents, weld metal"), Need(id="b", text="weld metal"))
    analysis = analyse(firm(*needs), replace(KNOWN, plain=Deaf()))
    assert [skill.need for skill in analysis.need_skills if skill.skill == WELD] == ["b"]


# The default model on the demo's needs


@pytest.fixture(scope="module")
def library() -> MeasureSearch:
    return MeasureSearch.build(load_measures(), load_encoder(), cache=home() / "cache")


@pytest.mark.model
@pytest.mark.parametrize(
    ("need", "expected"),
    [
        ("paperless", {"paperless-workshop"}),
        ("waste-heat", {"waste-heat-recovery"}),
        ("energy-data", {"carbon-footprint", "energy-monitoring"}),
    ],
)
def test_the_demo_is_read_as_a_careful_reader_would(need: str, expected: set[str], library: MeasureSearch) -> None:
    text = next(each.text for each in sample_company().needs if each.id == need)
    assert {reading.hit.measure for reading in adopt(search_wishes([text], library)[0])} == expected


@pytest.mark.model
def test_no_more_than_three_measures_for_a_strategy(library: MeasureSearch) -> None:
    text = "Sort our waste better, electric vans for deliveries, solar panels on the roof, less paper in the office"
    readings = adopt(search_wishes([text], library)[0])
    assert len(readings) == MOST_ADOPTED
    assert len({reading.clause for reading in readings}) == MOST_ADOPTED
