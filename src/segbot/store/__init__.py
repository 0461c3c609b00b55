"""segbot's own state, in a schema of its own: requests, segments, counts, deliveries, messages, audit. One noun per file."""
