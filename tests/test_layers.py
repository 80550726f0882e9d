"""The direction of imports: a stage imports only from stages to its left; heavy libraries stay in their room."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "skillmatch"
STAGES = ("taxonomy", "mapping", "company", "gap", "offers", "planning", "report", "evaluation")
EVERYWHERE = {"errors", "resources", "words", "files"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_stage_imports_only_from_stages_to_its_left(path: Path) -> None:
    place = path.relative_to(PACKAGE).parts[0]
    if place not in STAGES:
        return
    allowed = set(STAGES[: STAGES.index(place) + 1]) | EVERYWHERE
    ours = {name.split(".")[1] for name in imported(path) if name.startswith("skillmatch.")}
    assert ours <= allowed, f"{path.name} reaches to the right: {sorted(ours - allowed)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_stay_in_their_room(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert "streamlit" not in roots
    if path not in {PACKAGE / "mapping" / "encoder.py", PACKAGE / "mapping" / "transformer.py"}:
        assert not roots & {"torch", "sentence_transformers", "transformers"}


def test_the_front_end_holds_no_domain_logic_imports_of_solvers() -> None:
    for path in [ROOT / "app.py", *(ROOT / "app_pages").glob("*.py")]:
        roots = {name.split(".")[0] for name in imported(path)}
        assert not roots & {"scipy", "sklearn", "torch", "sentence_transformers"}, path.name


def test_help_answers_without_heavy_imports() -> None:
    code = (
        "import sys, runpy; sys.argv = ['skillmatch', '--help']\n"
        "from skillmatch.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'sentence_transformers', 'sklearn', 'pandas', 'scipy', 'streamlit'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
