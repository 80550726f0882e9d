"""Documents that are made from the code and the data are up to date, and name every command."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "build.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_names_every_command() -> None:
    reference = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in (
        "demo",
        "template",
        "map",
        "occupations",
        "measures",
        "gap",
        "recommend",
        "plan",
        "evaluate",
        "app",
    ):
        assert f"## skillmatch {command}\n" in reference
        assert f"skillmatch {command}" in readme, command
