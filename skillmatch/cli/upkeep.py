"""Commands around the flow: taxonomies, evaluation, the web front end."""

import json
import os
import sys
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from skillmatch.cli.output import Format, FormatOption, emit, progress
from skillmatch.errors import InputError, Problem

taxonomy_app = typer.Typer(
    help="Import, list and choose skills taxonomies.",
    epilog="Example: skillmatch taxonomy import 'ESCO dataset - v1.1.1 - classification - en - csv.zip'",
    no_args_is_help=True,
)


@taxonomy_app.command("import")
def import_taxonomy(
    bundles: Annotated[list[Path], typer.Argument(help="ESCO bundles: zip files as downloaded, or folders.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Name to keep it under; else made from the version.")
    ] = None,
) -> None:
    """Import official ESCO bundles, one or several languages at once, and use the result from now on.

    Example: skillmatch taxonomy import esco-en.zip esco-de.zip esco-relations.zip
    """
    from skillmatch.taxonomy.esco import read_esco
    from skillmatch.taxonomy.storage import store, use

    with progress("Reading the bundle"):
        taxonomy = read_esco(bundles, name=name)
        store(taxonomy)
    use(taxonomy.name)
    typer.echo(
        f"Imported {taxonomy.name}: {len(taxonomy.skills):,} skills, {len(taxonomy.occupations):,} occupations, "
        f"{len(taxonomy.relations):,} relations, languages {', '.join(taxonomy.languages)}. It is now in use."
    )


@taxonomy_app.command("list")
def list_taxonomies(form: FormatOption = Format.table) -> None:
    """List the taxonomies that are at hand, with counts, languages and version.

    Example: skillmatch taxonomy list
    """
    from skillmatch.taxonomy.storage import stored

    rows = [
        {
            "name": entry.name,
            "in_use": "yes" if entry.active else "",
            "version": entry.version,
            "skills": entry.counts["skills"],
            "occupations": entry.counts["occupations"],
            "relations": entry.counts["relations"],
            "languages": list(entry.languages),
        }
        for entry in stored()
    ]
    emit(rows, ("name", "in_use", "version", "skills", "occupations", "relations", "languages"), form)


@taxonomy_app.command("use")
def use_taxonomy(name: Annotated[str, typer.Argument(help="Name as `skillmatch taxonomy list` shows it.")]) -> None:
    """Use a taxonomy from now on.

    Example: skillmatch taxonomy use starter
    """
    from skillmatch.taxonomy.storage import use

    use(name)
    typer.echo(f"{name} is now in use.")


class Task(StrEnum):
    """The benchmarks that `evaluate` knows."""

    skill_extraction = "skill-extraction"
    sentences = "sentences"
    needs = "needs"
    skill_normalisation = "skill-normalisation"
    job_titles = "job-titles"
    melo = "melo"
    confidence = "confidence"
    languages = "languages"
    speed = "speed"


class Setting(StrEnum):
    """How the mapper reads texts."""

    best = "best"
    fast = "fast"


class Shape(StrEnum):
    """How `evaluate` writes its result."""

    table = "table"
    json = "json"


def evaluate(
    task: Annotated[Task, typer.Argument(help="The benchmark.")],
    data: Annotated[Path, typer.Option("--data", help="Folder with the benchmark's files.")],
    form: Annotated[Shape, typer.Option("--format", help="A table to read, or one JSON object.")] = Shape.table,
    taxonomy: Annotated[str | None, typer.Option("--taxonomy", help="Name of an imported taxonomy.")] = None,
    setting: Annotated[Setting, typer.Option("--setting", help="The setting of the mapper.")] = Setting.best,
) -> None:
    """Score the mapping on a benchmark, beside random, lexical baselines and the raw encoder.

    Example: skillmatch evaluate skill-extraction --data benchmarks/skill-extraction --format json
    """
    from skillmatch.evaluation import run_task

    with progress(f"Evaluating {task}") as report:
        result = run_task(task.value, data, taxonomy=taxonomy, setting=setting.value, progress=report)
    if form is Shape.json:
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=2))
        return
    emit(result.rows(), result.columns(), Format.table, f"{task}: {result.queries} queries")


def run_app(
    port: Annotated[int, typer.Option("--port", min=1024, max=65535, help="Port on this computer.")] = 8501,
) -> None:
    """Start the web front end on this computer, with the sample company loaded.

    Example: skillmatch app
    """
    from skillmatch.resources import ROOT

    if find_spec("streamlit") is None:
        raise InputError(
            Problem(
                "command line", "streamlit is not installed", "the extra [app]", "run: pip install 'skillmatch[app]'"
            )
        )
    script = ROOT / "app.py"
    arguments = ["-m", "streamlit", "run", str(script), "--server.address=127.0.0.1", f"--server.port={port}"]
    quiet = ["--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    typer.echo(f"SkillMatch runs on http://127.0.0.1:{port} until you press Ctrl+C.")
    os.execv(sys.executable, [sys.executable, *arguments, *quiet])


run_app.command_name = "app"  # type: ignore[attr-defined]  # `app` is the name of the whole command line
