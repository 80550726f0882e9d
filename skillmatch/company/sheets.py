"""The sheets and columns of a company workbook: one table that the template, the writer and the reader share."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import get_args

from skillmatch.company import cells
from skillmatch.company.columns import (
    Column,
    Sheet,
    code_of,
    ecosystem,
    ecosystem_name,
    languages_listed,
    listed,
    name_of,
    named,
    names_in,
    numbered,
    numbered_choice,
    numbered_show,
    people_listed,
    several_people,
    share,
    share_shown,
    words,
    yes_or_no,
)
from skillmatch.company.model import MODES, REACHES, CorrectionKind, Evidence
from skillmatch.company.places import COUNTRIES, LANGUAGES
from skillmatch.words import ECOSYSTEMS, LEVELS, TRANSITIONS

NOTE = "Note"
"""First column of every table sheet: rows marked `HELP_MARK` are skipped, rows marked `EXAMPLE_MARK` until changed."""
HELP_MARK, EXAMPLE_MARK = "help", "example"
MEASURES = "measures"
"""Name of the drop-down list that is filled from the library of measures."""

PRIORITIES: Mapping[int, str] = {1: "useful", 2: "important", 3: "essential"}
EVIDENCE: tuple[str, ...] = get_args(Evidence)
KINDS: tuple[str, ...] = get_args(CorrectionKind)

ROLE = Column("role", "Role", "A title of the sheet Roles.", "CNC machine operator", 26)
SKILL = Column("skill", "Skill", "In your own words, for example: weld stainless steel.", "programme CNC machines", 34)
LEVEL = Column(
    "level", "Level", "How well: 1 with help, 2 alone under normal conditions, 3 can plan and teach, 4 specialist.",
    "2 intermediate", 18, numbered_choice(LEVELS), numbered_show(LEVELS), numbered(LEVELS),
)  # fmt: skip
EVIDENCE_COLUMN = Column(
    "evidence", "Evidence", "Stated by the people, confirmed by a superior, or a certificate. Empty: stated.",
    "certificate", 14, words(EVIDENCE), choices=EVIDENCE,
)  # fmt: skip
EXPIRES = Column(
    "expires", "Valid until", "Last day on which a certificate is valid. Empty: it does not expire.",
    date(2027, 6, 30), 13, cells.day, aliases=("expiry", "expiry date"),
)  # fmt: skip

COMPANY = Sheet(
    "Company",
    "Who you are, and the limits that the training plan must keep to. Fill in the column Value.",
    (
        Column("name", "Company name", "As it shall stand on the plan.", "Muster Metallbau GmbH", required=True),
        Column("country", "Country", "Name or two-letter code.", "Germany", required=True,
               parse=code_of(COUNTRIES, "country"), show=name_of(COUNTRIES), choices=names_in(COUNTRIES), strict=False),
        Column("region", "Region", "Region or town; trainings nearby are preferred. May stay empty.", "Stuttgart"),
        Column("ecosystem", "Industry", "The industrial ecosystem nearest to your business. May stay empty.",
               ECOSYSTEMS["energy-intensive"], parse=ecosystem, show=ecosystem_name,
               choices=tuple(ECOSYSTEMS.values()), aliases=("industrial ecosystem", "sector")),
        Column("language", "Your language", "Language of your titles and texts. Empty: English.", "German",
               parse=code_of(LANGUAGES, "language"), show=name_of(LANGUAGES), choices=names_in(LANGUAGES),
               strict=False),
        Column("start", "Plan starts", "First day on which a training may begin.", date(2027, 1, 1),
               parse=cells.day, required=True, aliases=("plan start",)),
        Column("end", "Plan ends", "Day by which every training must be finished.", date(2027, 12, 31),
               parse=cells.day, required=True, aliases=("plan end",)),
        Column("budget_eur", "Budget in euros", "For all trainings together, after funding. Empty: no limit.", 25000,
               parse=cells.number, aliases=("budget", "budget €")),
        Column("hours_per_person", "Training hours per person", "At most, over the whole plan. Empty: no limit.", 40,
               parse=cells.number),
        Column("languages", "Training languages",
               "Languages in which your people can follow a training, separated by commas. Empty: any.",
               "German, English", parse=cells.several(code_of(LANGUAGES, "language")), show=languages_listed),
        Column("modes", "Ways of training", f"Those that suit you, of {', '.join(MODES)}. Empty: any.",
               "online, on-site", parse=cells.several(words(MODES)), show=listed, aliases=("mode",)),
        Column("reach", "Travel to training", "How far people travel to training on site. Empty: anywhere.",
               REACHES["country"], parse=named(REACHES), show=lambda value: REACHES[str(value)],  # type: ignore[index]
               choices=tuple(REACHES.values()), aliases=("how far do people travel",)),
        Column("away_share", "Away at once", "At most this part of a role is in dated training at the same time; one "
               "person always may be. Empty: no limit.", "25 %", parse=share, show=share_shown,
               aliases=("people away at once",)),
        Column("other_sectors", "Other sectors", "yes if training made for other industries may be planned too. "
               "Empty: no.", "no", parse=cells.truth, show=yes_or_no, choices=("yes", "no")),
        Column("sample", "Sample data", "yes if this workbook is made up for trying out. Empty: no.", "no",
               parse=cells.truth, show=yes_or_no, choices=("yes", "no")),
    ),
    required=True,
)  # fmt: skip

ROLES = Sheet(
    "Roles",
    "One row for each kind of job. People with the same tasks share a row.",
    (
        Column("title", "Job title", "As you call the job; each title once.", "CNC machine operator", 30,
               required=True, aliases=("role", "job")),
        Column("people", "People", "How many people do this job.", 12, 10, cells.whole(1, 100_000),
               required=True, aliases=("head-count", "number of people", "number", "staff")),
        Column("description", "What they do",
               "Two or three sentences, in any language. Helps to recognise the job. May stay empty.",
               "Set up and run lathes and milling machines, check first parts, enter finished orders on paper.", 70,
               aliases=("tasks",)),
        Column("occupation", "Occupation chosen",
               "Leave empty: the program proposes one. Filled when you choose another.", width=30),
        Column("id", "Id", "Leave empty: given by the program.", width=18),
    ),
    required=True,
)  # fmt: skip

NEEDS = Sheet(
    "Needs",
    "One row for each thing that you want to become able to do.",
    (
        Column("text", "What you want to change", "In your own words, in any language.",
               "No more paper on the shop floor", 56, aliases=("need", "description", "what")),
        Column("measure", "Measure", "Choose one that fits, or leave empty: the program then reads your words.",
               width=34, choices=MEASURES),
        Column("transition", "Transition", "digital, green, twin (both) or none. Empty: the program decides.",
               "digital", 13, words(TRANSITIONS, both="twin"), choices=TRANSITIONS),
        Column("priority", "Priority", "How much it matters. Empty: important.", "3 essential", 15,
               numbered_choice(PRIORITIES), numbered_show(PRIORITIES), numbered(PRIORITIES)),
        Column("due", "Needed by", "Date by which your people must be able to do it. Empty: end of the plan.",
               date(2027, 9, 30), 13, cells.day, aliases=("date",)),
        Column("id", "Id", "Leave empty: given by the program.", width=18),
    ),
    required=True,
)  # fmt: skip

HELD = Sheet(
    "Held skills",
    "Optional. Skills that everybody in a role already has, beyond what the job implies.",
    (
        replace(ROLE, required=True),
        replace(SKILL, required=True),
        replace(LEVEL, required=True),
        EVIDENCE_COLUMN,
        EXPIRES,
    ),
)

PEOPLE = Sheet(
    "People",
    "Optional. Single people under a pseudonym such as P-07 (no names, no e-mail addresses); "
    "one row for each skill of a person.",
    (
        Column("person", "Pseudonym", "A code that only you can resolve. No name, no e-mail address.", "P-07",
               required=True, aliases=("code", "id")),
        replace(ROLE, help="A title of the sheet Roles; once for each person is enough."),
        replace(SKILL, help="One skill in a row; empty if the person has none beyond the role."),
        LEVEL,
        EVIDENCE_COLUMN,
        EXPIRES,
    ),
)  # fmt: skip

CORRECTIONS = Sheet(
    "Corrections",
    "What you decided in the program. It is kept on every new run; delete a row to take the decision back.",
    (
        Column("kind", "Decision", f"One of: {', '.join(KINDS)}.", "not required", 20, words(KINDS),
               choices=KINDS, required=True, aliases=("correction",)),
        Column("need", "Need", "Id or words of a row of the sheet Needs.", width=24),
        Column("measure", "Measure", "The measure that is not meant.", width=26, choices=MEASURES),
        ROLE,
        replace(SKILL, help="Words or identifier of the skill."),
        Column("offer", "Training", "Identifier of the offer."),
        replace(LEVEL, example=None),
        Column("people", "People", "How many people. Empty: everybody in the role.", None, 10, cells.whole(0, 100_000)),
        Column("who", "Who", "Whom a training is booked for: pseudonyms, or places as the plan names them, separated "
               "by semicolons. Empty: anybody in the role.", None, 24, several_people, people_listed),
        Column("note", "Comment", "Why you decided so; for yourself.", "They only run finished programs.", 40),
    ),
)  # fmt: skip

SHEETS = (COMPANY, ROLES, NEEDS, HELD, PEOPLE, CORRECTIONS)
EXTRA = ("Help", "Lists")
"""Sheets that the template has and the reader passes over."""
