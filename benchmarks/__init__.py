"""Benchmarks: rerunnable, each against a named peer or goal. `make bench` runs them all."""
