"""Run the command line as ``python -m skillmatch.cli``."""

from skillmatch.cli.main import main

main()
