"""Fit and score the relevance of skills to roles: `python benchmarks/relevance.py` (about 15 minutes on 2 cores).

Reads ESCO v1.1.1 from ../shared/data. Half of the occupations drawn are for fitting, half for scoring; see
docs/gap.md. Writes skillmatch/gap/relevance_model.json (with --fit) and benchmarks/results/relevance.json.
`--keep FOLDER` keeps the costly part (likeness of texts) there for the next run.
"""

import argparse
import json
import os
import pickle
import platform
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from skillmatch.evaluation import relevance
from skillmatch.gap.relevance import FILE, RelevanceModel
from skillmatch.mapping.encoder import load_encoder
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.occupations import OccupationLinker
from skillmatch.resources import home
from skillmatch.taxonomy.esco import read_esco
from skillmatch.taxonomy.model import Taxonomy
from skillmatch.taxonomy.starter import load_starter

ROOT = Path(__file__).parents[1]
ESCO = ROOT.parent / "shared" / "data" / "esco" / "v1.1.1"
BUNDLES = [ESCO / f"ESCO dataset - v1.1.1 - classification - {part}csv.zip" for part in ("en - ", " - ")]
RESULTS = ROOT / "benchmarks" / "results" / "relevance.json"
HALF = 600
GROUPS = 60


def prepared(taxonomy: Taxonomy, count: int, described: bool, keep: Path) -> relevance.Roles:
    """Work out what the product sees of the occupations, or take it from a file of an earlier run."""
    encoder = load_encoder()
    path = keep / f"{taxonomy.key[:12]}-{encoder.key[:12]}-{count}-{described}.pkl"
    if path.is_file():
        found: relevance.Roles = pickle.loads(path.read_bytes())
        return found
    cache = home() / "cache"
    mapper = Mapper.build(taxonomy, encoder, cache=cache)
    linker = OccupationLinker.build(taxonomy, encoder, cache=cache)
    chosen = relevance.choose(taxonomy, count)
    found = relevance.prepare(taxonomy, chosen, mapper, linker, encoder, described=described, progress=print)
    path.write_bytes(pickle.dumps(found))
    return found


def fitted(taxonomy: Taxonomy, roles: relevance.Roles) -> RelevanceModel:
    """Fit on the first half; the second half is removed as well, so that it stays unseen."""
    return relevance.fit(
        taxonomy,
        roles.part(slice(0, HALF)),
        roles.occupations[HALF:],
        {
            "taxonomy": f"{taxonomy.name} {taxonomy.version}",
            "taxonomy_key": taxonomy.key,
            "encoder": load_encoder().name,
            "encoder_key": load_encoder().key,
            "date": datetime.now(UTC).date().isoformat(),
            "method": f"logistic regression, L2 penalty with C = {relevance.PENALTY:g}, on the essential relations of "
            f"{HALF} occupations held out of everything else, with title and description",
            "script": "benchmarks/relevance.py",
        },
    )


def table(taxonomy: Taxonomy, roles: relevance.Roles, left_out: set[str], model: RelevanceModel) -> dict[str, object]:
    scores = relevance.score(taxonomy, roles, left_out, relevance.scorers(model))
    for name, metrics in scores.items():
        print(
            f"{name:24}",
            *(f"{metric} {mean.value:5.1f} ({mean.low:.1f}-{mean.high:.1f})" for metric, mean in metrics.items()),
        )
    return {
        "occupations": len(roles.occupations),
        "systems": {
            name: {metric: asdict(mean) for metric, mean in metrics.items()} for name, metrics in scores.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fit", action="store_true", help="fit anew and write the model that ships")
    parser.add_argument("--keep", type=Path, default=None)
    arguments = parser.parse_args()
    keep = arguments.keep or Path(tempfile.mkdtemp())
    keep.mkdir(parents=True, exist_ok=True)
    taxonomy = read_esco(BUNDLES)
    both = prepared(taxonomy, 2 * HALF, described=True, keep=keep)
    if arguments.fit:
        fitted(taxonomy, both).save(FILE)
    model = RelevanceModel.load()
    print({"intercept": model.intercept, **model.coefficients})
    held = slice(HALF, 2 * HALF)
    results: dict[str, object] = {}
    results["title and description"] = table(taxonomy, both.part(held), set(), model)
    error, number = relevance.stated_and_true(taxonomy, both.part(held), set(), model)
    results["calibration of the best 50"] = {"error": round(error, 4), "predictions": number}
    groups, members = relevance.whole_groups(taxonomy, both.part(held), GROUPS)
    results["whole ISCO unit groups held out"] = table(taxonomy, groups, members, model)
    results["title only"] = table(
        taxonomy, prepared(taxonomy, 2 * HALF, described=False, keep=keep).part(held), set(), model
    )
    starter = load_starter()
    few = prepared(starter, 291, described=True, keep=keep)
    fold = slice(0, len(few.occupations) // 5)
    results["starter taxonomy, a fifth held out"] = table(starter, few.part(fold), set(), model)
    RESULTS.parent.mkdir(exist_ok=True)
    content = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "encoder": load_encoder().name,
        "taxonomy": f"{taxonomy.name} {taxonomy.version}",
        "relations_looked_up": taxonomy.relations["relation"].value_counts().to_dict(),
        "unit": "percent, mean over occupations with 95 % bootstrap interval",
        "results": results,
    }
    RESULTS.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
