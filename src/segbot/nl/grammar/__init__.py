"""The rules of the language, by theme: each rule has a name, a pattern, a meaning and examples."""
