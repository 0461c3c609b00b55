"""Help for tests and the demo: stand-ins and throw-away databases that ship with segbot."""
