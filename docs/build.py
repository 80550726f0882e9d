"""Regenerate what in docs/ is made from the code and the data: `python docs/build.py [--check]`.

- command-line.md: the reference of the command line, from the commands themselves;
- coverage.md: how many measures, skills and offers there are for each ecosystem and transition.

With --check nothing is written; the exit status is 1 if a page is out of date.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import typer

from skillmatch.cli.main import app
from skillmatch.company.measures import load_measures
from skillmatch.offers.tabular import read_offers
from skillmatch.resources import DATA
from skillmatch.taxonomy.starter import load_starter
from skillmatch.words import ECOSYSTEMS, TRANSITIONS, combine

DOCS = Path(__file__).parent
NOTE = "<!-- made by docs/build.py; change the source, not this page -->\n"


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, groups before their commands."""
    yield path, command
    if isinstance(command, click.Group):
        for name, child in sorted(command.commands.items()):
            yield from commands(child, f"{path} {name}")


def command_line() -> str:
    """Return the reference of the command line as Markdown."""
    parts = [NOTE, "# Command line\n"]
    for path, command in commands(typer.main.get_command(app), "skillmatch"):
        context = click.Context(command, info_name=path)
        usage = " ".join([path, *command.collect_usage_pieces(context)])
        parts.append(f"## {path}\n\n{(command.help or '').strip()}\n\n    {usage}\n")
        rows = [parameter.get_help_record(context) or _argument(parameter) for parameter in command.params]
        if shown := [f"| `{name}` | {' '.join(words.split())} |" for name, words in rows if "--help" not in name]:
            parts.append("\n".join(["| option or argument | meaning |", "|---|---|", *shown]) + "\n")
    return "\n".join(parts)


def _argument(parameter: click.Parameter) -> tuple[str, str]:
    return parameter.human_readable_name, getattr(parameter, "help", "") or ""


def coverage() -> str:
    """Return the coverage table: ecosystem by transition, for measures, skills and offers."""
    taxonomy, measures, offers = load_starter(), load_measures(), read_offers([DATA / "offers" / "sample.csv"])
    counts: dict[str, Counter[tuple[str, str]]] = {"measures": Counter(), "offers": Counter()}
    skills: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    by_label = {}
    for measure in measures:
        for ecosystem in ECOSYSTEMS if "all" in measure.ecosystems else measure.ecosystems:
            counts["measures"][ecosystem, measure.transition] += 1
            for skill in measure.skills:
                if skill.uri in taxonomy.skills.index:
                    skills[ecosystem, taxonomy.skill(skill.uri).transition].add(skill.uri)
    for offer in offers:
        found = {
            uri for words in offer.skills if (uri := by_label.get(words) or taxonomy.find_skill(words.split("@")[0]))
        }
        transitions = {taxonomy.skill(uri).transition for uri in found}
        transition = combine("digital" in transitions or "twin" in transitions, bool(transitions & {"green", "twin"}))
        for ecosystem in offer.ecosystems or ECOSYSTEMS:
            counts["offers"][ecosystem, transition] += 1
    parts = [
        NOTE,
        "# Coverage of what ships\n",
        "Rows are the industrial ecosystems of the Pact for Skills. A measure for *all* ecosystems counts in each.",
        "Skills are those of the measures of the ecosystem. Offers (runs) are told by the skills that their provider",
        "states; *none* also holds those that state no skill.\n",
    ]
    for what, table in (*counts.items(), ("skills", {cell: len(uris) for cell, uris in skills.items()})):
        parts.append(
            f"## {what.capitalize()}\n\n| ecosystem | {' | '.join(TRANSITIONS)} |\n|---|{'---:|' * len(TRANSITIONS)}"
        )
        parts.extend(
            f"| {name} | {' | '.join(str(table.get((ecosystem, transition), 0)) for transition in TRANSITIONS)} |"
            for ecosystem, name in ECOSYSTEMS.items()
        )
        parts.append("")
    return "\n".join(parts)


PAGES = {"command-line.md": command_line, "coverage.md": coverage}


def main() -> int:
    """Write the pages, or check them."""
    stale = []
    for name, make in PAGES.items():
        path, content = DOCS / name, make()
        if not path.is_file() or path.read_text("utf-8") != content:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(content, "utf-8")
    sys.stdout.write(f"{'out of date' if '--check' in sys.argv else 'written'}: {', '.join(stale) or 'nothing'}\n")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
