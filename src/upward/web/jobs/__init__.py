"""Background work: the recurring jobs, their worker, and a page that shows how they went."""
