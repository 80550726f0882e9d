"""What many tests share: a home of their own, and the whole flow with an encoder that can be worked out by hand."""

import re
from collections import Counter
from pathlib import Path

import pytest
from fakes import BagOfWordsEncoder

from skillmatch.company.measures import load_measures
from skillmatch.taxonomy.starter import load_starter

AXES = 600
"""Words that the fake encoder knows: enough to tell measures and skills apart, few enough to be quick."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep imported taxonomies, caches and drafts of a test in a folder of its own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SKILLMATCH_HOME", str(folder))
    monkeypatch.delenv("SKILLMATCH_TAXONOMY", raising=False)
    return folder


@pytest.fixture(scope="session")
def starter_words() -> BagOfWordsEncoder:
    """Return an encoder that knows the words of the starter taxonomy and of the measures' English texts."""
    taxonomy = load_starter()
    texts = [*taxonomy.skill_labels["text"], *taxonomy.occupation_labels["text"]]
    for measure in load_measures():
        texts += [measure.title["en"], measure.description["en"], *measure.synonyms["en"]]
    counts = Counter(word for text in texts for word in re.findall(r"\w+", str(text).lower()) if len(word) > 2)
    return BagOfWordsEncoder([word for word, _ in counts.most_common(AXES)], name="bag of words")


@pytest.fixture
def fake_encoder(home: Path, starter_words: BagOfWordsEncoder, monkeypatch: pytest.MonkeyPatch) -> BagOfWordsEncoder:
    """Let everything that asks for the default encoder get the bag of words."""
    monkeypatch.setattr("skillmatch.mapping.encoder.load_encoder", lambda *_: starter_words)
    return starter_words
