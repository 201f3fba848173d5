"""What cannot be written: raised deep in a network, said in one line at its top."""

from __future__ import annotations


class Unwritten(Exception):
    """An operation that the file cannot hold; its text is the end of "... needs"."""
