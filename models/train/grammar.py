"""Sentences as they stand in job advertisements, needs, courses and CVs, generated around the words of skills.

A sentence is a frame with slots; a slot takes a phrase made from a label ("manage budgets" -> "managing budgets",
"ability to manage budgets"). Frames were written for this project.
"""

import random
from collections.abc import Sequence

VERB_FRAMES = {
    "job ad": (
        "You {verb}.",
        "You will {verb}.",
        "You are able to {verb} and enjoy doing so.",
        "Your tasks: {verb}",
        "Ability to {verb}",
        "Experience in {gerund}",
        "Proven track record of {gerund} in a comparable environment",
        "Responsible for {gerund}.",
        "We are looking for someone who can {verb} from day one.",
        "* {gerund}",
        "- {verb}",
        "3 ) {verb} on a regular basis",
        "In this role you {verb} together with colleagues from other departments .",
        "Main responsibilities include {gerund} .",
        "You take ownership of {gerund}",
        "{gerund} is part of your daily work.",
        "As part of <ORGANIZATION> you will {verb} for our customers .",
        "Several years of experience {gerund}, preferably in an international setting.",
        "You know how to {verb}",
        "Comfortable {gerund} under time pressure",
    ),
    "need": (
        "We want to {verb}.",
        "We want our people to be able to {verb}",
        "Our company needs to {verb} in future.",
        "Nobody here knows how to {verb} yet.",
        "By next year we must {verb}",
        "We are planning to {verb} ourselves instead of buying it in.",
        "We have to get better at {gerund}.",
        "Start {gerund}",
        "Customers ask us to {verb}",
        "Who can teach my team to {verb}?",
    ),
    "course": (
        "Participants learn to {verb}.",
        "After this course you can {verb}",
        "Introduction to {gerund}",
        "This module covers {gerund} step by step.",
        "Learn how to {verb} with practical exercises",
        "{gerund}: basics and good practice",
    ),
    "cv": (
        "I {verb}.",
        "Was in charge of {gerund} for a team of 12",
        "{gerund} (2016-2021)",
        "Daily work: {gerund}",
    ),
}
NOUN_FRAMES = {
    "job ad": (
        "Knowledge of {noun}",
        "Strong knowledge of {noun} .",
        "Good understanding of {noun} is a must.",
        "You have experience with {noun}",
        "Experience working with {noun} , preferably in a larger organisation",
        "Expertise in {noun}",
        "You are familiar with {noun}",
        "A background in {noun} is an advantage.",
        "* {noun}",
        "{noun} skills",
        "Degree in {noun} or similar",
        "Interest in {noun} and willingness to learn",
        "You work with {noun} every day.",
        "Specialist {noun} ( m/f/d )",
        "Nice to have : {noun}",
        "We use {noun} in our projects at <ORGANIZATION>",
        "Proficient in {noun}",
        "Your profile: {noun}",
    ),
    "need": (
        "We want to get into {noun}.",
        "We need somebody who understands {noun}",
        "{noun} for our company",
        "We know too little about {noun}.",
        "Introduce {noun} next year",
        "Our customers expect us to master {noun}.",
        "Build up know-how in {noun}",
        "We are thinking about {noun} but do not know where to begin.",
    ),
    "course": (
        "{noun} for beginners",
        "Foundations of {noun}",
        "Certificate course {noun}",
        "The course explains {noun} with examples from practice.",
        "{noun}",
        "Advanced {noun}: two days, in person",
    ),
    "cv": (
        "{noun}: very good",
        "Training in {noun}, 2019",
        "I have worked with {noun} for years.",
        "Focus: {noun}",
    ),
}
JOINED = (
    "You {v0} and {v1}.",
    "{g0}, {g1} and {g2}",
    "Responsible for {g0} and {g1} .",
    "Experience with {n0}, {n1} and {n2}",
    "{n0} {n1} {n2}",
    "Knowledge of {n0} and/or {n1} , ability to {v2}",
    "You {v0}, have a sound knowledge of {n1} and {v2}.",
    "Your tasks : * {v0} * {v1} * {v2}",
    "We want to {v0} and {v1}",
    "- {n0} - {n1} - {g2}",
    "Ability to {v0} , {v1} and {v2} while working with {n3}",
    "Learn to {v0}, {v1} and {v2}.",
    "Solid understanding of {n0} ( {n1} {n2} )",
    "As {job} you {v0} and {v1} .",
    "{job}: {g0}, {n1}",
)
BEFORE = (
    "About us : we are a family business with 80 employees .",
    "What you'll do:",
    "Requirements",
    "Main tasks",
    "Job description",
    "The position :",
    "Your mission",
    "<ORGANIZATION> is growing and looks for new colleagues in <LOCATION> .",
    "We offer an open atmosphere and flexible hours .",
    "Qualifications:",
    "As a {job} ,",
    "Key responsibilities",
)
AFTER = (
    "We offer a competitive salary and a company bike .",
    "to support our customers in <LOCATION>",
    ", and you like working in a small team",
    "etc .",
    "in a fast growing international company",
    "- full time, permanent",
    "with a focus on quality and deadlines",
    "and report to the head of department .",
    "at least 3 years",
    "; knowledge of a second language is welcome",
)
_VERBLESS = frozenset({"be", "have"})
_VOWELS = "aeiou"
_KEPT = frozenset({"lower", "answer", "order", "offer", "monitor", "deliver", "develop", "edit", "render", "foster"})


def gerund(phrase: str) -> str:
    """Turn a verb phrase into its -ing form.

    >>> gerund("manage budgets"), gerund("plan tours"), gerund("tie ropes")
    ('managing budgets', 'planning tours', 'tying ropes')
    """
    verb, _, rest = phrase.partition(" ")
    if verb.endswith("ie"):
        verb = verb[:-2] + "ying"
    elif verb.endswith("e") and not verb.endswith(("ee", "oe")) and verb != "be":
        verb = verb[:-1] + "ing"
    elif (
        3 <= len(verb) <= 6
        and verb not in _KEPT
        and verb[-1] not in _VOWELS + "wxyr"
        and verb[-2] in _VOWELS
        and verb[-3] not in _VOWELS
        and sum(letter in _VOWELS for letter in verb) == 1
    ):
        verb = verb + verb[-1] + "ing"
    else:
        verb += "ing"
    return f"{verb} {rest}" if rest else verb


def is_verb_phrase(skill_type: str, words: str) -> bool:
    """Say whether a label begins with a verb: ESCO's skills do, its knowledge concepts do not."""
    return skill_type == "skill/competence" and " " in words


def sentence(
    random_: random.Random, skills: Sequence[tuple[str, bool]], job: str = "specialist", kind: str | None = None
) -> str:
    """Return one sentence that speaks of the skills given as (words, is verb phrase).

    Parameters
    ----------
    random_
        Source of chance.
    skills
        One to four skills.
    job
        Title of a job in which they occur.
    kind
        ``"job ad"``, ``"need"``, ``"course"`` or ``"cv"``; None draws one.
    """
    kind = kind or random_.choices(("job ad", "need", "course", "cv"), (6, 2, 2, 1))[0]
    if len(skills) == 1:
        text = _single(random_, *skills[0], kind)
    else:
        frames = [frame for frame in JOINED if f"{len(skills) - 1}}}" in frame and f"{len(skills)}}}" not in frame]
        if frames and random_.random() < 0.6:
            slots = {"job": job}
            for place, (words, verb) in enumerate(skills):
                slots[f"v{place}"] = words if verb else f"apply {words}"
                slots[f"g{place}"] = gerund(words) if verb else words
                slots[f"n{place}"] = gerund(words) if verb else words
            text = random_.choice(frames).format(**slots)
        else:
            text = " ".join(_single(random_, words, verb, kind) for words, verb in skills)
    if kind == "job ad" and random_.random() < 0.35:
        text = f"{random_.choice(BEFORE).format(job=job)} {text}"
    if kind == "job ad" and random_.random() < 0.3:
        text = f"{text.rstrip(' .')} {random_.choice(AFTER)}"
    return _roughen(random_, text)


def _single(random_: random.Random, words: str, verb: bool, kind: str) -> str:
    frame = random_.choice((VERB_FRAMES if verb else NOUN_FRAMES)[kind])
    return frame.format(verb=words, gerund=gerund(words) if verb else words, noun=words)


def _roughen(random_: random.Random, text: str) -> str:
    """Write the sentence as it may come out of a page: other case, commas set apart or lost."""
    draw = random_.random()
    if draw < 0.15:
        text = text.lower()
    elif draw < 0.35:
        text = text[:1].upper() + text[1:]
    if random_.random() < 0.15:
        text = text.replace(",", "")
    elif random_.random() < 0.2:
        text = text.replace(",", " ,").replace(":", " :")
    return text
