"""Regenerate what in docs/ is made from the code and the data: `python docs/build.py [--check]`.

- command-line.md: the reference of the command line, from the commands themselves;
- coverage.md: what ships for each ecosystem and transition, the white spots, and how the texts read (shipped.py).

With --check nothing is written; the exit status is 1 if a page is out of date.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from shipped import coverage
from typer.core import TyperArgument, TyperCommand, TyperGroup

from skillmatch.cli.main import app

DOCS = Path(__file__).parent
NOTE = "<!-- made by docs/build.py; change the source, not this page -->\n"


def commands(command: TyperCommand | TyperGroup, path: str) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Yield every command with its full name, groups before their commands."""
    yield path, command
    if isinstance(command, TyperGroup):
        for name, child in sorted(command.commands.items()):
            yield from commands(child, f"{path} {name}")


def command_line() -> str:
    """Return the reference of the command line as Markdown."""
    parts = [NOTE, "# Command line\n"]
    for path, command in commands(typer.main.get_command(app), "skillmatch"):
        context = typer.Context(command, info_name=path)
        usage = " ".join([path, *command.collect_usage_pieces(context)])
        parts.append(f"## {path}\n\n{(command.help or '').strip()}\n\n    {usage}\n")
        rows = [parameter.get_help_record(context) or _argument(parameter) for parameter in command.params]
        if shown := [f"| `{name}` | {' '.join(words.split())} |" for name, words in rows if "--help" not in name]:
            parts.append("\n".join(["| option or argument | meaning |", "|---|---|", *shown]) + "\n")
    return "\n".join(parts)


def _argument(parameter: TyperArgument) -> tuple[str, str]:
    return parameter.human_readable_name, getattr(parameter, "help", "") or ""


PAGES = {"command-line.md": command_line, "coverage.md": lambda: f"{NOTE}\n{coverage()}"}


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
