"""The weights on this machine: cache, downloads, faults."""
