"""Ground floor: errors, identifiers and message lookup. Imports nothing of ours."""
