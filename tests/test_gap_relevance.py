"""Relevance of a skill to a role: nothing leaks from what is held out, and the parts add up."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import BagOfWordsEncoder, occupation_uri, skill_uri, tiny_taxonomy
from gap_firm import KNOWN, ROBOTS, ROLES, WELD

from skillmatch.evaluation.relevance import average_precision, choose, fit, prepare, score, scorers, whole_groups
from skillmatch.gap.cooccurrence import FAINT, FEATURES, SHARPNESS, Cooccurrence, Standing
from skillmatch.gap.model import RoleLink
from skillmatch.gap.relevance import EVEN, PARTS, RelevanceModel, relevances
from skillmatch.gap.rules import RULES
from skillmatch.mapping.mapper import Mapper
from skillmatch.mapping.occupations import OccupationLinker
from skillmatch.taxonomy.starter import load_starter
from skillmatch.words import render

TAXONOMY = tiny_taxonomy()
SKILLS = TAXONOMY.skills.index.tolist()
WELDER, TECHNICIAN, MANAGER = (occupation_uri(name) for name in ("welder", "technician", "manager"))


def test_a_taxonomy_without_relations_and_a_role_like_nothing_give_zeros() -> None:
    empty = replace(TAXONOMY, relations=TAXONOMY.relations.iloc[:0])
    found = Cooccurrence.build(empty).features([Standing(())], SKILLS)
    assert set(found) == set(FEATURES) - {"words"}
    for name in ("near_essential", "near_optional", "unit_group", "minor_group", "siblings", "together", "popularity"):
        assert not found[name].any()


def test_an_occupation_speaks_by_its_likeness_and_hardly_where_nothing_is_like_the_role() -> None:
    known = Cooccurrence.build(TAXONOMY)
    for likeness in (0.9, FAINT, 0.1):
        found = known.features([Standing(((TECHNICIAN, likeness),))], [skill_uri("safety"), ROBOTS])
        share = likeness**SHARPNESS / (likeness**SHARPNESS + FAINT**SHARPNESS)
        assert found["near_essential"][0] == pytest.approx([math.sqrt(share), 0])
        assert found["near_optional"][0] == pytest.approx([0, math.sqrt(share)])


def test_the_group_speaks_without_the_role_s_own_occupation() -> None:
    known = Cooccurrence.build(TAXONOMY)
    other, own = known.features([Standing((), "7212"), Standing((), "7212", WELDER)], [WELD])["unit_group"]
    assert (other[0], own[0]) == (1, 0)


def test_what_is_held_out_leaves_no_trace() -> None:
    changed = TAXONOMY.relations.copy()
    changed.loc[changed["occupation"] == WELDER, "skill"] = skill_uri("spreadsheets")
    richer = replace(TAXONOMY, relations=changed.drop_duplicates(["occupation", "skill"]))
    standing = Standing(((WELDER, 0.9), (TECHNICIAN, 0.6)), "7212", WELDER)
    before, after = (Cooccurrence.build(each, {WELDER}).features([standing], SKILLS) for each in (TAXONOMY, richer))
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name], err_msg=name)


def test_the_parts_of_a_prediction_add_up_as_a_person_would_add_them() -> None:
    links = [
        RoleLink(role.id, uri, 0.9, (), False, ((TECHNICIAN, 0.8), (MANAGER, 0.5)))
        for role, uri in zip(ROLES, (MANAGER, WELDER, None), strict=True)
    ]
    found = relevances(ROLES, links, SKILLS, KNOWN)
    seen = 0
    for each in found.values():
        assert each.value == pytest.approx(each.looked_up + (1 - each.looked_up) * each.predicted, abs=1e-4)
        for reason in each.reasons:
            assert "{" not in render(RULES, reason)
            if reason.rule == "predicted":
                values = {name: float(value) for name, value in reason.values.items() if name in (*PARTS, "base")}
                total = float(reason.values["total"])
                assert total == pytest.approx(sum(values.values()), abs=1e-6)
                odds = math.exp(total)
                assert each.probability == pytest.approx(odds / (1 + odds), abs=1e-4)
                assert each.predicted == pytest.approx(odds / (odds + EVEN / (1 - EVEN)), abs=1e-4)
                seen += 1
    assert seen
    assert found["weld", WELD].looked_up == found["weld", WELD].value == 1
    assert found["weld", ROBOTS].looked_up == 0.6
    assert found["tech", WELD].looked_up == 0


def test_no_roles_or_no_skills_give_nothing() -> None:
    assert relevances((), [], SKILLS, KNOWN) == {}
    assert relevances(ROLES, [RoleLink(role.id, None, 0, (), False) for role in ROLES], [], KNOWN) == {}


def test_the_shipped_model_says_where_it_comes_from_and_is_read_back_equal(tmp_path: Path) -> None:
    model = RelevanceModel.load()
    assert set(model.coefficients) == set(FEATURES) == {name for names in PARTS.values() for name in names}
    assert {"taxonomy", "taxonomy_key", "encoder", "encoder_key", "date", "method", "script"} <= set(model.provenance)
    assert model.coefficients["near_essential"] > 0
    assert model.coefficients["words"] > 0
    model.save(tmp_path / "model.json")
    assert RelevanceModel.load(tmp_path / "model.json") == model


def test_fitting_on_some_occupations_helps_on_others(starter_words: BagOfWordsEncoder) -> None:
    taxonomy = load_starter()
    mapper, linker = (kind.build(taxonomy, starter_words) for kind in (Mapper, OccupationLinker))
    chosen = choose(taxonomy, 60)
    roles = prepare(taxonomy, chosen, mapper, linker, starter_words, described=False)
    model = fit(taxonomy, roles.part(slice(0, 30)), chosen[30:], {})
    assert model == fit(taxonomy, roles.part(slice(0, 30)), chosen[30:], {})
    found = score(taxonomy, roles.part(slice(30, 60)), (), scorers(model))
    assert found["model"]["AP"].low > found["title-only similarity"]["AP"].high > found["random"]["AP"].value
    some, members = whole_groups(taxonomy, roles, 10)
    assert set(some.occupations) <= members


def test_average_precision_of_nothing_right_is_zero() -> None:
    assert average_precision(np.zeros(3, dtype=np.bool_)) == 0


def test_knowledge_makes_the_matrices_once() -> None:
    assert KNOWN.cooccurrence is KNOWN.cooccurrence
