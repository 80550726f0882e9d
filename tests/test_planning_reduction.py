"""Leaving runs out loses nothing: dominated ones keep the best plan, the core keeps a bound that holds."""

import math
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planning_cases import all_plans, exhaustive, problem_of, random_problem, run, with_pins

from skillmatch.planning import core as core_module
from skillmatch.planning.core import choose_core
from skillmatch.planning.exact import Clock, Search, solve_exact
from skillmatch.planning.greedy import greedy_seats, solve_greedy
from skillmatch.planning.outcome import funding_of, gross_of, judge, violations
from skillmatch.planning.problem import Demand, PlanProblem, Stake, Way
from skillmatch.planning.reduction import without_dominated
from skillmatch.planning.state import State, funded_eur

MOST_SEATS = 8


def small(problem: PlanProblem) -> bool:
    return sum(len(problem.cohorts[cohort].people) for _, cohort in problem.pairs) <= MOST_SEATS


@pytest.mark.parametrize("seed", range(60))
def test_without_dominated_runs_the_best_plan_is_as_good_and_as_cheap(seed: int) -> None:
    for problem in (random_problem(seed), with_pins(random_problem(seed), seed)):
        reduced = without_dominated(problem)
        if small(problem) and reduced.pairs != problem.pairs:
            assert exhaustive(reduced) == pytest.approx(exhaustive(problem), abs=1e-6)


def test_of_equal_runs_one_is_kept_and_one_that_is_dearer_goes() -> None:
    runs = (run("a"), run("b"), run("c", price_eur=120.0), run("d", price_eur=50.0, hours=9.0))
    stakes = (Stake(0, 0, 0, tuple(Way(place, 2) for place in range(4))),)
    kept = without_dominated(problem_of(runs, (3,), (Demand("r0", "s", 2, 3, 1.0),), stakes)).pairs
    assert kept == ((1, 0), (3, 0))


def test_a_dated_run_gives_way_only_to_one_within_its_days() -> None:
    first, second = date(2027, 3, 1), date(2027, 3, 5)
    long = run("long", start=first, end=second, together=True)
    within = run("within", start=second, end=second, together=True)
    other = run("other", start=date(2027, 3, 8), end=date(2027, 3, 8), together=True)
    stakes = (Stake(0, 0, 0, tuple(Way(place, 2) for place in range(3))),)
    kept = without_dominated(problem_of((long, within, other), (3,), (Demand("r0", "s", 2, 3, 1.0),), stakes)).pairs
    assert kept == ((1, 0), (2, 0))


def test_runs_that_others_need_or_whose_groups_must_fill_stay() -> None:
    """B needs A first; C is dearer than A for one role, but is a group that the other role cannot do without."""
    runs = (run("a", price_eur=90.0), run("b", prerequisites=((0,),)), run("c", group_min=2), run("d", price_eur=10.0))
    stakes = (
        Stake(0, 0, 0, (Way(0, 1), Way(1, 2), Way(2, 1), Way(3, 1))),
        Stake(1, 1, 0, (Way(2, 2),)),
    )
    demands = (Demand("r0", "s", 2, 1, 1.0), Demand("r1", "t", 2, 1, 1.0))
    kept = without_dominated(problem_of(runs, (1, 1), demands, stakes)).pairs
    assert kept == ((0, 0), (1, 0), (2, 0), (2, 1), (3, 0))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 100_000))
def test_the_bound_of_a_core_holds_for_all_plans(seed: int) -> None:
    """The core is made as small as it can be; what it leaves out is only priced, never added."""
    problem = replace(random_problem(seed), crowds=())
    if not small(problem) or not problem.pairs:
        return
    best = exhaustive(problem)
    assert best is not None
    found = solve_with_core(problem)
    assert found.bound is not None
    assert found.bound >= best[0] - 1e-6
    assert found.value <= best[0] + 1e-6
    assert not list(violations(problem, found.seats))


def solve_with_core(problem: PlanProblem):
    patch = pytest.MonkeyPatch()
    with patch.context() as changed:
        changed.setattr("skillmatch.planning.exact.without_dominated", lambda problem: problem)
        changed.setattr("skillmatch.planning.exact.choose_core", lambda problem: choose_core(problem, 0, 1))
        changed.setattr("skillmatch.planning.exact.Search._grow", lambda *_: None)
        changed.setattr(core_module, "SHARES", (0.5,))
        search = Search(problem, Clock.start(0.2))
        search.best_value(1.0)
        return search.solution()


@pytest.mark.parametrize("seed", range(12))
def test_a_core_that_may_grow_finds_plans_within_its_gap(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(seed)
    monkeypatch.setattr("skillmatch.planning.exact.choose_core", lambda problem: choose_core(problem, 0, 1))
    best, found = solve_exact(problem, cheapest=False), solve_with_core(problem)
    monkeypatch.undo()
    whole = solve_exact(problem)
    assert best.bound is not None
    assert found.bound is not None
    assert best.value <= whole.value + 1e-6 <= best.bound + 2e-6
    assert whole.value <= found.bound + 1e-6


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 100_000), limit=st.sampled_from([0.0, 0.02, 0.1]))
def test_the_exact_plan_is_never_worse_than_the_greedy_one_whatever_the_limit(seed: int, limit: float) -> None:
    problem = random_problem(seed)
    exact, greedy = solve_exact(problem, time_limit_seconds=limit), solve_greedy(problem)
    assert exact.value >= greedy.value - 1e-9
    if exact.value <= greedy.value + 1e-9:
        assert exact.cost_eur_net <= greedy.cost_eur_net + 0.01


def test_a_greedy_plan_cut_short_is_no_better_than_the_whole_one() -> None:
    for seed in range(20):
        problem = random_problem(seed)
        reduced = choose_core(without_dominated(problem))
        cut, whole = (judge(problem, greedy_seats(reduced, end)).value for end in (0.0, math.inf))
        assert cut <= whole


@pytest.mark.parametrize("seed", range(30))
def test_a_plan_in_the_making_knows_its_cost_and_what_may_be_added(seed: int) -> None:
    problem = random_problem(seed)
    for number, seats in enumerate(all_plans(problem)):
        if number > 900:
            break
        if number % 17 or not seats:
            continue
        state = State(problem)
        state.take(seats[:-1])
        if not any(violations(problem, seats[:-1])):
            assert state.allows(seats[-1:]) == (not any(violations(problem, seats)))
        state.take(seats[-1:])
        assert state.net_eur == pytest.approx(judge(problem, seats).cost_eur_net, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(
    caps=st.lists(st.sampled_from([0.0, 50.0, 200.0, math.inf]), min_size=2, max_size=3),
    people=st.lists(st.integers(0, 3), min_size=5, max_size=5),
)
def test_funding_by_kinds_of_runs_is_that_of_the_linear_programme(caps: list[float], people: list[int]) -> None:
    rates = (0.3, 0.5, 0.8)[: len(caps)]
    kinds = [(0,), (1,), (0, 1), tuple(range(len(caps))), ()]
    runs = tuple(run(str(place), schemes=schemes, price_eur=100.0) for place, schemes in enumerate(kinds))
    problem = problem_of(runs, (3,), (), (), rates=rates, caps_eur=tuple(caps))
    gross = gross_of(problem, dict(enumerate(people)))
    by_kind = Counter[tuple[int, ...]]()
    for schemes, euros in zip(kinds, gross, strict=True):
        by_kind[schemes] += float(euros)
    assert funded_eur(problem, by_kind) == pytest.approx(float(funding_of(problem, gross).sum()), abs=1e-3)
