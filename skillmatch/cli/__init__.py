"""The command line: it parses, calls the library and emits; no domain logic lives here."""

from skillmatch.cli.main import main

__all__ = ["main"]
