"""Pages of a plan, one module per part of it."""
