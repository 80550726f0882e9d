"""The whole flow in one call, for the command line, the app and programs: a company in, a plan out."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from skillmatch.choices import Choices, known_schemes, limits_in_words
from skillmatch.company.model import Company, Constraints, Role
from skillmatch.company.workbook import read_workbook
from skillmatch.gap.gap import analyse
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import GapAnalysis
from skillmatch.mapping.encoder import Progress
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.columnmap import read_column_map
from skillmatch.offers.tabular import read_offers
from skillmatch.planning.build import build_problem
from skillmatch.planning.frontier import FrontierPoint, Marginal, frontier, marginal_values
from skillmatch.planning.model import Plan, Source
from skillmatch.planning.optimise import SolverName
from skillmatch.planning.plan import make_plan
from skillmatch.planning.recommend import Recommendation, recommend
from skillmatch.resources import DATA

SAMPLE_COMPANY = DATA / "companies" / "hollin-metalwork.xlsx"
SAMPLE_OFFERS = DATA / "offers" / "sample.csv"


@dataclass(frozen=True)
class Answer:
    """What the flow answers for one company."""

    company: Company
    analysis: GapAnalysis
    catalogue: Catalogue
    recommendations: tuple[Recommendation, ...]
    plan: Plan


def answer(
    company: Company,
    knowledge: Knowledge,
    catalogue: Catalogue,
    *,
    analysis: GapAnalysis | None = None,
    choices: Choices | None = None,
    solver: SolverName = "exact",
    time_limit_seconds: float = 10.0,
) -> Answer:
    """Work out what is missing, which offers fit, and the best plan.

    Parameters
    ----------
    analysis
        That of the same company apart from budget and hours, where it is known already; None: worked out here.
    choices
        Further limits, and funding that the user filled in; None: none. What they say stands in the plan's notes.
    solver, time_limit_seconds
        See `skillmatch.planning.plan.make_plan`.

    Raises
    ------
    InputError
        If parts of the company do not fit together, or what is pinned cannot be booked.
    """
    analysis, choices = analysis or analyse(company, knowledge), choices or Choices()
    plan = make_plan(
        company,
        analysis,
        catalogue,
        knowledge.taxonomy,
        solver=solver,
        time_limit_seconds=time_limit_seconds,
        schemes=known_schemes(company, choices.schemes),
        sources=_sources(knowledge),
    )
    plan = plan.model_copy(update={"notes": (*limits_in_words(company), *plan.notes)})
    return Answer(company, analysis, catalogue, recommend(analysis, catalogue, company), plan)


def other_budgets(
    company: Company,
    analysis: GapAnalysis,
    catalogue: Catalogue,
    choices: Choices | None = None,
    *,
    time_limit_seconds: float = 5.0,
) -> tuple[FrontierPoint, ...]:
    """Return what the plan would close at ten budgets, see `skillmatch.planning.frontier.frontier`."""
    choices = choices or Choices()
    return frontier(
        company,
        analysis,
        catalogue,
        time_limit_seconds=time_limit_seconds,
        schemes=known_schemes(company, choices.schemes),
    )


def a_little_more(
    company: Company,
    analysis: GapAnalysis,
    catalogue: Catalogue,
    choices: Choices | None = None,
    *,
    time_limit_seconds: float = 6.0,
) -> tuple[Marginal, ...]:
    """Return what 1,000 euros more, and one hour more for each person, would close; a limit not set is left out."""
    choices = choices or Choices()
    schemes = known_schemes(company, choices.schemes)
    problem = build_problem(company, analysis, catalogue, schemes=schemes)
    return marginal_values(problem, time_limit_seconds=time_limit_seconds)


def load_catalogue(
    paths: Sequence[Path] | None, knowledge: Knowledge, *, mapping: Path | None = None, progress: Progress | None = None
) -> Catalogue:
    """Read offers and map them to skills.

    Parameters
    ----------
    paths
        CSV or XLSX catalogues; None: the sample catalogue.
    mapping
        A TOML file that tells which column means what, for catalogues in other layouts; None: our own columns.
    """
    columns = read_column_map(mapping) if mapping else None
    offers = read_offers(paths or [SAMPLE_OFFERS], columns)
    return Catalogue.build(offers, knowledge.whole or knowledge.mapper, progress=progress)


def sample_company() -> Company:
    """Return the company of the demo."""
    return read_workbook(SAMPLE_COMPANY)


def empty_company(today: date | None = None) -> Company:
    """Return a company with nothing in it but one role, and a plan over the coming year.

    `today` None means the present day.
    """
    start = today or date.today()  # noqa: DTZ011 - a plan starts on the user's own calendar day
    return Company(
        name="My company",
        country="",
        roles=(Role(id="role-1", title="Managing director", people=1),),
        needs=(),
        constraints=Constraints(start=start, end=start.replace(year=start.year + 1, day=min(start.day, 28))),
    )


def new_id(words: str, taken: Collection[str]) -> str:
    """Make an identifier from words that none of `taken` has.

    >>> new_id("CNC operator (nights)", {"cnc-operator-nights"})
    'cnc-operator-nights-2'
    """
    stem = "-".join(re.findall(r"\w+", words.casefold()))[:40].strip("-") or "item"
    tries = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in tries if each not in taken)


def _sources(knowledge: Knowledge) -> tuple[Source, ...]:
    taxonomy = knowledge.taxonomy
    return (
        Source(kind="taxonomy", name=taxonomy.name, version=taxonomy.version, sample=False),
        Source(kind="model", name=knowledge.encoder.name, version=knowledge.encoder.key[:12], sample=False),
        Source(kind="measures", name=f"{len(knowledge.measures)} measures", version="", sample=False),
    )
