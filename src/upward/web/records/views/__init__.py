"""Pages of records: lists, one record, its forms, files."""
