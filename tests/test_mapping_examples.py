"""Examples: a text is like a sentence whose skills are known, so it probably speaks of the same skills."""

from pathlib import Path

import numpy as np
import pytest
from fakes import WORDS as LABEL_WORDS
from fakes import BagOfWordsEncoder, skill_uri, tiny_taxonomy
from safetensors.numpy import save_file

from skillmatch.mapping.encoder import load_encoder
from skillmatch.mapping.examples import WHOLE, Examples, load_examples
from skillmatch.mapping.mapper import Mapper

SHINY, DULL = "shiny things with sparks here and there", "dull things in rows all day long"


@pytest.fixture
def encoder() -> BagOfWordsEncoder:
    return BagOfWordsEncoder([*LABEL_WORDS, "shiny", "dull", "things", "sparks", "rows"])


@pytest.fixture
def examples(encoder: BagOfWordsEncoder, tmp_path: Path) -> Examples:
    """`SHINY` speaks of weld and of robots, `DULL` of robots and of a skill that the taxonomy does not have."""
    uris = sorted([skill_uri("robots"), skill_uri("weld"), "http://example.org/skill/unknown"])
    skills = [uris.index(uri) for uri in (skill_uri("weld"), skill_uri("robots"), skill_uri("robots"), uris[1])]
    content = {
        "vectors": encoder.encode([SHINY, DULL]).astype(np.float16),
        "sentences": np.array([0, 0, 1, 1], dtype=np.int32),
        "skills": np.array(skills, dtype=np.int32),
    }
    path = tmp_path / "examples.safetensors"
    save_file(content, path, metadata={"uris": "\n".join(uris)})
    return Examples.read(path)


def test_a_skill_scores_the_cosine_of_its_nearest_sentence(examples: Examples, encoder: BagOfWordsEncoder) -> None:
    skills = [skill_uri("maintain-machines"), skill_uri("robots"), skill_uri("weld")]
    texts = [SHINY, "a dull day for all and everybody", "unheard of"]
    found = examples.of_skills(skills).scores(texts, encoder.encode(texts))
    np.testing.assert_allclose(found, [[0, 1, 1], [0, 1 / np.sqrt(3), 0], [0, 0, 0]], atol=1e-3)


def test_few_words_rather_name_a_skill(examples: Examples, encoder: BagOfWordsEncoder) -> None:
    found = examples.of_skills([skill_uri("weld")]).scores(["shiny things sparks"], encoder.encode([SHINY]))
    np.testing.assert_allclose(found, [[3 / WHOLE]], atol=1e-3)


def test_without_a_known_skill_or_a_text_nothing_scores(examples: Examples, encoder: BagOfWordsEncoder) -> None:
    assert not examples.of_skills(["http://example.org/skill/other"]).scores([SHINY], encoder.encode([SHINY])).any()
    assert examples.of_skills([skill_uri("weld")]).scores([], encoder.encode([])).shape == (0, 1)


def test_the_mapper_finds_by_example_what_no_label_says(examples: Examples, encoder: BagOfWordsEncoder) -> None:
    plain = Mapper.build(tiny_taxonomy(), encoder)
    knowing = Mapper.build(tiny_taxonomy(), encoder, examples=examples)
    found = {match.uri: match for match in knowing.rank([SHINY], 2)[0]}
    assert set(found) == {skill_uri("weld"), skill_uri("robots")}
    assert dict(found[skill_uri("weld")].parts)["examples"] > 0.1
    assert "examples" not in dict(plain.rank([SHINY], 1)[0][0].parts)
    assert plain.key != knowing.key


def test_examples_belong_to_the_very_model_that_they_were_made_with(encoder: BagOfWordsEncoder) -> None:
    named_alike = BagOfWordsEncoder(name="skillmatch-1")
    assert load_examples(encoder) is None
    assert load_examples(named_alike) is None


def test_the_shipped_model_has_examples_for_thousands_of_skills() -> None:
    shipped = load_examples(load_encoder())
    assert shipped is not None
    assert len(shipped.uris) > 3_000
    np.testing.assert_allclose(np.linalg.norm(shipped.vectors[::100], axis=1), 1, atol=2e-3)
