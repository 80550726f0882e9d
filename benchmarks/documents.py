"""Measure documents: how well boilerplate is recognised, and how well the skills of a whole text are ranked.

Run: python benchmarks/documents.py --taxonomy NAME (an imported ESCO in English, or in all languages of the documents).
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skillmatch.evaluation.run import Bench
from skillmatch.mapping.boilerplate import left_out
from skillmatch.mapping.encoder import load_encoder
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.segment import segment
from skillmatch.resources import home
from skillmatch.taxonomy.storage import active

DOCUMENTS = Path(__file__).parents[1] / "data" / "evaluation" / "documents"
MARKS = {"~ ": "boilerplate", "= ": "heading"}
RESAMPLES = 2_000


@dataclass(frozen=True)
class Document:
    """A text, its graded skills by label, the lines (start, end, mark), and whether it serves to tune or to report."""

    name: str
    use: str
    text: str
    skills: dict[str, int]
    lines: tuple[tuple[int, int, str], ...]


def read_document(path: Path) -> Document:
    """Read one file: three lines about it, a line for each skill (grade and label), an empty line, the marked text."""
    head, body = path.read_text("utf-8").split("\n\n", 1)
    about, skills, text, lines = {}, {}, "", []
    for line in head.splitlines():
        if line[0].isdigit():
            skills[line[2:]] = int(line[0])
        else:
            key, value = line.split(": ", 1)
            about[key] = value
    for line in body.splitlines():
        mark = MARKS.get(line[:2], "")
        words = line[2:] if mark else line
        lines.append((len(text), len(text) + len(words), mark))
        text += words + "\n"
    return Document(path.stem, about["use"], text, skills, tuple(lines))


def boilerplate_of(documents: Sequence[Document]) -> str:
    """Return how many lines of boilerplate are recognised, and how many others are left out wrongly."""
    counts = {"boilerplate": [0, 0], "heading": [0, 0], "": [0, 0]}
    for document in documents:
        spans = segment(document.text)
        out = {each.start for each in left_out(spans)}
        for span in spans:
            mark = next(mark for start, end, mark in document.lines if start <= span.start < end)
            counts[mark][span.start in out] += 1
    (missed, found), (_, headings), (kept, lost) = counts.values()
    return (
        f"boilerplate recognised {found} of {found + missed} ({100 * found / (found + missed):.0f} %), "
        f"other lines left out {lost} of {kept + lost} ({100 * lost / (kept + lost):.1f} %), other headings {headings}"
    )


def by_segments(mapper: Mapper, text: str) -> list[str]:
    """Return skills as before documents were known: all segments, each skill where it fits best."""
    mappings = mapper.map_many([span.text for span in segment(text)], top_k=None, minimum_probability=0)
    best: dict[str, float] = {}
    for mapping in mappings:
        for match in mapping.matches:
            best[match.uri] = max(best.get(match.uri, 0), match.probability)
    return sorted(best, key=lambda uri: (-best[uri], uri))


def as_document(mapper: Mapper, text: str) -> list[str]:
    """Return skills as the product ranks them."""
    mapping = mapper.map(text, top_k=None, minimum_probability=0, as_document=True)
    return [match.uri for match in mapping.matches]


def score(ranked: Sequence[str], grades: dict[str, int]) -> list[float]:
    """Return precision at 10, nDCG at 10 and at 20, in percent."""

    def gain(some: Sequence[int]) -> float:
        return float(sum((2**grade - 1) / np.log2(place + 2) for place, grade in enumerate(some)))

    found = [grades.get(uri, 0) for uri in ranked]
    ideal = sorted(grades.values(), reverse=True)
    precision = float(np.mean([grade > 0 for grade in found[:10]]))
    return [100 * precision, *(100 * gain(found[:k]) / gain(ideal[:k]) for k in (10, 20))]


def interval(values: NDArray[np.float64]) -> str:
    """Return the mean with its 95 % interval by bootstrap over documents."""
    chosen = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[chosen].mean(axis=1), [2.5, 97.5])
    return f"{values.mean():.1f} [{low:.1f}, {high:.1f}]"


def main() -> None:
    """Print the figures of docs/mapping.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--taxonomy", help="name of an imported taxonomy; else the one in use")
    options = parser.parse_args()
    documents = [read_document(path) for path in sorted(DOCUMENTS.glob("*.txt"))]
    mapper = Bench(active(options.taxonomy), load_encoder(), cache=home() / "cache").mapper
    ways: dict[str, Callable[[Mapper, str], list[str]]] = {"segments": by_segments, "document": as_document}
    for use in ("tune", "report"):
        chosen = [document for document in documents if document.use == use]
        print(f"{use}: {len(chosen)} documents; {boilerplate_of(chosen)}")
        figures = {}
        for name, rank in ways.items():
            rows = []
            for document in chosen:
                uris = {mapper.taxonomy.find_skill(label): grade for label, grade in document.skills.items()}
                rows.append(score(rank(mapper, document.text), {uri: grade for uri, grade in uris.items() if uri}))
            figures[name] = np.array(rows)
        figures["difference"] = figures["document"] - figures["segments"]
        for name, values in figures.items():
            print(f"  {name:10}", "  ".join(interval(column) for column in values.T), " (P@10, nDCG@10, nDCG@20)")


if __name__ == "__main__":
    main()
