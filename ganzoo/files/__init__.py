"""Reading and writing files, and locks."""
