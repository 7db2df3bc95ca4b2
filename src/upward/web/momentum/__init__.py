"""Momentum of a plan, in the workbench."""
