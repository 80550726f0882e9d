"""Both solvers keep to every rule, the exact one equals a listing of all plans, and conflicts of pins are explained."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planning_cases import exhaustive, problem_of, random_problem, run, with_pins

from skillmatch.errors import InputError
from skillmatch.planning.bundle_search import search_bundles
from skillmatch.planning.bundles import BundleSpace, Prices
from skillmatch.planning.frontier import frontier_of, marginal_values
from skillmatch.planning.optimise import SOLVERS
from skillmatch.planning.outcome import judge, violations
from skillmatch.planning.problem import Demand, Pin, PlanProblem, Stake, Way

NAMES = tuple(SOLVERS)
MOST_SEATS = 8
"""So many seats, 2 to the power of which are listed."""


def small(problem: PlanProblem) -> bool:
    return sum(len(problem.cohorts[cohort].people) for _, cohort in problem.pairs) <= MOST_SEATS


def one_skill(people: int, **changes: object) -> PlanProblem:
    """Return a role that is short of one skill, and one run for it: 100 euros, 8 hours, unless changed."""
    changed = {key: changes.pop(key) for key in list(changes) if key in run("a").__dataclass_fields__}
    return problem_of(
        (run("a", **changed),),
        (people,),
        (Demand("r0", "s", 2, people, 1.0),),
        (Stake(0, 0, 0, (Way(0, 2),)),),
        **changes,
    )


@pytest.mark.parametrize("seed", range(60))
def test_the_exact_plan_is_the_best_of_all_plans(seed: int) -> None:
    for problem in (random_problem(seed), with_pins(random_problem(seed), seed)):
        if not small(problem):
            continue
        best = exhaustive(problem)
        if best is None:
            for solve in SOLVERS.values():
                with pytest.raises(InputError):
                    solve(problem)
            continue
        found = SOLVERS["exact"](problem)
        assert (found.status, found.optimality_gap) == ("optimal", 0)
        assert found.value == pytest.approx(best[0], abs=1e-6)
        assert found.cost_eur_net == pytest.approx(best[1], abs=0.02)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 100_000))
def test_every_plan_keeps_to_every_rule_and_adds_up(seed: int) -> None:
    problem = random_problem(seed)
    exact, greedy = (SOLVERS[name](problem, time_limit_seconds=5) for name in ("exact", "greedy"))
    assert exact.value >= greedy.value - 1e-9
    for found in (exact, greedy):
        assert not list(violations(problem, found.seats))
        outcome = judge(problem, found.seats)
        assert len(set(found.seats)) == len(found.seats)
        assert outcome.cost_eur_gross - found.funding_eur == pytest.approx(found.cost_eur_net)
        assert found.funding_eur >= 0
        if problem.budget_eur is not None:
            assert found.cost_eur_net <= problem.budget_eur + 1e-6
        hours = Counter[int]()
        for place, person in found.seats:
            hours[person] += problem.runs[place].hours
        assert sum(hours.values()) == pytest.approx(found.hours)
        if problem.hours_per_person is not None:
            assert all(value <= problem.hours_per_person + 1e-6 for value in hours.values())
        closed = Counter({step.demand: 0 for step in outcome.steps})
        for demand, person in {(step.demand, step.person) for step in outcome.steps}:
            closed[demand] += 1
            assert problem.people[person].role == problem.demands[demand].role
        assert all(people <= problem.demands[demand].people for demand, people in closed.items())
        assert 0 <= found.value <= problem.total_weight + 1e-9
    assert exact.bound is not None
    assert greedy.value <= exact.bound + 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_nothing_to_do(name: str) -> None:
    empty = problem_of((), (), (), ())
    found = SOLVERS[name](empty)
    assert (found.seats, found.value, found.cost_eur_net) == ((), 0, 0)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_problem_gives_the_same_plan(name: str) -> None:
    problem = random_problem(7)
    assert SOLVERS[name](problem).seats == SOLVERS[name](problem).seats


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("changes", "people"),
    [
        ({}, 5),
        ({"budget_eur": 320.0}, 3),
        ({"budget_eur": 0.0}, 0),
        ({"hours_per_person": 7.0}, 0),
        ({"group_max": 4}, 4),
        ({"group_max": 2, "most_groups": 9}, 5),
        ({"group_min": 6}, 0),
        ({"group_min": 4, "group_max": 4, "most_groups": 9}, 4),
        ({"per_group": True, "budget_eur": 100.0}, 5),
        ({"per_group": True, "group_max": 2, "most_groups": 9, "budget_eur": 250.0}, 4),
        ({"schemes": (0,), "rates": (0.5,), "caps_eur": (200.0,), "budget_eur": 100.0}, 2),
        ({"schemes": (0,), "rates": (0.5,), "caps_eur": (50.0,), "budget_eur": 250.0}, 3),
    ],
)
def test_plans_worked_out_by_hand(name: str, changes: dict[str, object], people: int) -> None:
    problem = one_skill(5, **changes)
    found = SOLVERS[name](problem)
    assert len(found.seats) == people
    assert found.value == people


@pytest.mark.parametrize("name", NAMES)
def test_nobody_takes_a_course_without_what_comes_before_it(name: str) -> None:
    """A leads from 0 to 2 and B from 2 to 3: with 150 euros only A is possible, with 200 one person takes both."""
    runs = (run("a"), run("b"))
    stakes = (Stake(0, 0, 0, (Way(0, 2), Way(1, 3, lifts=(0,)))),)
    problem = problem_of(runs, (2,), (Demand("r0", "s", 3, 2, 1.0),), stakes)
    assert SOLVERS[name](replace(problem, budget_eur=150.0)).value == pytest.approx(2 / 3)
    assert SOLVERS[name](replace(problem, budget_eur=200.0)).value == pytest.approx(4 / 3)
    assert SOLVERS[name](replace(problem, budget_eur=300.0)).value == pytest.approx(5 / 3)


def test_hours_hold_for_each_person_and_not_on_average() -> None:
    """Three skills of 24 hours each for two people with 40 hours: on average three seats, in truth only two."""
    runs = tuple(run(name, hours=24.0) for name in "abc")
    demands = tuple(Demand("r0", name, 2, 1, 1.0) for name in "abc")
    stakes = tuple(Stake(place, 0, 0, (Way(place, 2),)) for place in range(3))
    found = SOLVERS["exact"](problem_of(runs, (2,), demands, stakes, hours_per_person=40.0))
    assert (found.value, found.status) == (2, "optimal")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 100_000), limit=st.sampled_from([0.0, 0.001, 0.02]), least=st.integers(0, 30))
def test_without_time_exact_is_still_no_worse_than_greedy(seed: int, limit: float, least: int) -> None:
    problem = random_problem(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("skillmatch.planning.greedy.LEAST_EVALUATIONS", least)
        exact, greedy, again = (
            SOLVERS[name](problem, time_limit_seconds=limit) for name in ("exact", "greedy", "greedy")
        )
    assert exact.value >= greedy.value - 1e-9
    assert greedy.seats == again.seats
    assert not list(violations(problem, exact.seats))


def test_a_time_limit_is_said_and_the_bound_stays_honest() -> None:
    problem = random_problem(3)
    limited = SOLVERS["exact"](problem, time_limit_seconds=0.0)
    best = SOLVERS["exact"](problem)
    assert limited.bound is not None
    assert limited.bound >= best.value - 1e-6
    assert limited.value >= SOLVERS["greedy"](problem).value - 1e-9
    assert limited.optimality_gap is not None
    assert (limited.optimality_gap == 0) == (limited.status == "optimal")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"budget_eur": 150.0}, ["at least 300.00 euros", "raise the budget to 300.00 euros"]),
        (
            {"hours_per_person": 6.0},
            ["8 hours for one person, against a limit of 6", "raise the hours per person to 8"],
        ),
        (
            {"budget_eur": 1.0, "hours_per_person": 6.0},
            ["raise the budget to 300.00", "raise the hours per person to 8"],
        ),
        ({"group_max": 2}, ["pin 2 people or fewer"]),
        ({"group_min": 6}, ["remove the pin"]),
        ({"budget_eur": 100.0, "schemes": (0,), "rates": (0.5,), "caps_eur": (100.0,)}, ["raise the budget to 200.00"]),
    ],
)
def test_pins_that_conflict_name_the_smallest_change(
    name: str, changes: dict[str, object], sentences: list[str]
) -> None:
    problem = one_skill(5, pins=(Pin(0, "r0", (0,), 3),), **changes)
    with pytest.raises(InputError) as caught:
        SOLVERS[name](problem)
    text = str(caught.value)
    assert all(sentence in text for sentence in sentences), text


@pytest.mark.parametrize("name", NAMES)
def test_a_pin_is_booked_though_it_closes_nothing(name: str) -> None:
    runs = (run("a"), run("useless", price_eur=50.0))
    stakes = (Stake(0, 0, 0, (Way(0, 2),)),)
    problem = problem_of(
        runs, (3,), (Demand("r0", "s", 2, 3, 1.0),), stakes, pins=(Pin(1, "r0", (0,), 2),), budget_eur=250.0
    )
    found = SOLVERS[name](problem)
    assert Counter(place for place, _ in found.seats) == {0: 1, 1: 2}


def test_more_money_never_buys_less() -> None:
    for seed in (1, 2, 3):
        problem = replace(random_problem(seed), budget_eur=None)
        points = frontier_of(problem)
        assert [point.coverage for point in points] == sorted(point.coverage for point in points)
        for point in points:
            found = SOLVERS["exact"](replace(problem, budget_eur=point.budget_eur))
            assert point.coverage == pytest.approx(found.value / problem.total_weight, abs=1e-6)
            assert point.cost_eur_net <= point.budget_eur + 1e-6


def test_a_budget_below_what_is_pinned_is_no_point_of_the_frontier() -> None:
    problem = one_skill(5, pins=(Pin(0, "r0", (0,), 3),))
    points = frontier_of(problem, [100.0, 400.0])
    assert [(point.feasible, point.coverage) for point in points] == [(False, 0.0), (True, 0.8)]


def test_what_a_little_more_would_bring() -> None:
    money, hours = marginal_values(one_skill(5, budget_eur=100.0, hours_per_person=8.0), more_eur=200.0)
    assert (money.limit, money.coverage_now, money.coverage_then) == ("budget_eur", 0.2, pytest.approx(0.6))
    assert (hours.limit, hours.gain) == ("hours_per_person", 0)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_runs_exclude_each_other_where_they_are_held_on_one_day(seed: int) -> None:
    problem = random_problem(seed)
    held = [
        {run.start + timedelta(days=more) for more in range((run.end - run.start).days + 1)
         if (run.start + timedelta(days=more)).weekday() in run.weekdays}
        if run.start and run.end else set()
        for run in problem.runs
    ]  # fmt: skip
    pairs = set(combinations(range(len(held)), 2))
    meet = {(one, two) for one, two in pairs if held[one] & held[two]}
    assert {pair for pair in pairs if problem.clash(*pair)} == meet
    assert {pair for clash in problem.clashes for pair in combinations(clash, 2)} == meet
    for clash in problem.clashes:
        assert set.intersection(*(held[run] for run in clash))
    for day in set.union(set(), *held):
        there = {run for run, days in enumerate(held) if day in days}
        assert any(there <= set(days) for days in problem.days)


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_every_bundle_above_the_floor(seed: int) -> None:
    """Against a listing of all bundles; those with a run without effect may be left out, being worth no more."""
    problem = random_problem(seed)
    for cohort in {cohort for _, cohort in problem.pairs}:
        space = BundleSpace(problem, cohort, frozenset())
        levels = [[0.0, 1.0, 2.5, 3.0, 3.0]] * len(space.stakes)
        prices = Prices(levels, {place: 0.4 * (place % 3) for place in space.runs})
        worths: dict[tuple[int, ...], float] = {}
        for mask in range(1, 2 ** len(space.runs)):
            bundle = tuple(place for bit, place in enumerate(space.runs) if mask >> bit & 1)
            free: set[int] = set()
            for place in sorted(bundle):
                if all(set(options) & set(bundle) for options in problem.runs[place].prerequisites):
                    free.add(place)
            courses = {problem.runs[place].course for place in bundle}
            clash = any(len(set(bundle) & set(group)) > 1 for group in problem.clashes)
            hours = sum(problem.runs[place].hours for place in bundle)
            within = problem.hours_per_person is None or hours <= problem.hours_per_person
            if free == set(bundle) and len(courses) == len(bundle) and not clash and within:
                worth = sum(levels[0][level] for level in space.reached(bundle))
                worths[bundle] = worth - sum(prices.seats[place] for place in bundle)
        best = max(worths.values(), default=0.0)
        found = search_bundles(space, prices, -1.0, most=10_000, nodes=10**6, every=True)
        listed = {bundle: worth for worth, bundle in found.bundles}
        assert found.whole
        assert all(worth == pytest.approx(worths[bundle]) for bundle, worth in listed.items())
        if worths and best > -1:
            assert found.ceiling == pytest.approx(best)
            assert max(listed.values()) == pytest.approx(best)
        cut = search_bundles(space, prices, -1.0, most=10_000, nodes=1)
        assert cut.ceiling >= best - 1e-9
