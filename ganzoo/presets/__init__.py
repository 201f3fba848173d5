"""The preset folder: write it, read it, refuse a bad one."""
