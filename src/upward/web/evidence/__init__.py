"""Evidence and findings of a plan, in the workbench."""
