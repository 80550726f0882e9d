"""Texts to vectors: the protocol that the product needs, and the sentence-transformers adapter."""

import hashlib
import importlib
import logging
import os
import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from skillmatch import resources
from skillmatch.errors import InputError, Problem

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Progress = Callable[[int, int], None]
"""Called with (done, total) as bulk work goes on."""

VARIABLE = "SKILLMATCH_MODEL"
"""Environment variable that names the model: a name of the manifest, a folder, or a name on the hub."""

Precision = Literal["float32", "bfloat16"]
INSTALL = "pip install 'skillmatch[model]'"
LONGEST_TEXT = 4_000
"""Characters that are read of one text: far beyond the maximum length of any encoder in tokens, so nothing is lost."""

_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
_NOT_WEIGHTS = frozenset({"README.md", "data_config.json", "manifest.toml"})


class Encoder(Protocol):
    """Turns texts into vectors.

    `key` identifies everything that changes a vector (weights, maximum length, precision), so a cache may rely on it.
    """

    @property
    def name(self) -> str:
        """Name for people, such as ``"all-MiniLM-L6-v2"``."""
        ...

    @property
    def key(self) -> str:
        """Identifier of everything that changes a vector."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return vectors of shape (n, dimension), in the order of `texts`; rows have length 1, empty texts zeros."""
        ...


class SentenceTransformerEncoder:
    """An encoder from a folder in the layout of sentence-transformers; the weights are loaded when first needed.

    Parameters
    ----------
    folder
        Folder with ``modules.json`` and the weights. Nothing is ever fetched from a network.
    name
        Name for people; the folder's name where it is None.
    device
        A torch device, such as ``"cpu"`` or ``"cuda"``.
    precision
        ``"bfloat16"`` halves the time on processors that have it, and changes vectors in the third decimal.
    batch_characters
        About how many characters are encoded at once. Texts of like length share a batch, so little is padded.
    """

    def __init__(
        self,
        folder: Path,
        name: str | None = None,
        *,
        device: str = "cpu",
        precision: Precision = "float32",
        batch_characters: int = 2_000,
    ) -> None:
        if not (folder / "modules.json").is_file():
            raise InputError(
                Problem(
                    where=f"embedding model {folder}",
                    found="no modules.json" if folder.is_dir() else "no such folder",
                    allowed="a folder saved by sentence-transformers",
                    remedy="check the path in the option or in SKILLMATCH_MODEL, or leave it out to use the default",
                )
            )
        self.folder = folder
        self.name = name or folder.name
        self.device = device
        self.precision = precision
        self.batch_characters = batch_characters

    @cached_property
    def key(self) -> str:
        """sha256 over every file that can change a vector (weights, tokenizer, configuration), and the precision."""
        digest = hashlib.sha256(self.precision.encode())
        for path in sorted(self.folder.rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(self.folder).parts)
            if path.is_file() and not hidden and path.name not in _NOT_WEIGHTS:
                digest.update(f"{path.relative_to(self.folder).as_posix()} {file_sha256(path)}\n".encode())
        return digest.hexdigest()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        dimension = self._model.get_embedding_dimension()
        if dimension is None:  # some module stacks do not declare it; one text tells
            dimension = self._model.encode(["a"], show_progress_bar=False).shape[1]
        return int(dimension)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        careful_threads()
        try:
            import transformers
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise install_error("sentence-transformers") from error
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        try:
            model = SentenceTransformer(str(self.folder), device=self.device, local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise InputError(
                Problem(
                    where=f"embedding model {self.folder}",
                    found=f"files that cannot be loaded ({_first_line(error)})",
                    allowed="a complete folder saved by sentence-transformers",
                    remedy="save or copy the model again, with all its files",
                )
            ) from error
        return model.eval()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return vectors of shape (n, dimension), in the order of `texts`; rows have length 1, empty texts zeros.

        A text that occurs twice is encoded once.
        """
        unique = sorted({text for text in texts if text.strip()}, key=lambda text: (len(text), text))
        vectors = np.zeros((len(unique) + 1, self.dimension), dtype=np.float32)  # the last row is that of empty texts
        start = 0
        while start < len(unique):
            size = self._batch_size(unique, start)
            vectors[start : start + size] = self._encode_batch(unique[start : start + size])
            start += size
            if progress:
                progress(start, len(unique))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.where(lengths > 0, lengths, 1)
        row = {text: index for index, text in enumerate(unique)}
        return vectors[[row.get(text, len(unique)) for text in texts]]

    def _batch_size(self, texts: list[str], start: int) -> int:
        """Return how many of the texts, which get longer, to encode at once from `start` on."""
        size = 1
        while start + size < len(texts) and (size + 1) * len(texts[start + size]) <= self.batch_characters:
            size += 1
        return size

    def _encode_batch(self, texts: list[str]) -> NDArray[np.float32]:
        import torch

        texts = [text[:LONGEST_TEXT] for text in texts]

        with torch.inference_mode(), torch.autocast(self.device, torch.bfloat16, enabled=self.precision == "bfloat16"):
            vectors = self._model.encode(texts, batch_size=len(texts), show_progress_bar=False, convert_to_tensor=True)
        return np.asarray(vectors.float().cpu().numpy(), dtype=np.float32)


def careful_threads() -> None:
    """Let threads of torch sleep while they wait; called before torch is imported. Else they starve others, tenfold."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def install_error(package: str) -> InputError:
    """Return the error that names the exact line which installs what is missing."""
    return InputError(
        Problem(
            where="embedding model",
            found=f"the package {package} is not installed",
            allowed="an installation with the extra [model]",
            remedy=f"run: {INSTALL}",
        )
    )


def load_tokenizer(folder: Path) -> "Tokenizer":
    """Return the tokenizer that lies in the folder of a model; it pads nothing."""
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise install_error("tokenizers") from error
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer


def load_encoder(name: str | None = None) -> Encoder:
    """Return the encoder named, or the default one.

    Parameters
    ----------
    name
        A folder, the name of a model in ``models/manifest.toml``, or a name on the Hugging Face hub. None: what the
        environment variable ``SKILLMATCH_MODEL`` says, and where that is not set the manifest's default.

    Raises
    ------
    InputError
        If a package is missing, the folder is unknown, the weights are not the ones of the manifest, or the hub
        cannot be reached. There is no silent fallback to another model.
    """
    chosen = name or os.environ.get(VARIABLE, "")
    manifest = read_manifest()
    shipped = {str(entry["name"]): entry for entry in manifest["model"]}
    if not chosen or chosen in shipped:
        return _load_shipped(shipped[chosen or str(manifest["default"])])
    folder = Path(chosen).expanduser()
    if folder.exists() or not _HUB_NAME.fullmatch(chosen) or chosen.startswith("."):
        return SentenceTransformerEncoder(folder)
    return SentenceTransformerEncoder(_fetch(chosen), chosen)


def read_manifest(path: Path | None = None) -> dict[str, Any]:
    """Read ``models/manifest.toml``: key ``default`` (a name) and a list ``model`` of tables."""
    return tomllib.loads((path or resources.MODELS / "manifest.toml").read_text("utf-8"))


def _load_shipped(entry: dict[str, Any]) -> Encoder:
    """Open a model of the manifest, from the package or the folder under ``models/`` that carries it.

    A model with ``doors`` has a folder for English texts and one for all others.
    """
    if "doors" in entry:
        from skillmatch.mapping.static import StaticEncoder, TwoDoorEncoder
        from skillmatch.mapping.transformer import BertEncoder

        for file, expected in sorted(entry["sha256"].items()):
            _verify(resources.MODELS / file, str(expected), str(entry["name"]))
        english, others = (resources.MODELS / str(entry["doors"][door]) for door in ("english", "others"))
        return TwoDoorEncoder(BertEncoder(english), StaticEncoder(others), str(entry["name"]))
    if "module" in entry:
        try:
            module = importlib.import_module(str(entry["module"]))
        except ImportError as error:
            raise install_error(str(entry["package"])) from error
        folder = Path(module.get_model_path())
    else:
        folder = resources.MODELS / str(entry["folder"])
    encoder = SentenceTransformerEncoder(folder, str(entry["name"]))
    for file, expected in sorted(entry["sha256"].items()):
        _verify(folder / file, str(expected), str(entry["name"]))
    return encoder


def _verify(path: Path, expected: str, name: str) -> None:
    found = file_sha256(path) if path.is_file() else "no such file"
    if found != expected:
        raise InputError(
            Problem(
                where=f"embedding model {name}, file {path}",
                found=f"sha256 {found}",
                allowed=f"sha256 {expected}",
                remedy="install the model again: the file is damaged, or is another one than the manifest describes",
            )
        )


def _fetch(name: str) -> Path:
    """Return the local folder of a model on the hub, fetched if it is not there yet."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    except ImportError as error:
        raise install_error("sentence-transformers") from error
    try:
        return Path(snapshot_download(name, ignore_patterns=["*.onnx", "*.h5", "*.msgpack", "openvino/*", "*.ot"]))
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        raise InputError(
            Problem(
                where=f"embedding model {name}",
                found=f"neither a folder nor a model that the hub gives ({type(error).__name__})",
                allowed="an existing folder, or the name of a public model while the hub can be reached",
                remedy="check the spelling and the network, or name a folder to which the model was copied",
            )
        ) from error
