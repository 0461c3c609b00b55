"""What a person can do. Each flow takes the desk, who asks and plain arguments, and returns a card: data, never blocks."""
