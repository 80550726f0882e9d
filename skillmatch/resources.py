"""Where the shipped data and models lie, and where the user's own state is kept."""

import os
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
MODELS = ROOT / "models"


def home() -> Path:
    """Return the folder for imported taxonomies and caches.

    It is the environment variable ``SKILLMATCH_HOME`` where that is set, else the platform's folder for user data.
    The folder is not created here.
    """
    chosen = os.environ.get("SKILLMATCH_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("skillmatch", appauthor=False))
