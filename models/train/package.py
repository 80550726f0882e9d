"""Put the trained parts together as they ship: half precision, one space, the door of languages, checksums."""

import argparse
import json
import logging
import shutil
from pathlib import Path

import numpy as np
import torch
from door import labelled_texts, learn, save
from examples import Corpus, load_corpus, load_taxonomy
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from skillmatch.mapping.encoder import Encoder, SentenceTransformerEncoder, file_sha256
from skillmatch.mapping.static import StaticEncoder, TwoDoorEncoder
from skillmatch.taxonomy.esco import read_esco

LOG = logging.getLogger("package")
TABLE = Path("model.safetensors")


def halve(path: Path) -> None:
    """Write the floating-point weights of a file in half precision."""
    weights = {name: value.half() if value.is_floating_point() else value for name, value in load_file(path).items()}
    save_file({name: value.contiguous() for name, value in weights.items()}, path, metadata={"format": "pt"})


def copy_english(source: Path, target: Path) -> None:
    """Copy the English model with its weights in half precision; they are computed with in single precision."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    for path in target.rglob("*.safetensors"):
        halve(path)
    config = json.loads((target / "config.json").read_text("utf-8"))
    config.pop("torch_dtype", None)
    config["dtype"] = "float32"
    (target / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", "utf-8")


def alignment(old: np.ndarray, new: np.ndarray, strength: float = 1.0) -> np.ndarray:
    """Return the matrix that takes the old vectors of the same labels to the new ones (ridge regression)."""
    gram = old.T @ old + strength * np.eye(old.shape[1])
    return np.linalg.solve(gram, old.T @ new)


def label_vectors(model: Path, labels: list[str]) -> np.ndarray:
    """Return the vectors of labels, of length 1."""
    encoder = SentenceTransformer(str(model), device="cpu").eval()
    with torch.autocast("cpu", torch.bfloat16):
        found = encoder.encode(
            labels, batch_size=128, normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False
        )
    return found.float().numpy()


def write_examples(corpus: Corpus, english: Encoder, others: Encoder, path: Path) -> None:
    """Write the vectors of all sentences with known skills, and which skills they have; never the sentences."""
    found = [example for source in ("written", "needs", "skillskape", "local") for example in corpus.fixed[source]]
    found.sort(key=lambda example: example.language != "en")
    texts = [example.text for example in found]
    split = sum(example.language == "en" for example in found)
    vectors = np.concatenate([english.encode(texts[:split]), others.encode(texts[split:])])
    pairs = [(row, skill) for row, example in enumerate(found) for skill in example.skills]
    used = sorted({corpus.uris[skill] for _, skill in pairs})
    place = {uri: number for number, uri in enumerate(used)}
    content = {
        "vectors": torch.from_numpy(vectors).half(),
        "sentences": torch.tensor([row for row, _ in pairs], dtype=torch.int32),
        "skills": torch.tensor([place[corpus.uris[skill]] for _, skill in pairs], dtype=torch.int32),
    }
    save_file(content, path, metadata={"uris": "\n".join(used)})
    LOG.info("%d sentences, %d pairs, %d skills", len(found), len(pairs), len(used))


def main() -> None:
    """Read the options and package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--english", type=Path, required=True, help="folder of the trained English model")
    parser.add_argument("--student", type=Path, required=True, help="folder of the trained student")
    parser.add_argument("--teacher", type=Path, help="the model that taught the student, if it was an earlier one")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    torch.set_num_threads(options.threads)
    english, others = options.out / "english", options.out / "multilingual"
    copy_english(options.english, english)
    shutil.rmtree(others, ignore_errors=True)
    shutil.copytree(options.student, others)
    if options.teacher:
        taxonomy = load_taxonomy(options.data)
        labels = [taxonomy.label(uri) for uri in taxonomy.skills.index]
        old, new = label_vectors(options.teacher, labels), label_vectors(english, labels)
        matrix = alignment(old, new)
        LOG.info("mean cosine before %.3f, after %.3f", (old * new).sum(1).mean(), _cosine(old @ matrix, new))
        (name, table), *_ = load_file(others / TABLE).items()
        save_file(
            {name: (table.float() @ torch.from_numpy(matrix).float()).contiguous()},
            others / TABLE,
            metadata={"format": "pt"},
        )
    halve(others / TABLE)
    here = Path(__file__).resolve().parent
    everything = read_esco(sorted((options.data / "esco" / "v1.1.1").glob("*.zip")))
    texts = labelled_texts(everything, here.parents[1] / "data" / "measures", here / "sentences")
    save(others, *learn(Tokenizer.from_file(str(others / "tokenizer.json")), texts))
    corpus = load_corpus(options.data, here / "sentences", here.parents[1] / "data" / "measures")
    doors = SentenceTransformerEncoder(english), StaticEncoder(others)
    write_examples(corpus, *doors, options.out / "examples.safetensors")
    LOG.info('encoder_key = "%s"', TwoDoorEncoder(*doors, options.out.name).key)
    for path in sorted(options.out.rglob("*")):
        if path.is_file():
            LOG.info('"%s" = "%s"  # %d bytes', path.relative_to(options.out), file_sha256(path), path.stat().st_size)


def _cosine(left: np.ndarray, right: np.ndarray) -> float:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return float(((left * right).sum(1) / lengths).mean())


if __name__ == "__main__":
    main()
