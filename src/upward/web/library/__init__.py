"""What anyone may read: data pages of places, and the framework."""
