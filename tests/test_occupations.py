"""Job titles to occupations."""

import pytest
from fakes import BagOfWordsEncoder, occupation_uri, tiny_taxonomy

from skillmatch.mapping.occupations import EXACT_FROM, OccupationLinker, plain_title


@pytest.fixture(scope="module")
def linker() -> OccupationLinker:
    return OccupationLinker.build(tiny_taxonomy(), BagOfWordsEncoder())


@pytest.mark.parametrize("title", ["", "  ", "🎉", "---"])
def test_a_title_without_words_has_no_occupation(linker: OccupationLinker, title: str) -> None:
    assert linker.link([(title, "welds metal")]) == [()]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Welder (m/w/d)", "Welder"),
        ("Soudeur (H/F)", "Soudeur"),
        ("Senior Welder", "Welder"),
        ("Jr. Data Analyst - full time", "Data Analyst"),
        ("CNC operator 2x", "CNC operator"),
        ("Maintenance Technician II", "Maintenance Technician"),
        ("Techniker/in Elektro", "Techniker Elektro"),
        ("Mechatroniker*in (80-100 %)", "Mechatroniker"),
        ("Assistant(e) comptable", "Assistant comptable"),
        ("Schweißer w/m/d", "Schweißer"),
        ("C++ Developer", "C++ Developer"),
        ("3D artist", "3D artist"),
        ("Mechanic/Welder", "Mechanic/Welder"),
        ("Head of R&D", "Head of R&D"),
        ("Junior", "Junior"),
        ("(m/w/d)", "(m/w/d)"),
        ("", ""),
    ],
)
def test_noise_of_titles_is_removed_and_names_stay(title: str, plain: str) -> None:
    assert plain_title(title) == plain


@pytest.mark.parametrize("title", ["welder", "Metal Welder", "Schweißer (m/w/d)", "Senior  WELDING operator 2"])
def test_an_exact_label_comes_first(linker: OccupationLinker, title: str) -> None:
    first = linker.link([(title, "maintenance technician and office clerk")])[0][0]
    assert (first.uri, first.label) == (occupation_uri("welder"), "welder")
    assert first.score >= EXACT_FROM
    assert first.probability >= EXACT_FROM


def test_nothing_inexact_reaches_an_exact_label(linker: OccupationLinker) -> None:
    first = linker.link([("the welder", "welder")])[0][0]
    assert first.uri == occupation_uri("welder")
    assert first.score < EXACT_FROM


def test_the_description_decides_between_alike_titles(linker: OccupationLinker) -> None:
    plain, described = linker.link([("industrial operator", ""), ("industrial operator", "a metal welder. welding")])
    assert plain[0].uri == occupation_uri("technician")
    assert described[0].score != plain[0].score
    assert "description" in dict(described[0].parts)
    assert linker.link([("operator", "industrial mechanic")])[0][0].uri == occupation_uri("welder")


def test_parts_add_up_and_span_is_the_title(linker: OccupationLinker) -> None:
    title = "Senior metal worker"
    for match in linker.link([(title, "maintenance")])[0]:
        assert sum(value for _, value in match.parts) == pytest.approx(match.score, abs=1e-3)
        assert title[match.start : match.end] == match.text == title


def test_all_at_once_equals_one_by_one_and_ties_go_by_uri(linker: OccupationLinker) -> None:
    jobs = [("welder", ""), ("qqq", ""), ("clerk", "plant manager"), ("", "x")] * 30
    links = linker.link(jobs, 4)
    assert links[:4] == [linker.link([job], 4)[0] for job in jobs[:4]]
    assert [match.uri for match in links[1]] == sorted(match.uri for match in links[1])  # all score nothing
    assert [len(matches) for matches in linker.link(jobs[:4], 2)] == [2, 2, 2, 0]


def test_labels_are_shown_in_the_language_asked_for() -> None:
    linker = OccupationLinker.build(tiny_taxonomy(), BagOfWordsEncoder(), language="de")
    assert linker.link([("welder", "")])[0][0].label == "Schweißer"
