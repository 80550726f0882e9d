"""Job titles to the essential skills of their occupation, for occupations that training has not seen."""

from collections.abc import Sequence

from skillmatch.evaluation.normalisation import is_held_out
from skillmatch.evaluation.rankers import BASELINES, Baseline
from skillmatch.evaluation.result import DataSet, EvaluationResult
from skillmatch.evaluation.skill_extraction import score_sets
from skillmatch.mapping.mapper import Mapper

TASK = "job-titles"


def evaluate_titles(mapper: Mapper, baselines: Sequence[Baseline] = BASELINES) -> EvaluationResult:
    """Return the scores of ranking skills by the title of an occupation alone; its relations are not looked up."""
    taxonomy = mapper.taxonomy
    known = set(mapper.index.ids)
    asked = []
    for uri in taxonomy.occupations.index.tolist():
        essential = frozenset(skill for skill, kind in taxonomy.skills_of(uri).items() if kind == "essential")
        if is_held_out(uri) and essential & known:
            asked.append((taxonomy.label(uri), essential & known))
    data = DataSet(
        name="held-out occupations",
        queries=tuple(title for title, _ in asked),
        relevant=tuple(essential for _, essential in asked),
        counts={"occupations": len(taxonomy.occupations), "evaluated": len(asked)},
    )
    return score_sets(TASK, [data], mapper, baselines)
