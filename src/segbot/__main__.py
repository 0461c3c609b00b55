"""`python -m segbot`."""

from segbot.cli import main

main()
