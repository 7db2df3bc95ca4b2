"""Engagement and causes of a plan, in the workbench."""
