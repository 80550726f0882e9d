"""Train the English model: sentences and the labels of their skills share one space, word by word and as a whole.

For a sentence with word vectors t and a label with vector l, the score is the mean of two cosines: that of the mean of
the t with l, and the mean of the cosines of each t with l, weighted by softmax (`SHARPNESS`) so that the words that
carry the label count. The loss is the cross-entropy over *all* labels of the taxonomy: their vectors lie in a bank
that is renewed as training goes on; parents and children of a right skill are left out of the negatives.
"""

import argparse
import json
import logging
import math
import time
from pathlib import Path

import torch
from examples import Corpus, Example, Sampler, load_corpus
from sentence_transformers import SentenceTransformer
from torch import Tensor
from torch.nn import functional

LOG = logging.getLogger("train")
SHARPNESS = 12.0
SCALE = 25.0
HARD = 1_024
"""Labels that the word-by-word score is compared on: the hardest for the batch by the score as a whole."""

STAGES = {
    "broad": {
        "label": 0.28, "description": 0.14, "sentence": 0.16, "several": 0.14, "job": 0.08,
        "skillskape": 0.14, "measures": 0.06,
    },
    "mixed": {
        "label": 0.16, "description": 0.12, "sentence": 0.10, "several": 0.10, "job": 0.06,
        "skillskape": 0.14, "measures": 0.05, "written": 0.23, "needs": 0.04,
    },
}  # fmt: skip


PART = 32
"""Texts of like length that are encoded together, so that little is padded."""


def _by_length(batch: list[Example], targets: list[int]) -> tuple[list[Example], list[int]]:
    order = sorted(range(len(batch)), key=lambda place: len(batch[place].text))
    return [batch[place] for place in order], [targets[place] for place in order]


def embed(model: SentenceTransformer, texts: list[str], length: int) -> tuple[Tensor, Tensor]:
    """Return word vectors of shape (n, t, d), each of length 1, and the mask of shape (n, t)."""
    model.max_seq_length = length
    features = model.preprocess(texts)
    hidden = model[0](features)["token_embeddings"]
    return hidden, features["attention_mask"].to(hidden.dtype)


def pooled(hidden: Tensor, mask: Tensor) -> Tensor:
    """Return the mean of the word vectors, of length 1, of shape (n, d)."""
    mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return functional.normalize(mean.float(), dim=-1)


def word_scores(hidden: Tensor, mask: Tensor, labels: Tensor) -> Tensor:
    """Return `scores[i, j]`: mean of the cosines of the words of text i with label j, weighted by softmax."""
    cosine = functional.normalize(hidden, dim=-1).to(labels.dtype) @ labels.T  # (n, t, labels)
    weight = (cosine.float() * SHARPNESS).masked_fill(mask[..., None] == 0, -1e4).softmax(1)
    return (weight * cosine.float()).sum(1)


def fill_bank(model: SentenceTransformer, labels: list[str]) -> Tensor:
    """Return the vectors of all labels, of shape (labels, d)."""
    order = sorted(range(len(labels)), key=lambda place: len(labels[place]))
    bank = torch.zeros(len(labels), 384)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 256):
            rows = order[start : start + 256]
            bank[rows] = pooled(*embed(model, [labels[row] for row in rows], 32))
    return bank


def loss_of(scores: Tensor, right: Tensor, ignored: Tensor) -> Tensor:
    """Return the mean over right labels of -log softmax, each against all labels that are neither right nor ignored."""
    logits = scores * SCALE
    negatives = logits.masked_fill(right | ignored, -1e4).logsumexp(1, keepdim=True)
    each = torch.logaddexp(negatives, logits) - logits
    share = right / right.sum(1, keepdim=True)
    return (each * share).sum() / len(scores)


class Trainer:
    """One run, which can be stopped and taken up again from its folder."""

    def __init__(self, corpus: Corpus, options: argparse.Namespace) -> None:
        self.corpus, self.options = corpus, options
        # No dropout within attention, and attention written out: together a third of the time saved in bf16 on a CPU.
        self.model = SentenceTransformer(
            options.base,
            device="cpu",
            model_kwargs={"attn_implementation": "eager"},
            config_kwargs={"attention_probs_dropout_prob": 0.0},
        )
        self.model.train()
        self.model[0].model.embeddings.word_embeddings.weight.requires_grad_(False)  # half of all weights; no loss seen
        learnt = [p for p in self.model.parameters() if p.requires_grad]
        decayed, others = [p for p in learnt if p.ndim > 1], [p for p in learnt if p.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, lr=options.rate)
        self.step = 0
        self.state = options.out / "state.pt"
        if self.state.exists():
            saved = torch.load(self.state)
            self.model.load_state_dict(saved["model"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.step = saved["step"]
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        if self.state.exists():
            self.average = saved["average"]
        self.bank = fill_bank(self.model, corpus.labels)

    def rate(self) -> float:
        """Return the learning rate: a short rise, then a cosine fall to a twentieth."""
        rise = min(1.0, (self.step + 1) / 60)
        fall = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * self.step / self.options.steps))
        return self.options.rate * rise * fall

    def run(self) -> None:
        """Train to the end, telling how it goes."""
        begun, first, total = time.monotonic(), self.step, 0.0
        while self.step < self.options.steps:
            if self.step % 250 == 249:
                self.bank = fill_bank(self.model, self.corpus.labels)
            total += self.one_step()
            self.step += 1
            if self.step % 25 == 0:
                pace = (time.monotonic() - begun) / (self.step - first)
                left = pace * (self.options.steps - self.step) / 60
                LOG.info(
                    "step %d of %d, loss %.3f, %.2f s a step, %.0f min left",
                    self.step,
                    self.options.steps,
                    total / 25,
                    pace,
                    left,
                )
                total = 0.0
            if self.step % 100 == 0 or self.step == self.options.steps:
                self.save()

    def one_step(self) -> float:
        """Learn from one batch; the batch depends on seed and step alone."""
        sampler = Sampler(self.corpus, STAGES[self.options.stage], self.options.seed * 1_000_003 + self.step)
        batch = sampler.draw(self.options.batch)
        targets = [sampler.random.choice(example.skills) for example in batch]
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        with torch.autocast("cpu", torch.bfloat16):
            loss = self.loss(batch, targets, sampler)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        keep = min(0.998, (self.step + 1) / (self.step + 20))
        for name, value in self.model.named_parameters():
            if value.requires_grad:
                self.average[name].lerp_(value.detach(), 1 - keep)
        return float(loss.detach())

    def loss(self, batch: list[Example], targets: list[int], sampler: Sampler) -> Tensor:
        """Return the loss of one batch, as a whole and word by word."""
        batch, targets = _by_length(batch, targets)
        parts = [embed(self.model, [e.text for e in batch[i : i + PART]], 64) for i in range(0, len(batch), PART)]
        whole = torch.cat([pooled(*part) for part in parts])
        unique = sorted(set(targets))
        fresh = pooled(*embed(self.model, [self.corpus.labels[row] for row in unique], 32))
        self.bank[unique] = fresh.detach()
        labels = self.bank.clone()
        labels[unique] = fresh
        right = torch.zeros(len(batch), len(labels), dtype=torch.bool)
        ignored = torch.zeros_like(right)
        for place, example in enumerate(batch):
            right[place, list(example.skills)] = True
            near = {row for skill in example.skills[:8] for row in self.corpus.near.get(skill, ())}
            ignored[place, list(near)] = True
        ignored &= ~right
        scores = (whole @ labels.T).float()
        loss = loss_of(scores, right, ignored)
        with torch.no_grad():
            hardest = scores.masked_fill(right | ignored, -1).amax(0)
            hardest[right.any(0)] = 2.0
            chosen = hardest.topk(HARD).indices
        words = torch.cat([word_scores(*part, labels[chosen]) for part in parts])
        return 0.5 * loss + 0.5 * loss_of(0.5 * (words + scores[:, chosen]), right[:, chosen], ignored[:, chosen])

    def save(self) -> None:
        """Write the state, to go on from, and the averaged model, to use."""
        saved = {
            "model": self.model.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "average": self.average,
        }
        torch.save(saved, self.state.with_suffix(".new"))
        self.state.with_suffix(".new").replace(self.state)
        now = {name: value.clone() for name, value in self.model.state_dict().items()}
        self.model.load_state_dict(self.average)
        self.model.max_seq_length = 128
        self.model.save(str(self.options.out / "model"), create_model_card=False)
        self.model.load_state_dict(now)


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with esco and benchmarks")
    parser.add_argument("--base", required=True, help="folder of the model to start from")
    parser.add_argument("--out", type=Path, required=True, help="folder for state and model")
    parser.add_argument("--stage", choices=sorted(STAGES), default="mixed")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    here = Path(__file__).resolve().parent
    corpus = load_corpus(options.data, here / "sentences", here.parents[1] / "data" / "measures")
    LOG.info("%s", json.dumps({name: len(found) for name, found in corpus.fixed.items()}))
    Trainer(corpus, options).run()


if __name__ == "__main__":
    main()
