"""Measurement of a plan, in the workbench."""
