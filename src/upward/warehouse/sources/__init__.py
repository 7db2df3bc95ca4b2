"""One module per source: fetch and read, nothing else."""
