"""The command line, and the one place where the parts are put together."""

from segbot.cli.main import main

__all__ = ["main"]
