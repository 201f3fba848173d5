"""Tables of metrics with errors and floors, and cards."""
