"""Encoding once within an analysis, and forgetting afterwards."""

import numpy as np
from fakes import BagOfWordsEncoder

from skillmatch.gap.memo import RememberingEncoder


def test_nothing_is_remembered_unless_asked_for() -> None:
    plain = BagOfWordsEncoder()
    encoder = RememberingEncoder(plain)
    for _ in range(2):
        encoder.encode(["weld metal"])
    assert plain.encoded == ["weld metal"] * 2


def test_a_text_is_encoded_once_and_vectors_are_those_of_the_encoder() -> None:
    plain = BagOfWordsEncoder()
    encoder = RememberingEncoder(plain)
    texts = ["weld metal", "sort waste", "weld metal"]
    with encoder.remember():
        first = encoder.encode(texts)
        with encoder.remember():
            second = encoder.encode(["sort waste", "program robots"])
        assert encoder.encode([]).shape == (0, plain.dimension)
    assert plain.encoded == ["weld metal", "sort waste", "program robots"]
    np.testing.assert_array_equal(first, plain.encode(texts))
    np.testing.assert_array_equal(second[0], first[1])
    assert (encoder.name, encoder.key, encoder.dimension) == (plain.name, plain.key, plain.dimension)


def test_what_was_remembered_is_forgotten_even_after_an_error() -> None:
    plain = BagOfWordsEncoder()
    encoder = RememberingEncoder(plain)
    try:
        with encoder.remember():
            encoder.encode(["weld metal"])
            raise ValueError
    except ValueError:
        encoder.encode(["weld metal"])
    assert plain.encoded == ["weld metal"] * 2
