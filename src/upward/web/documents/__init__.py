"""Sections and release of a plan, in the workbench."""
