"""Texts to skills, worked out by hand on twelve skills."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from fakes import BagOfWordsEncoder, skill_uri, tiny_taxonomy
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.mapping.calibration import FEATURES, FILE, OCCUPATIONS, Calibration
from skillmatch.mapping.index import FusionWeights
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.model import Mapping


@pytest.fixture(scope="module")
def mapper() -> Mapper:
    return Mapper.build(tiny_taxonomy(), BagOfWordsEncoder())


def names(mapping: Mapping) -> list[str]:
    return [match.uri.rsplit("/", 1)[1] for match in mapping.matches]


@pytest.mark.parametrize("text", ["", "   \r\n", "---", "\x00"])
def test_a_text_without_content_gives_nothing(mapper: Mapper, text: str) -> None:
    assert mapper.map(text) == Mapping(text, (), ())
    assert mapper.rank([text], 3) == [()]


@pytest.mark.parametrize("text", ["🎉🎉", "zzz qqq", "مهارات اللحام", "x" * 1_000_000, "qqq\x00\x01"])
def test_a_text_that_means_nothing_here_is_unmatched(mapper: Mapper, text: str) -> None:
    mapping = mapper.map(text)
    assert mapping.matches == ()
    assert [text[span.start : span.end] for span in mapping.unmatched] == [span.text for span in mapping.unmatched]
    assert len(mapping.unmatched) == 1


def test_each_segment_gives_its_skills_and_the_rest_is_unmatched(mapper: Mapper) -> None:
    text = "We weld metal.\r\n- sort waste\r\nNothing of that."
    mapping = mapper.map(text, top_k=None)
    assert sorted(names(mapping)) == ["sort-waste", "weld"]
    assert [text[match.start : match.end] for match in mapping.matches] == [match.text for match in mapping.matches]
    assert [span.text for span in mapping.unmatched] == ["Nothing of that."]


def test_the_evidence_is_the_phrase_that_says_it(mapper: Mapper) -> None:
    text = "Intro. We program robots, sort waste and lead a team"
    found = {match.label: (match.text, text[match.start : match.end]) for match in mapper.map(text).matches}
    assert found["sort waste"] == ("sort waste", "sort waste")
    assert found["lead a team"] == ("lead a team", "lead a team")


def test_a_skill_is_matched_once_where_it_fits_best(mapper: Mapper) -> None:
    text = "Weld metal parts in the other hall with care. Weld metal."
    (match,) = mapper.map(text, minimum_probability=0.3).matches
    assert (match.label, match.start) == ("weld metal", text.index("Weld metal."))


def test_a_match_is_fully_described(mapper: Mapper) -> None:
    (match,) = mapper.map("metal welding techniques", top_k=1).matches
    assert match.uri == skill_uri("weld")
    assert (match.label, match.matched_label) == ("weld metal", "welding techniques")
    assert sum(value for _, value in match.parts) == pytest.approx(match.score, abs=2e-4)
    assert 0 < match.probability < 1


def test_an_exact_label_in_any_language_is_nearly_certain(mapper: Mapper) -> None:
    for text in ("weld metal", "Metall schweißen"):
        match = mapper.map(text).matches[0]
        assert match.label == "weld metal"
        assert match.score > 0.97  # all of it but the part for how usual a skill is
        assert match.probability > 0.9


def test_labels_are_shown_in_the_language_asked_for() -> None:
    mapper = Mapper.build(tiny_taxonomy(), BagOfWordsEncoder(), language="de")
    assert mapper.map("weld metal").matches[0].label == "Metall schweißen"
    other = Mapper.build(tiny_taxonomy(), BagOfWordsEncoder(), language="fi")
    assert other.map("weld metal").matches[0].label == "weld metal"


def test_top_k_and_threshold(mapper: Mapper) -> None:
    text = "Weld metal. Sort waste. Program robots."
    assert len(mapper.map(text, top_k=2).matches) == 2
    assert mapper.map(text, top_k=2).unmatched == ()  # what was found but not shown is not unmatched
    assert mapper.map(text, minimum_probability=1.0).matches == ()
    assert len(mapper.map(text, minimum_probability=1.0).unmatched) == 3
    probabilities = [match.probability for match in mapper.map(text, top_k=None, minimum_probability=0).matches]
    assert probabilities == sorted(probabilities, reverse=True)


def test_many_equal_one_by_one(mapper: Mapper) -> None:
    texts = ["Weld metal. Sort waste.", "", "weld metal", "robots 🎉", "Weld metal. Sort waste."] * 60
    seen: list[tuple[int, int]] = []
    many = mapper.map_many(texts, progress=lambda done, total: seen.append((done, total)))
    assert many[:5] == [mapper.map(text) for text in texts[:5]]
    assert many[-1] == many[4]
    assert seen == [(256, 300), (300, 300)]
    assert mapper.map_many([]) == []


def test_rank_gives_the_best_of_all_skills(mapper: Mapper) -> None:
    (ranked,) = mapper.rank(["weld metal. sort waste"], 12)
    assert len({match.uri for match in ranked}) == 12
    assert [match.uri for match in ranked[:2]] == [
        skill_uri("sort-waste"),
        skill_uri("weld"),
    ]  # equal: smaller URI first
    keys = [(-match.score, match.uri) for match in ranked]
    assert keys == sorted(keys)
    assert mapper.rank(["weld metal. sort waste"], 3)[0] == ranked[:3]


def test_rank_agrees_with_similarity(mapper: Mapper) -> None:
    texts = ["we weld metal and lead a team. waste", "robots", "🎉"]
    uris = list(mapper.index.ids)
    scores = mapper.similarity(texts, uris)
    for row, ranked in enumerate(mapper.rank(texts, len(uris))):
        for match in ranked:
            assert match.score == pytest.approx(float(scores[row, uris.index(match.uri)]), abs=1e-4)
    assert not scores[2].any()
    np.testing.assert_array_equal(mapper.similarity(texts, uris[3:5]), scores[:, 3:5])
    with pytest.raises(KeyError):
        mapper.similarity(texts, ["http://example.org/skill/unknown"])


def test_the_key_changes_with_whatever_changes_an_answer() -> None:
    taxonomy, encoder = tiny_taxonomy(), BagOfWordsEncoder()
    calibration = Calibration.load()
    mappers = [
        Mapper.build(taxonomy, encoder),
        Mapper.build(dataclasses.replace(taxonomy, key="other"), encoder),
        Mapper.build(taxonomy, BagOfWordsEncoder(["weld", "metal"])),
        Mapper.build(taxonomy, encoder, language="de"),
        Mapper.build(taxonomy, encoder, weights=FusionWeights(words=0)),
        Mapper.build(taxonomy, encoder, calibration=dataclasses.replace(calibration, intercept=0.0)),
    ]
    assert len({mapper.key for mapper in mappers}) == len(mappers)
    assert mappers[0].key == Mapper.build(tiny_taxonomy(), BagOfWordsEncoder()).key


def test_company_words_are_never_written(tmp_path: Path) -> None:
    encoder = BagOfWordsEncoder()
    mapper = Mapper.build(tiny_taxonomy(), encoder, cache=tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert before
    mapper.map("our secret recipe. molten metal")
    mapper.rank(["another secret"], 3)
    mapper.similarity(["a third one"], [skill_uri("weld")])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    Mapper.build(tiny_taxonomy(), encoder, cache=tmp_path)
    assert len(encoder.encoded) == len(set(encoder.encoded))  # the second mapper encoded nothing again


@settings(max_examples=50, deadline=None)
@given(
    st.text(max_size=120)
    | st.lists(st.sampled_from(["weld", "metal,", "waste.", "and", "\n- ", "robots!"])).map(" ".join)
)
def test_every_span_points_at_its_words(mapper: Mapper, text: str) -> None:
    mapping = mapper.map(text, top_k=None, minimum_probability=0)
    for span in (*mapping.matches, *mapping.unmatched):
        assert text[span.start : span.end] == span.text
    assert len({match.uri for match in mapping.matches}) == len(mapping.matches)


def test_probability_by_hand() -> None:
    calibration = Calibration(
        intercept=-2.0,
        coefficients=dict.fromkeys(FEATURES, 0.0)
        | {"embedding": 2.0, "words": 1.0, "behind_best": -4.0, "log10_skills": 0.5},
        encoder_key="k",
        provenance={},
    )
    parts = (("embedding", 0.5), ("words", 0.25), ("characters", 0.1))
    # -2 + 1 + 0.25 + 0.5 * log10(100) = 0.25; less 4 * 0.0625 for a match behind the best one: 0
    assert calibration.probability(parts, 0.0625, 100) == 0.5
    assert calibration.probability(parts, 0.0, 100) == 0.5622


@pytest.mark.parametrize("path", [FILE, OCCUPATIONS])
def test_the_calibration_that_ships_says_where_it_comes_from(path: Path, tmp_path: Path) -> None:
    calibration = Calibration.load(path)
    assert {"model", "files", "date", "method", "texts", "cross_validation", "weights"} <= set(calibration.provenance)
    assert calibration.provenance["cross_validation"]["expected_calibration_error"] < 0.03
    calibration.save(tmp_path / "again.json")
    assert Calibration.load(tmp_path / "again.json") == calibration


def test_whether_it_is_calibrated_is_said(mapper: Mapper) -> None:
    assert not mapper.calibrated
    fitting = dataclasses.replace(mapper.calibration, encoder_key=BagOfWordsEncoder().key)
    assert Mapper.build(tiny_taxonomy(), BagOfWordsEncoder(), calibration=fitting).calibrated
