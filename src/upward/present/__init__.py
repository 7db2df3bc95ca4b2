"""Charts, tables and pages as specs, and one renderer per output format."""
