"""How well wishes in people's own words are recognised as measures: `python benchmarks/measure_search.py`.

`wishes.tsv` holds wishes in six languages, written for this project, each with the measures that are a right answer
(none: the library has no measure for it). It was used to choose the threshold `ADOPTED`, so it is no unseen test.
"""

import csv
from pathlib import Path

from skillmatch.company.measures import MeasureSearch, load_measures
from skillmatch.company.topics import associations
from skillmatch.gap.wishes import ADOPTED, adopt, search_wishes, similar_measures
from skillmatch.mapping.associations import AssociationIndex
from skillmatch.mapping.encoder import load_encoder
from skillmatch.resources import home


def main() -> None:
    with Path(__file__).with_name("wishes.tsv").open(encoding="utf-8", newline="") as file:
        wishes = [(row["wish"], set(row["measures"].split())) for row in csv.DictReader(file, delimiter="\t")]
    encoder = load_encoder()
    measures = load_measures()
    known = AssociationIndex.build(associations(measures), (), encoder, home() / "cache")  # with topics, as in use
    search = MeasureSearch.within(known, measures)
    found = similar_measures([wish for wish, _ in wishes], search)
    meant = [(hits, right) for hits, (_, right) in zip(found, wishes, strict=True) if right]
    first = sum(hits[0].measure in right for hits, right in meant)
    five = sum(bool({hit.measure for hit in hits[:5]} & right) for hits, right in meant)
    print(f"{encoder.name}: {len(wishes)} wishes, {len(meant)} of them with a measure")
    print(f"best one right: {first / len(meant):.1%}; a right one among the best five: {five / len(meant):.1%}")
    read = [adopt(clauses) for clauses in search_wishes([wish for wish, _ in wishes], search)]
    bold = [some[0].hit.measure in right for some, (_, right) in zip(read, wishes, strict=True) if some]
    print(f"first measures adopted: {sum(bold)} right, {len(bold) - sum(bold)} wrong")
    further = [
        reading.hit.measure in right for some, (_, right) in zip(read, wishes, strict=True) for reading in some[1:]
    ]
    print(f"second and third measures adopted: {sum(further)} right, {len(further) - sum(further)} wrong")
    print("by the threshold alone:\nadopted from   right   wrong")
    for threshold in sorted({0.35, 0.4, 0.45, 0.5, 0.55, ADOPTED}):
        bold = [
            (hits[0].measure in right)
            for hits, (_, right) in zip(found, wishes, strict=True)
            if hits[0].score >= threshold
        ]
        print(f"{threshold:12.2f}{'*' if threshold == ADOPTED else ' '}{sum(bold):7}{len(bold) - sum(bold):8}")


if __name__ == "__main__":
    main()
