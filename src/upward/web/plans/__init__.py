"""Plans: their members, steps, tasks, answers, dates, files and history."""
