"""Measure whether the evidence of a match is the words that carry the skill, against spans that people marked.

Run: python benchmarks/spans.py --taxonomy NAME [--data FOLDER]. The marked sentences are spans.tsv in
data/evaluation/documents and, with --data, the validation files of House and Tech. For each marked skill, the evidence
shown for that very skill is compared with the marked words by F1 and intersection over union of their words. Beside it
stand the whole sentence, and the shortest phrase with every shared word (what is shown without a quick encoder).
"""

import argparse
import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from documents import interval

from skillmatch.evaluation.run import Bench
from skillmatch.mapping.encoder import load_encoder
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.model import Match
from skillmatch.mapping.segment import clean, segment
from skillmatch.mapping.spans import locate
from skillmatch.mapping.static import TwoDoorEncoder
from skillmatch.resources import home
from skillmatch.taxonomy.model import Taxonomy
from skillmatch.taxonomy.storage import active

OWN = Path(__file__).parents[1] / "data" / "evaluation" / "documents" / "spans.tsv"
MARK = re.compile(r"\[\[(.+?)(?:::(.+?))?\]\]")
WORD = re.compile(r"\w+(?:[-'’./+#&]\w+)*[+#]*")
DEEP = 3_000
"""Skills looked through for the label that is nearest; the few beyond are shown with the whole sentence."""

Place = tuple[int, int]


@dataclass(frozen=True)
class Marked:
    """A skill in a sentence, and the places where somebody marked it."""

    source: str
    text: str
    uri: str
    places: tuple[Place, ...]


def own_sentences(taxonomy: Taxonomy) -> list[Marked]:
    """Read our sentences: language, tab, text with [[words::label]]."""
    found = []
    for line in OWN.read_text("utf-8").splitlines():
        language, marked = line.split("\t")
        text, places, last = "", [], 0
        for mark in MARK.finditer(marked):
            text += marked[last : mark.start()]
            places.append((len(text), len(text) + len(mark[1]), mark[2] or mark[1]))
            text, last = text + mark[1], mark.end()
        text += marked[last:]
        source = "own, English" if language == "en" else "own, other languages"
        for start, end, label in places:
            if uri := taxonomy.find_skill(label):
                found.append(Marked(source, text, uri, ((start, end),)))
    return found


def annotated(path: Path, taxonomy: Taxonomy) -> list[Marked]:
    """Read one file of annotations; words that do not stand in the sentence as they are written are left out."""
    places: dict[tuple[str, str], set[Place]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = (row["sub_span"] or row["span"]).strip().rstrip(" .?")
            start = row["sentence"].find(words)
            if (uri := taxonomy.find_skill(row["label"].strip())) and start >= 0:
                places.setdefault((row["sentence"], uri), set()).add((start, start + len(words)))
    name = path.name.removesuffix("_validation_annotations.csv")
    return [Marked(name, text, uri, tuple(sorted(found))) for (text, uri), found in places.items()]


def as_match(one: Marked, mapper: Mapper) -> Match:
    """Return the match of the skill with its best segment, as it is before the evidence is narrowed."""
    spans = segment(one.text)
    hits = mapper.index.search([clean(span.text) for span in spans], DEEP)
    found = [
        (hit.score, span, hit.label)
        for span, some in zip(spans, hits, strict=True)
        for hit in some
        if hit.id == one.uri
    ]
    if not found:
        return Match(one.uri, mapper.labels[one.uri], 0.0, 0.0, 0, len(one.text), one.text)
    _, span, label = max(found, key=lambda each: each[0])
    return Match(one.uri, mapper.labels[one.uri], 0.0, 0.0, span.start, span.end, span.text, label)


def agreement(text: str, place: Place, marked: tuple[Place, ...]) -> tuple[float, float]:
    """Return F1 and intersection over union of the words, for the marked place that fits best."""
    words = [word.span() for word in WORD.finditer(text)]

    def inside(where: Place) -> set[int]:
        return {at for at, (start, end) in enumerate(words) if start < where[1] and end > where[0]}

    ours, best = inside(place), (0.0, 0.0)
    for where in marked:
        theirs = inside(where)
        if both := len(ours & theirs):
            best = max(best, (200 * both / (len(ours) + len(theirs)), 100 * both / len(ours | theirs)))
    return best


def main() -> None:
    """Print the figures of docs/mapping.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--taxonomy", help="name of an imported taxonomy; else the one in use")
    parser.add_argument("--data", type=Path, help="folder with *_validation_annotations.csv")
    options = parser.parse_args()
    encoder = load_encoder()
    mapper = Bench(active(options.taxonomy), encoder, cache=home() / "cache").mapper
    sentences = own_sentences(mapper.taxonomy)
    for path in sorted(options.data.glob("*_validation_annotations.csv")) if options.data else []:
        sentences += annotated(path, mapper.taxonomy)
    quick = encoder.others if isinstance(encoder, TwoDoorEncoder) else None
    ways: dict[str, Callable[[Match], Match]] = {
        "whole sentence": lambda match: match,
        "shared words": lambda match: locate([match], None)[0],
        "nearest phrase": lambda match: locate([match], quick)[0],
    }
    matches = [as_match(one, mapper) for one in sentences]
    for source in dict.fromkeys(one.source for one in sentences):
        chosen = [(one, match) for one, match in zip(sentences, matches, strict=True) if one.source == source]
        print(f"{source}: {len(chosen)} skills (F1, intersection over union)")
        for name, narrow in ways.items():
            shown = [(one, narrow(match)) for one, match in chosen]
            values = np.array([agreement(one.text, (match.start, match.end), one.places) for one, match in shown])
            print(f"  {name:16}", "  ".join(interval(column) for column in values.T))


if __name__ == "__main__":
    main()
