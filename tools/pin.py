"""Write constraints.txt from what is installed in this environment: names and versions only, no addresses."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "constraints.txt"
NOT_OURS = {"segbot", "pip", "setuptools", "wheel"}


def main() -> None:
    """Pin every installed distribution."""
    found = {re.sub(r"[-_.]+", "-", d.metadata["Name"]).lower(): d.version for d in distributions()}
    lines = [f"{name}=={version}\n" for name, version in sorted(found.items()) if name not in NOT_OURS]
    head = "# Exact versions that the tests passed with. Made by `make constraints`; no download addresses.\n"
    TARGET.write_text(head + "".join(lines))
    print(f"{len(lines)} versions pinned in {TARGET.name}")


if __name__ == "__main__":
    main()
