"""What each need calls for: measures with their reviewed skills, and what stands in the user's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from skillmatch.company.measures import Measure, MeasureSkill
from skillmatch.company.model import Company, Correction, Need
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import NeedMeasure, NeedSkill
from skillmatch.gap.resolve import Resolved
from skillmatch.gap.rules import because
from skillmatch.gap.wishes import ClauseHits, adopt, best_of_each, search_wishes
from skillmatch.mapping.model import Mapping as TextMapping
from skillmatch.words import Reason

SUGGESTED = 0.2
"""Least similarity of a measure that is kept as a runner-up, for the user to switch to."""
RUNNERS_UP = 4
TEXT_LEVEL = 2
"""Level asked for a skill that stands in the words themselves: able to do it alone under normal conditions."""
TEXT_PROBABILITY = {True: 0.6, False: 0.3}
"""Least probability of a skill read in the words of a need, with an adopted measure beside it and without one."""
TEXT_SKILLS = 8
"""Most skills read in the words of one need."""
KIND_WEIGHT: Mapping[str, float] = {"core": 1.0, "supporting": 0.5}
WHO: Mapping[str, str] = {
    "lead": "those who plan and run it",
    "user": "everybody who works with it",
    "both": "everybody who runs it or works with it",
}


@dataclass(frozen=True)
class NeedReading:
    """One need, read: its measures (adopted ones first), its skills, and words that mapped to nothing.

    A skill that several measures of the need ask for stands there once for each of them.
    """

    measures: tuple[NeedMeasure, ...]
    skills: tuple[NeedSkill, ...]
    unmatched: tuple[tuple[str, str], ...]
    notes: tuple[Reason, ...]


def read_needs(company: Company, resolved: Mapping[str, Resolved], knowledge: Knowledge) -> list[NeedReading]:
    """Return the reading of each need, in their order.

    Parameters
    ----------
    resolved
        What the words of skills in decisions name; see `skillmatch.gap.resolve`.
    """
    free = [need for need in company.needs if need.measure not in knowledge.measure_by_id]
    found = search_wishes([need.text for need in free], knowledge.search)
    similar = dict(zip([need.id for need in free], found, strict=True))
    readers = {
        need.id: _Reader(need, company.corrections, resolved, similar.get(need.id, ()), knowledge)
        for need in company.needs
    }
    mapped: dict[str, TextMapping] = {}
    for beside in (False, True):
        some = [need for need in free if readers[need.id].beside_measure == beside]
        texts = [need.text for need in some]
        if texts:
            mapper = knowledge.reader(beside_measure=beside)
            mapped |= zip([need.id for need in some], mapper.map_many(texts, top_k=TEXT_SKILLS), strict=True)
    return [readers[need.id].read(mapped.get(need.id)) for need in company.needs]


class _Reader:
    """Reads one need, with the user's decisions on it."""

    def __init__(
        self,
        need: Need,
        corrections: Sequence[Correction],
        resolved: Mapping[str, Resolved],
        similar: Sequence[ClauseHits],
        knowledge: Knowledge,
    ) -> None:
        self.need = need
        self.knowledge = knowledge
        self.resolved = resolved
        self.corrections = [correction for correction in corrections if correction.need == need.id]
        self.struck = {uri for each in self.corrections if each.kind == "skill not meant" and (uri := self._uri(each))}
        self.notes: list[Reason] = []
        self.measures = self._measures(similar)
        self.beside_measure = any(each.adopted for each in self.measures)

    def read(self, mapped: TextMapping | None) -> NeedReading:
        """Return the reading; `mapped` None where the user chose a measure, so that the words do not count."""
        skills = [skill for each in self.measures if each.adopted for skill in self._measure_skills(each)]
        unmatched: tuple[tuple[str, str], ...] = ()
        if mapped:
            skills = _confirmed(skills, self._text_skills(mapped))
            if not self.beside_measure:
                unmatched = tuple((self.need.id, span.text) for span in (*mapped.unmatched, *mapped.boilerplate))
        added = self._added()
        decided = self.struck | {skill.skill for skill in added}
        kept = [skill for skill in skills if skill.skill not in decided]
        kept += [skill for skill in added if skill.skill not in self.struck]
        if not kept:
            self.notes.append(because("nothing called for", need=self.need.text))
        kept.sort(key=lambda skill: (-skill.weight, skill.skill, skill.measure or ""))
        return NeedReading(tuple(self.measures), tuple(kept), unmatched, tuple(self.notes))

    def _uri(self, correction: Correction) -> str | None:
        found = self.resolved.get(correction.skill or "")
        return found.uri if found else None

    def _measures(self, similar: Sequence[ClauseHits]) -> list[NeedMeasure]:
        """Return the measures that the need is, and what else it may be."""
        if self.need.measure in self.knowledge.measure_by_id:
            return [NeedMeasure(self.need.id, self.need.measure, 1.0, chosen=True)]
        if self.need.measure:
            self.notes.append(because("measure unknown", need=self.need.text, measure=self.need.measure))
        not_meant = {each.measure for each in self.corrections if each.kind == "measure not meant" and each.measure}
        adopted = adopt(similar, not_meant)
        out = not_meant | {reading.hit.measure for reading in adopted}
        others = [each for each in best_of_each(similar) if each.hit.score >= SUGGESTED and each.hit.measure not in out]
        return [
            NeedMeasure(
                self.need.id, hit.measure, hit.score, chosen=False, adopted=place < len(adopted), label=hit.label,
                text=reading.clause.text,
            )
            for place, reading in enumerate([*adopted, *others[:RUNNERS_UP]])
            for hit in [reading.hit]
        ]  # fmt: skip

    def _measure_skills(self, reading: NeedMeasure) -> list[NeedSkill]:
        measure = self.knowledge.measure_by_id[reading.measure]
        title = measure.words(self.knowledge.language)
        rule = "measure chosen" if reading.chosen else "measure recognised"
        words = reading.text or self.need.text
        why = because(rule, need=words, measure=title, score=reading.score, label=reading.label)
        skills = []
        for skill in measure.skills:
            if self.knowledge.has_skill(skill.uri):
                skills.append(self._measure_skill(measure, skill, why, reading.score))
            else:
                self.notes.append(because("skill unknown", measure=title, skill=skill.label))
        return skills

    def _measure_skill(self, measure: Measure, skill: MeasureSkill, why: Reason, score: float) -> NeedSkill:
        title, weight = measure.words(self.knowledge.language), KIND_WEIGHT[skill.kind]
        asked = because(
            "measure skill", measure=title, skill=self.knowledge.label(skill.uri), level=skill.level, kind=skill.kind,
            kind_weight=weight, who=WHO[skill.who],
        )  # fmt: skip
        return NeedSkill(
            need=self.need.id, skill=skill.uri, weight=weight, level=skill.level, who=skill.who, measure=measure.id,
            probability=score, evidence=title, start=0, end=0, reasons=(why, asked),
        )  # fmt: skip

    def _text_skills(self, mapped: TextMapping) -> list[NeedSkill]:
        likely = [match for match in mapped.matches if match.probability >= TEXT_PROBABILITY[self.beside_measure]]
        return [
            NeedSkill(
                need=self.need.id, skill=match.uri, weight=round(match.probability, 4), level=TEXT_LEVEL, who=None,
                measure=None, probability=match.probability, evidence=match.text, start=match.start, end=match.end,
                reasons=(self._said(match.text, match.uri, match.probability),),
            )
            for match in likely
        ]  # fmt: skip

    def _said(self, words: str, skill: str, probability: float) -> Reason:
        return because("said in text", words=words, skill=self.knowledge.label(skill), probability=probability)

    def _added(self) -> list[NeedSkill]:
        """Return the skills that the user added; the last decision on a skill counts."""
        found = {}
        for each in self.corrections:
            uri = self._uri(each)
            if each.kind == "skill added" and uri:
                why = because("skill added", need=self.need.text, skill=self.knowledge.label(uri))
                found[uri] = NeedSkill(
                    need=self.need.id, skill=uri, weight=1.0, level=each.level or TEXT_LEVEL, who=None, measure=None,
                    probability=1.0, evidence=each.note or "your decision", start=0, end=0, reasons=(why,),
                )  # fmt: skip
        return list(found.values())


def _confirmed(skills: Sequence[NeedSkill], said: Sequence[NeedSkill]) -> list[NeedSkill]:
    """Return the skills of measures with what the words say of them, then the skills that only the words call for."""
    by_uri = {skill.skill: skill for skill in said}
    known = {skill.skill for skill in skills}
    both = [
        replace(skill, reasons=(*skill.reasons, *by_uri[skill.skill].reasons)) if skill.skill in by_uri else skill
        for skill in skills
    ]
    return [*both, *(skill for skill in said if skill.skill not in known)]
