"""Files that ship beside the code, such as prompts: in a wheel they lie inside the package, in a checkout at its top."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent.parent


def shipped(name: str) -> Path:
    """The path of a shipped file or folder. Raises `FileNotFoundError` when the installation is incomplete."""
    for place in (_PACKAGE, _CHECKOUT):
        if (place / name).exists():
            return place / name
    raise FileNotFoundError(f"{name} is missing from this installation of segbot")
