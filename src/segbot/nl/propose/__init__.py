"""What a language model may do: propose a tree in a flat format, which a ladder of checks accepts or refuses. No network here."""
