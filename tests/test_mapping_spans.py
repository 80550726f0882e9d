"""The words that carry a skill, with vectors that count words."""

import pytest
from fakes import BagOfWordsEncoder, skill_uri, tiny_taxonomy
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.model import Match
from skillmatch.mapping.spans import LONGEST, locate

ENCODER = BagOfWordsEncoder()


def match(text: str, label: str, matched: str = "", start: int = 0) -> Match:
    return Match(skill_uri("x"), label, 0.5, 0.5, start, start + len(text), text, matched)


def words(text: str, label: str, matched: str = "") -> str:
    (found,) = locate([match(text, label, matched, start=7)], ENCODER)
    assert (found.end - found.start, found.text) == (len(found.text), text[found.start - 7 : found.end - 7])
    return found.text


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("We want you to weld metal, sort waste and lead", "sort waste", "sort waste"),  # cosine 1 less 0.005
        ("You can sort the waste of our kitchen", "sort waste", "sort the waste"),  # an unknown word costs nothing
        ("Sort the household waste, please", "waste separation", "household waste"),  # 1/sqrt(2) beats 1/2
        ("Our weld shop in Ulm", "weld metal", "weld shop"),  # up to two content words behind belong to it
        ("With the nice old new team", "lead a team", "new team"),  # and one before it
        ("Knowledge of (metal) and of the team", "weld metal", "metal"),  # never over a bracket
        ("Wir wollen Abfall trennen", "sort waste", "Wir wollen Abfall trennen"),  # nothing is like the label
        ("of the and", "sort waste", "of the and"),  # no content
        ("waste waste waste", "sort waste", "waste waste waste"),
    ],
)
def test_the_nearest_run_of_words_is_the_evidence(text: str, label: str, expected: str) -> None:
    assert words(text, label) == expected


def test_the_label_found_counts_beside_the_preferred_one() -> None:
    assert words("Who knows, Abfall trennen, robots", "sort waste", "Abfall trennen") == "Abfall trennen"


def test_of_equals_the_first_is_taken() -> None:
    (found,) = locate([match("weld it, weld it", "weld metal")], ENCODER)
    assert found.start == 0


def test_without_an_encoder_shared_words_decide() -> None:
    sentence = "We program robots, sort waste and lead"
    (found, untouched) = locate([match(sentence, "x", "sort waste"), match(sentence, "x", "weld metal")], None)
    assert found.text == "sort waste"
    assert untouched.text == sentence


def test_nothing_gives_nothing() -> None:
    assert locate([], ENCODER) == ()
    assert locate([], None) == ()
    assert words("weld metal", "") == "weld metal"


def test_all_phrases_are_encoded_at_once_and_each_once() -> None:
    encoder = BagOfWordsEncoder()
    locate([match("weld metal here", "weld metal"), match("weld metal here", "sort waste")], encoder)
    assert len(encoder.encoded) == len(set(encoder.encoded))


def test_time_stays_in_proportion_to_the_number_of_words() -> None:
    encoder = BagOfWordsEncoder()
    locate([match(" ".join(f"word{place}" for place in range(500)), "weld metal")], encoder)
    assert len(encoder.encoded) <= 500 * LONGEST + 1


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=60) | st.lists(st.sampled_from(["weld", "metal,", "the", "C++", "(waste)", ".NET"])).map(" ".join)
)
def test_the_evidence_lies_inside_its_segment(text: str) -> None:
    (found,) = locate([match(text, "weld metal", "sort waste", start=3)], ENCODER)
    assert 3 <= found.start <= found.end <= 3 + len(text)
    assert found.text == text[found.start - 3 : found.end - 3]


def test_a_mapper_with_one_slow_encoder_compares_shared_words() -> None:
    mapper = Mapper.build(tiny_taxonomy(), BagOfWordsEncoder())
    found = {
        each.label: each.text for each in mapper.map("Intro. We program robots, sort waste and lead a team").matches
    }
    assert found["sort waste"] == "sort waste"
