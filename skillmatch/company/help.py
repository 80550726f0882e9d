"""What the Help sheet of the workbook says, beside one line for each sheet."""

HELP = (
    (
        "SkillMatch",
        "Fill in the sheets Company, Roles and Needs; the others are optional. Then save the file and give it to "
        "SkillMatch.",
    ),
    (
        "Which rows count",
        "Rows marked help or example in the first column are there to guide you. An example row counts as soon as you "
        "change it. Otherwise the first column is yours.",
    ),
    (
        "Numbers and dates",
        "Write them as you are used to: 12.000 or 12 000 or 12,000; 31.12.2027 or 2027-12-31 (day before month).",
    ),
    (
        "Levels",
        "1 basic: with help. 2 intermediate: alone, under normal conditions. 3 advanced: plans it, teaches others. "
        "4 highly specialised.",
    ),
    (
        "Priority",
        "1 useful, 2 important, 3 essential. What is essential is trained first when money or time is short.",
    ),
    (
        "People and privacy",
        "The program works with roles. Enter single people only where it matters who has a certificate, and only under "
        "a code such as P-07: no names, no e-mail addresses. Keep the list of codes outside this file.",
    ),
    (
        "If something is wrong",
        "The program names every problem with its sheet and cell at once. Correct them and run it again.",
    ),
)
"""(heading, text) pairs, in the order shown."""
