"""Strategy of a plan, in the workbench."""
