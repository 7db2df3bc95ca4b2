"""Statistics: arithmetic over arrays and rows, no files, no words for people."""
