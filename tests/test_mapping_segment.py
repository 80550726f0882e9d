"""Segments: nothing is cut inside a word or name, every span points at its text, any input is survived."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.mapping.model import Span
from skillmatch.mapping.segment import LONGEST, clean, is_wordless, phrases, segment


def texts(source: str) -> list[str]:
    return [span.text for span in segment(source)]


def pieces(source: str) -> list[str]:
    return [span.text for span in phrases(Span(0, len(source), source))]


@pytest.mark.parametrize("source", ["", " ", "\r\n\t \u2028", "-----\n* * *\n...", "\x00\x01\x7f"])
def test_a_text_without_content_has_no_segments(source: str) -> None:
    assert segment(source) == ()


@pytest.mark.parametrize(
    "source",
    [
        "We use .NET and ASP.NET in R&D at 3.5 kW.",
        "Experience with C++, C# or Node.js (e.g. React, i.e. JSX) and/or PHP.",
        "He works with Dr. Smith, J. Smith and others.",
        "bis zum 3. Quartal wird z. B. das Löten bzw. Schweißen (inkl. Prüfung) eingeführt.",
        "See Fig. 3 and No. 7 of ISO 9001:2015.",
        "The price is 1,250.50 EUR, i.e. less.",
        "coordinate standards and android orders",
    ],
)
def test_a_sentence_with_names_and_abbreviations_stays_whole(source: str) -> None:
    assert texts(source) == [source]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("We weld. We sort waste! Do you? Yes… ok", ["We weld.", "We sort waste!", "Do you?", "Yes…", "ok"]),
        ("we want drones. also solar", ["we want drones.", "also solar"]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("1. weld metal\n2) sort waste\r\n(3) lead\r   a) write\n• count\n– plan", ["weld metal", "sort waste", "lead",
                                                                                    "write", "count", "plan"]),
        ("1.2. weld\n1.2.3 sort", ["weld", "1.2.3 sort"]),
        ("3. Quartal planen", ["3. Quartal planen"]),
        ("weld\nsort waste", ["weld", "sort waste"]),
        ("a paragraph that is longer than forty signs\n\nb", ["a paragraph that is longer than forty signs", "b"]),
        ("مهارات اللحام. نحتاج إلى روبوت؟ نعم", ["مهارات اللحام.", "نحتاج إلى روبوت؟", "نعم"]),
        ("溶接。塗装。", ["溶接。", "塗装。"]),
        ("🎉🎉", ["🎉🎉"]),
        ("a. a. a.", ["a."]),
    ],
)  # fmt: skip
def test_sentences_and_bullets(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


def test_a_wrapped_line_is_one_sentence_with_its_line_break() -> None:
    source = "We want to recover the waste heat of our furnaces and\nfeed it into the grid.\nNew line"
    assert texts(source) == [source[:-9], "New line"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Java, C++; R&D and/or .NET", ["Java", "C++", "R&D", ".NET"]),
        ("coordinate standards and orders", ["coordinate standards", "orders"]),
        ("1,5 kW or 2,000 hours", ["1,5 kW", "2,000 hours"]),
        ("Schweißen und Löten sowie Prüfen", ["Schweißen", "Löten", "Prüfen"]),
        ("weld metal", []),
        ("", []),
    ],
)
def test_phrases(source: str, expected: list[str]) -> None:
    assert pieces(source) == expected


def test_phrases_point_into_the_text_of_their_segment() -> None:
    source = "Nothing. We weld, sort and count."
    sentence = segment(source)[1]
    assert [(source[span.start : span.end], span.text) for span in phrases(sentence)] == [
        ("We weld", "We weld"), ("sort", "sort"), ("count.", "count."),
    ]  # fmt: skip


ALPHABET = st.sampled_from(list("ab Z9.,;:!?()-•\n\r\t\x00'\"&/+#é溶م🎉\u2028")) | st.characters()


@given(st.text(ALPHABET, max_size=200))
def test_spans_are_in_order_do_not_overlap_and_lose_no_word(source: str) -> None:
    last = 0
    for span in segment(source):
        assert span.text == source[span.start : span.end]
        assert last <= span.start < span.end
        assert span.text == span.text.strip()
        for phrase in phrases(span):
            assert span.start <= phrase.start < phrase.end <= span.end
            assert phrase.text == source[phrase.start : phrase.end]
        last = span.end


@given(st.lists(st.sampled_from(["weld", "C++", ".NET", "R&D", "e.g.", "3.5", "and", "Order", "z. B."]), max_size=40))
def test_no_cut_is_inside_a_word(words: list[str]) -> None:
    source = " ".join(words)
    for span in segment(source):
        assert span.start == 0 or source[span.start - 1].isspace()
        assert span.end == len(source) or source[span.end].isspace()


@pytest.mark.parametrize(
    "source",
    [
        "x" * 1_000_000,
        "word " * 200_000,
        "a. " * 333_333,
        ". " * 500_000,
        "- " * 500_000,
        "\n" * 1_000_000,
        "a,\n" * 333_333,
    ],
    ids=["one word", "words", "initials", "stops", "bullets", "lines", "short lines"],
)
def test_a_megabyte_is_cut_and_nothing_is_lost(source: str) -> None:
    spans = segment(source)
    words = source.split()
    if words and words[0].isalpha():
        assert sum(len(span.text.split()) for span in spans) == len(words)
    assert all(len(span.text) <= LONGEST or " " not in span.text for span in spans)


def test_clean_gives_one_line_without_control_characters() -> None:
    assert clean(" weld\x00 \r\n metal\t.") == "weld metal"


def test_is_wordless() -> None:
    assert [is_wordless(text) for text in ("🎉 …", "", "C", "م", "7")] == [True, True, False, False, False]
