"""Published files in, immutable releases out, read-only queries."""
