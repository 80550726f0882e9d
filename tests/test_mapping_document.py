"""Documents: the evidence of all segments together, by hand and through the mapper."""

from dataclasses import replace

import pytest
from fakes import BagOfWordsEncoder, skill_uri, tiny_taxonomy
from gap_firm import KNOWN, LabelReader, firm

from skillmatch.company.model import Need
from skillmatch.gap.gap import analyse
from skillmatch.mapping import document
from skillmatch.mapping.associations import Association
from skillmatch.mapping.calibration import FEATURES, Calibration
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.model import Boilerplate, Mapping, Match, Span
from skillmatch.mapping.segment import segment

PAGE = """Hall work
Please send your CV and a covering letter by 30 June.
We look forward to hearing from you.
We are an equal opportunity employer.
- weld metal in the hall
- metal welding techniques of today
- sort waste
- zzz qqq
All qualified applicants will receive consideration without regard to race, religion, sex, age or disability.
Women are particularly encouraged to apply.
"""


def match(uri: str, probability: float, start: int = 0, text: str = "", score: float = 0.5) -> Match:
    text = text or f"{uri} {start}"
    return Match(uri, uri, score, probability, start, start + len(text), text)


def line(kind: str) -> Boilerplate:
    return Boilerplate(0, 1, "x", kind)


def test_two_segments_speak_louder_than_one() -> None:
    # a: 1 - 0.5 * (1 - 0.7 * 0.4) = 0.64; b: 0.6 alone
    combined = document.combine([match("b", 0.6), match("a", 0.4, 1), match("a", 0.5, 2)])
    assert [(each.uri, each.probability, each.start) for each in combined] == [("a", 0.64, 2), ("b", 0.6, 0)]
    assert combined[0].also == (Span(1, 4, "a 1"),)
    assert combined[1].also == ()


def test_a_sentence_that_stands_there_twice_counts_once() -> None:
    (combined,) = document.combine([match("a", 0.4, 1, "weld"), match("a", 0.4, 9, "weld")])
    assert (combined.probability, combined.start, combined.also) == (0.4, 1, ())


def test_ties_by_score_and_then_by_name() -> None:
    combined = document.combine([match("c", 0.4), match("a", 0.4), match("b", 0.4, score=0.9)])
    assert [each.uri for each in combined] == ["b", "a", "c"]


def test_only_the_strongest_segments_count() -> None:
    many = [match("a", 0.1, start) for start in range(500)]
    (combined,) = document.combine(many)
    assert combined.probability == pytest.approx(1 - 0.9 * 0.93 ** (document.COUNTED - 1), abs=1e-4)
    assert len(combined.also) == document.OTHERS
    (weak,) = document.combine([match("a", 0.01, start) for start in range(3)])
    assert weak.also == ()


def test_a_sure_segment_alone_keeps_its_probability() -> None:
    assert [each.probability for each in document.combine([match("a", 1.0)])] == [1.0]
    assert document.combine([]) == []


def test_advertisements_give_themselves_away() -> None:
    assert document.is_advertisement([line("apply"), line("benefits")])
    assert not document.is_advertisement([line("company"), line("privacy"), line("apply")])
    assert not document.is_advertisement([])


def test_more_than_five_segments_are_a_document() -> None:
    assert not document.is_document(segment("a\nb\nc\nd\ne"))
    assert document.is_document(segment("a\nb\nc\nd\ne\nf"))


# A segment without a word in common has 1 / (1 + exp(4)) = 0.02, far below what counts; a good one is nearly certain.
PROBABILITY = Calibration(
    intercept=-4.0,
    coefficients=dict.fromkeys(FEATURES, 0.0) | {"embedding": 10.0, "words": 10.0},
    encoder_key="k",
    provenance={},
)


@pytest.fixture(scope="module")
def mapper() -> Mapper:
    return Mapper.build(tiny_taxonomy(), BagOfWordsEncoder(), calibration=PROBABILITY)


def test_a_document_is_read_without_its_boilerplate(mapper: Mapper) -> None:
    mapping = mapper.map(PAGE, top_k=None)
    assert [each.kind for each in mapping.boilerplate] == ["apply", "apply", "equal", "equal", "equal"]
    assert [span.text for span in mapping.unmatched] == ["Hall work", "zzz qqq"]
    found = {each.uri: each for each in mapping.matches}
    assert next(iter(found)) == skill_uri("weld")  # two segments speak for it
    single = max(
        mapper.map(text).matches[0].probability
        for text in ("weld metal in the hall", "metal welding techniques of today")
    )
    assert found[skill_uri("weld")].probability > single
    assert len(found[skill_uri("weld")].also) == 1
    for each in (*mapping.matches, *mapping.unmatched, *mapping.boilerplate):
        assert PAGE[each.start : each.end] == each.text
    for span in found[skill_uri("weld")].also:
        assert PAGE[span.start : span.end] == span.text


def test_a_short_text_loses_nothing(mapper: Mapper) -> None:
    text = "Please send your CV by 30 June. We are an equal opportunity employer."
    assert mapper.map(text).boilerplate == ()
    assert len(mapper.map(text).unmatched) == 2
    assert len(mapper.map(text, as_document=True).boilerplate) == 1  # the first one stays
    assert mapper.map("", as_document=True).matches == ()


def test_documents_and_short_texts_keep_their_order(mapper: Mapper) -> None:
    texts = ["weld metal", PAGE, "sort waste", "", PAGE]
    assert mapper.map_many(texts) == [mapper.map(text) for text in texts]


def test_what_is_known_of_wishes_is_for_plans_and_not_for_advertisements() -> None:
    known = [Association("m", ("weld metal",), ((skill_uri("safety"), 1.0),))]
    knowing = Mapper.build(tiny_taxonomy(), BagOfWordsEncoder(), associations=known)
    plan = "\n".join(f"- weld metal and lead {word}" for word in ("one", "two", "three", "four", "five", "six"))
    in_plan = {
        each.uri
        for each in knowing.map(plan, top_k=None, minimum_probability=0).matches
        if dict(each.parts).get("associations")
    }
    in_ad = {
        each.uri
        for each in knowing.map(PAGE + plan, top_k=None, minimum_probability=0).matches
        if dict(each.parts).get("associations")
    }
    assert skill_uri("safety") in in_plan
    assert in_ad == set()


def test_a_document_of_boilerplate_alone_says_so(mapper: Mapper) -> None:
    text = "\n".join(PAGE.splitlines()[1:4] * 3)
    mapping = mapper.map(text)
    assert mapping.matches == ()
    assert [span.start for span in mapping.unmatched] == [0]  # the first line always stays
    assert len(mapping.boilerplate) == 8


class WithBoilerplate(LabelReader):
    """A reader that takes the end of every text for boilerplate."""

    def _map(self, text: str) -> Mapping:
        return replace(super()._map(text), boilerplate=(Boilerplate(len(text) - 4, len(text), text[-4:], "apply"),))


def test_what_was_left_out_of_a_need_is_shown_as_not_understood() -> None:
    company = firm(Need(id="a", text="weld metal soon"))
    assert analyse(company, KNOWN).unmatched == ()
    assert analyse(company, replace(KNOWN, mapper=WithBoilerplate())).unmatched == (("a", "soon"),)
