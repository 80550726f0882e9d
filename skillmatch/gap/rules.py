"""The rules by which gaps are found, each with the sentence that says so; the report puts the values in."""

from collections.abc import Mapping

from skillmatch.words import Reason

RULES: Mapping[str, str] = {
    # What a need calls for
    "measure chosen": "You chose the measure “{measure}” for “{need}”.",
    "measure recognised": "“{need}” reads like the measure “{measure}” ({score:.0%} alike; nearest words: “{label}”).",
    "measure skill": "“{measure}” needs “{skill}” at level {level}, as a {kind} skill ({kind_weight:.2f}), from {who}.",
    "said in text": "Your words “{words}” point to “{skill}” (probability {probability:.0%}).",
    "skill added": "You added “{skill}” to “{need}”.",
    # Which role must carry it
    "leads": "{role} is the best fit to plan and run “{measure}”: {people} of the {lead_people} people needed.",
    "helps to lead": "{role} is the next best fit to run “{measure}”: {people} more of {lead_people} people needed.",
    "works with it": "Everybody in {role} works the new way of “{measure}”.",
    "nearest role": "None of your roles clearly fits “{title}”, which “{measure}” names; {role} is the nearest.",
    "most relevant": "Of your roles, “{skill}” belongs most to {role} (relevance {relevance:.2f}): {people} people.",
    "cover": "{asked} would be enough for the work; {wanted} are wanted over all roles, as one may be away.",
    "few to choose from": "Only {people} of the {wanted} people wanted are in roles that fit; nobody else was added.",
    # How well role and measure fit
    "same occupation": "{role} works as {occupation}, which “{measure}” names (fit {fit:.2f}).",
    "same unit group": "{role} works as {occupation}, close to {title}, which “{measure}” names (fit {fit:.2f}).",
    "same minor group": "{role} works as {occupation}, akin to {title}, which “{measure}” names (fit {fit:.2f}).",
    "shared skills": "{role} works as {occupation}, which shares skills with {title}, named by “{measure}” "
    "(fit {fit:.2f}).",
    "similar title": "{role} sounds like {title}, which “{measure}” names (fit {fit:.2f}).",
    # How much the skill belongs to the role
    "essential": "{role} works as {occupation}, for which ESCO lists “{skill}” as essential ({part:.2f}).",
    "optional": "{role} works as {occupation}, for which ESCO lists “{skill}” as optional ({part:.2f}).",
    "predicted": "Predicted: “{skill}” is essential for {role} with a probability of {probability:.1%}, which counts "
    "{part:.2f}. Logarithm of the odds {total:+.2f} = {base:+.2f} at the start {near:+.2f} for what occupations like "
    "it need {group:+.2f} for what its occupational group needs {kind:+.2f} for skills of the same kind "
    "{together:+.2f} for skills that go together {words:+.2f} for its words {usual:+.2f} for how usual the skill is.",
    # Weight
    "twin": "“{skill}” serves both transitions, digital and green.",
    "counted as twin": "SkillMatch, not ESCO, counts “{skill}” as digital and green at once. {why}",
    "weight": "Weight {weight:.2f} = priority of “{need}” {priority:.2f} x importance {importance:.2f} "
    "x fit with the role {bearing:.2f} x transition {transition:.2f}.",
    "also wanted": "“{need}” wants it too: level {level}, {people} people, weight {weight:.2f}.",
    "required by you": "You decided that {people} of {role} must have “{skill}” at level {level}.",
    # What is held
    "assumed essential": "Level {level} is assumed, because ESCO lists “{skill}” as essential for {occupation}.",
    "assumed optional": "Level {level} is assumed, because ESCO lists “{skill}” as optional for {occupation}.",
    "held by role": "You say that everybody in {holder} has it at level {level} ({evidence}, {certainty:.0%} sure).",
    "held by person": "{holder} has it at level {level} ({evidence}, {certainty:.0%} sure).",
    "understood as": "You wrote “{words}”; it is read as “{skill}” ({score:.0%} sure).",
    "expired": "The evidence of {holder} ends on {expires}, before the plan does on {end}: it does not count.",
    "opens": "Enough people in {role} have “{skill}” at first; from {date} on evidence has run out and some lack it.",
    "credit": "{holder} has “{other}” ({relation}): level {level} on the way to “{skill}”, never the skill itself.",
    "nothing held": "Nothing says that anybody in {role} has it.",
    # What hangs by a thread
    "held by nobody": "Nobody has “{skill}” at level {level} when the plan begins; {wanted} people are to have it.",
    "held by one": "Only {holder} has “{skill}” at level {level} when the plan begins; {wanted} people are to have it.",
    "evidence ends": "The evidence of {holder} for “{skill}” ({evidence}) ends on {expires}, day {days} of the plan.",
    "evidence ended": "The evidence of {holder} for “{skill}” ({evidence}) ended on {expires}, before the plan begins.",
    # What could not be used
    "held not understood": "The skill “{words}” of {holder} was not understood and does not count.",
    "correction not understood": "The skill “{words}” in your decision “{kind}” was not understood; it has no effect.",
    "measure unknown": "The measure “{measure}” of “{need}” is not in the library; the words are read instead.",
    "occupation unknown": "The occupation “{occupation}” of {role} is not in the taxonomy; another one is proposed.",
    "skill unknown": "“{measure}” also needs “{skill}”, which the taxonomy in use does not have.",
    "nothing called for": "“{need}” calls for no skill that is known; say it in other words or choose a measure.",
}
"""Rule -> sentence. What stands in braces are the values of the `Reason`."""


def because(rule: str, /, **values: str | int | float) -> Reason:
    """Return a reason of one of the `RULES`.

    >>> because("nothing held", role="Welder").values
    {'role': 'Welder'}
    """
    return Reason(rule, values)
