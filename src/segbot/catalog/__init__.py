"""The catalog file: reading it, checking it against a database, drafting one, and keeping its value vocabularies fresh."""
