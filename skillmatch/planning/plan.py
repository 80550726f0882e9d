"""Making a plan from gaps and offers, and keeping it in a file that other programs read."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from skillmatch.company.model import Company
from skillmatch.errors import InputError, Problem
from skillmatch.files import replace_file
from skillmatch.gap.model import Gap, GapAnalysis
from skillmatch.gap.rules import RULES as GAP_RULES
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.funding import FundingScheme
from skillmatch.offers.funding import obstacles as funding_obstacles
from skillmatch.planning.build import build_problem
from skillmatch.planning.items import ItemMaker
from skillmatch.planning.model import (
    SCHEMA,
    Closed,
    OpenGap,
    Plan,
    PlanGap,
    PlanItem,
    PlanSkill,
    Solver,
    Source,
    Totals,
)
from skillmatch.planning.optimise import SolverName, solve
from skillmatch.planning.outcome import Outcome, judge
from skillmatch.planning.problem import PlanProblem, Solution
from skillmatch.planning.rules import RULES
from skillmatch.planning.state import State
from skillmatch.planning.still_open import Explainer
from skillmatch.taxonomy.model import Taxonomy
from skillmatch.words import ATTRIBUTION, Reason, Transition, render

__all__ = [
    "SCHEMA",
    "Closed",
    "OpenGap",
    "Plan",
    "PlanGap",
    "PlanItem",
    "PlanSkill",
    "Solver",
    "Source",
    "Totals",
    "make_plan",
    "plan_schema",
    "read_plan",
    "write_plan",
]
MOST_SKILLS = 10
TEMPLATES: Mapping[str, str] = {**GAP_RULES, **RULES}


def make_plan(
    company: Company,
    analysis: GapAnalysis,
    catalogue: Catalogue,
    taxonomy: Taxonomy,
    *,
    solver: SolverName = "exact",
    time_limit_seconds: float = 10.0,
    accepted_gap: float = 0.0,
    schemes: Sequence[FundingScheme] = (),
    sources: Sequence[Source] = (),
) -> Plan:
    """Return the training plan that closes most weighted gap within the company's limits.

    Parameters
    ----------
    company, analysis, catalogue
        Who plans, what is short, and what is on offer.
    taxonomy
        Knows the labels of skills, in the company's language.
    solver
        ``"exact"``: proven, or with the gap that is left at the time limit; ``"greedy"``: quick, without proof.
    time_limit_seconds
        For the solver.
    accepted_gap
        Relative distance to the best possible coverage at which the exact solver may stop; 0: it looks for proof. A
        slider that plans again at each move is quicker with 0.005.
    schemes
        Funding schemes that may apply; those that do not are named in the notes.
    sources
        What the plan rests on, beside company and catalogue, which are added.

    Raises
    ------
    InputError
        What the user pinned cannot be booked; each problem names a change that would help.
    """
    problem = build_problem(company, analysis, catalogue, schemes=schemes)
    solution = solve(problem, solver, time_limit_seconds=time_limit_seconds, accepted_gap=accepted_gap)
    maker = PlanMaker(company, analysis, catalogue, taxonomy, problem, tuple(schemes))
    return maker.plan(solution, sources)


@dataclass(frozen=True)
class PlanMaker:
    """Puts a solution of the planning problem into the words of a plan."""

    company: Company
    analysis: GapAnalysis
    catalogue: Catalogue
    taxonomy: Taxonomy
    problem: PlanProblem
    schemes: tuple[FundingScheme, ...]

    def plan(self, solution: Solution, sources: Sequence[Source]) -> Plan:
        """Return the plan of a solution."""
        outcome = judge(self.problem, solution.seats)
        applied = [scheme for scheme in self.schemes if not funding_obstacles(scheme, self.company)]
        items = ItemMaker(
            self.company, self.catalogue, self.taxonomy, self.problem, applied, solution.seats, outcome
        ).items()
        gaps = self._gaps(outcome)
        return Plan(
            company=self.company.name,
            constraints=self.company.constraints,
            solver=Solver(
                name=solution.name,
                status=solution.status,
                optimality_gap=solution.optimality_gap,
                seconds=round(solution.seconds, 3),
            ),
            skills=self._skills(),
            gaps=gaps,
            items=items,
            totals=self._totals(items, solution, outcome),
            open=self._open(solution, gaps, applied),
            sources=(*sources, *self._own_sources(sources)),
            attribution=ATTRIBUTION,
            notes=tuple(
                render(RULES, reason) for scheme in self.schemes for reason in funding_obstacles(scheme, self.company)
            ),
        )

    def _totals(self, items: Sequence[PlanItem], solution: Solution, outcome: Outcome) -> Totals:
        total = self.problem.total_weight
        return Totals(
            cost_eur_gross=round(sum(item.cost_eur_gross for item in items), 2),
            funding_eur=round(sum(item.funding_eur for item in items), 2),
            cost_eur_net=round(sum(item.cost_eur_net for item in items), 2),
            hours=outcome.hours,
            people=len({person for _, person in solution.seats}),
            coverage=min(1.0, outcome.value / total) if total else 1.0,
        )

    def _short(self) -> list[Gap]:
        """Return the gaps that are left to close, heaviest first."""
        short = (gap for gap in self.analysis.gaps if gap.people_short)
        return sorted(short, key=lambda gap: (-gap.weight, gap.role, gap.skill))

    def _skills(self) -> tuple[PlanSkill, ...]:
        """Return the skills that matter most, by their share of all weighted gap."""
        weight: dict[str, float] = defaultdict(float)
        reasons: dict[str, list[str]] = defaultdict(list)
        transition: dict[str, Transition] = {}
        for gap in self._short():
            weight[gap.skill] += gap.weight
            reasons[gap.skill] += self._render(gap.requirement.reasons)
            transition.setdefault(gap.skill, gap.requirement.transition)
        total = self.problem.total_weight or 1.0
        return tuple(
            PlanSkill(
                skill=skill,
                label=self._label(skill),
                transition=transition[skill],
                weight=weight[skill] / total,
                reasons=tuple(dict.fromkeys(reasons[skill])),
            )
            for skill in sorted(weight, key=lambda skill: (-weight[skill], skill))[:MOST_SKILLS]
        )

    def _gaps(self, outcome: Outcome) -> tuple[PlanGap, ...]:
        top: dict[tuple[int, int], int] = {}
        value: dict[int, float] = defaultdict(float)
        for step in outcome.steps:
            top[step.demand, step.person] = max(step.level_to, top.get((step.demand, step.person), 0))
            value[step.demand] += step.value
        closed = Counter(demand for (demand, _), level in top.items() if level >= self.problem.demands[demand].level)
        number = {(demand.role, demand.skill): place for place, demand in enumerate(self.problem.demands)}
        titles = {role.id: role.title for role in self.company.roles}
        total = self.problem.total_weight or 1.0
        made = []
        for gap in self._short():
            place = number.get((gap.role, gap.skill), -1)
            made.append(
                PlanGap(
                    role=gap.role,
                    role_title=titles[gap.role],
                    skill=gap.skill,
                    label=self._label(gap.skill),
                    level=gap.requirement.level,
                    people_required=gap.requirement.people,
                    people_short=gap.people_short,
                    people_closed=closed[place],
                    weight=gap.weight / total,
                    reasons=tuple(self._render((*gap.requirement.reasons, *gap.reasons))),
                    coverage=min(1.0, value[place] / gap.weight) if gap.weight else 0.0,
                )
            )
        return tuple(made)

    def _open(
        self, solution: Solution, gaps: Sequence[PlanGap], applied: Sequence[FundingScheme]
    ) -> tuple[OpenGap, ...]:
        """Return the gaps that are not closed for everybody, heaviest first."""
        state = State(self.problem)
        state.take(solution.seats)
        rate = max((scheme.rate or 0.0 for scheme in applied), default=0.0)
        explainer = Explainer(self.company, self.catalogue, self.problem, state, rate)
        number = {(demand.role, demand.skill): place for place, demand in enumerate(self.problem.demands)}
        return tuple(
            OpenGap(
                role=gap.role,
                skill=gap.skill,
                label=shown.label,
                people=shown.people_short - shown.people_closed,
                why=render(RULES, explainer.why(gap, number.get((gap.role, gap.skill), -1))),
            )
            for gap, shown in zip(self._short(), gaps, strict=True)
            if shown.people_closed < shown.people_short
        )

    def _own_sources(self, given: Sequence[Source]) -> list[Source]:
        kinds = {source.kind for source in given}
        samples = any(offer.sample for offer in self.catalogue.offers)
        offers = f"{len(self.catalogue.offers):,} offers"
        own = [
            Source(kind="company", name=self.company.name, version="", sample=self.company.sample),
            Source(kind="catalogue", name=offers, version="", sample=samples),
        ]
        return [source for source in own if source.kind not in kinds]

    def _render(self, reasons: Sequence[Reason]) -> list[str]:
        return list(dict.fromkeys(render(TEMPLATES, reason) for reason in reasons))

    def _label(self, skill: str) -> str:
        return self.taxonomy.label(skill, self.company.language)


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan as JSON, which `read_plan` reads back equal and docs/plan.schema.json describes."""
    replace_file(path, (plan.model_dump_json(indent=2, by_alias=True) + "\n").encode())


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises
    ------
    InputError
        The file is missing, is no JSON, or is no plan of this version.
    """
    remedy = "give a plan.json that skillmatch plan has written"
    try:
        return Plan.model_validate_json(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InputError(Problem(str(path), "no such file", "a plan.json", remedy)) from error
    except UnicodeDecodeError as error:
        raise InputError(Problem(path.name, "a file that is no text", "a plan.json", remedy)) from error
    except ValidationError as error:
        found = [(".".join(map(str, item["loc"])) or "whole file", item) for item in error.errors()]
        raise InputError(
            Problem(f"{path.name}, {place}", repr(item["input"])[:60], item["msg"], remedy) for place, item in found
        ) from error


def plan_schema() -> str:
    """Return the JSON Schema of plan.json, as it stands in docs/plan.schema.json."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA}
    return json.dumps(schema | Plan.model_json_schema(mode="serialization"), indent=2) + "\n"
