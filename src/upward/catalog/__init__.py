"""The framework, its metrics and their published form, as data with one strict reader."""
