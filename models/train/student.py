"""Train the multilingual student: one vector a subword, so that a text in any language lands where English does.

The vector of a text is the mean of the vectors of its subwords. It is pulled to the vector that the English model gives
to the preferred English label of the same concept, and pushed from those of the other concepts of the batch.
"""

import argparse
import json
import logging
import math
import random
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from examples import held_out, read_topics, read_wishes
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch.nn import functional

from skillmatch.taxonomy.esco import read_esco

LOG = logging.getLogger("student")
PIECES = 48_000
DIMENSION = 384
SAMPLE = 150_000
"""Texts that the subwords are learned from."""
Pair = tuple[str, int]
"""A text, and the row of its target."""


SHARES = (0.4, 0.4, 0.2)
"""Shares of the draws: labels of occupations, labels of skills, texts in people's own words."""


def load_pairs(shared: Path, measures: Path, sentences: Path) -> tuple[list[list[Pair]], list[str]]:
    """Return pairs of occupations, of skills and of written texts, and the English text of each target."""
    taxonomy = read_esco(sorted((shared / "esco" / "v1.1.1").glob("*.zip")))
    targets: list[str] = []
    pairs: dict[str, list[Pair]] = {"occupation": [], "skill": [], "written": []}
    rows: dict[str, int] = {}
    for kind, labels in (("occupation", taxonomy.occupation_labels), ("skill", taxonomy.skill_labels)):
        columns = (labels[name].tolist() for name in ("uri", "language", "kind", "text"))
        for uri, language, _, text in zip(*columns, strict=True):
            if language == "en" and kind == "skill" and held_out(uri, text):
                continue
            if uri not in rows:
                rows[uri] = len(targets)
                targets.append(taxonomy.label(uri))
            pairs[kind].append((text, rows[uri]))
    for text, english in _measures(measures):
        if english not in rows:
            rows[english] = len(targets)
            targets.append(english)
        pairs["written"].append((text, rows[english]))
    find = {taxonomy.label(uri).casefold(): row for uri, row in rows.items() if "/skill/" in uri}
    for path in sorted(sentences.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line) if line.strip() else {"text": "", "skills": []}
            known = [find[name.casefold()] for name in item["skills"] if name.casefold() in find]
            if not held_out(item["text"]):
                pairs["written"] += [(item["text"], row) for row in known[:3]]
    return list(pairs.values()), targets


def _measures(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield texts of measures and topics in every language, each with the English text that says what it is about."""
    titles = {}
    for path in sorted(folder.glob("*.toml")):
        for measure in tomllib.loads(path.read_text("utf-8"))["measure"]:
            title = titles[measure["id"]] = measure["title"]["en"]
            yield from ((text, title) for text in measure["title"].values())
            yield from ((text, measure["description"]["en"]) for text in measure["description"].values())
            yield from ((text, title) for texts in measure.get("synonyms", {}).values() for text in texts)
    yield from ((wish, titles[measure]) for _, measure, wish in read_wishes(folder))
    topics = list(read_topics(folder.parent / "topics"))
    names: dict[str, str] = {}
    for language, topic, text in topics:
        if language == "en":
            names.setdefault(topic, text)
    yield from ((text, names[topic]) for _, topic, text in topics)


def train_tokenizer(texts: Sequence[str]) -> Tokenizer:
    """Return a unigram tokenizer of `PIECES` subwords, in lower case."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("isolated"), pre_tokenizers.Metaspace()]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=PIECES, special_tokens=["[UNK]"], unk_token="[UNK]", max_piece_length=14, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def train(
    table: torch.Tensor,
    pairs: Sequence[list[Pair]],
    tokenizer: Tokenizer,
    targets: torch.Tensor,
    options: argparse.Namespace,
) -> torch.Tensor:
    """Return the table of subword vectors after training."""
    random_ = random.Random(options.seed)
    weight = table.clone().requires_grad_(True)
    optimiser = torch.optim.SparseAdam([weight], lr=options.rate, betas=(0.9, 0.99))  # only rows that occur
    ids = [_tokenise(tokenizer, [text for text, _ in kind]) for kind in pairs]
    begun = time.monotonic()
    for step in range(options.steps):
        drawn = [
            (kind, random_.randrange(len(pairs[kind])))
            for kind in random_.choices(range(len(pairs)), SHARES, k=options.batch)
        ]
        pieces = [ids[kind][place] for kind, place in drawn]
        flat = torch.from_numpy(np.concatenate(pieces))
        offsets = torch.from_numpy(np.cumsum([0, *map(len, pieces[:-1])]))
        rows = torch.tensor([pairs[kind][place][1] for kind, place in drawn])
        means = functional.embedding_bag(flat, weight, offsets, mode="mean", sparse=True)
        vectors = functional.normalize(means, dim=-1)
        unique, right = rows.unique(return_inverse=True)
        extra = torch.randint(len(targets), (options.extra,))
        bank = torch.cat([targets[unique], targets[extra]])
        with torch.autocast("cpu", torch.bfloat16):
            logits = (vectors @ bank.T).float() * options.scale
        same = rows[:, None] == extra[None]
        logits[:, len(unique) :] = logits[:, len(unique) :].masked_fill(same, -1e4)
        loss = functional.cross_entropy(logits, right)
        for group in optimiser.param_groups:
            group["lr"] = options.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / options.steps)))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        if step % 200 == 199:
            LOG.info(
                "step %d of %d, loss %.3f, %.2f s a step",
                step + 1,
                options.steps,
                float(loss.detach()),
                (time.monotonic() - begun) / (step + 1),
            )
    return weight.detach()


def _tokenise(tokenizer: Tokenizer, texts: Sequence[str]) -> list[np.ndarray]:
    return [
        np.array(found.ids or [0], dtype=np.int64)
        for found in tokenizer.encode_batch(list(texts), add_special_tokens=False)
    ]


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--teacher", required=True, help="folder of the English model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--resume", type=Path, help="folder of an earlier student to start from")
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--extra", type=int, default=2048, help="further targets drawn as negatives")
    parser.add_argument("--rate", type=float, default=0.02)
    parser.add_argument("--scale", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    here = Path(__file__).resolve().parent
    pairs, names = load_pairs(options.data, here.parents[1] / "data" / "measures", here / "sentences")
    LOG.info("%s texts, %d targets", [len(some) for some in pairs], len(names))
    teacher = SentenceTransformer(options.teacher, device="cpu")
    with torch.autocast("cpu", torch.bfloat16):
        targets = teacher.encode(
            names, batch_size=128, convert_to_tensor=True, normalize_embeddings=True, show_progress_bar=False
        ).float()
    LOG.info("targets done")
    if options.resume:
        static = SentenceTransformer(str(options.resume), device="cpu")[0]
        tokenizer, table = static.tokenizer, static.embedding.weight.detach().float()
    else:
        texts = sorted({text for some in pairs for text, _ in some})
        tokenizer = train_tokenizer(random.Random(options.seed).sample(texts, min(SAMPLE, len(texts))))
        table = torch.randn(tokenizer.get_vocab_size(), DIMENSION) * 0.1
    LOG.info("tokenizer done")
    table = train(table, pairs, tokenizer, targets, options)
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=table.numpy())], device="cpu").save(
        str(options.out), create_model_card=False
    )


if __name__ == "__main__":
    main()
