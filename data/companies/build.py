"""Build the workbooks of the sample companies from the files in sources/.

    python data/companies/build.py [--out DIR]

The same sources and the same library of measures (its titles stand in a drop-down list) give the same bytes. Run it
again after either has changed; tests/test_sample_companies.py says so when it is due.
"""

import argparse
import tomllib
from pathlib import Path

from pydantic import ValidationError

from skillmatch.company.check import check_company
from skillmatch.company.model import Company
from skillmatch.company.workbook import write_workbook

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"


def read_source(path: Path) -> Company:
    """Return the company of a source file; SystemExit with everything that is wrong in it."""
    try:
        company = Company.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        raise SystemExit(f"{path.name}: {error}") from error
    if problems := check_company(company):
        raise SystemExit("\n".join(f"{path.name}: {problem}" for problem in problems))
    return company


def build(out: Path) -> list[Path]:
    """Write one workbook for each source into `out` and return their paths, sorted."""
    written = []
    for source in sorted(SOURCES.glob("*.toml")):
        company = read_source(source)
        written.append(out / f"{source.stem}.xlsx")
        write_workbook(company, written[-1])
    return written


def main() -> None:
    """Parse the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the workbooks (default: beside this script)")
    for path in build(parser.parse_args().out):
        print(path.name)


if __name__ == "__main__":
    main()
