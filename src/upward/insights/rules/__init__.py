"""One module per kind of finding: each turns the numbers of places into candidates, and tests nothing
twice.
"""
