"""Wiring: fetch, check, compute, release; then pages from releases."""
