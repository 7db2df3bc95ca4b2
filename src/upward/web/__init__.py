"""The workbench: a Django site on the top rung; everything below runs without it."""
