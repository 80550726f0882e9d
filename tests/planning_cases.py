"""Small planning problems, drawn at random but valid, and the exhaustive search that solvers are compared with."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from skillmatch.planning.outcome import Seat, judge, violations
from skillmatch.planning.problem import EVERY_DAY, Cohort, Crowd, Demand, Member, Pin, PlanProblem, Run, Stake, Way
from skillmatch.planning.runs import UNBOUNDED, find_clashes

DAY = date(2027, 1, 1)


def run(name: str, **changes: object) -> Run:
    plain = {
        "offer": name,
        "course": name,
        "price_eur": 100.0,
        "per_group": False,
        "hours": 8.0,
        "start": None,
        "end": None,
        "weeks": 1,
        "group_min": 1,
        "group_max": UNBOUNDED,
        "most_groups": 1,
        "together": False,
    }
    return Run(**(plain | changes))


def problem_of(
    runs: tuple[Run, ...],
    sizes: tuple[int, ...],
    demands: tuple[Demand, ...],
    stakes: tuple[Stake, ...],
    **changes: object,
) -> PlanProblem:
    """Return a problem with one cohort a role: roles are r0, r1, ..."""
    people = tuple(Member(f"r{role}", f"place {n + 1}") for role, size in enumerate(sizes) for n in range(size))
    cohorts, first = [], 0
    for role, size in enumerate(sizes):
        cohorts.append(Cohort(f"r{role}", tuple(range(first, first + size))))
        first += size
    pairs = {(way.run, stake.cohort) for stake in stakes for way in stake.ways}
    pairs |= {(pin.run, cohort) for pin in changes.get("pins", ()) for cohort in pin.cohorts}
    for _ in runs:
        pairs |= {(other, c) for r, c in pairs for options in runs[r].prerequisites for other in options}
    plain = {
        "people": people,
        "cohorts": tuple(cohorts),
        "runs": runs,
        "demands": demands,
        "stakes": stakes,
        "pairs": tuple(sorted(pairs)),
        "clashes": find_clashes(runs),
        "pins": (),
        "crowds": (),
        "budget_eur": None,
        "hours_per_person": None,
        "rates": (),
        "caps_eur": (),
        "total_weight": sum(demand.people * demand.weight for demand in demands),
    }
    return PlanProblem(**(plain | changes))


def random_problem(seed: int) -> PlanProblem:
    """Return a problem with every feature now and then, of few people and runs, so that all plans can be listed."""
    rng, week = random.Random(seed), random.Random(seed + 1)
    sizes = tuple(rng.choice([(1, 2), (2, 1), (3,), (2,), (1, 1), (2, 2)]))
    rates = tuple(rng.choice([0.3, 0.5, 0.8]) for _ in range(rng.choice([0, 0, 1, 2])))
    runs: list[Run] = []
    for number in range(rng.randint(2, 4 if sum(sizes) > 3 else 5)):
        start = DAY + timedelta(days=rng.randint(0, 20)) if rng.random() < 0.5 else None
        low = rng.choice([1, 1, 1, 2])
        course = f"c{number}" if rng.random() < 0.8 or not runs else runs[-1].course
        before = tuple(
            place
            for place, other in enumerate(runs)
            if other.course != course and (not start or (other.end or DAY) < start)
        )
        runs.append(
            run(
                f"o{number}",
                course=course,
                price_eur=float(rng.choice([0, 40, 50, 100, 130, 220])),
                per_group=rng.random() < 0.3,
                hours=float(rng.choice([4, 8, 12, 20])),
                start=start,
                end=start and start + timedelta(days=rng.randint(0, 6)),
                group_min=low,
                group_max=low + rng.choice([0, 1, UNBOUNDED - 10]),
                most_groups=1 if start or rng.random() < 0.5 else UNBOUNDED,
                together=start is not None,
                weekdays=week.choice([EVERY_DAY, EVERY_DAY, frozenset({0, 2}), frozenset({1}), frozenset({2, 4})]),
                schemes=tuple(scheme for scheme in range(len(rates)) if rng.random() < 0.6),
                prerequisites=(before[:2],) if before and rng.random() < 0.25 else (),
            )
        )
    demands, stakes = [], []
    for number in range(rng.randint(1, 3)):
        role, level = rng.randrange(len(sizes)), rng.randint(1, 3)
        held = rng.randrange(level)
        demands.append(
            Demand(f"r{role}", f"s{number}", level, rng.randint(1, sizes[role]), rng.choice([0.2, 0.5, 0.7, 1.0]))
        )
        taught = sorted((rng.randint(0, 2), place) for place in range(len(runs)) if rng.random() < 0.7)
        reached: dict[int, tuple[int, int]] = {}
        ways: list[Way] = []
        for low, place in taught:
            high = rng.randint(low + 1, 4)
            lifts = tuple(sorted(other for other, (a, b) in reached.items() if a < low <= b))
            if high > held and (low <= held or lifts):
                reached[place] = (low, high)
                ways.append(Way(place, min(high, level), () if low <= held else lifts))
        if ways:
            stakes.append(Stake(number, role, held, tuple(ways)))
    total = sum(demand.people * demand.weight for demand in demands)
    return problem_of(
        tuple(runs),
        sizes,
        tuple(demands),
        tuple(stakes),
        budget_eur=rng.choice([None, 100.0, 200.0, 350.0]),
        hours_per_person=rng.choice([None, 8.0, 16.0, 24.0]),
        rates=rates,
        caps_eur=tuple(rng.choice([60.0, 150.0, float("inf")]) for _ in rates),
        crowds=tuple(Crowd(f"r{r}", (r,), 1) for r in range(len(sizes))) if rng.random() < 0.3 else (),
        total_weight=total + rng.choice([0.0, 0.5]),
    )


def with_pins(problem: PlanProblem, seed: int) -> PlanProblem:
    """Return the problem with one booking pinned, which may or may not be possible."""
    from dataclasses import replace

    rng = random.Random(seed)
    if not problem.pairs:
        return problem
    chosen, cohort = rng.choice(problem.pairs)
    people = rng.randint(1, len(problem.cohorts[cohort].people))
    return replace(problem, pins=(Pin(chosen, problem.cohorts[cohort].role, (cohort,), people),))


def all_plans(problem: PlanProblem) -> Iterator[list[Seat]]:
    """Yield every set of seats."""
    seats = [(run, person) for run, cohort in problem.pairs for person in problem.cohorts[cohort].people]
    for chosen in product((False, True), repeat=len(seats)):
        yield [seat for seat, taken in zip(seats, chosen, strict=True) if taken]


def exhaustive(problem: PlanProblem) -> tuple[float, float] | None:
    """Return value and net cost of the best plan; None if no plan keeps to all rules."""
    best: tuple[float, float] | None = None
    for seats in all_plans(problem):
        outcome = judge(problem, seats)
        rank = (round(outcome.value, 9), -round(outcome.cost_eur_net, 4))
        if (best is None or rank > best) and not any(violations(problem, seats)):
            best = rank
    return None if best is None else (best[0], -best[1])
