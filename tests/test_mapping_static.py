"""The multilingual table: means of subword vectors, the door of languages, and two doors into one space."""

import json
from pathlib import Path

import numpy as np
import pytest
from fakes import BagOfWordsEncoder, tiny_taxonomy
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from skillmatch.gap.memo import RememberingEncoder
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.static import StaticEncoder, TwoDoorEncoder, two_doors

VOCABULARY = {"[UNK]": 0, "waste": 1, "abfall": 2, "paper": 3, "papier": 4}
TABLE = np.array([[0, 0], [1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tokenizer = Tokenizer(models.WordLevel(VOCABULARY, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()

    tokenizer.save(str(tmp_path / "tokenizer.json"))
    save_file({"embedding.weight": TABLE}, tmp_path / "model.safetensors")
    (tmp_path / "english.json").write_text(json.dumps({"threshold": 0, "weights": [0, 1, -1, 1, -1]}))
    return tmp_path


def test_a_vector_is_the_mean_of_its_subwords_at_length_one(folder: Path) -> None:
    vectors = StaticEncoder(folder).encode(["Abfall Papier", "waste waste", "", "nothing known"])
    np.testing.assert_allclose(vectors, [[0.5**0.5, 0.5**0.5], [1, 0], [0, 0], [0, 0]], atol=1e-3)


def test_no_text_gives_no_row(folder: Path) -> None:
    assert StaticEncoder(folder).encode([]).shape == (0, 2)


def test_a_batch_equals_single_texts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["waste", "", "Papier waste", "abfall", "", "paper"]
    whole = StaticEncoder(folder).encode(texts)
    monkeypatch.setattr("skillmatch.mapping.static.BATCH", 2)
    np.testing.assert_array_equal(StaticEncoder(folder).encode(texts), whole)


def test_english_is_told_by_its_subwords_and_unknown_text_counts_as_english(folder: Path) -> None:
    found = StaticEncoder(folder).is_english(["paper waste", "Abfall", "", "SAP"])
    assert found.tolist() == [True, False, True, True]


def test_each_text_goes_through_its_door(folder: Path) -> None:
    english = BagOfWordsEncoder(["paper", "waste"])
    both = TwoDoorEncoder(english, StaticEncoder(folder), "both")
    vectors = both.encode(["Papier", "waste", "Abfall"])
    assert english.encoded == ["waste"]
    np.testing.assert_allclose(vectors, [[0, 1], [0, 1], [1, 0]], atol=1e-3)


def test_who_knows_the_language_chooses_the_door(folder: Path) -> None:
    english, others = BagOfWordsEncoder(["paper", "waste"]), StaticEncoder(folder)
    both = TwoDoorEncoder(english, others, "both")
    assert both.in_language("en") is english
    assert both.in_language("de") is others


def test_the_mapper_reads_a_text_in_the_language_it_is_told(folder: Path) -> None:
    english = BagOfWordsEncoder(["paper", "waste"])
    mapper = Mapper.build(tiny_taxonomy(), TwoDoorEncoder(english, StaticEncoder(folder), "both"))
    english.encoded.clear()
    mapper.map("paper waste", text_language="de")
    assert not english.encoded
    mapper.map("paper waste")
    assert english.encoded == ["paper waste"]


def test_the_doors_are_found_within_an_encoder_that_remembers(folder: Path) -> None:
    plain = BagOfWordsEncoder(["paper", "waste"])
    both = TwoDoorEncoder(plain, StaticEncoder(folder), "both")
    assert two_doors(RememberingEncoder(both)) is both
    assert two_doors(both) is both
    assert two_doors(RememberingEncoder(plain)) is None


def test_the_key_changes_with_the_door(folder: Path) -> None:
    english = BagOfWordsEncoder(["paper", "waste"])
    before = TwoDoorEncoder(english, StaticEncoder(folder), "both").key
    (folder / "english.json").write_text(json.dumps({"threshold": 1, "weights": [0, 1, -1, 1, -1]}))
    assert TwoDoorEncoder(english, StaticEncoder(folder), "both").key != before


def test_the_setting_is_part_of_the_key_and_keeps_the_calibration(folder: Path) -> None:
    encoder = TwoDoorEncoder(BagOfWordsEncoder(["paper", "waste"]), StaticEncoder(folder), "both")
    best, fast = (Mapper.build(tiny_taxonomy(), encoder, setting=setting) for setting in ("best", "fast"))
    assert best.key != fast.key
    assert best.calibrated == fast.calibrated
    assert fast.map("paper waste").matches == best.map("paper waste").matches  # this encoder has no faster one
