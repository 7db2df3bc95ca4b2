"""What of a plan anyone may read: chosen by its owners, shown without an account, taken back at any time."""
