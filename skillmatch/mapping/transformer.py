"""The English encoder, worked out with torch alone: the libraries around it take seconds to import, and memory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.encoder import (
    LONGEST_TEXT,
    Precision,
    SentenceTransformerEncoder,
    careful_threads,
    install_error,
    load_tokenizer,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

_WORDS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, eq=False)
class Bert:
    """A BERT encoder with exact GELU, of which the mean of the words is the text.

    Parameters
    ----------
    weights
        Name in the file -> tensor; those of words and norms in float32, those of layers in the precision of the work.
    layers, heads
        Their number.
    epsilon
        What norms add to a variance.
    """

    weights: dict[str, "Tensor"]
    layers: int
    heads: int
    epsilon: float

    @classmethod
    def load(cls, folder: Path, precision: Precision) -> Self:
        """Read the weights from a folder in the layout of sentence-transformers."""
        try:
            import torch
            from safetensors.torch import load_file
        except ImportError as error:
            raise install_error("torch") from error
        config = json.loads((folder / "config.json").read_text("utf-8"))
        kinds = {"float32": torch.float32, "bfloat16": torch.bfloat16}
        weights = {
            name: one
            if "word_embeddings" in name
            else one.to(kinds[precision if name.startswith("enc") else "float32"])
            for name, one in load_file(folder / "model.safetensors").items()
        }
        for layer in range(int(config["num_hidden_layers"])):
            part = f"encoder.layer.{layer}.attention.self"
            for kind in ("weight", "bias"):  # one product instead of three
                three = [weights.pop(f"{part}.{name}.{kind}") for name in ("query", "key", "value")]
                weights[f"{part}.{kind}"] = torch.cat(three)
        return cls(
            weights,
            int(config["num_hidden_layers"]),
            int(config["num_attention_heads"]),
            float(config["layer_norm_eps"]),
        )

    def encode(self, ids: Sequence[Sequence[int]]) -> "Tensor":
        """Return the mean of the last layer over the words of each text, of shape (n, dimension)."""
        import torch
        from torch.nn.functional import embedding

        longest = max(map(len, ids))
        words = torch.tensor([[*some, *[0] * (longest - len(some))] for some in ids])
        real = torch.arange(longest) < torch.tensor([len(some) for some in ids])[:, None]
        positions = self.weights["embeddings.position_embeddings.weight"][:longest]
        kind = self.weights["embeddings.token_type_embeddings.weight"][0]
        state = embedding(words, self.weights[_WORDS]).float() + positions + kind
        state = self._norm(state, "embeddings.LayerNorm").to(self.weights["encoder.layer.0.output.dense.weight"].dtype)
        mask = None if bool(real.all()) else real[:, None, None, :]
        for layer in range(self.layers):
            state = self._layer(state, f"encoder.layer.{layer}", mask)
        return (state.float() * real[..., None]).sum(1) / real.sum(1, keepdim=True)

    def _layer(self, state: "Tensor", name: str, mask: "Tensor | None") -> "Tensor":
        from torch.nn.functional import gelu, scaled_dot_product_attention

        many, length, width = state.shape
        split = self._linear(state, f"{name}.attention.self").view(many, length, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2).reshape(state.shape)
        state = self._norm(
            self._linear(seen, f"{name}.attention.output.dense") + state, f"{name}.attention.output.LayerNorm"
        )
        wide = gelu(self._linear(state, f"{name}.intermediate.dense"))
        return self._norm(self._linear(wide, f"{name}.output.dense") + state, f"{name}.output.LayerNorm")

    def _linear(self, state: "Tensor", name: str) -> "Tensor":
        from torch.nn.functional import linear

        return linear(state, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, state: "Tensor", name: str) -> "Tensor":
        from torch.nn.functional import layer_norm

        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return layer_norm(state, weight.shape, weight, bias, self.epsilon)


class BertEncoder(SentenceTransformerEncoder):
    """The encoder of a folder whose model is a BERT with mean pooling: the vectors of `SentenceTransformerEncoder`.

    On the processor alone; parameters as there, but that ``"bfloat16"`` only counts where the processor works with it.
    """

    def __init__(self, folder: Path, name: str | None = None, *, precision: Precision = "float32") -> None:
        super().__init__(folder, name, precision=precision)

    def faster(self) -> "BertEncoder":
        """Return an encoder of half the precision, and so in half the time where the processor works with it."""
        return BertEncoder(self.folder, self.name, precision="bfloat16")

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(json.loads((self.folder / "config.json").read_text("utf-8"))["hidden_size"])

    @cached_property
    def _bert(self) -> Bert:
        careful_threads()
        return Bert.load(self.folder, self.precision)

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        tokenizer = load_tokenizer(self.folder)
        config = json.loads((self.folder / "tokenizer_config.json").read_text("utf-8"))
        tokenizer.enable_truncation(int(config["model_max_length"]))
        return tokenizer

    def _encode_batch(self, texts: list[str]) -> NDArray[np.float32]:
        bert = self._bert
        import torch

        found = self._tokenizer.encode_batch_fast([text[:LONGEST_TEXT] for text in texts])
        with torch.inference_mode():
            return np.asarray(bert.encode([one.ids for one in found]).numpy(), dtype=np.float32)
