"""What things are: plain, immutable data with no input or output. Everything else imports this; it imports nothing."""
