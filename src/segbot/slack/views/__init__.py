"""Cards as Slack shows them: pure functions from a card to blocks and the text of notifications and screen readers."""
