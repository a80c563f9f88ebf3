"""Programs that the full test needs: found, or an error in CI and a skip on a laptop."""

import os
import shutil
from pathlib import Path

import pytest


def missing(what: str, install: str) -> None:
    """Say that a program is not here: an error in CI, else a skip with its reason."""
    sentence = f"{what} is not installed; on Debian or Ubuntu: apt install {install}"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def chromium() -> str:
    """Return the system's Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    mac = Path("/Applications/Chromium.app/Contents/MacOS/Chromium")
    if mac.exists():
        return str(mac)
    missing("Chromium", "chromium fonts-dejavu-core")
    raise AssertionError
