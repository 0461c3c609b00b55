"""segbot: customer segments in Slack, from a sentence to a count that can be trusted."""

__version__ = "0.1.0"
