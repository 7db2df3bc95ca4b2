"""Changes of the tables of publishing."""
