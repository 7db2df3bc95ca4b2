"""Readiness of a plan, in the workbench."""
