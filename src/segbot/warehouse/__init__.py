"""The customer database: connect, run, inspect, sample; and a Postgres of our own where there is none."""
