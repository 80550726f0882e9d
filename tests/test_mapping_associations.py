"""Associations: they raise skills that a text does not name, only where the text is like a known one."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import WORDS as LABEL_WORDS
from fakes import BagOfWordsEncoder, skill_uri, tiny_taxonomy

from skillmatch.mapping import associations as module
from skillmatch.mapping.associations import Association, AssociationIndex
from skillmatch.mapping.index import PARTS, FusionWeights, LabelIndex
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.register import need_likeness

WORDS = ("we", "want", "less", "paper", "office", "drones", "roofs", "weld", "metal", "robots")
SKILLS = ("a", "b", "c")
PAPER = Association("paper", ("we want less paper",), (("a", 1.0), ("b", 0.5)))
DRONES = Association("drones", ("drones roofs",), (("b", 1.0), ("nowhere", 1.0)))


@pytest.fixture
def encoder() -> BagOfWordsEncoder:
    return BagOfWordsEncoder(WORDS)


def scores(texts: list[str], associations: list[Association], encoder: BagOfWordsEncoder) -> np.ndarray:
    index = AssociationIndex.build(associations, SKILLS, encoder)
    return index.scores(texts, encoder.encode(texts))


def test_an_unlike_text_and_an_empty_one_raise_nothing(encoder: BagOfWordsEncoder) -> None:
    assert not scores(["weld metal", ""], [PAPER, DRONES], encoder).any()
    assert scores([], [PAPER], encoder).shape == (0, 3)


def test_no_association_knows_a_skill_of_the_taxonomy(encoder: BagOfWordsEncoder) -> None:
    stranger = Association("stranger", ("we want less paper",), (("nowhere", 1.0),))
    assert not scores(["we want less paper"], [stranger], encoder).any()


def test_the_very_text_raises_its_skills_by_their_weights(encoder: BagOfWordsEncoder) -> None:
    np.testing.assert_allclose(scores(["we want less paper"], [PAPER, DRONES], encoder), [[1.0, 0.5, 0.0]], atol=1e-5)


def test_two_that_agree_confirm_a_skill_and_the_sum_stays_below_one(encoder: BagOfWordsEncoder) -> None:
    twins = [PAPER, replace(PAPER, id="twin")]
    found = scores(["we want less paper"], twins, encoder)
    np.testing.assert_allclose(found, [[1.0, 0.5 + module.FURTHER * 0.5, 0.0]], atol=1e-5)


def test_a_job_advertisement_is_left_alone() -> None:
    assert need_likeness(["You have several years of experience with SQL and Java"]).tolist() == [0.0]
    assert need_likeness(["We want less paper", "Weniger Papier in der Werkstatt", ""]).tolist() == [1.0, 1.0, 0.0]


def test_the_mapper_shows_what_an_association_added() -> None:
    taxonomy = tiny_taxonomy()
    encoder = BagOfWordsEncoder([*LABEL_WORDS, "shiny", "things"])
    known = [Association("shiny", ("we want shiny things",), ((skill_uri("weld"), 1.0),))]
    plain = Mapper.build(taxonomy, encoder)
    knowing = Mapper.build(taxonomy, encoder, associations=known)
    text = "we want shiny things"
    best = knowing.rank([text], 1)[0][0]
    assert best.uri == skill_uri("weld")
    parts = dict(best.parts)
    assert tuple(parts) == tuple(part for part in PARTS if part != "examples")
    assert sum(parts.values()) == pytest.approx(best.score, abs=1e-3)
    assert parts["associations"] > 0.5
    assert "associations" not in dict(plain.rank([text], 1)[0][0].parts)
    assert plain.key != knowing.key


def test_alternative_labels_without_a_vector_are_stood_for_by_the_preferred_one() -> None:
    encoder = BagOfWordsEncoder(["sort", "waste", "weld", "metal"])
    concepts = [("waste", ["sort waste", "waste"]), ("weld", ["weld", "metal"]), ("none", [])]
    meaning = FusionWeights(embedding=1, words=0, characters=0, preferred=0)
    few = LabelIndex.build(concepts, encoder, weights=meaning, encode_all=False)
    assert few.vectors.shape == (2, 4)
    assert few.rows.tolist() == [0, 2, 1, 3]
    # "metal" is no preferred label; "waste" shares one of the two words of "sort waste"
    np.testing.assert_allclose(few.scores(["metal", "waste"]).fused, [[0, 0], [0.7071, 0]], atol=1e-4)
    every = LabelIndex.build(concepts, encoder, weights=meaning)
    np.testing.assert_allclose(every.scores(["metal", "waste"]).fused, [[0, 1], [1, 0]], atol=1e-4)
