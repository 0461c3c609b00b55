"""Words to tree and back. Deterministic, offline, no input or output; knows the catalog and no SQL."""
