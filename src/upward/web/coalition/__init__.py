"""The coalition of a plan, in the workbench."""
