"""The demo: a company, a workspace and one command that starts it all."""
