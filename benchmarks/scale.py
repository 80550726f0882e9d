"""Measure one mid-sized company against large catalogues, on an otherwise idle machine.

    OMP_NUM_THREADS=1 python benchmarks/scale.py --processor-time

With one thread: processes are forked after the encoder has worked, and its further threads would not be there in them.

The company has 20 roles, 250 people and 8 needs and is made up here; the offers are variations of the sample catalogue
(prices, dates, hours, languages, skills left out), with the skills that the provider states, found by label: nothing is
read by the encoder. The taxonomy is the one in use (`skillmatch taxonomy use`). Each figure is taken in a process of
its own that is stopped after its limit; results go to benchmarks/results/scale.json. See docs/benchmarks.md.
"""

import argparse
import json
import multiprocessing
import os
import platform
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from skillmatch.company.model import Company, Constraints, Need, Role
from skillmatch.flow import SAMPLE_OFFERS
from skillmatch.gap.gap import analyse
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import GapAnalysis
from skillmatch.offers.catalogue import Catalogue, levels_of, split_level
from skillmatch.offers.model import Offer, OfferSkill
from skillmatch.offers.tabular import read_offers
from skillmatch.planning.build import build_problem
from skillmatch.planning.exact import solve_exact
from skillmatch.planning.frontier import frontier
from skillmatch.planning.greedy import solve_greedy
from skillmatch.planning.integer import IntegerModel
from skillmatch.planning.recommend import recommend
from skillmatch.taxonomy.model import Taxonomy

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "scale.json"
SEED = 7
KEPT = 0.75
"""Chance that a variation teaches a skill that its model teaches."""
MORE_TIME = 20.0
"""Seconds for the solver in a second plan, to see what the time limit costs."""
LANGUAGES = ("en",) * 5 + ("de", "fr", "es", "it", "pl")
TARGETS: dict[int, dict[str, float]] = {
    5_000: {"gap": 0.5, "recommendations": 0.3, "plan": 5.0, "frontier": 20.0},
    100_000: {"recommendations": 1.0, "plan": 15.0},
}
"""Offers -> seconds that the issue asks for; the plan proven within 1 %, memory under 2 GB."""
ROLES = (
    ("Managing director", 2), ("Production manager", 4), ("CNC operator", 46), ("Welder", 30), ("Assembler", 40),
    ("Maintenance technician", 12), ("Electrician", 6), ("Quality inspector", 10), ("Warehouse worker", 22),
    ("Forklift driver", 10), ("Purchasing manager", 4), ("Sales representative", 14), ("Accountant", 6),
    ("Human resources manager", 3), ("Design engineer", 12), ("Production planner", 6), ("IT administrator", 3),
    ("Environmental manager", 2), ("Customer service clerk", 10), ("Truck driver", 8),
)  # fmt: skip
NEEDS = (
    ("Job cards and drawings on a tablet at the machine instead of paper", 3),
    ("See which machines use how much power and cut our energy bill", 3),
    ("Customers ask for the carbon footprint of our parts", 2),
    ("Machines should tell us before they break", 2),
    ("Protect our computers and mails against attacks", 3),
    ("Use the waste heat of the hardening furnaces", 1),
    ("Less scrap and reuse of packaging and metal", 2),
    ("Stock counts by scanner and data that fit the accounts", 2),
)
HORIZON = Constraints(
    budget_eur=60_000, hours_per_person=40, start=date(2027, 1, 11), end=date(2027, 12, 17), languages=("en",)
)


def company() -> Company:
    """Return the company of the benchmark."""
    roles = tuple(Role(id=f"role-{n:02}", title=title, people=people) for n, (title, people) in enumerate(ROLES))
    needs = tuple(Need(id=f"need-{n}", text=text, priority=priority) for n, (text, priority) in enumerate(NEEDS))
    assert (len(roles), sum(role.people for role in roles), len(needs)) == (20, 250, 8)
    return Company(name="Benchmark works", country="IE", ecosystem="mobility", sample=True, roles=roles, needs=needs,
                   constraints=HORIZON)  # fmt: skip


def catalogue(count: int, taxonomy: Taxonomy) -> Catalogue:
    """Return so many offers with what they teach; the same for the same count and taxonomy."""
    made: dict[str, tuple[Offer, tuple[OfferSkill, ...]]] = {}
    for offer, skills in variations(taxonomy):
        made[offer.id] = (offer, skills)
        if len(made) == count:
            break
    names = {offer.course for offer, _ in made.values()}
    offers = tuple(
        offer.model_copy(update={"prerequisites": tuple(name for name in offer.prerequisites if name in names)})
        for _, (offer, _) in sorted(made.items())
    )
    uris = sorted({skill.skill for _, skills in made.values() for skill in skills})
    transitions = {uri: taxonomy.skill(uri).transition for uri in uris}
    return Catalogue(offers, {offer.id: made[offer.id][1] for offer in offers}, transitions=transitions)


def variations(taxonomy: Taxonomy) -> Iterator[tuple[Offer, tuple[OfferSkill, ...]]]:
    """Yield offers without end: all courses of the sample that state skills known, then a variation of each, and on."""
    chance = random.Random(SEED)
    models: dict[str, list[tuple[Offer, dict[str, str]]]] = {}
    for offer in read_offers([SAMPLE_OFFERS]):
        known = {uri: words for words in offer.skills if (uri := taxonomy.find_skill(split_level(words)[0]))}
        if known:
            models.setdefault(offer.course, []).append((offer, known))
    number = 0
    while True:
        for runs in models.values():
            price, hours, language = chance.uniform(0.6, 1.6), chance.uniform(0.7, 1.4), chance.choice(LANGUAGES)
            kept = {uri for uri in sorted(runs[0][1]) if chance.random() < KEPT} or set(sorted(runs[0][1])[:1])
            shift = timedelta(days=chance.randint(-60, 60))
            for offer, known in runs:
                new = _varied(offer, number, price, hours, language, shift)
                yield new, tuple(_taught(new, uri, known[uri]) for uri in sorted(kept & set(known)))
        number += 1


def _varied(offer: Offer, number: int, price: float, hours: float, language: str, shift: timedelta) -> Offer:
    return offer.model_copy(
        update={
            "id": f"{offer.id}~{number}",
            "course": f"{offer.course}~{number}",
            "prerequisites": tuple(f"{name}~{number}" for name in offer.prerequisites),
            "price_eur": None if offer.price_eur is None else round(offer.price_eur * price),
            "hours": max(1.0, round(offer.hours * hours)),
            "language": language,
            "start": offer.start + shift if offer.start else None,
            "end": offer.end + shift if offer.end else None,
        }
    )


def _taught(offer: Offer, uri: str, words: str) -> OfferSkill:
    label, level = split_level(words)
    begin, end, stated = levels_of(offer, level)
    return OfferSkill(offer.id, uri, begin, end, 1.0, "stated", label, stated)


def limited(work: Callable[[], dict[str, Any]], seconds: float, counted: str) -> dict[str, Any]:
    """Return what the work says, with the peak memory of its process, or that it was stopped."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_report, args=(work, theirs, counted))
    process.start()
    theirs.close()
    try:
        found: dict[str, Any] = ours.recv() if ours.poll(seconds) else {"stopped after seconds": seconds}
    except EOFError:
        found = {"failed": "the process ended without an answer"}
    process.terminate()
    process.join()
    return found


def _report(work: Callable[[], dict[str, Any]], to: Connection, counted: str) -> None:
    if counted == "cpu_seconds":
        count_processor_time()
    begun = time.process_time()
    found = work()
    to.send(
        found
        | {
            "cpu_seconds_in_all": round(time.process_time() - begun, 2),
            "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
    )


def timed(work: Callable[[], object], runs: int) -> dict[str, float]:
    """Return the seconds of the first call, and the median of those after it."""
    seconds, cpu = [], []
    for _ in range(runs + 1):
        begun, spent = time.monotonic(), time.process_time()
        work()
        seconds.append(time.monotonic() - begun)
        cpu.append(time.process_time() - spent)
    return {
        "first_seconds": round(seconds[0], 3),
        "seconds": round(statistics.median(seconds[1:]), 3),
        "cpu_seconds": round(statistics.median(cpu[1:]), 3),
    }


def count_processor_time() -> None:
    """Let the solvers' clock count processor time, so that their limits mean the same on a busy machine.

    The limits that HiGHS keeps count by the wall clock: they are stretched as much as this process was slowed down.
    """
    wall, spent = time.monotonic(), time.process_time()

    def stretched(seconds: float) -> float:
        return seconds * max(1.0, (time.monotonic() - wall) / max(time.process_time() - spent, 1e-3))

    ask, relax = IntegerModel._ask, IntegerModel.relax
    time.perf_counter = time.process_time
    IntegerModel._ask = lambda self, costs, seconds, gap, *, presolve: ask(  # type: ignore[method-assign]
        self, costs, stretched(seconds), gap, presolve=presolve
    )
    IntegerModel.relax = lambda self, costs, *, seconds: relax(self, costs, seconds=stretched(seconds))  # type: ignore[method-assign]


def planned(ours: Company, analysis: GapAnalysis, offers: Catalogue, within: float) -> dict[str, Any]:
    """Build the problem and solve it, exactly and greedily; seconds are for building and the exact solver.

    The solver gets what building leaves of nine tenths of the seconds `within` which all is to be done.
    """
    begun, wall, spent = time.perf_counter(), time.monotonic(), time.process_time()
    problem = build_problem(ours, analysis, offers)
    built = time.perf_counter() - begun
    limit = max(within * 0.9 - built, 0.1)
    exact = solve_exact(problem, time_limit_seconds=limit)
    seconds, cpu = time.monotonic() - wall, time.process_time() - spent
    greedy = solve_greedy(problem, time_limit_seconds=limit)
    total = problem.total_weight
    return {
        "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2), "build_seconds": round(built, 2),
        "solver_limit_seconds": round(limit, 2),
        "runs": len(problem.runs), "cohorts": len(problem.cohorts), "pairs": len(problem.pairs),
        "status": exact.status, "optimality_gap": exact.optimality_gap, "coverage": round(exact.value / total, 4),
        "cost_eur_net": exact.cost_eur_net, "greedy_coverage": round(greedy.value / total, 4),
        "greedy_seconds": round(greedy.seconds, 2),
    }  # fmt: skip


def edge(ours: Company, analysis: GapAnalysis, offers: Catalogue) -> dict[str, Any]:
    """Find the coverage at ten budgets."""
    begun, spent = time.monotonic(), time.process_time()
    points = frontier(ours, analysis, offers, time_limit_seconds=15.0)
    gaps = [point.optimality_gap for point in points if point.optimality_gap is not None]
    return {
        "seconds": round(time.monotonic() - begun, 2),
        "cpu_seconds": round(time.process_time() - spent, 2),
        "points": [[point.budget_eur, round(point.coverage, 4)] for point in points],
        "largest_optimality_gap": max(gaps, default=None),
    }


def measure(count: int, ours: Company, knowledge: Knowledge, limit: float, counted: str) -> dict[str, Any]:
    """Measure everything with so many offers, for `limit` seconds each; targets are held to the seconds `counted`."""
    begun = time.perf_counter()
    offers = catalogue(count, knowledge.taxonomy)
    analysis = analyse(ours, knowledge)
    target = TARGETS[count]
    found: dict[str, Any] = {
        "catalogue_made_seconds": round(time.perf_counter() - begun, 2),
        "distinct_skills": len(offers.skill_uris),
        "gaps": sum(gap.people_short > 0 for gap in analysis.gaps),
        "gap": limited(lambda: timed(lambda: analyse(ours, knowledge), 5), limit, counted),
        "recommendations": limited(lambda: timed(lambda: recommend(analysis, offers, ours, top=10), 3), limit, counted),
        "plan": limited(lambda: planned(ours, analysis, offers, target["plan"]), limit, counted),
        "plan with more time": limited(lambda: planned(ours, analysis, offers, MORE_TIME), MORE_TIME + limit, counted),
    }
    if "frontier" in target:
        found["frontier"] = limited(lambda: edge(ours, analysis, offers), limit, counted)
    found["targets_seconds"] = target
    found["missed"] = sorted(name for name, most in target.items() if found[name].get(counted, limit) > most)
    gap = found["plan"].get("optimality_gap")
    if gap is None or gap > 0.01:
        found["missed"].append("plan proven within 1 %")
    if max(found[name].get("peak_memory_mib", 0) for name in target) > 2000:
        found["missed"].append("memory")
    return found


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=120.0, help="seconds after which a figure is given up")
    parser.add_argument("--offers", type=int, choices=TARGETS, help="only this size; the other's results are kept")
    parser.add_argument("--processor-time", action="store_true", help="for a busy machine: count processor seconds")
    arguments = parser.parse_args()
    counted = "cpu_seconds" if arguments.processor_time else "seconds"
    knowledge, ours = Knowledge.load(), company()
    taxonomy = knowledge.taxonomy
    kept = json.loads(RESULTS.read_text("utf-8")) if arguments.offers and RESULTS.exists() else {}
    result: dict[str, Any] = kept | {
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(),
                    "python": platform.python_version(), "system": platform.system()},
        "method": "warm calls: median after the first; plan and frontier once; each in its own process; targets: "
        f"{'processor' if arguments.processor_time else 'wall'} seconds",
        "taxonomy": {"name": taxonomy.name, "version": taxonomy.version, "skills": len(taxonomy.skills)},
        "encoder": knowledge.encoder.name,
        "company": {"roles": len(ours.roles), "people": 250, "needs": len(ours.needs), "budget_eur": HORIZON.budget_eur,
                    "hours_per_person": HORIZON.hours_per_person, "languages": list(HORIZON.languages)},
    }  # fmt: skip
    for count in [arguments.offers] if arguments.offers else TARGETS:
        when = {"date": datetime.now(UTC).date().isoformat(), "load_before": [round(one, 1) for one in os.getloadavg()]}
        result[f"{count} offers"] = when | measure(count, ours, knowledge, arguments.limit, counted)
        print(json.dumps(result[f"{count} offers"]), flush=True)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")  # after each: a later one may be broken off


if __name__ == "__main__":
    main()
