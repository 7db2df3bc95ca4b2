"""Planning logic without a database: progress, the next thing to do, cautions, answers."""
