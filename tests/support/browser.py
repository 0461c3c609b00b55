"""Finding the headless browser that pages are tested with."""

from __future__ import annotations

import os
import shutil

import pytest


def browser_path() -> str | None:
    """The path of the first browser that can be used, if any."""
    names = ("chromium-headless-shell", "chromium", "google-chrome", "chromium-browser")
    return next((path for path in map(shutil.which, names) if path), None)


def find_browser() -> str:
    """The browser's path. Where there is none the tests are skipped, which in CI is a failure."""
    found = browser_path()
    if found is not None:
        return found
    words = "no browser was found: the tests in a browser DID NOT RUN (install chromium-headless-shell)"
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)
