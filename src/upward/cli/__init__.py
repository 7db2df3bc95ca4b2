"""The command line: one module per group of commands; every command is a thin call into a lower room."""
