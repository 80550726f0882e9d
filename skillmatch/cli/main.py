"""Entry point of the command line, and the promise that no traceback reaches a user."""

import logging
import sys
import tempfile
import traceback
from pathlib import Path

import typer

from skillmatch.cli import plans, texts, upkeep, workbooks
from skillmatch.errors import InputError

app = typer.Typer(
    name="skillmatch",
    help="Which skills a change needs, which roles lack them, and the best training plan that money and time allow.",
    epilog="Example: skillmatch demo --out out/",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(upkeep.taxonomy_app, name="taxonomy")
for command in (
    plans.demo,
    workbooks.template,
    texts.map_texts,
    texts.occupations,
    texts.measures,
    workbooks.gap,
    workbooks.recommend,
    plans.plan,
    plans.compare,
    upkeep.evaluate,
    upkeep.run_app,
):
    app.command(name=getattr(command, "command_name", command.__name__))(command)


def _complain(message: str) -> None:
    """Write to standard error in one piece, so that messages of bulk runs do not mix with results."""
    sys.stderr.write(message.rstrip("\n") + "\n")


def _keep_traceback() -> Path:
    with tempfile.NamedTemporaryFile("w", prefix="skillmatch-", suffix=".log", delete=False, encoding="utf-8") as log:
        traceback.print_exc(file=log)
    return Path(log.name)


def main() -> None:
    """Run the command line.

    Exit status: 0 done, 1 the input was wrong or something failed, 2 wrong usage, 130 interrupted.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        app()
    except InputError as error:
        _complain("\n".join(f"Problem: {problem}" for problem in error.problems))
        sys.exit(1)
    except KeyboardInterrupt:
        _complain("Stopped. Nothing was left half-written.")
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output closed it early (| head): not an error of ours
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback may reach a user, so it goes to a file
        _complain(
            f"Something went wrong inside SkillMatch ({type(error).__name__}: {error}).\n"
            f"It is a fault of the program, not of your input. Details for a report: {_keep_traceback()}"
        )
        sys.exit(1)
